"""A year of a station's functional groups: what was planned for each, what it held, and how many members it reached.

No rule says how often a functional group meets, so nothing is required of one: its plan is the measure.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import ExtractMonth

from waystation.organizations.models import Unit
from waystation.stewardship.education.models import Attendance, Occasion, PlanItem
from waystation.stewardship.education.queries.frequencies import Per, Period, periods
from waystation.stewardship.groups.models import FunctionalGroup, GroupMember

Mark = Attendance.Mark


@dataclass(frozen=True)
class Reached:
    """A group in a quarter or in the year. `came` of `members` were present at one occasion at least; whoever was
    excused from every one of them is in neither number."""

    period: Period
    planned: int
    held: int
    members: int
    came: int


@dataclass(frozen=True)
class GroupYear:
    group: FunctionalGroup
    quarters: list[Reached]
    whole: Reached

    @property
    def is_planned(self) -> bool:
        return self.whole.planned > 0


def group_years(station: Unit, year: int) -> list[GroupYear]:
    """The groups that the station had in the year, by name; one query over each of groups, items, occasions,
    members and rolls, whatever their number."""
    first, after = date(year, 1, 1), date(year + 1, 1, 1)
    groups = FunctionalGroup.objects.filter(station=station, established_on__lt=after)
    groups = list(groups.filter(Q(closed_on=None) | Q(closed_on__gte=first)).order_by("name", "pk"))
    if not groups:
        return []
    ids = [group.pk for group in groups]
    held = Occasion.objects.held().filter(group_key__in=ids, held_on__gte=first, held_on__lt=after)
    planned = PlanItem.objects.filter(plan__unit=station, plan__year=year, group_key__in=ids, dropped_at=None)
    life = _Life(
        planned=_by_month(planned.values_list("group_key", "month")),
        held=_by_month(held.values_list("group_key", ExtractMonth("held_on"))),
        terms=_terms(ids, first, after),
        lines=_lines(held),
    )
    spans = [*periods(year, Per.QUARTER), *periods(year, Per.YEAR)]
    found = []
    for group in groups:
        *quarters, whole = (life.reached(group.pk, period) for period in spans)
        found.append(GroupYear(group, quarters, whole))
    return found


@dataclass(frozen=True)
class _Life:
    planned: dict[UUID, dict[int, int]]
    held: dict[UUID, dict[int, int]]
    terms: dict[UUID, list[tuple]]
    lines: dict[UUID, list[tuple]]

    def reached(self, group: UUID, period: Period) -> Reached:
        inside = {
            person
            for person, starts_on, ends_on in self.terms[group]
            if starts_on < period.ends_on and (ends_on is None or ends_on > period.starts_on)
        }
        came = set(self._on_rolls(group, period, Mark.PRESENT)) & inside
        excused = set(self._on_rolls(group, period, Mark.EXCUSED)) - came
        planned, held = (
            sum(months[group].get(month, 0) for month in range(period.first, period.last + 1))
            for months in (self.planned, self.held)
        )
        return Reached(period, planned, held, len(inside - excused), len(came))

    def _on_rolls(self, group: UUID, period: Period, wanted: str) -> Iterator:
        for person, month, mark in self.lines[group]:
            if mark == wanted and period.first <= month <= period.last:
                yield person


def _by_month(rows: QuerySet) -> dict[UUID, dict[int, int]]:
    found: dict = defaultdict(dict)
    for key, month, number in rows.order_by().annotate(n=Count("pk")):
        found[key][month] = number
    return found


def _terms(ids: list[UUID], first: date, after: date) -> dict[UUID, list[tuple]]:
    rows = GroupMember.objects.filter(Q(ends_on=None) | Q(ends_on__gt=first), group__in=ids, starts_on__lt=after)
    found: dict = defaultdict(list)
    for group, *term in rows.values_list("group_id", "person_id", "starts_on", "ends_on"):
        found[group].append(tuple(term))
    return found


def _lines(held: QuerySet[Occasion]) -> dict[UUID, list[tuple]]:
    """Who was present or excused in which month: each once, however often."""
    rows = Attendance.objects.filter(occasion__in=held, mark__in=[Mark.PRESENT, Mark.EXCUSED], is_double=False)
    rows = rows.order_by().values_list("occasion__group_key", "person_id", ExtractMonth("occasion__held_on"), "mark")
    found: dict = defaultdict(list)
    for group, *line in rows.distinct():
        found[group].append(tuple(line))
    return found
