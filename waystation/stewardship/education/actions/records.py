"""Writes on learning records: entered by an officer, reported by a member, confirmed, refused, taken back."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from waystation.kernel import audit
from waystation.stewardship.education.actions.errors import (
    AlreadyDecided,
    FromARoll,
    HoursOutOfLimits,
    InTheFuture,
    OwnRecord,
    ReasonMissing,
    TooLongAgo,
)
from waystation.stewardship.education.actions.totals import renew_totals
from waystation.stewardship.education.models import LearningRecord
from waystation.stewardship.education.models.occasions import MOST_HOURS, MOST_HOURS_A_DAY
from waystation.stewardship.people.models import Person

State, Source = LearningRecord.State, LearningRecord.Source
ENTERED = (Source.CLASS, Source.HOME, Source.ONLINE)  # by hand; the others follow a roll or a delivery
REPORTED = (Source.HOME, Source.ONLINE, Source.CLASS)


@transaction.atomic
def record_study(
    person: Person, *, source: str, learnt_on: date, hours: Decimal, title: str, note: str = "", by, at: datetime
) -> LearningRecord:
    """Enter hours that an officer knows of; they count at once.

    Refuses hours out of limits, a day to come or before last year, and the officer's own file (OwnRecord):
    that is reported and confirmed by another.
    """
    if by is not None and person.user_id == by.pk:
        raise OwnRecord
    record = new_record(person, source=source, learnt_on=learnt_on, hours=hours, title=title, note=note, by=by, at=at)
    record.state, record.decided_at, record.decided_by = State.CONFIRMED, at, by
    record.save(force_insert=True)
    renew_totals([(person.pk, record.year)])
    _note("learning.recorded", record, by, at)
    return record


@transaction.atomic
def report_study(
    person: Person, *, source: str, learnt_on: date, hours: Decimal, title: str, note: str = "", by, at: datetime
) -> LearningRecord:
    """A member reports study of the own; it counts once somebody else has confirmed it. Refuses as above."""
    if source not in REPORTED:
        raise ValueError(source)
    record = new_record(person, source=source, learnt_on=learnt_on, hours=hours, title=title, note=note, by=by, at=at)
    record.state, record.is_self_reported = State.CLAIMED, True
    record.save(force_insert=True)
    _note("learning.reported", record, by, at)
    return record


def new_record(
    person: Person, *, source: str, learnt_on: date, hours: Decimal, title: str, note: str = "", by, at: datetime
) -> LearningRecord:
    """An unsaved record, checked."""
    today = timezone.localdate(at)
    if learnt_on > today:
        raise InTheFuture
    if learnt_on.year < today.year - 1:
        raise TooLongAgo
    if not 0 <= hours <= (MOST_HOURS if source == Source.CLASS else MOST_HOURS_A_DAY):
        raise HoursOutOfLimits
    return LearningRecord(
        person=person, recorded_for=person, source=Source(source), learnt_on=learnt_on, year=learnt_on.year,
        hours=hours, title=title[:200], note=note[:300], reported_at=at, reported_by=by,
    )  # fmt: skip


@transaction.atomic
def confirm_record(record: LearningRecord, *, by, at: datetime) -> LearningRecord:
    """Confirm what a member reported. Refuses a decided one (AlreadyDecided) and one's own (OwnRecord)."""
    record = _claimed(record, by)
    record.state, record.decided_at, record.decided_by = State.CONFIRMED, at, by
    record.save(update_fields=["state", "decided_at", "decided_by"])
    renew_totals([(record.person_id, record.year)])
    _note("learning.confirmed", record, by, at)
    return record


@transaction.atomic
def refuse_record(record: LearningRecord, *, reason: str, by, at: datetime) -> LearningRecord:
    """Leave reported study out, with a reason that the member reads. Refuses as `confirm_record`."""
    if not reason.strip():
        raise ReasonMissing
    record = _claimed(record, by)
    record.state, record.decided_at, record.decided_by = State.REFUSED, at, by
    record.reason = reason.strip()[:200]
    record.save(update_fields=["state", "decided_at", "decided_by", "reason"])
    _note("learning.refused", record, by, at)
    return record


def _claimed(record: LearningRecord, by) -> LearningRecord:
    fresh = LearningRecord.objects.select_for_update(of=("self",)).select_related("person").get(pk=record.pk)
    if fresh.state != State.CLAIMED:
        raise AlreadyDecided
    if by is None or by.pk in (fresh.reported_by_id, fresh.person.user_id):
        raise OwnRecord
    return fresh


@transaction.atomic
def take_back_record(record: LearningRecord, *, reason: str, by, at: datetime) -> LearningRecord:
    """Take a mistaken record back with a reason; it stays readable and counts no more.

    Refuses hours that come from a roll (FromARoll) and a record that does not count (AlreadyDecided).
    """
    if not reason.strip():
        raise ReasonMissing
    fresh = LearningRecord.objects.select_for_update().get(pk=record.pk)
    if fresh.occasion_id is not None:
        raise FromARoll
    if fresh.state != State.CONFIRMED:
        raise AlreadyDecided
    fresh.state, fresh.reversed_at, fresh.reversed_by = State.REVERSED, at, by
    fresh.reason = reason.strip()[:200]
    fresh.save(update_fields=["state", "reversed_at", "reversed_by", "reason"])
    renew_totals([(fresh.person_id, fresh.year)])
    _note("learning.taken_back", fresh, by, at)
    return fresh


def _note(verb: str, record: LearningRecord, by, at: datetime) -> None:
    path = record.person.stay_path or record.person.home_path
    audit.record(
        verb, on=record, by=by, at=at, unit_path=path, person=str(record.person_id), hours=str(record.hours),
        source=str(record.source),
    )  # fmt: skip
