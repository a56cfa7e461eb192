"""What organization life a unit of a kind owes, by the rules of the day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.db.models import Count, Q

from waystation.kernel import dated
from waystation.organizations.models import Unit
from waystation.stewardship.education import rules
from waystation.stewardship.education.models import Kind
from waystation.stewardship.people.models import MemberKind, Membership, Person


class Per(StrEnum):
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


@dataclass(frozen=True)
class Frequency:
    """So often a kind of occasion is held: the rule says how many times in each `per`.

    With `least` it is asked only of a unit with at least as many full members as that rule says.
    """

    kind: Kind
    rule: str
    per: Per
    least: str = ""

    def times(self, day: date, known: dict[str, list], full: int = 0) -> int:
        """How often by the rule of the day; `known` keeps what was ever set for each rule, read once."""
        if self.least and full < _value(self.least, day, known):
            return 0
        return _value(self.rule, day, known)

    def in_year(self, year: int, known: dict[str, list], full: int = 0) -> list[tuple[Period, int]]:
        """Its periods of the year, each with how often it is asked; none if the unit is too small for it all year."""
        asked = [(period, self.times(period.starts_on, known, full)) for period in periods(year, self.per)]
        return asked if not self.least or any(times for _period, times in asked) else []


def _value(key: str, day: date, known: dict[str, list]) -> int:
    if key not in known:
        known[key] = dated.periods(key)
    rule = dated.rule(key)
    for row in known[key]:
        if row.starts_on <= day and (row.ends_on is None or row.ends_on > day):
            return rule.parse(row.value)
    return rule.default


_MEMBERS = Frequency(Kind.MEMBERS, rules.MEMBERS, Per.QUARTER)
_COMMITTEE = Frequency(Kind.COMMITTEE, rules.COMMITTEE, Per.MONTH, least=rules.COMMITTEE_LEAST)
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


def full_members(units: Iterable[Unit], year: int, day: date) -> dict[int, int]:
    """How many full members each of the branches has on the day, at the end of the year if that is over; one query.

    Only who is known to be a full member counts. As for a roll, the beginning of a membership says nothing.
    """
    branches = [unit.pk for unit in units if unit.kind == Unit.Kind.BRANCH]
    if not branches:
        return {}
    on = min(day, date(year, 12, 31))
    rows = Membership.objects.filter(
        Q(ends_on=None) | Q(ends_on__gt=on), branch__in=branches, person__in=Person.objects.living(),
        person__member_kind=MemberKind.FULL,
    )  # fmt: skip
    return dict(rows.order_by().values_list("branch").annotate(Count("pk")))


def stood_throughout(unit: Unit, period: Period) -> bool:
    """Did the unit stand on every day of the period?

    The rules ask for an occasion in a whole month, quarter or year. A unit that began on the 11th or was closed on
    the 20th had no whole one, so it is asked from the next period on, and no longer than the last before. What it
    held in a part of one counts as held all the same.
    """
    begun = unit.opened_on is None or unit.opened_on <= period.starts_on
    return begun and (unit.closed_on is None or unit.closed_on >= period.ends_on)


def required(unit: Unit, year: int, known: dict, full: dict[int, int]) -> Iterator[tuple[Frequency, list]]:
    """What the unit owes in the year: each frequency with its periods and how often in each."""
    for frequency in REQUIRED.get(unit.kind, ()):
        if asked := frequency.in_year(year, known, full.get(unit.pk, 0)):
            yield frequency, [(period, times if stood_throughout(unit, period) else 0) for period, times in asked]
