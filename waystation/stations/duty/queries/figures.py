"""The figures of a station's month. Each number counts exactly the rows that it opens."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from waystation.kernel.days import midnight
from waystation.organizations.models import Unit
from waystation.stations.duty.models import ItemStep, OpenItem, Shift, Swap
from waystation.stations.duty.queries.days import next_month
from waystation.stations.duty.queries.gaps import staffed

SHIFT, SWAP, ITEM, STEP = "shift", "swap", "item", "step"


@dataclass
class Figure:
    """A number of the month: what it is called, what kind of rows it counts, and the rows."""

    key: str
    title: str
    kind: str
    rows: QuerySet
    number: int = 0


_TITLES = {
    "planned": (_("Shifts planned"), SHIFT),
    "held": (_("Shifts held"), SHIFT),
    "missed": (_("Shifts to which nobody came"), SHIFT),
    "short": (_("Shifts with a gap"), SHIFT),
    "swaps": (_("Swaps"), SWAP),
    "opened": (_("Items opened"), ITEM),
    "done": (pgettext_lazy("figure", "Items done"), ITEM),
    "handed": (_("Items handed on"), STEP),
    "parked": (_("Items parked"), STEP),
}
KEYS = tuple(_TITLES)


def figure(key: str, station: Unit, month: date, *, at: datetime) -> Figure:
    """One figure of the month with its number."""
    title, kind = _TITLES[key]
    found = Figure(key, title, kind, _rows(key, station, month, at))
    found.number = found.rows.count()
    return found


def figures(station: Unit, month: date, *, at: datetime) -> list[Figure]:
    """All figures of the month, in their order."""
    return [figure(key, station, month, at=at) for key in KEYS]


def _rows(key: str, station: Unit, month: date, at: datetime) -> QuerySet:
    if key in ("planned", "held", "missed", "short"):
        return _shifts(key, station, month, at)
    first, after = _moments(month)
    if key == "swaps":
        rows = Swap.objects.filter(state=Swap.State.ACCEPTED, turn__shift__station=station)
        rows = rows.filter(turn__shift__day__gte=month, turn__shift__day__lt=next_month(month))
        return rows.select_related("turn__shift", "wanted__shift", "asked_by", "asked_of")
    if key == "opened":
        return OpenItem.objects.filter(unit=station, opened_at__gte=first, opened_at__lt=after)
    if key == "done":
        rows = OpenItem.objects.filter(unit=station, done_at__gte=first, done_at__lt=after)
        return rows.select_related("done_by")
    rows = ItemStep.objects.filter(unit=station, kind=key, at__gte=first, at__lt=after)
    return rows.select_related("item", "by", "from_shift", "to_shift")


def _shifts(key: str, station: Unit, month: date, at: datetime) -> QuerySet[Shift]:
    rows = Shift.objects.published().filter(station=station, day__gte=month, day__lt=next_month(month))
    if key == "held":
        return rows.filter(opened_at__isnull=False)
    if key == "missed":
        return rows.filter(opened_at=None, ends_at__lte=at)
    if key == "short":
        return rows.filter(pk__in=[one.shift.pk for one in staffed(rows) if one.is_short])
    return rows


def _moments(month: date) -> Iterable[datetime]:
    return [midnight(month), midnight(next_month(month))]
