"""What hangs on a unit that has things to do, and on a station with staff."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.db.models import Q
from django.utils.translation import ngettext

from waystation.organizations import closing
from waystation.organizations.models import Unit
from waystation.stations.duty.models import OpenItem, Posting, Shift


@closing.register
def items(unit: Unit, on: date) -> Iterator[tuple[int, str]]:
    """What the unit, or a shift of it, has still to do."""
    n = OpenItem.objects.open().filter(unit=unit).count()
    yield n, ngettext("%(n)d open item", "%(n)d open items", n) % {"n": n}


@closing.register
def postings(unit: Unit, on: date) -> Iterator[tuple[int, str]]:
    """Staff posted there on the day or later."""
    n = Posting.objects.filter(Q(ends_on=None) | Q(ends_on__gt=on), station=unit).count()
    yield n, ngettext("%(n)d posting", "%(n)d postings", n) % {"n": n}


@closing.register
def shifts(unit: Unit, on: date) -> Iterator[tuple[int, str]]:
    """Shifts on or after the day, and those begun that nobody has closed."""
    rows = Shift.objects.filter(station=unit, closed_at=None, cancelled_at=None)
    n = rows.filter(Q(day__gte=on) | Q(opened_at__isnull=False)).count()
    yield n, ngettext("%(n)d shift still to be kept or closed", "%(n)d shifts still to be kept or closed", n) % {"n": n}
