"""Members in rounds: the list, one member, and what is done with one."""

from __future__ import annotations

from datetime import date, timedelta

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from waystation.kernel.idempotency import idempotent
from waystation.kernel.paging import page_of
from waystation.kernel.sealing import Tampered, unseal
from waystation.kernel.toasts import toast
from waystation.organizations.access import Reach, requires
from waystation.stewardship.appraisals import facts
from waystation.stewardship.appraisals.actions import consulting, deciding, reading
from waystation.stewardship.appraisals.actions.errors import AppraisalRefused
from waystation.stewardship.appraisals.forms.members import (
    ConsultationAnswerForm,
    ConsultationForm,
    GradeForm,
    ReplyForm,
)
from waystation.stewardship.appraisals.forms.rounds import MemberFilterForm
from waystation.stewardship.appraisals.models import Appraisal, AppraisalRound, Grade
from waystation.stewardship.appraisals.queries import members as queries
from waystation.stewardship.appraisals.queries.rounds import managed
from waystation.stewardship.appraisals.views.common import (
    FORM,
    P,
    covers,
    managed_member_or_404,
    member_or_404,
    round_or_404,
)

State = AppraisalRound.State


@requires(P.APPRAISAL_VIEW)
@require_safe
def member_list(request):
    """The members in rounds that the filters find."""
    form = MemberFilterForm(request.GET or None, reach=request.reach)
    filters = form.cleaned_data if form.is_valid() else {}
    rows = queries.appraisals_by(filters, request.reach, day=timezone.localdate())
    page = page_of(rows, request.GET, newest_first=True)
    missing = queries.missing_by_appraisal(page.rows)
    for row in page.rows:
        row.missing = missing.get(row.pk, 0)
    held = round_or_404(request, filters["round"]) if filters.get("round") else None
    context = {"page": page, "form": form, "round": held, "filters": request.GET.urlencode()}
    return render(request, "appraisals/members.html", context)


@requires(P.APPRAISAL_VIEW)
@require_safe
def member(request, pk):
    """One member in a round: facts, who handed in, and, once unsealed, what was said and what follows."""
    one = member_or_404(request, pk)
    held = one.round
    reads = covers(request.user, P.PERSON_REVEAL, one)
    context = {
        "one": one,
        "round": held,
        "facts": facts.facts_of(one.person, *period_of(held.year), user=request.user),
        "handings": queries.handings(one),
        "reads": reads,
        "may": _may(request.user, one),
    }
    if not held.is_sealed:
        context |= _opened(one, reads)
        if reads:
            reading.note_reading(one, fields=_read_fields(one), by=request.user, at=timezone.now())
    return render(request, "appraisals/member.html", context)


def period_of(year: int) -> tuple[date, date]:
    """The days of the year that facts are told of, the end excluded; nothing is told of days to come."""
    tomorrow = timezone.localdate() + timedelta(days=1)
    return date(year, 1, 1), max(date(year, 1, 1), min(date(year + 1, 1, 1), tomorrow))


def _opened(one: Appraisal, reads: bool) -> dict:
    consultation = one.consultation
    return {
        "lines": queries.opened_lines(one, with_reasons=reads),
        "arithmetic": queries.arithmetic(one),
        "suggested": Grade(one.round.grade_of(one.points)).label if one.points is not None else "",
        "consultation": consultation,
        "consultation_text": text_of(consultation, "text") if consultation and reads else "",
        "consultation_answer": text_of(consultation, "answer") if consultation and reads else "",
        "proposal_reason": text_of(one, "proposal_reason") if reads else "",
        "reply": text_of(one, "reply") if reads else "",
        "decision_reason": text_of(one, "decision_reason") if reads else "",
    }


def text_of(row, field: str) -> str:
    """A sealed text in clear, or a sentence that it cannot be read."""
    try:
        return unseal(row, field) or ""
    except Tampered:
        return _("The value cannot be read. Tell the system administrator.")


