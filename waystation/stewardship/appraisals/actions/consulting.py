"""Station and origin talk about a gap; who manages the round writes it down, and the origin confirms or objects."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from waystation.kernel import audit, dated
from waystation.kernel.sealing import seal
from waystation.stewardship.appraisals import rules
from waystation.stewardship.appraisals.actions import errors
from waystation.stewardship.appraisals.actions.rounds import lock
from waystation.stewardship.appraisals.models import Appraisal, AppraisalRound, Consultation

State = AppraisalRound.State


@transaction.atomic
def consult(
    appraisal: Appraisal, *, held_on: date, station_people: str, origin_people: str, text: str, conclusion: str,
    by, at: datetime,
) -> Consultation:  # fmt: skip
    """Record that both sides met over a gap: who came, what was said (sealed), and the grade both think right."""
    lock(AppraisalRound(pk=appraisal.round_id), State.UNSEALED)
    one = Appraisal.objects.select_for_update().get(pk=appraisal.pk)
    if one.gap == 0 or one.consulted_at is not None:
        raise errors.NotInThisState
    made = Consultation(
        appraisal=one, held_on=held_on, station_people=station_people, origin_people=origin_people,
        conclusion=conclusion, recorded_at=at, recorded_by=by,
    )  # fmt: skip
    seal(made, "text", text)
    made.save(force_insert=True)
    one.consulted_at = at
    one.save(update_fields=["consulted_at"])
    audit.record("appraisal.consulted", on=one, by=by, at=at, unit_path=one.station_path, person=str(one.person_id))
    return made


@transaction.atomic
def answer_consultation(appraisal: Appraisal, *, agrees: bool, text: str = "", by, at: datetime) -> Consultation:
    """The origin confirms the record or objects to it, with a word (sealed); after an objection they talk anew.

    Once, and before a grade is proposed (NotInThisState). Refuses whoever wrote the record or assessed for the
    station (RecorderAnswers), and an objection without a word (ReasonNeeded).
    """
    lock(AppraisalRound(pk=appraisal.round_id), State.UNSEALED)
    one = Appraisal.objects.select_for_update().get(pk=appraisal.pk)
    record = one.consultation if one.consulted_at is not None else None
    if record is None or record.agrees is not None or one.proposed_grade:
        raise errors.NotInThisState
    if by.pk in (record.recorded_by_id, one.station_scorer_id):
        raise errors.RecorderAnswers
    if not agrees and not text:
        raise errors.WordNeeded
    record.agrees, record.answered_at, record.answered_by = agrees, at, by
    seal(record, "answer", text or None)
    record.save(update_fields=["agrees", "answer", "answered_at", "answered_by"])
    if not agrees:
        one.consulted_at = None
        one.save(update_fields=["consulted_at"])
    audit.record(
        "appraisal.consultation_answered", on=one, by=by, at=at, unit_path=one.origin_path, person=str(one.person_id),
        agrees=agrees,
    )  # fmt: skip
    return record


def waits_until(one: Appraisal, day: date) -> date | None:
    """The last day for the origin to answer, while it has not and still may; None where nothing is waited for."""
    record = one.consultation if one.consulted_at is not None else None
    if record is None or record.agrees is not None:
        return None
    recorded = timezone.localdate(record.recorded_at)
    last = recorded + timedelta(days=dated.value(rules.CONSULTATION_DAYS, recorded))
    return last if day <= last else None
