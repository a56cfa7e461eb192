"""Groups are founded, changed, merged and closed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from waystation.kernel import audit, dated
from waystation.organizations.models import Unit
from waystation.stewardship.groups import rules
from waystation.stewardship.groups.actions.activities import drop_plans
from waystation.stewardship.groups.actions.errors import GroupRefused, TooFew
from waystation.stewardship.groups.actions.members import enrol, hold_group, part
from waystation.stewardship.groups.actions.suggesting import drop_suggested
from waystation.stewardship.groups.models import FunctionalGroup, GroupMember, GroupSuccession
from waystation.stewardship.groups.proposing import proposals
from waystation.stewardship.people.models import MemberKind


@transaction.atomic
def found_group(
    *, station: Unit, name: str, kind: str, stays: Iterable, basis: str = "", community: Unit | None = None,
    purpose: str = "", by, at: datetime,
) -> FunctionalGroup:  # fmt: skip
    """Found a group with the members of these stays (ids); it has no leader yet.

    Refuses a name that an open group of the station has (GroupRefused), and fewer full members in the care of
    the station than the rule of the day asks for (TooFew).
    """
    day = timezone.localdate(at)
    group = FunctionalGroup(
        station=station, station_path=station.path, name=name, kind=FunctionalGroup.Kind(kind), basis=basis,
        community=community, purpose=purpose, established_on=day, created_at=at, created_by=by,
    )  # fmt: skip
    try:
        with transaction.atomic():
            group.save(force_insert=True)
    except IntegrityError as error:
        raise _name_is_taken() from error
    audit.record("group.founded", on=group, by=by, at=at, unit_path=station.path, kind=str(group.kind))
    enrol(group, stays, by=by, at=at)
    least = dated.value(rules.LEAST_FORMAL, day)
    if GroupMember.objects.filter(group=group, person__member_kind=MemberKind.FULL).count() < least:
        raise TooFew(least)
    return group


def _name_is_taken() -> GroupRefused:
    return GroupRefused(_("This station has a group of that name already."))


@transaction.atomic
def accept_proposals(station: Unit, keys: Iterable[str], *, by, at: datetime) -> list[FunctionalGroup]:
    """Found the proposed groups of these keys with everybody who shares their fact; returns those founded.

    What is proposed is worked out anew inside the transaction, so that a key sent twice founds nothing more.
    """
    Unit.objects.select_for_update().get(pk=station.pk)
    wanted = set(keys)
    return [
        found_group(
            station=station, name=one.name[:60], kind=one.kind, basis=one.basis, community=one.community,
            stays=one.stays(station).values_list("pk", flat=True), by=by, at=at,
        )
        for one in proposals(station, timezone.localdate(at))
        if one.key in wanted
    ]  # fmt: skip


@transaction.atomic
def edit_group(
    group: FunctionalGroup, *, name: str, kind: str, basis: str = "", community: Unit | None = None,
    purpose: str = "", by, at: datetime,
) -> FunctionalGroup:  # fmt: skip
    """Give the group another name, kind or purpose. Refuses a taken name and a closed group."""
    group = hold_group(group)
    group.name, group.kind, group.basis = name, FunctionalGroup.Kind(kind), basis
    group.community, group.purpose = community, purpose
    try:
        with transaction.atomic():
            group.save(update_fields=["name", "kind", "basis", "community", "purpose"])
    except IntegrityError as error:
        raise _name_is_taken() from error
    audit.record("group.edited", on=group, by=by, at=at, unit_path=group.station_path)
    return group


@transaction.atomic
def close_group(group: FunctionalGroup, *, reason: str, by, at: datetime) -> FunctionalGroup:
    """Close the group today: its members leave it, its leader stops, what it planned is called off and
    what its leader suggested is declined, with the same reason."""
    group = hold_group(group)
    _close(group, reason, by, at)
    audit.record("group.closed", on=group, by=by, at=at, unit_path=group.station_path, reason=reason)
    return group


def _close(group: FunctionalGroup, reason: str, by, at: datetime) -> None:
    day = timezone.localdate(at)
    rows = list(GroupMember.objects.filter(group=group, ends_on=None))
    part(group, rows, on=day, by=by, at=at)
    drop_plans(group, reason=reason, by=by, at=at)
    drop_suggested(group, reason=reason, by=by, at=at)
    group.closed_on, group.closing_reason = max(day, group.established_on), reason
    group.save(update_fields=["closed_on", "closing_reason"])


@transaction.atomic
def merge_groups(kept: FunctionalGroup, dissolved: FunctionalGroup, *, by, at: datetime) -> FunctionalGroup:
    """Let the members of one group take part in another of the station, and close the one they leave.

    Whoever was in both stays in the kept one once. Refuses one group twice and two stations (GroupRefused), and
    a closed group (GroupClosed).
    """
    if kept.pk == dissolved.pk or kept.station_id != dissolved.station_id:
        raise GroupRefused(_("Choose two different groups of one station."))
    # Always in one order, so that two merges of the same pair do not wait for each other.
    held = {group.pk: hold_group(group) for group in sorted((kept, dissolved), key=lambda group: group.pk)}
    kept, dissolved = held[kept.pk], held[dissolved.pk]
    stays = list(GroupMember.objects.filter(group=dissolved, ends_on=None).values_list("stay", flat=True))
    enrol(kept, stays, by=by, at=at)
    _close(dissolved, _("Merged into %(group)s") % {"group": kept.name}, by, at)
    GroupSuccession.objects.create(
        predecessor=dissolved, successor=kept, happened_on=timezone.localdate(at), recorded_at=at, recorded_by=by
    )
    audit.record("group.merged", on=dissolved, by=by, at=at, unit_path=kept.station_path, successor=str(kept.pk))
    return kept
