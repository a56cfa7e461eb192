"""Writes on the roll of an occasion: who is on it, marks and reasons, closing and correcting it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from waystation.kernel import audit
from waystation.stations.duty.actions import finish_key
from waystation.stewardship.contacts.actions import locked_people, renew_states
from waystation.stewardship.contacts.queries import is_excused
from waystation.stewardship.education.actions.credits import settle
from waystation.stewardship.education.actions.errors import (
    ReasonMissing,
    RollClosed,
    RollEmpty,
    RollStillOpen,
    RollUnmarked,
)
from waystation.stewardship.education.actions.plans import item_key
from waystation.stewardship.education.models import Attendance, Occasion
from waystation.stewardship.people.models import Person

Mark = Attendance.Mark
MARKS = (Mark.PRESENT, Mark.LEAVE, Mark.ABSENT)
AWAY = (Mark.LEAVE, Mark.ABSENT)  # the marks with which a reason stands
MOST_OF_A_REASON = 100


def put_on_roll(occasion: Occasion, people: Iterable) -> int:
    """Add a line for each of the people (ids)."""
    lines = [Attendance(occasion=occasion, person_id=pk, recorded_for_id=pk) for pk in people]
    Attendance.objects.bulk_create(lines, batch_size=500)
    return len(lines)


@transaction.atomic
def add_to_roll(occasion: Occasion, people: Iterable[Person], *, by, at: datetime) -> int:
    """Put members on an open roll who were not expected; returns how many were new. Refuses RollClosed."""
    fresh = locked_open(occasion)
    standing = set(fresh.roll.values_list("person", flat=True))
    added = put_on_roll(fresh, [person.pk for person in people if person.pk not in standing])
    renew_excused(fresh, at)
    recount(fresh)
    if added:
        audit.record("occasion.roll_added", on=fresh, by=by, at=at, unit_path=fresh.unit_path, members=added)
    return added


@transaction.atomic
def mark(
    occasion: Occasion,
    mark: str,
    *,
    lines: Iterable | None = None,
    reasons: Mapping[UUID, str] | None = None,
    by,
    at: datetime,
) -> int:
    """Mark these lines (ids, or a query of them) of an open roll, or all that are not marked; returns how many.

    An excused member may be present; on leave or absent is for nobody who is excused, so those lines stay.
    Whoever is present after all needs no reason; `reasons` are written as by `give_reasons`, after the marks.
    Refuses a closed roll (RollClosed).
    """
    if mark not in MARKS:
        raise ValueError(mark)
    fresh = locked_open(occasion)
    renew_excused(fresh, at)
    rows = fresh.roll.filter(is_double=False)
    rows = rows.filter(mark=Mark.OPEN) if lines is None else rows.filter(pk__in=lines)
    if mark != Mark.PRESENT:
        rows = rows.filter(is_excused=False)
    written = {"mark": mark, "marked_at": at, "marked_by": by}
    done = rows.update(**written if mark in AWAY else {**written, "reason": ""})
    _write_reasons(fresh, reasons or {}, by, at)
    recount(fresh)
    return done


@transaction.atomic
def give_reasons(occasion: Occasion, reasons: Mapping[UUID, str], *, by, at: datetime) -> int:
    """Write why members on an open roll (ids of their lines) were away; an empty text takes a reason back.

    Returns how many changed. Whoever is neither on leave nor absent has no reason, so those lines stay. Refuses a
    closed roll (RollClosed).
    """
    fresh = locked_open(occasion)
    renew_excused(fresh, at)
    changed = _write_reasons(fresh, reasons, by, at)
    recount(fresh)
    return changed


def _write_reasons(occasion: Occasion, reasons: Mapping[UUID, str], by, at: datetime) -> int:
    """The trail says that reasons were written, not which: they may touch private life."""
    wanted = {pk: text.strip()[:MOST_OF_A_REASON] for pk, text in reasons.items()}
    away = occasion.roll.filter(is_double=False, mark__in=AWAY, pk__in=wanted)
    changed = [line for line in away if line.reason != wanted[line.pk]]
    for line in changed:
        line.reason, line.marked_at, line.marked_by = wanted[line.pk], at, by
    Attendance.objects.bulk_update(changed, ["reason", "marked_at", "marked_by"], 400)
    if changed:
        audit.record(
            "attendance.reasons_written", on=occasion, by=by, at=at, unit_path=occasion.unit_path,
            fields=("reason",), lines=len(changed),
        )  # fmt: skip
    return len(changed)


def locked(occasion: Occasion) -> Occasion:
    """The occasion and the entry under which it is credited, locked in one order by every act."""
    key = Occasion.objects.get(pk=occasion.pk).credit_key
    rows = Occasion.objects.select_for_update().filter(pk__in=[occasion.pk, key]).order_by("pk")
    return next(row for row in rows if row.pk == occasion.pk)


def on_roll(occasion: Occasion):
    """The people (ids) on the roll, each once."""
    return occasion.roll.filter(is_double=False).values_list("person", flat=True)


def hold_people(occasion: Occasion) -> None:
    """Files before occasions, as a merge takes them; and nobody is suspended as lost while a roll says otherwise."""
    locked_people(on_roll(occasion))


def locked_open(occasion: Occasion) -> Occasion:
    """The same, refusing a closed roll (RollClosed)."""
    fresh = locked(occasion)
    if fresh.state != Occasion.State.OPEN:
        raise RollClosed
    return fresh


def renew_excused(occasion: Occasion, at: datetime) -> None:
    """Whoever is excused on the day of the occasion is marked so, and nobody else."""
    roll = occasion.roll.filter(is_double=False)
    condition = is_excused(occasion.held_on, "person")
    came = roll.filter(condition, is_excused=False)
    came.filter(mark=Mark.PRESENT).update(is_excused=True)
    roll.filter(condition, is_excused=False).update(
        is_excused=True, mark=Mark.EXCUSED, reason="", marked_at=at, marked_by=None
    )
    gone = roll.filter(~condition, is_excused=True)
    gone.filter(mark=Mark.PRESENT).update(is_excused=False)
    roll.filter(~condition, is_excused=True).update(is_excused=False, mark=Mark.OPEN, marked_at=None, marked_by=None)


def recount(occasion: Occasion) -> Occasion:
    """The figures of the occasion from its roll; excused members only in `excused`."""
    asked = Q(is_excused=False)
    figures = occasion.roll.filter(is_double=False).aggregate(
        expected=Count("pk", filter=asked),
        present=Count("pk", filter=asked & Q(mark=Mark.PRESENT)),
        on_leave=Count("pk", filter=asked & Q(mark=Mark.LEAVE)),
        absent=Count("pk", filter=asked & Q(mark=Mark.ABSENT)),
        excused=Count("pk", filter=Q(is_excused=True)),
    )
    Occasion.objects.filter(pk=occasion.pk).update(**figures)
    for name, value in figures.items():
        setattr(occasion, name, value)
    return occasion


@transaction.atomic
def close_roll(occasion: Occasion, *, by, at: datetime) -> Occasion:
    """Close the roll: the occasion counts as held, and whoever was present has its hours, once.

    Refuses a closed one (RollClosed), an empty roll (RollEmpty) and lines without a mark (RollUnmarked).
    """
    hold_people(occasion)
    fresh = locked_open(occasion)
    renew_excused(fresh, at)
    fresh = recount(fresh)
    if not fresh.expected + fresh.excused:
        raise RollEmpty
    unmarked = fresh.roll.filter(is_double=False, mark=Mark.OPEN).count()
    if unmarked:
        raise RollUnmarked(unmarked)
    fresh.state, fresh.closed_at, fresh.closed_by = Occasion.State.HELD, at, by
    fresh.save(update_fields=["state", "closed_at", "closed_by"])
    present = list(fresh.roll.filter(is_double=False, mark=Mark.PRESENT).values_list("person", flat=True))
    credited = settle(fresh, present, by=by, at=at)
    renew_states(on_roll(fresh))
    if fresh.item_id:
        finish_key(item_key(fresh.item), outcome=_("Held, the roll is closed"), by=by, at=at)
    audit.record(
        "occasion.held", on=fresh, by=by, at=at, unit_path=fresh.unit_path, kind=fresh.kind, present=fresh.present,
        credited=credited,
    )  # fmt: skip
    return fresh


@transaction.atomic
def correct_line(
    line: Attendance, mark: str, *, reason: str, absence: str | None = None, by, at: datetime
) -> Attendance:
    """Correct one line of a closed roll; the credit follows. Before, after and reason stand in the trail.

    `absence` is why the member was away, if it is to be another; the trail says only that it changed.
    Refuses without a reason (ReasonMissing) and on an open roll (RollStillOpen).
    """
    if mark not in MARKS:
        raise ValueError(mark)
    if not reason.strip():
        raise ReasonMissing
    locked_people([line.person_id])
    occasion = locked(line.occasion)
    if occasion.state != Occasion.State.HELD:
        raise RollStillOpen
    line = Attendance.objects.select_for_update().get(pk=line.pk)
    before, told = line.mark, line.reason
    line.is_excused = Person.objects.filter(is_excused(occasion.held_on), pk=line.person_id).exists()
    line.mark = mark if mark == Mark.PRESENT or not line.is_excused else Mark.EXCUSED
    line.reason = _reason_of(line, absence)
    line.marked_at, line.marked_by = at, by
    line.save(update_fields=["mark", "reason", "is_excused", "marked_at", "marked_by"])
    recount(occasion)
    settle(occasion, [line.person_id], reason=reason, by=by, at=at)
    renew_states([line.person_id])
    audit.record(
        "attendance.corrected", on=line, by=by, at=at, unit_path=occasion.unit_path, person=str(line.person_id),
        occasion=str(occasion.pk), before=before, after=line.mark, reason=reason.strip()[:200],
        fields=("mark",) if line.reason == told else ("mark", "reason"),
    )  # fmt: skip
    return line


def _reason_of(line: Attendance, absence: str | None) -> str:
    """Why the member of a corrected line was away: what is said now, else what stood there; nothing for others."""
    if line.mark not in AWAY:
        return ""
    return line.reason if absence is None else absence.strip()[:MOST_OF_A_REASON]


@transaction.atomic
def renew_excuses(person: Person, *, since: date, at: datetime) -> int:
    """An excuse was granted afterwards, for days before: the person's lines on rolls since a day follow it.

    Returns how many lines changed. Whoever was present stays present.
    """
    locked_people([person])
    lines = Attendance.objects.filter(person=person, is_double=False, is_excused=False, occasion__held_on__gte=since)
    # An excuse is compared with the day of each occasion, which differs from line to line.
    days = set(lines.exclude(mark=Mark.PRESENT).values_list("occasion__held_on", flat=True))
    excused = [day for day in days if Person.objects.filter(is_excused(day), pk=person.pk).exists()]
    ids = sorted(set(lines.filter(occasion__held_on__in=excused).values_list("occasion", flat=True)))
    occasions = list(Occasion.objects.select_for_update().filter(pk__in=ids).order_by("pk"))
    stale = lines.filter(occasion__in=ids).exclude(mark=Mark.PRESENT)
    changed = stale.update(is_excused=True, mark=Mark.EXCUSED, reason="", marked_at=at, marked_by=None)
    lines.filter(occasion__in=ids, mark=Mark.PRESENT).update(is_excused=True)
    for occasion in occasions:
        recount(occasion)
    if changed:
        renew_states([person.pk])
        path = person.stay_path or person.home_path
        audit.record("attendance.excused", on=person, by=None, at=at, unit_path=path, lines=changed)
    return changed


def recount_all(occasions: Iterable) -> list[Occasion]:
    """Write the figures of these occasions (ids) anew, after lines went from file to file; returns those held."""
    rows = list(Occasion.objects.select_for_update().filter(pk__in=list(occasions)).order_by("pk"))
    for row in rows:
        recount(row)
    return [row for row in rows if row.state == Occasion.State.HELD]
