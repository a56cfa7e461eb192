"""Which kind of day a day is, and which shifts a station keeps on it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from waystation.organizations.models import Unit
from waystation.stations.duty.models import CalendarDay, ShiftPattern

SATURDAY = 5


@dataclass(frozen=True)
class Day:
    """A day as the station works it: `weekday` is the one whose shifts it takes."""

    day: date
    weekday: int
    is_holiday: bool = False
    is_made_up: bool = False
    name: str = ""

    @property
    def is_weekend(self) -> bool:
        """A free Saturday or Sunday, which is not a holiday as well."""
        return self.day.weekday() >= SATURDAY and not self.is_made_up and not self.is_holiday


def first_of_month(day: date) -> date:
    return day.replace(day=1)


def next_month(month: date) -> date:
    return (month + timedelta(days=32)).replace(day=1)


def month_before(month: date) -> date:
    return (month - timedelta(days=1)).replace(day=1)


def month_words(month: date) -> str:
    return _("%(year)d-%(month)02d") % {"year": month.year, "month": month.month}


def days_between(station: Unit, first: date, after: date) -> dict[date, Day]:
    """Every day from `first` until, but not on, `after`; the station's own calendar goes before the general one."""
    rows = CalendarDay.objects.filter(Q(station=None) | Q(station=station), day__gte=first, day__lt=after)
    said = {row.day: row for row in sorted(rows, key=lambda row: row.station_id is not None)}
    return {day: _day(day, said.get(day)) for day in _each(first, after)}


def _each(first: date, after: date) -> Iterator[date]:
    for number in range((after - first).days):
        yield first + timedelta(days=number)


def _day(day: date, row: CalendarDay | None) -> Day:
    if row is None:
        return Day(day, day.weekday())
    if row.kind == CalendarDay.Kind.HOLIDAY:
        return Day(day, day.weekday(), is_holiday=True, name=row.name)
    return Day(day, row.works_as, is_made_up=True, name=row.name)


def is_kept(pattern: ShiftPattern, day: Day) -> bool:
    """Whether the station keeps a shift of the pattern on the day."""
    if not pattern.holds_on(day.day):
        return False
    return pattern.on_holidays if day.is_holiday else day.weekday in pattern.weekdays


def hours(pattern: ShiftPattern, day: date) -> tuple[datetime, datetime]:
    """When a shift of the pattern begins and ends on the day."""
    return tuple(timezone.make_aware(datetime.combine(day, edge)) for edge in (pattern.begins, pattern.ends))
