"""Who is expected at an occasion."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from waystation.kernel.fields import prefix_q
from waystation.organizations.models import Unit
from waystation.stewardship.education.models import Attendance, Occasion
from waystation.stewardship.grids.models import GridAssignment
from waystation.stewardship.groups.queries import members_on
from waystation.stewardship.people.models import Membership, Person, Stay


def expected_people(unit: Unit, day: date, *, group_key: UUID | None = None, group_title: str = "") -> QuerySet[Person]:
    """The members of the unit on the day: in care of the station, in the grid, or formally in the branch.

    A functional group has its members. One that is only written in words and not registered has those who stood on
    its last roll.
    """
    if group_key is not None:
        return Person.objects.living().filter(pk__in=members_on(group_key, day).values("person"))
    if group_title:
        return _on_last_roll(unit, group_title)
    on_day = Q(ends_on=None) | Q(ends_on__gt=day)
    if unit.kind == Unit.Kind.GRID:
        ids = GridAssignment.objects.filter(on_day, grid=unit.pk, starts_on__lte=day).values("person")
    elif unit.kind == Unit.Kind.BRANCH:
        # Without a day of joining a membership begins with the file itself, so its beginning says nothing.
        ids = Membership.objects.filter(on_day, branch=unit).values("person")
    else:
        ids = Stay.objects.filter(on_day, prefix_q("station_path", unit.path), starts_on__lte=day).values("person")
    return Person.objects.living().filter(pk__in=ids)


def _on_last_roll(unit: Unit, title: str) -> QuerySet[Person]:
    rows = Occasion.objects.filter(unit=unit, group_key=None, group_title=title)
    last = rows.order_by("-held_on", "-pk").values_list("pk", flat=True).first()
    lines = Attendance.objects.filter(occasion=last, is_double=False)
    return Person.objects.living().filter(pk__in=lines.values("person"))
