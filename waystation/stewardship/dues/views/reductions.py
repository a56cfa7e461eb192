"""Requests to pay less: the list, one request with its reason, and the decision of another person."""

from __future__ import annotations

from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from waystation.kernel.idempotency import idempotent
from waystation.kernel.paging import page_of
from waystation.kernel.sealing import unseal
from waystation.kernel.toasts import toast
from waystation.organizations.access import requires
from waystation.organizations.permissions import Permission
from waystation.stewardship.dues import actions, queries
from waystation.stewardship.dues.actions.readings import note_reason_read
from waystation.stewardship.dues.forms import DecisionForm, EndForm
from waystation.stewardship.dues.models import DuesReduction
from waystation.stewardship.dues.views.common import covers, person_or_404

P = Permission
State = DuesReduction.State


@requires(P.DUES_VIEW)
@require_safe
def reduction_list(request):
    """Requests in reach, those that wait first; reasons stand on the page of each."""
    state = request.GET.get("state", State.ASKED)
    state = state if state in State.values else ""
    rows = queries.reductions_by(state, request.reach).select_related("person__home", "asked_by", "decided_by")
    page = page_of(rows.defer("reason"), request.GET, newest_first=True)
    return render(request, "dues/reductions.html", {"page": page, "state": state, "states": State.choices})


def _found(request, pk):
    row = get_object_or_404(DuesReduction.objects.select_related("asked_by", "decided_by"), pk=pk)
    return row, person_or_404(request.reach, row.person_id)


@requires(P.DUES_VIEW)
@require_safe
def reduction(request, pk):
    """One request. Whoever records or decides on dues of the member reads the reason; it is recorded."""
    row, person = _found(request, pk)
    return _page(request, row, person)


def _page(request, row, person, *, form=None, problem=""):
    decides, records = covers(request.user, P.DUES_REDUCE, person), covers(request.user, P.DUES_RECORD, person)
    reason = ""
    if decides or records:
        reason = unseal(row, "reason")
        note_reason_read(row, person, by=request.user, at=timezone.now())
    own = row.asked_by_id == request.user.pk
    today = timezone.localdate()
    context = {
        "reduction": row,
        "person": person,
        "reason": reason,
        "full": queries.book_of(person).full(row.starts_on),
        "own": own,
        "problem": problem,
        "form": form or DecisionForm(),
        "end_form": EndForm(initial={"last_month": today}),
        "may_decide": row.state == State.ASKED and decides and not own,
        "may_end": row.state == State.APPROVED and decides and row.ends_on > today,
    }
    return render(request, "dues/reduction.html", context)


@require_POST
@requires(P.DUES_REDUCE)
@idempotent
def approve(request, pk):
    """Let the reduction hold. Another person has asked for it."""
    return _decided(request, pk, actions.approve_reduction, _("The reduction holds."))


@require_POST
@requires(P.DUES_REDUCE)
@idempotent
def refuse(request, pk):
    """Refuse the request, with a reason."""
    return _decided(request, pk, actions.refuse_reduction, _("The request is refused."))


def _decided(request, pk, act, words: str):
    row, person = _found(request, pk)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return _page(request, row, person, form=form)
    try:
        act(row, by=request.user, at=timezone.now(), **form.cleaned_data)
    except actions.DuesRefused as refusal:
        return _page(request, row, person, form=form, problem=str(refusal))
    toast(request, words)
    return redirect("dues:reduction", row.pk)


@require_POST
@requires(P.DUES_REDUCE)
@idempotent
def end(request, pk):
    """Let an approved reduction end earlier."""
    row, person = _found(request, pk)
    form = EndForm(request.POST)
    if not form.is_valid():
        return _page(request, row, person, problem=_("Choose the last month."))
    try:
        actions.end_reduction(row, by=request.user, at=timezone.now(), **form.cleaned_data)
    except actions.DuesRefused as refusal:
        return _page(request, row, person, problem=str(refusal))
    toast(request, _("The reduction ends earlier."))
    return redirect("dues:reduction", row.pk)
