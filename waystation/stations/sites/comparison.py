"""The columns of the table that sets stations side by side.

An app above adds a column with `register`. A column asks one grouped question for all stations, says what its
number means and out of what, and never orders the stations: they stand by county and name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.functional import Promise

from waystation.kernel.templatetags.ui import thousands


@dataclass(frozen=True)
class Share:
    """A part of a whole, shown with both: 9 of 12."""

    part: int
    whole: int

    def __add__(self, other: Share) -> Share:
        return Share(self.part + other.part, self.whole + other.whole)

    def __str__(self) -> str:
        return f"{self.part}/{self.whole}"


Value = int | Decimal | Share | str | None


def add_up(values: Iterable[Value]) -> Value:
    """The sum of numbers or of shares; nothing where there is text, or nothing at all."""
    known = [value for value in values if value is not None]
    if not known or any(isinstance(value, str) for value in known):
        return None
    total = known[0]
    for value in known[1:]:
        total = total + value
    return total


@dataclass(frozen=True)
class Column:
    """A column: its group and title, what the number means (with its denominator), and its question.

    `query(stations, day)` answers for all of them at once; a station that it leaves out has no value.
    `total(stations, day)` answers for the last row where adding up would count twice. `opens(station)` is the
    address of the rows behind the number.
    """

    key: str
    title: str | Promise
    query: Callable[[list[int], date], Mapping[int, Value]]
    group: str | Promise = ""
    meaning: str | Promise = ""
    total: Callable[[list[int], date], Value] | None = None
    opens: Callable[[int], str] | None = None
    order: int = 50
    width: float = 11


COLUMNS: dict[str, Column] = {}


def register(key: str, title: str | Promise, **more) -> Callable:
    """Make `query(station ids, day) -> {station id: value}` a column of the comparison."""

    def keep(query: Callable[[list[int], date], Mapping[int, Value]]) -> Callable:
        COLUMNS[key] = Column(key, title, query, **more)
        return query

    return keep


def columns() -> list[Column]:
    """Every column: the groups together, in the order that they ask for."""
    found = sorted(COLUMNS.values(), key=lambda column: column.order)
    groups = list(dict.fromkeys(str(column.group) for column in found))
    return sorted(found, key=lambda column: groups.index(str(column.group)))


@dataclass(frozen=True)
class Cell:
    """A value with the address of the rows behind it."""

    column: Column
    value: Value
    url: str = ""

    @property
    def is_number(self) -> bool:
        return not isinstance(self.value, str)

    @property
    def shown(self) -> str:
        """The value on the page: thousands apart, a dash where there is none."""
        if isinstance(self.value, Share):
            return str(self.value)
        return thousands(self.value) if self.is_number else str(self.value)


@dataclass(frozen=True)
class Table:
    """The comparison: columns, a row of cells for each station, and the last row for all of them."""

    columns: list[Column]
    rows: dict[int, list[Cell]]
    totals: list[Cell]


def compared(stations: Iterable[int], day: date) -> Table:
    """Every column asked once for all the stations."""
    ids, found = list(stations), columns()
    answers = [column.query(ids, day) if ids else {} for column in found]
    rows = {
        pk: [
            Cell(column, answer.get(pk), column.opens(pk) if column.opens and answer.get(pk) else "")
            for column, answer in zip(found, answers, strict=True)
        ]
        for pk in ids
    }
    totals = [
        Cell(column, column.total(ids, day) if column.total else add_up(answer.get(pk) for pk in ids))
        for column, answer in zip(found, answers, strict=True)
    ]
    return Table(found, rows, totals)
