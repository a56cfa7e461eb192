"""A member passes from one station to another."""

from django.contrib import messages
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
from waystation.stewardship.duties.forms import ReasonForm, TransferForm
from waystation.stewardship.duties.models import StayTransfer
from waystation.stewardship.people.models import Stay

P = Permission


@requires(P.STAY_TRANSFER)
@require_http_methods(["GET", "HEAD", "POST"])
@idempotent
def ask(request, pk):
    """Ask another station to take the member over."""
    stays = Stay.objects.filter(request.reach.path_q("station_path"))
    stay = get_object_or_404(stays.select_related("person", "station", "departure__origin", "destination"), pk=pk)
    form = TransferForm(request.POST or None, stay=stay)
    if request.method == "POST" and form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("to", "destination", "reason")}
        try:
            actions.ask_transfer(stay, by=request.user, at=timezone.now(), **given)
        except actions.DutyRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            toast(request, _("Asked. The member stays with this station until the other accepts."))
            return redirect("duties:sheet", stay.pk)
    return render(request, "duties/transfer.html", {"form": form, "stay": stay})


def _request_or_404(request, pk) -> StayTransfer:
    rows = StayTransfer.objects.within(request.reach).select_related("stay__person", "station", "to")
    return get_object_or_404(rows, pk=pk)


@require_POST
@requires(P.STAY_TRANSFER)
@idempotent
def accept(request, pk):
    """Take the member over: the stay, its duties and its open tasks pass today."""
    asked = _request_or_404(request, pk)
    try:
        stay = actions.accept_transfer(asked, by=request.user, at=timezone.now())
    except actions.DutyRefused as refusal:
        messages.error(request, str(refusal))
        return redirect(f"{reverse('duties:list')}?tab=waiting")
    toast(
        request,
        _("%(name)s is in the care of %(station)s now.")
        % {"name": stay.person.full_name, "station": stay.station.name},
    )
    return redirect("duties:sheet", stay.pk)


@requires(P.STAY_TRANSFER)
@require_http_methods(["GET", "HEAD", "POST"])
@idempotent
def refuse(request, pk):
    """Refuse to take the member over, with a reason."""
    asked = _request_or_404(request, pk)
    form, waiting = ReasonForm(request.POST or None), f"{reverse('duties:list')}?tab=waiting"
    if request.method == "POST" and form.is_valid():
        try:
            actions.refuse_transfer(asked, by=request.user, at=timezone.now(), **form.cleaned_data)
        except actions.DutyRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            toast(request, _("Refused; the other side reads the reason."))
            return redirect(waiting)
    names = {"name": asked.stay.person.full_name, "station": asked.station.name, "to": asked.to.name}
    context = {
        "form": form,
        "title": _("Refuse to take the member over"),
        "sub": _("%(name)s, from %(station)s to %(to)s") % names,
        "back": waiting,
    }
    return render(request, "duties/reason.html", context)


@require_POST
@requires(P.STAY_TRANSFER)
@idempotent
def withdraw(request, pk):
    """Take the request back; the member stays where the member is."""
    asked = _request_or_404(request, pk)
    try:
        actions.withdraw_transfer(asked, by=request.user, at=timezone.now())
    except actions.DutyRefused as refusal:
        messages.error(request, str(refusal))
    else:
        toast(request, _("The request was withdrawn."))
    return redirect("duties:list")
