"""What closed rolls tell the apps below: who was seen on which day, and when a functional group met."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Max, QuerySet

from waystation.stewardship.contacts.queries import seen
from waystation.stewardship.education.models import Attendance, Occasion
from waystation.stewardship.groups.queries import register_life


@seen.register_seen
def on_rolls(people: list) -> Iterable[tuple[object, date]]:
    """The last occasion at which each was present, as closed rolls say."""
    lines = Attendance.objects.filter(
        person__in=people, mark=Attendance.Mark.PRESENT, is_double=False, occasion__state=Occasion.State.HELD
    )
    return lines.order_by().values("person").annotate(day=Max("occasion__held_on")).values_list("person", "day")


@register_life
def of_groups() -> QuerySet[Occasion]:
    """Occasions that functional groups held."""
    return Occasion.objects.held()
