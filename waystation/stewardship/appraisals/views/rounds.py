"""Rounds: the list, one round, drafting, and its steps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from waystation.kernel.counting import counts_of
from waystation.kernel.idempotency import idempotent
from waystation.kernel.paging import page_of
from waystation.kernel.toasts import toast
from waystation.organizations.access import Reach, requires
from waystation.stewardship.appraisals.actions import deciding, noticing, opening, rounds, unsealing
from waystation.stewardship.appraisals.actions.errors import AppraisalRefused
from waystation.stewardship.appraisals.forms.rounds import CriteriaFormSet, RoundFilterForm, RoundForm, StepForm
from waystation.stewardship.appraisals.models import AppraisalRound
from waystation.stewardship.appraisals.queries import members
from waystation.stewardship.appraisals.queries import rounds as queries
from waystation.stewardship.appraisals.views.common import FORM, P, round_or_404

State = AppraisalRound.State


@requires(P.APPRAISAL_VIEW)
@require_safe
def round_list(request):
    """Every round in reach, the newest first, and what the user's side still has to hand in."""
    form = RoundFilterForm(request.GET or None)
    filters = form.cleaned_data if form.is_valid() else {}
    managing = Reach.of(request.user, P.APPRAISAL_MANAGE)
    due = list(_waiting(request.user))
    counts = counts_of({side: rows for side, _words, rows in due}, whole=False)
    waiting = [
        {"label": words, "url": reverse(f"appraisals:due-{side}"), "count": counts[side]} for side, words, _rows in due
    ]
    context = {
        "page": page_of(queries.rounds_by(filters, request.reach, managing), request.GET, newest_first=True),
        "form": form,
        "waiting": waiting,
        "may_manage": bool(managing),
    }
    return render(request, "appraisals/list.html", context)


def _waiting(user):
    for side, permission, words in (
        ("station", P.APPRAISAL_SCORE_STATION, _("To be assessed by the station")),
        ("origin", P.APPRAISAL_SCORE_ORIGIN, _("To be assessed by the origin")),
    ):
        if reach := Reach.of(user, permission):
            yield side, words, queries.due_assessments(side, reach)


@requires(P.APPRAISAL_VIEW)
@require_safe
def appraisal_round(request, pk):
    """One round: what was published, how far it is, and what can be done next."""
    held = round_or_404(request, pk)
    steps, current = queries.steps_of(held)
    manages = Reach.of(request.user, P.APPRAISAL_MANAGE).covers(held.unit_path)
    day, opening_job = timezone.localdate(), queries.opening_of(held)
    is_opening = opening_job is not None and opening_job.is_unfinished
    counts = members.counts_in(held, request.reach, day)
    what = [
        {"key": key.value, "label": label, "count": counts[key]}
        for key, label in members.WHAT_WORDS.items()
        if counts[key]
    ]
    context = {
        "round": held,
        "criteria": held.criteria.order_by("order"),
        "steps": steps,
        "current": current,
        "progress": queries.progress(held, request.reach),
        "members": members.appraisals_by({"round": held.pk}, request.reach, day=day).count(),
        "what": what,
        "manages": manages,
        "next": [key for key in _NEXT.get(held.state, ()) if manages and not is_opening],
        "opening": opening_job if manages else None,
        "boxes": held.boxes.select_related("unit").order_by("unit_path") if manages else [],
        "excess": deciding.excess(held, _excess_field(held)) if not held.is_sealed and manages else None,
    }
    return render(request, "appraisals/round.html", context)


def _excess_field(held: AppraisalRound) -> str:
    return "grade" if held.state in (State.DECIDED, State.CLOSED) else "proposed_grade"


# --- drafting -------------------------------------------------------------------------------------


@requires(P.APPRAISAL_MANAGE)
@require_http_methods(FORM)
@idempotent
def new(request):
    """Draft a round."""
    return _drafting(request, None)


@requires(P.APPRAISAL_MANAGE)
@require_http_methods(FORM)
@idempotent
def edit(request, pk):
    """Change a draft."""
    held = get_object_or_404(queries.managed(request.reach).filter(state=State.DRAFT), pk=pk)
    return _drafting(request, held)


def _drafting(request, held: AppraisalRound | None):
    form = RoundForm(request.POST or None, instance=held, reach=request.reach)
    written = held.criteria.order_by("order").values("title", "explanation", "weight") if held else []
    criteria = CriteriaFormSet(request.POST or None, initial=list(written), prefix="criteria")
    criteria.extra = criteria.max_num - len(written)
    if request.method == "POST" and form.is_valid() & criteria.is_valid():
        values = {**form.cleaned_data, "criteria": criteria.lines()}
        try:
            row = _written(held, values, by=request.user)
        except AppraisalRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            toast(request, _("Saved."))
            return redirect("appraisals:round", row.pk)
    return render(request, "appraisals/edit.html", {"form": form, "criteria": criteria, "round": held})


