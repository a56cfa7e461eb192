"""Who takes part in a group and who leads it. Nothing here writes the files of people."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from waystation.kernel import audit
from waystation.kernel.ids import new_id
from waystation.stewardship.contacts.actions import renew_states
from waystation.stewardship.groups.actions.errors import GroupClosed, NotInGroup
from waystation.stewardship.groups.models import FunctionalGroup, GroupLeader, GroupMember
from waystation.stewardship.people.models import Person, Stay

CHUNK = 500


def hold_group(group: FunctionalGroup) -> FunctionalGroup:
    """Lock the group, before any stay, and read it as it is now. Refuses a closed one (GroupClosed)."""
    held = FunctionalGroup.objects.select_for_update(of=("self",)).select_related("station").get(pk=group.pk)
    if held.closed_on is not None:
        raise GroupClosed
    return held


@transaction.atomic
def add_members(group: FunctionalGroup, stays: Iterable, *, by, at: datetime) -> int:
    """Let the members of these stays (ids) take part from today on; returns how many are new.

    Whoever takes part already, or is not in the care of the group's station, is left as is. Refuses a closed
    group (GroupClosed).
    """
    group = hold_group(group)
    return enrol(group, stays, by=by, at=at)


def enrol(group: FunctionalGroup, stays: Iterable, *, by, at: datetime) -> int:
    """Add to a held group whoever of the stays is in care and not in it."""
    held = _hold_stays(group, stays)
    inside = set(GroupMember.objects.filter(group=group, ends_on=None).values_list("person", flat=True))
    fresh = [
        GroupMember(
            id=new_id(), group=group, person_id=stay.person_id, stay=stay, starts_on=timezone.localdate(at),
            added_at=at, added_by=by,
        )
        for stay in held
        if stay.person_id not in inside
    ]  # fmt: skip
    GroupMember.objects.bulk_create(fresh, batch_size=CHUNK)
    audit.record_many([_noted("group.joined", group, row) for row in fresh], by=by, at=at)
    return len(fresh)


def _hold_stays(group: FunctionalGroup, stays: Iterable) -> list[Stay]:
    ids, found = sorted(set(stays)), []
    for start in range(0, len(ids), CHUNK):
        rows = Stay.objects.select_for_update(of=("self",)).open().filter(station=group.station_id)
        found += rows.filter(pk__in=ids[start : start + CHUNK]).order_by("pk")
    return found


def _noted(verb: str, group: FunctionalGroup, row: GroupMember) -> dict:
    return {
        "verb": verb, "on": row, "unit_path": group.station_path, "person": str(row.person_id), "group": str(group.pk)
    }  # fmt: skip


@transaction.atomic
def remove_members(group: FunctionalGroup, rows: Iterable, *, by, at: datetime) -> int:
    """Let these members (ids of GroupMember) leave today; a leader among them stops leading. Returns how many left."""
    group = hold_group(group)
    found = list(GroupMember.objects.filter(group=group, pk__in=list(rows), ends_on=None))
    part(group, found, on=timezone.localdate(at), by=by, at=at)
    return len(found)


def part(group: FunctionalGroup, rows: list[GroupMember], *, on: date, by, at: datetime) -> None:
    """End memberships, and terms of leaders among them, on a day; never before they began."""
    ids = [row.pk for row in rows]
    for model, column in ((GroupMember, "pk__in"), (GroupLeader, "member__in")):
        for start in range(0, len(ids), CHUNK):
            held = model.objects.filter(ends_on=None, **{column: ids[start : start + CHUNK]})
            held.filter(starts_on__gt=on).update(ends_on=F("starts_on"))
            held.update(ends_on=on)
    audit.record_many([_noted("group.left", group, row) for row in rows], by=by, at=at)


@transaction.atomic
def name_leader(group: FunctionalGroup, member: GroupMember, *, by, at: datetime) -> GroupLeader:
    """Let one of its members lead the group from today on; whoever led it stops today.

    Refuses somebody who is not a member now (NotInGroup) and a closed group (GroupClosed).
    """
    group = hold_group(group)
    row = GroupMember.objects.filter(pk=member.pk, group=group, ends_on=None).first()
    if row is None:
        raise NotInGroup
    current = GroupLeader.objects.filter(group=group, ends_on=None).first()
    if current is not None and current.member_id == row.pk:
        return current
    _stop(group, at)
    made = GroupLeader.objects.create(
        group=group, member=row, starts_on=timezone.localdate(at), named_at=at, named_by=by
    )
    audit.record("group.leader_named", on=made, by=by, at=at, unit_path=group.station_path, person=str(row.person_id))
    return made


@transaction.atomic
def end_leading(group: FunctionalGroup, *, by, at: datetime) -> bool:
    """Let the group be without a leader from today on; returns whether it had one."""
    group = hold_group(group)
    ended = _stop(group, at)
    if ended:
        audit.record("group.leader_ended", on=group, by=by, at=at, unit_path=group.station_path)
    return bool(ended)


def _stop(group: FunctionalGroup, at: datetime) -> int:
    day = timezone.localdate(at)
    held = GroupLeader.objects.filter(group=group, ends_on=None)
    return held.filter(starts_on__gt=day).update(ends_on=F("starts_on")) + held.update(ends_on=day)


# --- what lower apps tell -------------------------------------------------------------------------


@transaction.atomic
def leave_with_stay(stay: Stay, *, at: datetime) -> None:
    """A stay ended: the member leaves the groups of that station on that day."""
    rows = GroupMember.objects.filter(stay=stay, ends_on=None).select_related("group")
    for row in rows:
        part(row.group, [row], on=stay.ends_on, by=None, at=at)


@transaction.atomic
def follow_stays(people: Iterable[Person]) -> None:
    """After a merge or its undo: who takes part is the person whose stay it is."""
    for person in people:
        GroupMember.objects.filter(stay__person=person).exclude(person=person).update(person=person)
    renew_states(person.pk for person in people)
