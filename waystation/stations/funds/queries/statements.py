"""Statements of a station, a county or the city for the months of a year: income, expenses, balance.

Every figure is a sum of rows of the ledger. A row that was booked after the year ended belongs to its last month.
"""

from __future__ import annotations

from calendar import monthrange
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import Q, QuerySet, Sum

from waystation.kernel.money import ZERO
from waystation.organizations.access import Reach
from waystation.organizations.models import Unit
from waystation.stations.funds.models import Account, Appropriation, BudgetLine, Expense, State

Source = Appropriation.Source
INCOME = (Source.CITY, Source.COUNTY, Source.OTHER)


@dataclass
class StationSums:
    """One station in the period: what it had before, what came from whom, what it spent on what."""

    station: Unit
    opening: Decimal = ZERO
    income: dict[str, Decimal] = field(default_factory=lambda: dict.fromkeys(INCOME, ZERO))
    spent: dict[str, Decimal] = field(default_factory=dict)

    @property
    def income_total(self) -> Decimal:
        return sum(self.income.values(), ZERO)

    @property
    def spent_total(self) -> Decimal:
        return sum(self.spent.values(), ZERO)

    @property
    def closing(self) -> Decimal:
        return self.opening + self.income_total - self.spent_total

    @property
    def incomes(self) -> list[Decimal]:
        """By source, in the order of the columns."""
        return [self.income[source] for source in INCOME]


@dataclass(frozen=True)
class Statement:
    """The stations of a unit in the months of a year, and their sum."""

    unit: Unit
    year: int
    first: int
    last: int
    rows: list[StationSums]

    @property
    def is_of_one_station(self) -> bool:
        return self.unit.kind == Unit.Kind.STATION

    @property
    def whole_year(self) -> bool:
        return (self.first, self.last) == (1, 12)

    @property
    def total(self) -> StationSums:
        total = StationSums(self.unit)
        for row in self.rows:
            total.opening += row.opening
            for source in INCOME:
                total.income[source] += row.income[source]
            for title, amount in row.spent.items():
                total.spent[title] = total.spent.get(title, ZERO) + amount
        return total


def statement(unit: Unit, year: int, *, first: int = 1, last: int = 12, reach: Reach) -> Statement:
    """The statement of the unit's stations within reach, from one month to another."""
    stations = Unit.objects.within(reach).under(unit).filter(kind=Unit.Kind.STATION)
    held = Account.objects.filter(station__in=stations, year=year)
    open_or_held = stations.filter(Q(closed_on=None) | Q(pk__in=held.values("station")))
    rows = {station.pk: StationSums(station) for station in open_or_held.order_by("path")}
    _add_income(rows, held, year, first, last)
    _add_spent(rows, held, year, first, last)
    return Statement(unit, year, first, last, list(rows.values()))


def before(column: str, year: int, first: int) -> Q:
    """Rows booked before the period begins."""
    return Q(**{f"{column}__lt": date(year, first, 1)}) if first > 1 else Q(pk__in=[])


def within(column: str, year: int, first: int, last: int) -> Q:
    """Rows booked in the period: the first month takes what came before the year, the last what came after."""
    condition = Q()
    if first > 1:
        condition &= Q(**{f"{column}__gte": date(year, first, 1)})
    if last < 12:
        condition &= Q(**{f"{column}__lte": date(year, last, monthrange(year, last)[1])})
    return condition


def _add_income(rows: dict, accounts: QuerySet, year: int, first: int, last: int) -> None:
    grants = Appropriation.objects.filter(account__in=accounts, state=State.BOOKED, received_on__isnull=False)
    fresh = grants.exclude(source=Source.CARRIED)
    for pk, amount in _sums(grants.filter(source=Source.CARRIED)):
        rows[pk].opening += amount
    for pk, amount in _sums(fresh.filter(before("received_on", year, first))):
        rows[pk].opening += amount
    for pk, source, amount in _sums(fresh.filter(within("received_on", year, first, last)), "source"):
        rows[pk].income[source] += amount


def _add_spent(rows: dict, accounts: QuerySet, year: int, first: int, last: int) -> None:
    booked = Expense.objects.booked().filter(account__in=accounts)
    for pk, amount in _sums(booked.filter(before("booked_on", year, first))):
        rows[pk].opening -= amount
    titles = defaultdict(list)
    lines = BudgetLine.objects.filter(account__in=accounts).order_by("place", "pk")
    for pk, title in lines.values_list("account__station", "title"):
        titles[pk].append(title)
    for pk, row in rows.items():
        row.spent = dict.fromkeys(titles[pk], ZERO)
    for pk, title, amount in _sums(booked.filter(within("booked_on", year, first, last)), "line__title"):
        rows[pk].spent[title] += amount


def _sums(rows: QuerySet, *by: str):
    """Sums by station, and by what else is named."""
    keys = ("account__station", *by)
    return rows.order_by().values_list(*keys).annotate(total=Sum("amount"))
