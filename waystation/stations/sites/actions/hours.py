"""Writes on opening times. The station's row is the lock: of two changes at once the second sees the first."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from waystation.kernel import audit
from waystation.stations.sites.actions.errors import StationRefused
from waystation.stations.sites.models import OpeningTime, Room, Schedule, SpecialDay, SpecialTime, Station
from waystation.stations.sites.week import Day, Week, as_facts

MOST_DAYS = 31


def locked(station: Station) -> Station:
    """The station, locked until the transaction ends."""
    return Station.objects.select_for_update(of=("self",)).select_related("unit").get(pk=station.pk)


@transaction.atomic
def set_hours(
    station: Station,
    week: Week,
    *,
    starts_on: date,
    room: Room | None = None,
    follows_station: bool = False,
    by,
    at: datetime,
) -> Schedule:
    """Let the station, or the room, be open like this from a day on, until a schedule that begins later.

    One that begins that very day is corrected. Refuses (StationRefused) a day that is past, unless there
    are no hours yet, because what was open then is a fact.
    """
    station = locked(station)
    held = Schedule.objects.filter(station=station, room=room)
    if starts_on < timezone.localdate(at) and held.exists():
        raise StationRefused(_("Hours change from today on or later; what was open before stays as it was."))
    old = held.filter(starts_on=starts_on)
    before = [_facts(schedule) for schedule in old.prefetch_related("times")]
    old.delete()
    schedule = Schedule.objects.create(
        station=station, room=room, starts_on=starts_on, follows_station=follows_station, set_at=at, set_by=by
    )
    if not follows_station:
        OpeningTime.objects.bulk_create(
            OpeningTime(schedule=schedule, weekday=number, opens_at=start, closes_at=end)
            for number, day in enumerate(week.days)
            for start, end in day
        )
    audit.record(
        "room.hours_set" if room else "station.hours_set",
        on=room or station,
        by=by,
        at=at,
        unit_path=station.unit.path,
        starts_on=starts_on,
        week=None if follows_station else as_facts(week),
        corrected=before,
    )
    return schedule


def _facts(schedule: Schedule) -> list[str]:
    rows = sorted((t.weekday, t.opens_at, t.closes_at) for t in schedule.times.all())
    return [f"{weekday} {start:%H:%M}-{end:%H:%M}" for weekday, start, end in rows]


@transaction.atomic
def drop_schedule(schedule: Schedule, *, by, at: datetime) -> None:
    """Take back hours that have not begun yet. Refuses those in force (StationRefused)."""
    station = locked(schedule.station)
    fresh = Schedule.objects.filter(pk=schedule.pk).first()
    if fresh is None:
        return
    if fresh.starts_on <= timezone.localdate(at):
        raise StationRefused(_("These hours are in force. Set others from a day on instead."))
    fresh.delete()
    audit.record(
        "room.hours_dropped" if schedule.room_id else "station.hours_dropped",
        on=schedule.room or station,
        by=by,
        at=at,
        unit_path=station.unit.path,
        starts_on=schedule.starts_on,
    )


@transaction.atomic
def set_special_days(
    stations: Iterable[Station], *, first: date, last: date, openings: Day, reason: str, by, at: datetime
) -> list[SpecialDay]:
    """Close the stations on these days, or open them at other times than the week says; all or none.

    Refuses (StationRefused) past days, more than a month, and a day that is special for one of the stations
    already: take that back first, so that nobody overwrites what somebody else has announced.
    """
    _refuse_days(first, last, timezone.localdate(at))
    # Always in the same order, so that two counties at once cannot wait for each other.
    stations = [locked(station) for station in sorted(stations, key=lambda one: one.pk)]
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    taken = SpecialDay.objects.filter(station__in=stations, day__in=days, is_withdrawn=False)
    if (found := taken.select_related("station__unit").order_by("day", "station").first()) is not None:
        raise StationRefused(
            _("%(day)s is a special day of %(station)s already: %(reason)s. Take it back first.")
            % {"day": found.day.isoformat(), "station": found.station.unit.name, "reason": found.reason}
        )
    made = SpecialDay.objects.bulk_create(
        SpecialDay(station=station, day=day, reason=reason, set_at=at, set_by=by)
        for station in stations
        for day in days
    )
    SpecialTime.objects.bulk_create(
        SpecialTime(special_day=row, opens_at=start, closes_at=end) for row in made for start, end in openings
    )
    hours = [f"{start:%H:%M}-{end:%H:%M}" for start, end in openings]
    entries = [
        {
            "verb": "station.special_days_set",
            "on": station,
            "unit_path": station.unit.path,
            "first": first,
            "last": last,
            "hours": hours,
            "reason": reason,
        }
        for station in stations
    ]
    audit.record_many(entries, by=by, at=at)
    return made


def _refuse_days(first: date, last: date, today: date) -> None:
    if last < first:
        raise StationRefused(_("The last day lies before the first."))
    if first < today:
        raise StationRefused(_("These days have begun already."))
    if (last - first).days >= MOST_DAYS:
        raise StationRefused(
            ngettext("At most %(days)d day at once.", "At most %(days)d days at once.", MOST_DAYS) % {"days": MOST_DAYS}
        )


@transaction.atomic
def withdraw_special_day(special: SpecialDay, *, by, at: datetime) -> None:
    """Let the week's hours hold on that day again. A day that is past stays as it was (StationRefused)."""
    station = locked(special.station)
    if special.day < timezone.localdate(at):
        raise StationRefused(_("That day is past."))
    if not SpecialDay.objects.filter(pk=special.pk, is_withdrawn=False).update(is_withdrawn=True):
        return
    audit.record(
        "station.special_day_withdrawn",
        on=station,
        by=by,
        at=at,
        unit_path=station.unit.path,
        day=special.day,
        reason=special.reason,
    )
