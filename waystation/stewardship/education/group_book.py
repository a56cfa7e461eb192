"""What groups are told of their organization life: the form of an occasion, what they held, what is planned."""

from __future__ import annotations

from datetime import date

from django.db.models import F, Q
from django.urls import reverse

from waystation.stewardship.education.models import Occasion
from waystation.stewardship.education.queries.gatherings import items_to_hold
from waystation.stewardship.groups import life
from waystation.stewardship.groups.models import FunctionalGroup, SuggestedActivity


@life.register
class Occasions:
    """The occasions of a group and the items of its station's plans."""

    def form_of(self, group: FunctionalGroup) -> str:
        return f"{reverse('education:occasion-new')}?group={group.pk}"

    def form_of_suggested(self, suggested: SuggestedActivity) -> str:
        return f"{reverse('education:occasion-new')}?suggested={suggested.pk}"

    def list_of(self, group: FunctionalGroup) -> str:
        return f"{reverse('education:list')}?group={group.pk}"

    def held(self, group: FunctionalGroup, most: int) -> list[life.Event]:
        rows = Occasion.objects.filter(group_key=group.pk).exclude(state=Occasion.State.CANCELLED)
        return [_event(row) for row in rows.order_by("-held_on", "-pk")[:most]]

    def to_come(self, group: FunctionalGroup, today: date, most: int) -> list[life.Event]:
        now = Q(plan__year=today.year, month__gte=today.month) | Q(plan__year__gt=today.year)
        rows = items_to_hold(group).filter(now).order_by("plan__year", "month", F("day").asc(nulls_last=True), "pk")
        return [
            life.Event(
                row.get_kind_display(), row.topic, reverse("education:plan", args=[row.plan_id]), row.day, row.month
            )
            for row in rows[:most]
        ]


def _event(row: Occasion) -> life.Event:
    is_held = row.state == Occasion.State.HELD
    return life.Event(
        row.get_kind_display(), row.topic, reverse("education:occasion", args=[row.pk]), row.held_on,
        row.held_on.month, row.place, row.get_state_display(), row.present if is_held else None,
        row.expected if is_held else None,
    )  # fmt: skip
