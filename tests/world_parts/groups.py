"""The things of groups that its addresses take, in each place of the small world."""

from datetime import date

from tests import make
from waystation.stewardship.groups.models import (
    FunctionalGroup,
    GroupActivity,
    GroupLeader,
    GroupMember,
    SuggestedActivity,
)
from waystation.stewardship.people.models import SavedList, Stay

# Which thing each argument of an address takes: {"groups:name": "kind"}.
_OF_GROUP = ("group", "edit", "join", "leave", "leader", "close", "merge", "plan", "export-members")
THINGS: dict[str, str] = {
    **{f"groups:{name}": "functional group" for name in _OF_GROUP},
    "groups:activity": "group activity",
    "groups:activity-cancel": "group activity",
    **{f"groups:suggested{name}": "suggested activity" for name in ("", "-take", "-decline")},
    "people:saved-share": "saved list",
    "people:saved-delete": "saved list",
}
# What the arguments of an address that are words stand for: {"argument": "word"}.
WORDS: dict[str, str] = {}


def fill(things: dict, place: str, units: dict) -> None:
    """Put `things["kind", place]` there. `units` has branch, station, grid, community, county, town; `things`
    has what was made before: ("person", place), ("stay", place), ("card", place), ("user", place)."""
    station, day = units["station"], date(2026, 11, 1)
    stay = Stay.objects.get(pk=things["stay", place])
    group = FunctionalGroup.objects.create(
        station=station, station_path=station.path, name="茶叶经销功能党小组", kind="trade", basis="茶叶经销",
        established_on=day, created_at=make.NOON,
    )  # fmt: skip
    member = GroupMember.objects.create(group=group, person=stay.person, stay=stay, starts_on=day, added_at=make.NOON)
    term = GroupLeader.objects.create(group=group, member=member, starts_on=day, named_at=make.NOON)
    suggested = SuggestedActivity.objects.create(
        group=group, leader=term, held_on=day, topic="走访", reason="看望老党员", suggested_at=make.NOON,
        suggested_by=make.user(),
    )  # fmt: skip
    activity = GroupActivity.objects.create(group=group, held_on=day, topic="学习", planned_at=make.NOON)
    saved = SavedList.objects.create(owner=make.user(), name="清单", filters={}, created_at=make.NOON)
    things["functional group", place] = group.pk
    things["group activity", place] = activity.pk
    things["suggested activity", place] = suggested.pk
    things["saved list", place] = saved.pk
