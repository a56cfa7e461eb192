"""From the proposal by the member's answer to the grade that a person decides."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from fractions import Fraction

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone

from waystation.kernel import audit
from waystation.kernel.sealing import seal
from waystation.stewardship.appraisals.actions import consulting, errors
from waystation.stewardship.appraisals.actions.rounds import lock
from waystation.stewardship.appraisals.models import Appraisal, AppraisalRound, Grade

State = AppraisalRound.State


def _locked(appraisal: Appraisal, *states: str) -> Appraisal:
    lock(AppraisalRound(pk=appraisal.round_id), *states)
    return Appraisal.objects.select_for_update(of=("self",)).select_related("round").get(pk=appraisal.pk)


@transaction.atomic
def propose(appraisal: Appraisal, *, grade: str, reason: str = "", by, at: datetime) -> Appraisal:
    """Propose a grade to the member, before the replies are opened; it may be proposed anew until then.

    Refuses a probationary member (NoGradeForProbationary), a gap that was not talked about (ConsultationNeeded) or of
    whose record the origin has not said a word and still may (OriginHasNotConfirmed), and a grade other than the
    arithmetic, or than what both sides concluded, without a written reason (ReasonNeeded).
    """
    one = _locked(appraisal, State.UNSEALED)
    if one.is_probationary:
        raise errors.NoGradeForProbationary
    if one.gap and one.consulted_at is None:
        raise errors.ConsultationNeeded
    if (until := consulting.waits_until(one, timezone.localdate(at))) is not None:
        raise errors.OriginHasNotConfirmed(until)
    if grade != expected(one) and not reason:
        raise errors.ReasonNeeded
    one.proposed_grade, one.proposed_at, one.proposed_by = Grade(grade), at, by
    seal(one, "proposal_reason", reason or None)
    one.save(update_fields=["proposed_grade", "proposed_at", "proposed_by", "proposal_reason"])
    audit.record("appraisal.proposed", on=one, by=by, at=at, unit_path=one.station_path, person=str(one.person_id))
    return one


def expected(one: Appraisal) -> str:
    """What a proposal needs no reason for: the conclusion of the consultation, else the grade of the arithmetic."""
    if one.consulted_at is not None:
        return one.consultation.conclusion
    return one.round.grade_of(one.points) if one.points is not None else ""


@transaction.atomic
def open_replies(appraisal_round: AppraisalRound, *, excess_reason: str = "", by, at: datetime) -> AppraisalRound:
    """Show every member the proposal and let them answer for the days of the rule.

    Refuses while a member has no proposal (NotAllDecided) and, over the limit of excellent grades, without a written
    reason (TooManyExcellent).
    """
    held = lock(appraisal_round, State.UNSEALED)
    graded = held.appraisals.filter(is_probationary=False)
    if missing := graded.filter(proposed_grade="").count():
        raise errors.NotAllDecided(missing)
    _refuse_excess(held, "proposed_grade", excess_reason)
    until = timezone.localdate(at) + timedelta(days=held.reply_days)
    held.state, held.replies_at, held.replies_by, held.reply_until = State.REPLIES, at, by, until
    held.excess_reason = excess_reason or held.excess_reason
    held.save(update_fields=["state", "replies_at", "replies_by", "reply_until", "excess_reason"])
    graded.update(reply_until=until)
    audit.record(
        "appraisal_round.replies_opened", on=held, by=by, at=at, unit_path=held.unit_path, until=until,
        purpose=excess_reason,
    )  # fmt: skip
    return held


def excess(held: AppraisalRound, field: str) -> tuple[int, int, bool]:
    """How many are excellent, of how many who get a grade (excused members stand outside), and whether over the
    published limit."""
    counted = held.appraisals.filter(is_probationary=False, is_excused=False).aggregate(
        base=Count("pk"), excellent=Count("pk", filter=Q(**{field: Grade.EXCELLENT}))
    )
    limit = Fraction(held.excellent_limit or "1/3")
    over = counted["base"] > 0 and Fraction(counted["excellent"], counted["base"]) > limit
    return counted["excellent"], counted["base"], over


def _refuse_excess(held: AppraisalRound, field: str, reason: str) -> None:
    excellent, base, over = excess(held, field)
    if over and not reason:
        raise errors.TooManyExcellent(excellent, base)


@transaction.atomic
def reply(
    appraisal: Appraisal, *, agrees: bool, text: str = "", on_behalf: bool = False, by, at: datetime
) -> Appraisal:
    """The member agrees with the proposal or says, in sealed words, what is wrong with it. Once, within the window."""
    one = _locked(appraisal, State.REPLIES)
    if one.replied_at is not None:
        raise errors.AlreadyReplied
    if one.decided_on is not None or one.reply_until is None or timezone.localdate(at) > one.reply_until:
        raise errors.ReplyWindowClosed
    if not agrees and not text:
        raise errors.ReasonNeeded
    one.reply_agrees, one.replied_at, one.replied_by, one.reply_on_behalf = agrees, at, by, on_behalf
    seal(one, "reply", text or None)
    one.save(update_fields=["reply_agrees", "reply", "replied_at", "replied_by", "reply_on_behalf"])
    audit.record(
        "appraisal.replied", on=one, by=by, at=at, unit_path=one.station_path, person=str(one.person_id),
        on_behalf=on_behalf,
    )  # fmt: skip
    return one


def may_decide_on(one: Appraisal, day: date) -> bool:
    """Whether the member has answered, or the time to answer is over."""
    return one.replied_at is not None or (one.reply_until is not None and day > one.reply_until)


@transaction.atomic
def decide(appraisal: Appraisal, *, grade: str, reason: str = "", by, at: datetime) -> Appraisal:
    """A person gives the final grade.

    Refuses before the answer or the end of the window (ReplyWindowOpen), who assessed the member (ScorerDecides) or
    proposed the grade (ProposerDecides), a second time (AlreadyDecided), and another grade than the proposal, or any
    after an objection, without a written reason (ReasonNeeded).
    """
    one = _locked(appraisal, State.REPLIES)
    if one.is_probationary:
        raise errors.NoGradeForProbationary
    if one.decided_at is not None:
        raise errors.AlreadyDecided
    if not may_decide_on(one, timezone.localdate(at)):
        raise errors.ReplyWindowOpen
    if by.pk in (one.station_scorer_id, one.origin_scorer_id):
        raise errors.ScorerDecides
    if by.pk == one.proposed_by_id:
        raise errors.ProposerDecides
    if (grade != one.proposed_grade or one.reply_agrees is False) and not reason:
        raise errors.ReasonNeeded
    one.grade, one.decided_on, one.decided_at, one.decided_by = Grade(grade), timezone.localdate(at), at, by
    seal(one, "decision_reason", reason or None)
    one.save(update_fields=["grade", "decided_on", "decided_at", "decided_by", "decision_reason"])
    audit.record("appraisal.decided", on=one, by=by, at=at, unit_path=one.station_path, person=str(one.person_id))
    return one


@transaction.atomic
def conclude(appraisal_round: AppraisalRound, *, excess_reason: str = "", by, at: datetime) -> AppraisalRound:
    """Every member who gets a grade has one. Refuses otherwise (NotAllDecided) and, over the limit of excellent grades,
    without a written reason (TooManyExcellent)."""
    held = lock(appraisal_round, State.REPLIES)
    if missing := held.appraisals.filter(is_probationary=False, grade="").count():
        raise errors.NotAllDecided(missing)
    _refuse_excess(held, "grade", excess_reason or held.excess_reason)
    held.excess_reason = excess_reason or held.excess_reason
    held.state, held.decided_at, held.decided_by = State.DECIDED, at, by
    held.save(update_fields=["state", "decided_at", "decided_by", "excess_reason"])
    audit.record("appraisal_round.decided", on=held, by=by, at=at, unit_path=held.unit_path)
    return held