def _read_fields(one: Appraisal) -> list[str]:
    texts = [name for name in ("proposal_reason", "reply", "decision_reason") if getattr(one, name)]
    return ["sheet", *texts, *(["consultation"] if one.consultation else [])]


def _may(user, one: Appraisal) -> dict:
    """What the user may do next with the member."""
    state, day = one.round.state, timezone.localdate()
    manages = Reach.of(user, P.APPRAISAL_MANAGE).covers(one.round.unit_path)
    helps = covers(user, P.PERSON_CORRECT, one)
    decides = Reach.of(user, P.APPRAISAL_DECIDE).covers(one.round.unit_path)
    scored = user.pk in (one.station_scorer_id, one.origin_scorer_id)
    proposed = user.pk == one.proposed_by_id
    answers = state == State.REPLIES and not one.is_probationary
    waits_until = consulting.waits_until(one, day) if state == State.UNSEALED and one.gap else None
    return {
        "consult": manages and state == State.UNSEALED and one.gap > 0 and one.consulted_at is None,
        "propose": manages and state == State.UNSEALED and not one.is_probationary
        and (one.gap == 0 or one.consulted_at is not None) and waits_until is None,
        "waits_until": waits_until,
        "answer": state == State.UNSEALED and _may_answer(user, one),
        "reply": helps and answers and one.replied_at is None and not one.grade and day <= one.reply_until,
        "decide": decides and answers and not one.grade and deciding.may_decide_on(one, day)
        and not (scored or proposed),
        "scored": decides and answers and not one.grade and scored,
        "proposed": decides and answers and not one.grade and proposed and not scored,
        "hand_in_for": helps and state == State.SCORING,
    }  # fmt: skip


def _may_answer(user, one: Appraisal) -> bool:
    """Whether the user speaks for the origin and its answer to the consultation is still wanted."""
    record = one.consultation if one.consulted_at is not None and not one.proposed_grade else None
    return (
        record is not None
        and record.agrees is None
        and user.pk not in (record.recorded_by_id, one.station_scorer_id)
        and Reach.of(user, P.APPRAISAL_SCORE_ORIGIN).covers(one.origin_path)
    )


def _acted(request, one: Appraisal, form, act, *, title: str, done: str, note: str = "", page="act", shown=dict):
    """One form about one member, then the act; a refusal is told on the form. `shown` tells what else its page has."""
    if request.method == "POST" and form.is_valid():
        try:
            act(form.cleaned_data)
        except AppraisalRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            toast(request, done)
            return redirect("appraisals:member", one.pk)
    context = {"one": one, "round": one.round, "form": form, "title": title, "note": note, **shown()}
    return render(request, f"appraisals/{page}.html", context)


@requires(P.APPRAISAL_MANAGE)
@require_http_methods(FORM)
@idempotent
def consult(request, pk):
    """Record the consultation of both sides over a gap."""
    one = managed_member_or_404(request, pk)

    def act(given):
        consulting.consult(one, by=request.user, at=timezone.now(), **given)

    return _acted(
        request, one, ConsultationForm(request.POST or None, initial={"held_on": timezone.localdate()}), act,
        title=_("Consultation of both sides"), done=_("The consultation is recorded."),
    )  # fmt: skip


@requires(P.APPRAISAL_SCORE_ORIGIN)
@require_http_methods(FORM)
@idempotent
def consult_answer(request, pk):
    """The origin confirms the record of a consultation or objects to it."""
    rows = Appraisal.objects.filter(request.reach.path_q("origin_path"))
    one = get_object_or_404(rows.select_related("round__unit", "person", "station", "origin"), pk=pk)
    form = ConsultationAnswerForm(request.POST or None)

    def act(_given):
        consulting.answer_consultation(one, by=request.user, at=timezone.now(), **form.said())

    return _acted(
        request, one, form, act, title=_("Answer of the origin to the consultation"), done=_("The answer is recorded."),
        page="consult_answer", shown=lambda: _record(request.user, one),
    )  # fmt: skip


