"""Questions about functional groups that pages, the desk and ledgers ask alike."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Greatest

from waystation.stewardship.groups.models import (
    FunctionalGroup,
    GroupActivity,
    GroupLeader,
    GroupMember,
    SuggestedActivity,
)
from waystation.stewardship.people.models import MemberKind, Person, Stay

HELD = GroupActivity.State.HELD

_life: list[Callable[[], QuerySet]] = []


def register_life(rows: Callable[[], QuerySet]) -> Callable[[], QuerySet]:
    """Let `rows()` say what else groups held: rows with `group_key`, the id of the group, and `held_on`."""
    if rows not in _life:
        _life.append(rows)
    return rows


def _held() -> list[QuerySet]:
    """What the group of the outer query held, in each book that knows of it."""
    own = GroupActivity.objects.filter(group=OuterRef("pk"), state=HELD)
    return [own, *(rows().filter(group_key=OuterRef("pk")) for rows in _life)]


def _last_held():
    """The last day of any of them; a database's greatest of a day and nothing may be nothing."""
    last, *more = (Subquery(rows.order_by("-held_on").values("held_on")[:1]) for rows in _held())
    for other in more:
        last = Greatest(Coalesce(last, other), Coalesce(other, last))
    return last


def groups_by(filters: dict, reach, *, day: date, quiet_days: int) -> QuerySet[FunctionalGroup]:
    """The groups that the filters of their list ask for."""
    groups = FunctionalGroup.objects.within(reach)
    groups = groups.exclude(closed_on=None) if filters.get("closed") else groups.open()
    if filters.get("station"):
        groups = groups.filter(station=filters["station"])
    if filters.get("kind"):
        groups = groups.filter(kind=filters["kind"])
    if filters.get("vacant"):
        groups = vacant(groups)
    if filters.get("quiet"):
        groups = quiet(groups, day, quiet_days)
    return groups


def vacant(groups: QuerySet[FunctionalGroup]) -> QuerySet[FunctionalGroup]:
    """Those that nobody leads."""
    return groups.filter(~Exists(GroupLeader.objects.filter(group=OuterRef("pk"), ends_on=None)))


def quiet(groups: QuerySet[FunctionalGroup], day: date, days: int) -> QuerySet[FunctionalGroup]:
    """Those founded longer ago than so many days that had no activity since then."""
    since = day - timedelta(days=days)
    for rows in _held():
        groups = groups.filter(~Exists(rows.filter(held_on__gt=since, held_on__lte=day)))
    return groups.filter(established_on__lte=since)


def with_heads(groups: QuerySet[FunctionalGroup]) -> QuerySet[FunctionalGroup]:
    """The groups with `size`, `formal`, `leader_name` and the day of the last activity, `last_held`."""
    inside = Q(members__ends_on=None, members__pk__isnull=False)
    leader = GroupLeader.objects.filter(group=OuterRef("pk"), ends_on=None)
    return groups.select_related("station", "community").annotate(
        size=Count("members", filter=inside),
        formal=Count("members", filter=inside & Q(members__person__member_kind=MemberKind.FULL)),
        leader_name=Subquery(leader.values("member__person__full_name")[:1]),
        last_held=_last_held(),
    )


def members(group: FunctionalGroup) -> QuerySet[GroupMember]:
    """Who takes part now, by name."""
    rows = GroupMember.objects.filter(group=group, ends_on=None)
    return rows.select_related("person__home", "person__destination").order_by("person__name_key", "pk")


def members_on(group_id, day: date) -> QuerySet[GroupMember]:
    """Members now or on the day: a group founded by an evening's meeting has its members from the next record on."""
    rows = GroupMember.objects.filter(group=group_id)
    return rows.filter(ends_on=None) | rows.filter(starts_on__lte=day, ends_on__gt=day)


def leader(group: FunctionalGroup) -> GroupLeader | None:
    """Who leads the group now."""
    return GroupLeader.objects.filter(group=group, ends_on=None).select_related("member__person").first()


def groups_of(person: Person) -> QuerySet[GroupMember]:
    """In which groups the member takes part now; `leads` says where as their leader."""
    led = GroupLeader.objects.filter(member=OuterRef("pk"), ends_on=None)
    rows = GroupMember.objects.filter(person=person, ends_on=None)
    return rows.select_related("group__station").annotate(leads=Exists(led)).order_by("starts_on", "pk")


def led_by(person: Person) -> QuerySet[FunctionalGroup]:
    """The open groups that the member leads now.

    To lead is a relation and no mandate: it opens the leader's page of these groups, of nothing else, and ends with
    the term, at the next request.
    """
    terms = GroupLeader.objects.filter(group=OuterRef("pk"), ends_on=None, member__person=person)
    return FunctionalGroup.objects.open().filter(Exists(terms)).select_related("station")


def suggested(group: FunctionalGroup) -> QuerySet[SuggestedActivity]:
    """What its leaders suggested, the newest first."""
    return SuggestedActivity.objects.filter(group=group).select_related("answered_by").order_by("-suggested_at", "-pk")


def in_care(station) -> QuerySet[Stay]:
    """The open stays from which the groups of the station are made."""
    return Stay.objects.open().filter(station=station)


def fitting(group: FunctionalGroup) -> QuerySet[Stay]:
    """Open stays at the station of members who share the basis of the group and are not in it."""
    inside = GroupMember.objects.filter(group=group, person=OuterRef("person"), ends_on=None)
    shared = basis_q(group.kind, group.basis, group.community_id)
    if shared is None or group.closed_on is not None:
        return Stay.objects.none()
    return in_care(group.station_id).filter(shared).filter(~Exists(inside))


def basis_q(kind: str, basis: str, community_id: int | None) -> Q | None:
    """The condition on a stay that its member shares the fact; None where the kind has none."""
    kinds = FunctionalGroup.Kind
    if kind == kinds.TRADE and basis:
        return Q(person__trade=basis)
    if kind == kinds.SKILL and basis:
        return Q(person__skill=basis)
    if kind == kinds.AREA and community_id:
        return Q(destination=community_id)
    return None


def activities(group: FunctionalGroup) -> QuerySet[GroupActivity]:
    """What the group did and plans, the newest first, with how many took part."""
    rows = GroupActivity.objects.filter(group=group).select_related("settled_by", "planned_by")
    return rows.annotate(people=Count("attended")).order_by("-held_on", "-pk")


def last_day(group: FunctionalGroup) -> date:
    """The day of the last activity, or of the founding."""
    rows = FunctionalGroup.objects.filter(pk=group.pk).annotate(last=Coalesce(_last_held(), F("established_on")))
    return rows.values_list("last", flat=True).get()
