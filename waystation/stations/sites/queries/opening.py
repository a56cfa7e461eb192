"""When stations and rooms are open: on a day, at a moment, and when next."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from waystation.kernel.templatetags.ui import zh_date
from waystation.stations.sites.models import Room, Schedule, SpecialDay, Station
from waystation.stations.sites.week import WEEKDAYS, Day, Week, clock, day_words, made_day, week_words

AHEAD = 14  # days in which the next opening is looked for


@dataclass(frozen=True)
class Special:
    """A day that is otherwise than its week says."""

    day: date
    openings: Day
    reason: str
    pk: str = ""


@dataclass(frozen=True)
class State:
    """Open or not at a moment: until when, or on which day and at what time it opens next."""

    is_open: bool
    today: date
    until: time | None = None
    next_day: date | None = None
    next_time: time | None = None

    @property
    def words(self) -> str:
        if self.is_open:
            return _("Open now, until %(time)s") % {"time": clock(self.until)}
        if self.next_day is None:
            return _("Closed now")
        values = {"time": clock(self.next_time), "day": WEEKDAYS[self.next_day.weekday()]}
        away = (self.next_day - self.today).days
        if away == 0:
            return _("Closed now, opens today at %(time)s") % values
        if away == 1:
            return _("Closed now, opens tomorrow at %(time)s") % values
        if away > 6:
            values["day"] = zh_date(self.next_day)
        return _("Closed now, opens on %(day)s at %(time)s") % values


@dataclass
class Opening:
    """All that is known of the hours of one station or room."""

    schedules: list[tuple[date, Week]] = field(default_factory=list)  # by their first day
    specials: dict[date, Special] = field(default_factory=dict)

    def week(self, day: date) -> Week | None:
        """The week that holds on the day; None where no hours were ever entered for it."""
        held = [week for starts_on, week in self.schedules if starts_on <= day]
        return held[-1] if held else None

    def on(self, day: date) -> Day:
        """The openings of the very day."""
        if day in self.specials:
            return self.specials[day].openings
        week = self.week(day)
        return week.days[day.weekday()] if week else ()

    def state(self, moment: datetime) -> State | None:
        """Open or closed at the moment, in local time; None where no hours were entered."""
        local = timezone.localtime(moment)
        today, now = local.date(), local.time()
        if self.week(today) is None and today not in self.specials:
            return None
        for start, end in self.on(today):
            if start <= now < end:
                return State(True, today, until=end)
        for away in range(AHEAD):
            day = today + timedelta(days=away)
            for start, _end in self.on(day):
                if away or start > now:
                    return State(False, today, next_day=day, next_time=start)
        return State(False, today)

    def words(self, day: date) -> str:
        """The week that holds on the day, in words; nothing where no hours were entered."""
        week = self.week(day)
        return "" if week is None else week_words(week)

    def minutes(self, day: date) -> int:
        week = self.week(day)
        return week.minutes if week else 0

    def coming_weeks(self, day: date) -> list[tuple[date, str]]:
        """Schedules that begin after the day, each in words."""
        return [(starts_on, week_words(week)) for starts_on, week in self.schedules if starts_on > day]

    def coming_specials(self, day: date) -> list[SpecialRun]:
        """Special days from the day on; neighbours that are alike stand together."""
        runs: list[SpecialRun] = []
        for when in sorted(d for d in self.specials if d >= day):
            special = self.specials[when]
            last = runs[-1] if runs else None
            if last and last.fits(special):
                last.days.append(special)
            else:
                runs.append(SpecialRun([special]))
        return runs


@dataclass
class SpecialRun:
    """Neighbouring special days with one reason and the same hours."""

    days: list[Special]

    def fits(self, special: Special) -> bool:
        last = self.days[-1]
        follows = special.day == last.day + timedelta(days=1)
        return follows and (special.reason, special.openings) == (last.reason, last.openings)

    @property
    def words(self) -> str:
        first, last = self.days[0], self.days[-1]
        day = zh_date(first.day)
        if first.day != last.day:
            day = pgettext("days", "%(first)s to %(last)s") % {"first": day, "last": zh_date(last.day)}
        values = {"day": day, "hours": day_words(first.openings), "reason": first.reason}
        return _("%(day)s: %(hours)s (%(reason)s)") % values


def openings(stations: Iterable[Station], *, since: date) -> dict[int, Opening]:
    """The hours of each station, its special days from `since` on; four queries however many they are."""
    ids = [station.pk for station in stations]
    found = {pk: Opening() for pk in ids}
    rows = Schedule.objects.filter(station__in=ids, room=None).prefetch_related("times").order_by("starts_on")
    for row in rows:
        found[row.station_id].schedules.append((row.starts_on, _week_of(row)))
    for pk, specials in _specials(ids, since).items():
        found[pk].specials = specials
    return found


def opening_of(station: Station, *, since: date) -> Opening:
    return openings([station], since=since)[station.pk]


def room_openings(rooms: Iterable[Room], of_station: Opening) -> dict:
    """The hours of rooms of one station: their own, or the station's while they follow it.

    A special day of the station is one of its rooms, too; where the station is open at other times, a room
    is open in those.
    """
    rooms = list(rooms)
    own = defaultdict(list)
    rows = Schedule.objects.filter(room__in=rooms).prefetch_related("times").order_by("starts_on")
    for row in rows:
        own[row.room_id].append(row)
    return {room.pk: _with_own(own[room.pk], of_station) for room in rooms}


def _with_own(rows: list[Schedule], of_station: Opening) -> Opening:
    """The station's schedules, except on the days on which the room has its own."""
    if not rows:
        return of_station
    begins = rows[0].starts_on
    schedules = [(day, week) for day, week in of_station.schedules if day < begins]
    for row, following in zip(rows, [*rows[1:], None], strict=True):
        if not row.follows_station:
            schedules.append((row.starts_on, _week_of(row)))
            continue
        if (held := of_station.week(row.starts_on)) is not None:
            schedules.append((row.starts_on, held))
        end = following.starts_on if following else date.max
        schedules += [(day, week) for day, week in of_station.schedules if row.starts_on < day < end]
    return Opening(schedules, of_station.specials)


def _week_of(schedule: Schedule) -> Week:
    days: list[list[tuple[time, time]]] = [[] for _number in range(7)]
    for row in schedule.times.all():
        days[row.weekday].append((row.opens_at, row.closes_at))
    return Week(tuple(made_day(day) for day in days))


def _specials(stations: list[int], since: date) -> dict[int, dict[date, Special]]:
    rows = SpecialDay.objects.filter(station__in=stations, is_withdrawn=False, day__gte=since)
    found: dict[int, dict[date, Special]] = defaultdict(dict)
    for row in rows.prefetch_related("times"):
        hours = made_day((t.opens_at, t.closes_at) for t in row.times.all())
        found[row.station_id][row.day] = Special(row.day, hours, row.reason, str(row.pk))
    return found
