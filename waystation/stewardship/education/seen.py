"""What closed rolls tell the apps below: who was seen on which day, and when a functional group met."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Max, Q, QuerySet

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


@seen.register_absent
def from_rolls(people: list) -> dict[object, tuple[date, date]]:
    """The absences after which nobody came, was on leave or excused, as closed rolls say. One day counts as come."""
    lines = Attendance.objects.filter(person__in=people, is_double=False, occasion__state=Occasion.State.HELD)
    rows = (
        lines.order_by()
        .values("person")
        .annotate(
            came=Max("occasion__held_on", filter=~Q(mark=Attendance.Mark.ABSENT)),
            missed=Max("occasion__held_on", filter=Q(mark=Attendance.Mark.ABSENT)),
        )
    )
    last = {
        row["person"]: row for row in rows if row["missed"] and (row["came"] is None or row["missed"] > row["came"])
    }
    found = {pk: (row["missed"], row["missed"]) for pk, row in last.items()}
    days = lines.filter(person__in=list(last), mark=Attendance.Mark.ABSENT).order_by()
    for person, day in days.values_list("person", "occasion__held_on"):
        if last[person]["came"] is None or day > last[person]["came"]:
            found[person] = min(found[person][0], day), found[person][1]
    return found


@register_life
def of_groups() -> QuerySet[Occasion]:
    """Occasions that functional groups held."""
    return Occasion.objects.held()
