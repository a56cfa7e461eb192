"""What a unit owed and what it held, month by month, with the figures of its rolls."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Sum
from django.db.models.functions import ExtractMonth

from waystation.organizations.models import Unit
from waystation.stewardship.education.models import Kind, Occasion
from waystation.stewardship.education.queries.frequencies import MONTHS, Per, Period, full_members, required

FIGURES = ("expected", "present", "on_leave", "absent", "excused")


@dataclass(frozen=True)
class Cell:
    """A kind in a period: how often it was due and held. A gap is only what is over and was not held."""

    kind: Kind
    per: Per
    period: Period
    required: int
    held: int
    is_over: bool

    @property
    def missing(self) -> int:
        return max(0, self.required - self.held)

    @property
    def gap(self) -> int:
        return self.missing if self.is_over else 0

    @property
    def months(self) -> int:
        return MONTHS[self.per]


@dataclass
class Figures:
    """Sums over rolls. The ratio is present of expected; excused members are in neither."""

    held: int = 0
    expected: int = 0
    present: int = 0
    on_leave: int = 0
    absent: int = 0
    excused: int = 0

    def add(self, row: dict) -> None:
        self.held += row["held"]
        for name in FIGURES:
            setattr(self, name, getattr(self, name) + (row[name] or 0))

    @property
    def ratio(self) -> int | None:
        return round(100 * self.present / self.expected) if self.expected else None


def _sum(figures: Iterable[Figures | None]) -> Figures:
    total = Figures()
    for one in figures:
        if one is not None:
            total.add({"held": one.held, **{name: getattr(one, name) for name in FIGURES}})
    return total


@dataclass
class Sheet:
    """A unit's year: for each kind its cells, and the figures of each month."""

    unit: Unit
    year: int
    lines: list[tuple[Kind, list[Cell]]] = field(default_factory=list)
    months: dict[int, Figures] = field(default_factory=dict)
    by_kind: dict[tuple[str, int], Figures] = field(default_factory=dict)

    @property
    def gaps(self) -> list[Cell]:
        """What is over and was not held, in the order of time."""
        found = [cell for _kind, cells in self.lines for cell in cells if cell.gap]
        return sorted(found, key=lambda cell: (cell.period.last, cell.period.first))

    @property
    def quarters(self) -> dict[int, Figures]:
        return {quarter: self.figures(3 * quarter - 2, 3 * quarter) for quarter in range(1, 5)}

    def figures(self, first: int, last: int) -> Figures:
        """The sums over some months."""
        return _sum(self.months.get(month) for month in range(first, last + 1))

    def rolls(self, kind: Kind, period: Period) -> Figures:
        """The sums over the rolls of one kind in a period."""
        return _sum(self.by_kind.get((kind, month)) for month in range(period.first, period.last + 1))

    def cells(self, first: int, last: int) -> list[Cell]:
        """The cells whose period ends within these months."""
        return [c for _kind, cells in self.lines for c in cells if first <= c.period.last <= last]


def sheets(units: Iterable[Unit], year: int, day: date) -> list[Sheet]:
    """The year of each unit, in the order given; one query over the occasions held and one over the members of
    branches, whatever their number.

    Occasions of a functional group do not stand for those of the whole unit.
    """
    units = list(units)
    rows = (
        Occasion.objects.held()
        .filter(unit__in=units, group_title="", held_on__gte=date(year, 1, 1), held_on__lt=date(year + 1, 1, 1))
        .order_by()
        .values("unit", "kind", month=ExtractMonth("held_on"))
        .annotate(held=Count("pk"), **{f"{name}_sum": Sum(name) for name in FIGURES})
    )
    held: dict = defaultdict(int)
    months: dict = defaultdict(dict)
    kinds: dict = defaultdict(dict)
    for row in rows:
        held[row["unit"], row["kind"], row["month"]] += row["held"]
        sums = {"held": row["held"], **{name: row[f"{name}_sum"] for name in FIGURES}}
        months[row["unit"]].setdefault(row["month"], Figures()).add(sums)
        kinds[row["unit"]].setdefault((row["kind"], row["month"]), Figures()).add(sums)
    known: dict = {}
    full = full_members(units, year, day)
    return [
        Sheet(
            unit, year, list(_lines(unit.pk, required(unit, year, known, full), held, day)), months[unit.pk],
            kinds[unit.pk],
        )
        for unit in units
    ]  # fmt: skip


def _lines(unit: int, owed: Iterable, held: dict, day: date):
    for frequency, asked in owed:
        cells = [
            Cell(
                frequency.kind,
                frequency.per,
                period,
                times,
                sum(held[unit, frequency.kind, month] for month in range(period.first, period.last + 1)),
                period.ends_on <= day,
            )
            for period, times in asked
        ]
        yield frequency.kind, cells