def _record(user, one: Appraisal) -> dict:
    """What the origin answers to: the record of the consultation, its text for whoever may read it."""
    record = one.consultation if one.round.state == State.UNSEALED else None
    reads = record is not None and covers(user, P.PERSON_REVEAL, one)
    if reads:
        reading.note_reading(one, fields=["consultation"], by=user, at=timezone.now())
    return {
        "record": record,
        "text": text_of(record, "text") if reads else "",
        "until": consulting.waits_until(one, timezone.localdate()) if record else None,
        "waits": record is not None and _may_answer(user, one),
    }


@requires(P.APPRAISAL_MANAGE)
@require_http_methods(FORM)
@idempotent
def propose(request, pk):
    """Propose a grade to the member."""
    one = managed_member_or_404(request, pk)
    if one.round.is_sealed:
        raise Http404
    expected = deciding.expected(one)
    form = GradeForm(
        request.POST or None, hint=_("Needed if the grade is not that of the arithmetic or of the consultation.")
    )
    words = _("The arithmetic or the consultation says “%(grade)s”. It is no result: you propose, the county decides.")
    return _acted(
        request, one, form,
        lambda given: deciding.propose(one, by=request.user, at=timezone.now(), **given),
        title=_("Propose a grade"), done=_("The grade is proposed."),
        note=words % {"grade": Grade(expected).label} if expected else "",
    )  # fmt: skip


@requires(P.APPRAISAL_VIEW)
@require_http_methods(FORM)
@idempotent
def reply_for(request, pk):
    """Enter the answer of a member who gave it at the desk or by telephone."""
    one = member_or_404(request, pk)
    if not covers(request.user, P.PERSON_CORRECT, one):
        raise PermissionDenied(P.PERSON_CORRECT)
    form = ReplyForm(request.POST or None)

    def act(_given):
        deciding.reply(one, on_behalf=True, by=request.user, at=timezone.now(), **form.said())

    return _acted(
        request, one, form, act, title=_("Answer on behalf of the member"), done=_("The answer is recorded."),
        note=_("It is recorded that you entered it."),
    )  # fmt: skip


@requires(P.APPRAISAL_DECIDE)
@require_http_methods(FORM)
@idempotent
def decide(request, pk):
    """Give the final grade."""
    one = managed_member_or_404(request, pk)
    hint = _("Needed if the grade differs from the proposal or the member objects.")
    form = GradeForm(request.POST or None, hint=hint)
    words = _("Proposed: %(grade)s. The member reads your reason.")
    return _acted(
        request, one, form, lambda given: deciding.decide(one, by=request.user, at=timezone.now(), **given),
        title=_("Decide the grade"), done=_("The grade is decided."),
        note=words % {"grade": one.get_proposed_grade_display()} if one.proposed_grade else "",
    )  # fmt: skip


@requires(P.APPRAISAL_MANAGE)
@require_http_methods(FORM)
@idempotent
def propose_all(request, pk):
    """Propose the grade of the arithmetic to every member who has none proposed and no gap to talk about."""
    held = managed(request.reach).filter(pk=pk).first()
    if held is None:
        raise Http404
    rows = held.appraisals.filter(is_probationary=False, proposed_grade="", gap=0, points__isnull=False)
    rows = rows if held.state == State.UNSEALED else rows.none()
    if request.method == "POST":
        count = 0
        for one in rows.select_related("round"):
            deciding.propose(one, grade=deciding.expected(one), by=request.user, at=timezone.now())
            count += 1
        toast(request, _("%(n)d members have a proposal now.") % {"n": count})
        return redirect("appraisals:round", held.pk)
    return render(request, "appraisals/propose_all.html", {"round": held, "count": rows.count()})
