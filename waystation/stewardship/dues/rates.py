"""What a member owes a month: the table of rates, and the one reckoning that every page uses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import models
from django.utils.translation import pgettext_lazy

from waystation.kernel.money import ZERO, rounded


class Category(models.TextChoices):
    """By what a member's dues are reckoned (关于中国共产党党费收缴、使用和管理的规定, 2008, art. 2–6)."""

    WAGE = "wage", pgettext_lazy("dues", "Monthly wage")
    SALARY = "salary", pgettext_lazy("dues", "Yearly salary, as received in the month")
    BUSINESS = "business", pgettext_lazy("dues", "Own business, average of the last quarter")
    RETIRED = "retired", pgettext_lazy("dues", "Retired")
    FARMER = "farmer", pgettext_lazy("dues", "Farmer")
    STUDENT = "student", pgettext_lazy("dues", "Student")
    JOBLESS = "jobless", pgettext_lazy("dues", "No income, out of work")
    RELIEF = "relief", pgettext_lazy("dues", "Living on relief")


class NotInTable(Exception):
    """The table of rates has no row for this, so nothing can be reckoned."""


@dataclass(frozen=True)
class Bracket:
    """A row of the table: a share of the whole income above `over` and up to `up_to`, or an amount."""

    category: str
    over: Decimal = ZERO
    up_to: Decimal | None = None
    basis_points: int | None = None
    least: Decimal | None = None
    most: Decimal | None = None

    @property
    def is_share(self) -> bool:
        return self.basis_points is not None

    @property
    def is_chosen(self) -> bool:
        """Does the branch choose an amount between two limits?"""
        return not self.is_share and self.least != self.most

    @property
    def percent(self) -> Decimal:
        return Decimal(self.basis_points or 0) / 100

    @property
    def label(self):
        return Category(self.category).label

    def holds(self, income: Decimal) -> bool:
        # An upper limit belongs to its own row: an income of 3,000.00 is not above 3,000.
        return (income > self.over or not self.over) and (self.up_to is None or income <= self.up_to)


@dataclass(frozen=True)
class Rates:
    """A table of rates in force from a month on, with the document that says so."""

    starts_on: date
    source: str
    brackets: tuple[Bracket, ...]

    def of(self, category: str) -> list[Bracket]:
        return [one for one in self.brackets if one.category == category]

    def bracket(self, category: str, income: Decimal | None = None) -> Bracket:
        """The row of the table that applies. Raises NotInTable."""
        rows = self.of(category)
        found = next((one for one in rows if not one.is_share or one.holds(income or ZERO)), None)
        if found is None:
            raise NotInTable(category)
        return found

    def due(self, category: str, *, income: Decimal | None = None, agreed: Decimal | None = None) -> Decimal:
        """What is owed a month: the rate on the whole income, the fixed amount, or what the branch agreed within
        the limits of the table. Raises NotInTable."""
        row = self.bracket(category, income)
        if row.is_share:
            return rounded((income or ZERO) * row.basis_points / 10_000)
        return min(max(agreed if agreed is not None else row.least, row.least), row.most)


def _shares(category: str, *rows: tuple[str, str | None, int]) -> list[Bracket]:
    return [
        Bracket(category, Decimal(over), Decimal(up_to) if up_to else None, basis_points)
        for over, up_to, basis_points in rows
    ]


def _amounts(category: str, least: str, most: str) -> list[Bracket]:
    return [Bracket(category, least=Decimal(least), most=Decimal(most))]


_INCOME = (("0.00", "3000.00", 50), ("3000.00", "5000.00", 100), ("5000.00", "10000.00", 150), ("10000.00", None, 200))
# Holds until an administrator sets another table.
DECLARED = Rates(
    date(2008, 4, 1),
    "中共中央组织部《关于中国共产党党费收缴、使用和管理的规定》（中组发〔2008〕3号）",
    (
        *_shares(Category.WAGE, *_INCOME),
        *_shares(Category.SALARY, *_INCOME),
        *_shares(Category.BUSINESS, *_INCOME),
        *_shares(Category.RETIRED, ("0.00", "5000.00", 50), ("5000.00", None, 100)),
        *_amounts(Category.FARMER, "0.20", "1.00"),
        *_amounts(Category.STUDENT, "0.20", "0.20"),
        *_amounts(Category.JOBLESS, "0.20", "0.20"),
        *_amounts(Category.RELIEF, "0.20", "0.20"),
    ),
)


class NotATable(ValueError):
    """The rows are no table: a gap, an overlap, or a category without a row; the sentence says where."""


def check(brackets: list[Bracket]) -> None:
    """Every category has one amount, or shares that cover every income once. Raises NotATable with the category."""
    for category in Category.values:
        rows = sorted((one for one in brackets if one.category == category), key=lambda one: one.over)
        shares = [one for one in rows if one.is_share]
        if not rows or (shares and len(shares) != len(rows)) or (not shares and len(rows) != 1):
            raise NotATable(category)
        if not shares:
            continue
        limits = [one.over for one in rows]
        if limits[0] != 0 or [one.up_to for one in rows] != [*limits[1:], None]:
            raise NotATable(category)
