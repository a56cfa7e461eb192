"""What a functional group did and has before it, out of both books: its activities, and occasions with a roll."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, QuerySet

from waystation.stewardship.education.models import Occasion, Plan, PlanItem
from waystation.stewardship.groups.models import FunctionalGroup, GroupActivity, SuggestedActivity


@dataclass(frozen=True)
class Gathering:
    """A day on which a group met or is to meet. `occasion` has the figures of its roll; without one, `people` took
    part."""

    day: date
    topic: str
    place: str = ""
    occasion: Occasion | None = None
    people: int = 0


def next_of(group: FunctionalGroup, today: date) -> Gathering | None:
    """The first that is fixed for today or a day to come: planned, taken up, or dated in an approved plan."""
    found = []
    planned = GroupActivity.objects.filter(group=group, state=GroupActivity.State.PLANNED)
    for rows in (planned, SuggestedActivity.objects.to_enter().filter(group=group)):
        found += [Gathering(row.held_on, row.topic, row.place) for row in _first(rows, "held_on", today)]
    items = _first(items_to_hold(group), "day", today)
    found += [Gathering(row.day, row.topic or row.get_kind_display()) for row in items]
    return min(found, key=lambda one: one.day, default=None)


def items_to_hold(group: FunctionalGroup) -> QuerySet[PlanItem]:
    """What approved plans of the station have for the group and nobody entered yet."""
    plans = Plan.objects.filter(unit=group.station_id, state=Plan.State.APPROVED)
    items = PlanItem.objects.filter(plan__in=plans, group_key=group.pk, dropped_at=None)
    held = Occasion.objects.exclude(state=Occasion.State.CANCELLED).filter(group_key=group.pk, item__isnull=False)
    return items.exclude(pk__in=held.values("item"))


def _first(rows, day: str, today: date) -> Iterable:
    return rows.filter(**{f"{day}__gte": today}).order_by(day, "pk")[:1]


def gatherings(group: FunctionalGroup, most: int) -> list[Gathering]:
    """The latest `most` that took place, the newest first; a roll that is still open among them."""
    held = Occasion.objects.filter(group_key=group.pk).exclude(state=Occasion.State.CANCELLED)
    found = [
        Gathering(row.held_on, row.topic, row.place, occasion=row) for row in held.order_by("-held_on", "-pk")[:most]
    ]
    own = GroupActivity.objects.filter(group=group, state=GroupActivity.State.HELD).annotate(people=Count("attended"))
    found += [
        Gathering(row.held_on, row.topic, row.place, people=row.people)
        for row in own.order_by("-held_on", "-pk")[:most]
    ]
    return sorted(found, key=lambda one: one.day, reverse=True)[:most]
