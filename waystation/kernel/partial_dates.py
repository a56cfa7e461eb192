"""Dates of which a roster gives only a part: a year, or a year and a month.

Rosters write births and party dates as "1985年8月" as often as in full. Filling in a day would
invent a fact, so the missing part stays missing and two dates can be compared as far as both go.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

_ISO = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A year, a month of a year or a whole day.

    There is no order among them on purpose: "1985-08" is neither before nor after "1985-08-17".
    Raises `ValueError` for a day without a month and for dates the calendar does not have.
    """

    year: int
    month: int | None = None
    day: int | None = None

    def __post_init__(self):
        if self.month is None and self.day is not None:
            raise ValueError("a day needs a month")
        date(self.year, self.month or 1, self.day or 1)

    @classmethod
    def of(cls, day: date) -> PartialDate:
        """The whole day."""
        return cls(day.year, day.month, day.day)

    @classmethod
    def parse_iso(cls, text: str) -> PartialDate:
        """Read what `isoformat` wrote; raises `ValueError` for anything else."""
        found = _ISO.fullmatch(text)
        if not found:
            raise ValueError(f"not a partial date: {text!r}")
        return cls(*(int(part) if part else None for part in found.groups()))

    @property
    def precision(self) -> str:
        """ "year", "month" or "day"."""
        if self.month is None:
            return "year"
        return "month" if self.day is None else "day"

    def isoformat(self) -> str:
        """ "1985", "1985-08" or "1985-08-17"."""
        text = f"{self.year:04d}"
        if self.month is not None:
            text += f"-{self.month:02d}"
        if self.day is not None:
            text += f"-{self.day:02d}"
        return text

    def first_day(self) -> date:
        """The earliest day it can mean, for sorting and for limits."""
        return date(self.year, self.month or 1, self.day or 1)

    def whole_day(self) -> date | None:
        """The day, where the day is known."""
        return self.first_day() if self.day is not None else None

    def agrees(self, other: PartialDate) -> bool:
        """Whether both could mean the same day: equal as far as both are given."""
        return all(
            mine is None or theirs is None or mine == theirs
            for mine, theirs in (
                (self.year, other.year),
                (self.month, other.month),
                (self.day, other.day),
            )
        )

    def __str__(self) -> str:
        return self.isoformat()
