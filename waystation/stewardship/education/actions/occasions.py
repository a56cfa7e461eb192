"""Writes on occasions of organization life as a whole: entering, editing, joining and cancelling one."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from waystation.kernel import audit
from waystation.organizations.models import Unit
from waystation.stewardship.contacts.actions import renew_states
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
)
from waystation.stewardship.education.actions.plans import named_group
from waystation.stewardship.education.actions.rolls import (
    hold_people,
    locked,
    on_roll,
    put_on_roll,
    recount,
    renew_excused,
)
from waystation.stewardship.education.models import Attendance, Kind, Occasion, PlanItem
from waystation.stewardship.education.models.occasions import MOST_HOURS, MOST_HOURS_A_DAY
from waystation.stewardship.education.queries.expecting import expected_people
from waystation.stewardship.education.queries.frequencies import REQUIRED
from waystation.stewardship.groups.actions import note_entered
from waystation.stewardship.groups.models import FunctionalGroup, SuggestedActivity

Mark = Attendance.Mark
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
    put_on_roll(made, people)
    renew_excused(made, at)
    made = recount(made)
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


@transaction.atomic
def cancel_occasion(occasion: Occasion, *, reason: str, by, at: datetime) -> Occasion:
    """Cancel an occasion that was not held or was entered by mistake; its credits are taken back.

    Refuses without a reason (ReasonMissing), a second time (RollClosed), and while the entry of another unit
    refers to it (OthersReferToIt).
    """
    if not reason.strip():
        raise ReasonMissing
    hold_people(occasion)
    fresh = locked(occasion)
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
        renew_states(on_roll(fresh))
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
