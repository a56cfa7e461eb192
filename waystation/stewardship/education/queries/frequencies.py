"""What organization life a unit of a kind owes, by the rules of the day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from waystation.kernel import dated
from waystation.organizations.models import Unit
from waystation.stewardship.education import rules
from waystation.stewardship.education.models import Kind


class Per(StrEnum):
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


@dataclass(frozen=True)
class Frequency:
    """So often a kind of occasion is held: the rule says how many times in each `per`."""

    kind: Kind
    rule: str
    per: Per

    def times(self, day: date, known: dict[str, list]) -> int:
        """How often by the rule of the day; `known` keeps what was ever set for each rule, read once."""
        if self.rule not in known:
            known[self.rule] = dated.periods(self.rule)
        rule = dated.rule(self.rule)
        for row in known[self.rule]:
            if row.starts_on <= day and (row.ends_on is None or row.ends_on > day):
                return rule.parse(row.value)
        return rule.default


_MEMBERS = Frequency(Kind.MEMBERS, rules.MEMBERS, Per.QUARTER)
_COMMITTEE = Frequency(Kind.COMMITTEE, rules.COMMITTEE, Per.MONTH)
_GROUP = Frequency(Kind.GROUP, rules.GROUP, Per.MONTH)
_LECTURE = Frequency(Kind.LECTURE, rules.LECTURE, Per.QUARTER)
_THEME_DAY = Frequency(Kind.THEME_DAY, rules.THEME_DAY, Per.MONTH)
_LIFE = Frequency(Kind.LIFE, rules.LIFE, Per.YEAR)
_APPRAISAL = Frequency(Kind.APPRAISAL, rules.APPRAISAL, Per.YEAR)

# A station gathers its members as a branch does, without a committee; a grid meets as a Party group.
REQUIRED: dict[str, tuple[Frequency, ...]] = {
    Unit.Kind.STATION: (_MEMBERS, _LECTURE, _THEME_DAY, _LIFE, _APPRAISAL),
    Unit.Kind.GRID: (_GROUP,),
    Unit.Kind.BRANCH: (_MEMBERS, _COMMITTEE, _LECTURE, _THEME_DAY, _LIFE, _APPRAISAL),
}
HOLDERS = tuple(REQUIRED)
MONTHS = {Per.MONTH: 1, Per.QUARTER: 3, Per.YEAR: 12}


@dataclass(frozen=True)
class Period:
    """Some months of a year, from `first` to `last`."""

    year: int
    first: int
    last: int

    @property
    def starts_on(self) -> date:
        return date(self.year, self.first, 1)

    @property
    def ends_on(self) -> date:
        """The first day after it."""
        return date(self.year + 1, 1, 1) if self.last == 12 else date(self.year, self.last + 1, 1)


def periods(year: int, per: Per) -> Iterator[Period]:
    """The months, the quarters, or the whole of a year."""
    length = MONTHS[per]
    for first in range(1, 13, length):
        yield Period(year, first, first + length - 1)
