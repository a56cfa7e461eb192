"""Whoever is present on a closed roll was seen that day; contact and care count it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Max

from waystation.stewardship.contacts.queries import seen
from waystation.stewardship.education.models import Attendance, Occasion


@seen.register_seen
def on_rolls(people: list) -> Iterable[tuple[object, date]]:
    """The last occasion at which each was present, as closed rolls say."""
    lines = Attendance.objects.filter(
        person__in=people, mark=Attendance.Mark.PRESENT, is_double=False, occasion__state=Occasion.State.HELD
    )
    return lines.order_by().values("person").annotate(day=Max("occasion__held_on")).values_list("person", "day")
