"""Who is expected at an occasion."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from waystation.kernel.fields import prefix_q
from waystation.organizations.models import Unit
from waystation.stewardship.education.models import Attendance, Occasion
from waystation.stewardship.grids.models import GridAssignment
from waystation.stewardship.people.models import Membership, Person, Stay


def expected_people(unit: Unit, day: date, *, group_key: UUID | None = None, group_title: str = "") -> QuerySet[Person]:
    """The members of the unit on the day: in care of the station, in the grid, or formally in the branch.

    A functional group has those who stood on its last roll, because its members are not known here.
    """
    if group_key is not None or group_title:
        return _of_group(unit, group_key, group_title)
    on_day = Q(ends_on=None) | Q(ends_on__gt=day)
    if unit.kind == Unit.Kind.GRID:
        ids = GridAssignment.objects.filter(on_day, grid=unit.pk, starts_on__lte=day).values("person")
    elif unit.kind == Unit.Kind.BRANCH:
        # Without a day of joining a membership begins with the file itself, so its beginning says nothing.
        ids = Membership.objects.filter(on_day, branch=unit).values("person")
    else:
        ids = Stay.objects.filter(on_day, prefix_q("station_path", unit.path), starts_on__lte=day).values("person")
    return Person.objects.living().filter(pk__in=ids)


def _of_group(unit: Unit, key: UUID | None, title: str) -> QuerySet[Person]:
    same = Q(group_key=key) if key is not None else Q(group_title=title)
    last = Occasion.objects.filter(same, unit=unit).order_by("-held_on", "-pk").values_list("pk", flat=True).first()
    lines = Attendance.objects.filter(occasion=last, is_double=False)
    return Person.objects.living().filter(pk__in=lines.values("person"))
