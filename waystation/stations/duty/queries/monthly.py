"""A month's rota as people read it: days down, shifts across."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date

from django.utils import timezone

from waystation.organizations.models import Unit
from waystation.stations.duty.models import Rota, Shift
from waystation.stations.duty.queries.days import Day, days_between, next_month
from waystation.stations.duty.queries.gaps import Staffed, reasons, staffed


@dataclass
class Line:
    """A day with a list of shifts under each column."""

    day: Day
    cells: list[list[Staffed]]
    columns: list[str]

    @property
    def named(self) -> list[tuple[str, list[Staffed]]]:
        """The cells with the names of their columns."""
        return list(zip(self.columns, self.cells, strict=True))

    @property
    def is_kept(self) -> bool:
        return any(self.cells)


@dataclass
class Month:
    """What a station keeps in a month, and where it is short."""

    station: Unit
    month: date
    rota: Rota | None
    columns: list[str] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    short: list[Staffed] = field(default_factory=list)
    why: dict = field(default_factory=dict)


def month_of(station: Unit, month: date, *, with_drafts: bool, explains: bool = True) -> Month:
    """The rota of the month; a draft only for those who draw it up."""
    rota = Rota.objects.filter(station=station, month=month).first()
    made = Month(station, month, rota)
    if rota is None or not (rota.is_published or with_drafts):
        made.rota = rota if with_drafts else None
        return made
    days = days_between(station, month, next_month(month))
    found = staffed(Shift.objects.kept().filter(rota=rota).select_related("rota"))
    made.columns = _columns([one.shift for one in found])
    by_day: dict = {day: {name: [] for name in made.columns} for day in days}
    for one in found:
        by_day[one.shift.day][one.shift.name].append(one)
    made.lines = [Line(days[day], list(cells.values()), made.columns) for day, cells in by_day.items()]
    made.short = [one for one in found if one.is_short and one.shift.closed_at is None]
    if explains:
        made.why = reasons(made.short)
    return made


def _columns(shifts: list[Shift]) -> list[str]:
    """The names of the shifts: those kept most often first, then by the hour."""
    often = Counter(shift.name for shift in shifts)
    hour = {shift.name: timezone.localtime(shift.starts_at).time() for shift in shifts}
    return sorted(often, key=lambda name: (-often[name], hour[name], name))
