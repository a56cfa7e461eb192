"""Proposing that a duty passes to another unit, and answering."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from waystation.kernel.idempotency import idempotent
from waystation.kernel.toasts import toast
from waystation.organizations.access import requires
from waystation.organizations.permissions import Permission
from waystation.stewardship.duties import actions
from waystation.stewardship.duties.forms import ProposalForm, ReasonForm
from waystation.stewardship.duties.models import Duty, Proposal
from waystation.stewardship.duties.queries.sheets import sheet
from waystation.stewardship.duties.views.sheets import found_sheet

P = Permission


@requires(P.DUTY_AGREE)
@require_http_methods(["GET", "HEAD", "POST"])
@idempotent
def propose(request, pk):
    """A duty shall pass to another unit from a day on; the units concerned are asked."""
    stay = found_sheet(request, pk)
    kind = request.GET.get("kind")
    initial = {"kind": kind} if kind in Duty.Kind.values else {}
    form = ProposalForm(request.POST or None, stay=stay, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.propose_change(stay, by=request.user, at=timezone.now(), **form.cleaned_data)
        except actions.DutyRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            toast(request, _("Proposed. The units concerned have it on their desks."))
            return redirect("duties:sheet", stay.pk)
    context = {"form": form, "stay": stay, "sheet": sheet(stay, timezone.localdate())}
    return render(request, "duties/propose.html", context)


def _proposal_or_404(request, pk) -> Proposal:
    rows = Proposal.objects.within(request.reach).select_related("stay__person", "holder", "taker")
    return get_object_or_404(rows, pk=pk)


@require_POST
@requires(P.DUTY_AGREE)
@idempotent
def agree(request, pk, agreeing):
    """Agree for the unit that has the duty, or for the one that shall have it."""
    if agreeing not in ("holder", "taker"):
        raise Http404
    proposal = _proposal_or_404(request, pk)
    try:
        proposal = actions.agree(proposal, side=agreeing, by=request.user, at=timezone.now())
    except actions.DutyRefused as refusal:
        messages.error(request, str(refusal))
    else:
        toast(request, _answer(proposal))
    return _back(request, proposal)


@requires(P.DUTY_AGREE)
@require_http_methods(["GET", "HEAD", "POST"])
@idempotent
def refuse(request, pk):
    """Refuse a proposal, with a reason."""
    proposal = _proposal_or_404(request, pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.refuse_proposal(proposal, by=request.user, at=timezone.now(), **form.cleaned_data)
        except actions.DutyRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            toast(request, _("Refused; the other side reads the reason."))
            return _back(request, proposal)
    context = {
        "form": form,
        "title": _("Refuse the proposal"),
        "sub": _("%(duty)s of %(name)s: from %(holder)s to %(taker)s")
        % {
            "duty": proposal.get_kind_display(),
            "name": proposal.stay.person.full_name,
            "holder": proposal.holder.name,
            "taker": proposal.taker.name,
        },
        "back": reverse("duties:sheet", args=[proposal.stay_id]),
    }
    return render(request, "duties/reason.html", context)


@require_POST
@requires(P.DUTY_AGREE)
@idempotent
def withdraw(request, pk):
    """Take a proposal back."""
    proposal = _proposal_or_404(request, pk)
    try:
        actions.withdraw_proposal(proposal, by=request.user, at=timezone.now())
    except actions.DutyRefused as refusal:
        messages.error(request, str(refusal))
    else:
        toast(request, _("The proposal was withdrawn."))
    return _back(request, proposal)


def _back(request, proposal: Proposal):
    """To the list of what waits, if one came from there, else to the sheet."""
    if request.POST.get("from") == "waiting":
        return redirect(f"{reverse('duties:list')}?tab=waiting")
    return redirect("duties:sheet", proposal.stay_id)


def _answer(proposal: Proposal) -> str:
    if proposal.state == Proposal.State.AGREED:
        return _("Agreed by both units. The duty passes on its day, with its open tasks.")
    if proposal.state == Proposal.State.LAPSED:
        return _("The duty has come to another unit meanwhile; the proposal has lapsed.")
    return _("Agreed; the other unit has still to agree.")
