"""Whoever took part in an activity of a group was seen that day; contact and care count it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Max

from waystation.stewardship.contacts.queries import seen
from waystation.stewardship.groups.models import GroupActivity, GroupMember


@seen.register_seen
def at_activities(people: list) -> Iterable[tuple[object, date]]:
    """The last activity on record in which each took part."""
    rows = GroupMember.objects.filter(person__in=people, attended__state=GroupActivity.State.HELD)
    return rows.order_by().values("person").annotate(day=Max("attended__held_on")).values_list("person", "day")
