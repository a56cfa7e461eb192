"""Hours of an occasion, credited to whoever was there: once, whoever entered it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from waystation.stewardship.education.actions.totals import CHUNK, renew_totals
from waystation.stewardship.education.models import Attendance, Kind, LearningRecord, Occasion

State, Source = LearningRecord.State, LearningRecord.Source


def settle(occasion: Occasion, people: Iterable, *, reason: str = "", by, at: datetime) -> int:
    """Let each of the people (ids) have the hours iff somebody marked them present; returns how many are new.

    The entry under which the occasion is credited is the lock: two officers who credit at one moment, for one
    unit or for two, credit once.
    """
    root = Occasion.objects.select_for_update().get(pk=occasion.credit_key)
    people = sorted(set(people))
    added, touched = 0, set()
    for start in range(0, len(people), CHUNK):
        chunk = people[start : start + CHUNK]
        present = _present(root, chunk)
        rows = list(LearningRecord.objects.filter(occasion=root, person__in=chunk, state=State.CONFIRMED))
        held = {row.person_id for row in rows}
        fresh = [_credit(root, person, by, at) for person in chunk if person in present and person not in held]
        LearningRecord.objects.bulk_create(fresh)
        wrong = [row.pk for row in rows if row.person_id not in present]
        LearningRecord.objects.filter(pk__in=wrong).update(
            state=State.REVERSED, reversed_at=at, reversed_by=by, reason=reason.strip()[:200]
        )
        added += len(fresh)
        touched |= {row.person_id for row in fresh} | (held - present)
    renew_totals((person, root.held_on.year) for person in touched)
    return added


def _present(root: Occasion, people: list) -> set:
    """Who of these is marked present on a closed roll about this occasion."""
    held = Occasion.objects.held()
    about = [root.pk, *root.repeated_by.values_list("pk", flat=True)]
    lines = Attendance.objects.filter(
        occasion__in=held.filter(pk__in=about), person__in=people, mark=Attendance.Mark.PRESENT, is_double=False
    )
    return set(lines.values_list("person", flat=True))


def _credit(root: Occasion, person, by, at: datetime) -> LearningRecord:
    return LearningRecord(
        person_id=person, recorded_for_id=person, occasion=root,
        source=Source.CLASS if root.kind == Kind.CLASS else Source.OCCASION, state=State.CONFIRMED,
        learnt_on=root.held_on, year=root.held_on.year, hours=root.hours, title=root.topic[:200],
        reported_at=at, reported_by=by, decided_at=at, decided_by=by,
    )  # fmt: skip
