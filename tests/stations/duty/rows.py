"""A station with staff, a pattern and a rota to test with."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from django.utils import timezone

from tests import places as make
from waystation.stations.duty.actions.items import open_item
from waystation.stations.duty.actions.postings import open_posting
from waystation.stations.duty.actions.rotas import add_pattern, make_rota, publish_rota
from waystation.stations.duty.models import Posting, Rota, Shift, Turn, Window

MONTH = date(2026, 12, 1)
BEFORE = datetime(2026, 11, 26, 2, tzinfo=UTC)  # ten in the morning, before the month
SECONDS = 0.2  # of the solver's own time: enough for a good answer, not for the proof of the best
FULL = ["party", "order", "civil", "insurance", "labour"]


def posting(station, user=None, *, windows=FULL, most_week=6, most_month=26, starts_on=date(2026, 9, 1), **more):
    return open_posting(
        station=station, user=user or make.user("station_officer", station), kind=more.pop("kind", "full_time"),
        windows=windows, most_week=most_week, most_month=most_month, starts_on=starts_on, by=None, at=BEFORE, **more,
    )  # fmt: skip


def pattern(station, name="上午", begins=time(8, 30), ends=time(12), *, staff=1, windows=(), weekdays=range(5), **more):
    return add_pattern(
        station=station, name=name, begins=begins, ends=ends, weekdays=weekdays, staff=staff, windows=windows,
        starts_on=more.pop("starts_on", date(2026, 9, 1)), by=None, at=BEFORE, **more,
    )  # fmt: skip


def rota(station, month=MONTH, *, at=BEFORE, publish=True, seconds=SECONDS):
    made, _new = Rota.objects.get_or_create(station=station, month=month)
    make_rota(made, by=None, at=at, seconds=seconds)
    made.refresh_from_db()
    return publish_rota(made, by=None, at=at) if publish else made


def shift(station, day=date(2026, 12, 7), begins=9, ends=12, *, name="上午", staff=1, windows=(), users=()):
    """A published shift by hand with these postings on it."""
    month, _new = Rota.objects.get_or_create(station=station, month=day.replace(day=1))
    if not month.is_published:
        month.state, month.published_at, month.made_at = Rota.State.PUBLISHED, BEFORE, BEFORE
        month.save()
    made = Shift.objects.create(
        rota=month, station=station, day=day, name=name, starts_at=moment(day, begins), ends_at=moment(day, ends),
        staff=staff, windows=list(windows),
    )  # fmt: skip
    for one in users:
        turn(made, one)
    return made


def turn(shift, posting: Posting) -> Turn:
    return Turn.objects.create(
        shift=shift, posting=posting, user=posting.user, starts_at=shift.starts_at, changed_at=BEFORE,
        published_at=BEFORE,
    )  # fmt: skip


def moment(day: date, hour: float) -> datetime:
    return timezone.make_aware(datetime.combine(day, time())) + timedelta(hours=hour)


def item(station, title="回访缪春花", *, at=BEFORE, due_on=None, **more):
    return open_item(unit=station, topic="contact", title=title, by=None, at=at, due_on=due_on, **more)


WINDOWS = list(Window.values)
