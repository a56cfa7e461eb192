"""Writes on occasions of organization life: entering one, its roll, closing, correcting and cancelling it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from waystation.kernel import audit
from waystation.organizations.models import Unit
from waystation.stations.duty.actions import finish_key
from waystation.stewardship.contacts.actions import locked_people, renew_states
from waystation.stewardship.contacts.queries import is_excused
from waystation.stewardship.education.actions.credits import settle
from waystation.stewardship.education.actions.errors import (
    HoursOutOfLimits,
    InTheFuture,
    NotAPlanHolder,
    NotSuggested,
    NotTheSame,
    OthersReferToIt,
    ReasonMissing,
    RollClosed,
    RollEmpty,
    RollStillOpen,
    RollUnmarked,
)
from waystation.stewardship.education.actions.plans import item_key, named_group
from waystation.stewardship.education.models import Attendance, Kind, Occasion, PlanItem
from waystation.stewardship.education.models.occasions import MOST_HOURS, MOST_HOURS_A_DAY
from waystation.stewardship.education.queries.expecting import expected_people
from waystation.stewardship.education.queries.frequencies import REQUIRED
from waystation.stewardship.groups.actions import note_entered
from waystation.stewardship.groups.models import FunctionalGroup, SuggestedActivity
from waystation.stewardship.people.models import Person

Mark = Attendance.Mark
MARKS = (Mark.PRESENT, Mark.LEAVE, Mark.ABSENT)
AWAY = (Mark.LEAVE, Mark.ABSENT)  # the marks with which a reason stands
MOST_OF_A_REASON = 100
_WRITTEN = ("place", "topic", "lead", "recorder", "minutes", "guests")


@transaction.atomic
def enter_occasion(
    *,
    unit: Unit,
    kind: str,
    held_on: date,
    topic: str,
    hours: Decimal,
    place: str = "",
    lead: str = "",
    recorder: str = "",
    minutes: str = "",
    guests: str = "",
    item: PlanItem | None = None,
    group: FunctionalGroup | None = None,
    group_title: str = "",
    suggested: SuggestedActivity | None = None,
    by,
    at: datetime,
) -> Occasion:
    """Enter an occasion with a roll of everybody who is expected; the excused are marked so from the start.

    It may be for a functional group: a registered one, or one that is only written in words; `suggested` by its
    leader. Refuses a day to come (InTheFuture), hours out of limits (HoursOutOfLimits), a group that the unit did not
    have (GroupElsewhere), and a suggestion that is another group's or entered already (NotSuggested).
    """
    _check(unit, kind, held_on, hours, at)
    group_key, group_title = named_group(group, group_title, unit=unit, day=held_on)
    # Read before the occasion is written: the last roll of a group must not be this one.
    people = list(
        expected_people(unit, held_on, group_key=group_key, group_title=group_title).values_list("pk", flat=True)
    )
    made = Occasion.objects.create(
        unit=unit, unit_path=unit.path, kind=Kind(kind), held_on=held_on, topic=topic, hours=hours, place=place,
        lead=lead, recorder=recorder, minutes=minutes, guests=guests, item=item, group_key=group_key,
        group_title=group_title, created_at=at, created_by=by,
    )  # fmt: skip
    _put_on_roll(made, people)
    _renew_excused(made, at)
    made = _recount(made)
    about = {"kind": kind, "roll": made.expected}
    if suggested is not None:
        about["suggested"] = str(suggested.pk)
        if not note_entered(suggested, group_key=group_key, occasion_key=made.pk, by=by, at=at):
            raise NotSuggested
    audit.record("occasion.entered", on=made, by=by, at=at, unit_path=unit.path, **about)
    return made


def _check(unit: Unit, kind: str, held_on: date, hours: Decimal, at: datetime) -> None:
    if unit.kind not in REQUIRED:
        raise NotAPlanHolder
    if held_on > timezone.localdate(at):
        raise InTheFuture
    if not 0 <= hours <= (MOST_HOURS if kind == Kind.CLASS else MOST_HOURS_A_DAY):
        raise HoursOutOfLimits


def _put_on_roll(occasion: Occasion, people: Iterable) -> int:
    lines = [Attendance(occasion=occasion, person_id=pk, recorded_for_id=pk) for pk in people]
    Attendance.objects.bulk_create(lines, batch_size=500)
    return len(lines)


@transaction.atomic
def edit_occasion(occasion: Occasion, *, by, at: datetime, **written) -> Occasion:
    """Write topic, place, lead, minutes or guests anew; kind, day and hours stay, because credits follow them."""
    fresh = Occasion.objects.select_for_update().get(pk=occasion.pk)
    changed = [name for name in _WRITTEN if name in written and getattr(fresh, name) != written[name]]
    for name in changed:
        setattr(fresh, name, written[name])
    if changed:
        fresh.save(update_fields=changed)
        audit.record("occasion.edited", on=fresh, by=by, at=at, unit_path=fresh.unit_path, fields=changed)
    return fresh


# --- the roll -------------------------------------------------------------------------------------


@transaction.atomic
def add_to_roll(occasion: Occasion, people: Iterable[Person], *, by, at: datetime) -> int:
    """Put members on an open roll who were not expected; returns how many were new. Refuses RollClosed."""
    fresh = _locked_open(occasion)
    standing = set(fresh.roll.values_list("person", flat=True))
    added = _put_on_roll(fresh, [person.pk for person in people if person.pk not in standing])
    _renew_excused(fresh, at)
    _recount(fresh)
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
    fresh = _locked_open(occasion)
    _renew_excused(fresh, at)
    rows = fresh.roll.filter(is_double=False)
    rows = rows.filter(mark=Mark.OPEN) if lines is None else rows.filter(pk__in=lines)
    if mark != Mark.PRESENT:
        rows = rows.filter(is_excused=False)
    written = {"mark": mark, "marked_at": at, "marked_by": by}
    done = rows.update(**written if mark in AWAY else {**written, "reason": ""})
    _write_reasons(fresh, reasons or {}, by, at)
    _recount(fresh)
    return done


@transaction.atomic
def give_reasons(occasion: Occasion, reasons: Mapping[UUID, str], *, by, at: datetime) -> int:
    """Write why members on an open roll (ids of their lines) were away; an empty text takes a reason back.

    Returns how many changed. Whoever is neither on leave nor absent has no reason, so those lines stay. Refuses a
    closed roll (RollClosed).
    """
    fresh = _locked_open(occasion)
    _renew_excused(fresh, at)
    changed = _write_reasons(fresh, reasons, by, at)
    _recount(fresh)
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


def _locked(occasion: Occasion) -> Occasion:
    """The occasion and the entry under which it is credited, locked in one order by every act."""
    key = Occasion.objects.get(pk=occasion.pk).credit_key
    rows = Occasion.objects.select_for_update().filter(pk__in=[occasion.pk, key]).order_by("pk")
    return next(row for row in rows if row.pk == occasion.pk)


def _on_roll(occasion: Occasion):
    return occasion.roll.filter(is_double=False).values_list("person", flat=True)


def _hold_people(occasion: Occasion) -> None:
    """Files before occasions, as a merge takes them; and nobody is suspended as lost while a roll says otherwise."""
    locked_people(_on_roll(occasion))


def _locked_open(occasion: Occasion) -> Occasion:
    fresh = _locked(occasion)
    if fresh.state != Occasion.State.OPEN:
        raise RollClosed
    return fresh


def _renew_excused(occasion: Occasion, at: datetime) -> None:
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


def _recount(occasion: Occasion) -> Occasion:
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
    _hold_people(occasion)
    fresh = _locked_open(occasion)
    _renew_excused(fresh, at)
    fresh = _recount(fresh)
    if not fresh.expected + fresh.excused:
        raise RollEmpty
    unmarked = fresh.roll.filter(is_double=False, mark=Mark.OPEN).count()
    if unmarked:
        raise RollUnmarked(unmarked)
    fresh.state, fresh.closed_at, fresh.closed_by = Occasion.State.HELD, at, by
    fresh.save(update_fields=["state", "closed_at", "closed_by"])
    present = list(fresh.roll.filter(is_double=False, mark=Mark.PRESENT).values_list("person", flat=True))
    credited = settle(fresh, present, by=by, at=at)
    renew_states(_on_roll(fresh))
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
    occasion = _locked(line.occasion)
    if occasion.state != Occasion.State.HELD:
        raise RollStillOpen
    line = Attendance.objects.select_for_update().get(pk=line.pk)
    before, told = line.mark, line.reason
    line.is_excused = Person.objects.filter(is_excused(occasion.held_on), pk=line.person_id).exists()
    line.mark = mark if mark == Mark.PRESENT or not line.is_excused else Mark.EXCUSED
    line.reason = _reason_of(line, absence)
    line.marked_at, line.marked_by = at, by
    line.save(update_fields=["mark", "reason", "is_excused", "marked_at", "marked_by"])
    _recount(occasion)
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


# --- the occasion as a whole ----------------------------------------------------------------------


@transaction.atomic
def cancel_occasion(occasion: Occasion, *, reason: str, by, at: datetime) -> Occasion:
    """Cancel an occasion that was not held or was entered by mistake; its credits are taken back.

    Refuses without a reason (ReasonMissing), a second time (RollClosed), and while the entry of another unit
    refers to it (OthersReferToIt).
    """
    if not reason.strip():
        raise ReasonMissing
    _hold_people(occasion)
    fresh = _locked(occasion)
    if fresh.state == Occasion.State.CANCELLED:
        raise RollClosed
    if fresh.repeated_by.exclude(state=Occasion.State.CANCELLED).exists():
        raise OthersReferToIt
    was_held = fresh.state == Occasion.State.HELD
    fresh.state, fresh.cancel_reason = Occasion.State.CANCELLED, reason.strip()[:200]
    if not was_held:
        fresh.closed_at, fresh.closed_by = at, by
    fresh.save(update_fields=["state", "cancel_reason", "closed_at", "closed_by"])
    if was_held:
        people = list(fresh.roll.filter(mark=Mark.PRESENT).values_list("person", flat=True))
        settle(fresh, people, reason=reason, by=by, at=at)
        renew_states(_on_roll(fresh))
    audit.record("occasion.cancelled", on=fresh, by=by, at=at, unit_path=fresh.unit_path, was_held=was_held)
    return fresh


@transaction.atomic
def name_same(occasion: Occasion, other: Occasion, *, by, at: datetime) -> Occasion:
    """Say that the entry of another unit is about the same occasion, so that it is credited once.

    Refuses a closed roll (RollClosed), another day or the own unit (NotTheSame), and an entry that others refer
    to (OthersReferToIt).
    """
    pair = Occasion.objects.select_for_update().filter(pk__in=[occasion.pk, other.credit_key]).order_by("pk")
    rows = {row.pk: row for row in pair}
    fresh, root = rows.get(occasion.pk), rows.get(other.credit_key)
    if fresh is None or root is None or fresh.pk == root.pk or root.same_as_id:
        raise NotTheSame
    if fresh.state != Occasion.State.OPEN:
        raise RollClosed
    if root.held_on != fresh.held_on or root.unit_id == fresh.unit_id or root.state == Occasion.State.CANCELLED:
        raise NotTheSame
    if fresh.repeated_by.exists():
        raise OthersReferToIt
    fresh.same_as = root
    fresh.save(update_fields=["same_as"])
    audit.record("occasion.joined", on=fresh, by=by, at=at, unit_path=fresh.unit_path, same_as=str(root.pk))
    return fresh


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
        _recount(occasion)
    if changed:
        renew_states([person.pk])
    if changed:
        path = person.stay_path or person.home_path
        audit.record("attendance.excused", on=person, by=None, at=at, unit_path=path, lines=changed)
    return changed


def recount_all(occasions: Iterable) -> list[Occasion]:
    """Write the figures of these occasions (ids) anew, after lines went from file to file; returns those held."""
    rows = list(Occasion.objects.select_for_update().filter(pk__in=list(occasions)).order_by("pk"))
    for row in rows:
        _recount(row)
    return [row for row in rows if row.state == Occasion.State.HELD]