def _written(held: AppraisalRound | None, values: dict, *, by) -> AppraisalRound:
    now = timezone.now()
    if held is None:
        return rounds.draft_round(by=by, at=now, **values)
    values["unit_path"] = values["unit"].path
    return rounds.edit_draft(AppraisalRound(pk=held.pk), by=by, at=now, **values)


# --- steps ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Step:
    """A step of a round: its words, what it does, and how the action takes a reason (or that it takes none)."""

    title: Any
    text: Any
    act: Callable
    reason: str = ""
    is_needed: bool = False


STEPS = {
    "publish": Step(
        gettext_lazy("Publish the round"),
        gettext_lazy("From now on nobody can change the standards, the criteria, the weights and the dates."),
        rounds.publish_round,
    ),
    "open": Step(
        gettext_lazy("Open the round for assessments"),
        gettext_lazy("Everybody in care on the cut-off day is taken in, and each side is asked for its assessment."),
        opening.start_opening,
    ),
    "unseal": Step(
        gettext_lazy("Unseal the assessments"),
        gettext_lazy("All assessments open at once. Until then nobody reads any of them."),
        unsealing.unseal_round, "reason",
    ),
    "replies": Step(
        gettext_lazy("Open for replies"),
        gettext_lazy("Every member sees the proposed grade and may answer for some days."),
        deciding.open_replies, "excess_reason",
    ),
    "conclude": Step(
        gettext_lazy("Conclude the round"),
        gettext_lazy("Every member who gets a grade has one; no grade changes after this."),
        deciding.conclude, "excess_reason",
    ),
    "close": Step(
        gettext_lazy("Issue the notices and close"),
        gettext_lazy("A numbered letter for each origin and a feedback for each member are issued."),
        noticing.close_round,
    ),
    "withdraw": Step(
        gettext_lazy("Withdraw the round"),
        gettext_lazy("It stays in the list with your reason, and another one may be drafted for the year."),
        rounds.withdraw_round, "reason", True,
    ),
}  # fmt: skip
_NEXT = {
    State.DRAFT: ("publish", "withdraw"),
    State.PUBLISHED: ("open", "withdraw"),
    State.SCORING: ("unseal",),
    State.UNSEALED: ("replies",),
    State.REPLIES: ("conclude",),
    State.DECIDED: ("close",),
}


@requires(P.APPRAISAL_MANAGE)
@require_http_methods(FORM)
@idempotent
def step(request, pk, step):
    """Ask once more, with the reason where one is needed, and go on."""
    held = get_object_or_404(queries.managed(request.reach), pk=pk)
    if step not in STEPS:
        raise Http404
    wanted = STEPS[step]
    # A step without a reason is sent with an empty form, which is bound all the same.
    sent = request.POST if request.method == "POST" else None
    form = StepForm(sent, needs_reason=wanted.is_needed, hint=_reason_hint(step))
    if not wanted.reason:
        del form.fields["reason"]
    if request.method == "POST" and form.is_valid():
        more = {wanted.reason: form.cleaned_data["reason"]} if wanted.reason else {}
        try:
            wanted.act(held, by=request.user, at=timezone.now(), **more)
        except AppraisalRefused as refusal:
            form.add_error("reason" if wanted.reason else None, str(refusal))
        else:
            toast(request, _began(held) or _("Done: %(step)s") % {"step": wanted.title})
            return redirect("appraisals:round", held.pk)
    is_next = step in _NEXT.get(held.state, ()) and not queries.is_being_opened(held)
    context = {"round": held, "step": wanted, "form": form, "is_next": is_next}
    return render(request, "appraisals/step.html", context)


def _began(held: AppraisalRound) -> str:
    """What to say of a step that goes on as a job."""
    held.refresh_from_db(fields=["state", "opening"])
    is_opening = queries.is_being_opened(held)
    return _("The round is being opened; this takes a while. You may go on working.") if is_opening else ""


def _reason_hint(name: str) -> str:
    return {
        "unseal": _("Only needed if something is missing after the last day."),
        "replies": _("Only needed if more members than the limit are proposed as excellent."),
        "conclude": _("Only needed if more members than the limit are excellent."),
    }.get(name, "")
