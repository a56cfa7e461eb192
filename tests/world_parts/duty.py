"""The things of duty that its addresses take, in each place of the small world."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils import timezone

from tests import make
from waystation.stations.duty.actions.feeds import open_feed
from waystation.stations.duty.actions.items import open_item
from waystation.stations.duty.actions.postings import ask_leave, open_posting
from waystation.stations.duty.actions.rotas import add_pattern, set_day
from waystation.stations.duty.models import Handover, Rota, Shift, Swap, Turn

# Which thing each argument of an address takes: {"duty:name": "kind"}.
THINGS: dict[str, str] = {
    "duty:check-in": "turn", "duty:leave-desk": "turn", "duty:check-out": "shift", "duty:brief": "brief",
    "duty:item": "item", "duty:item-work": "item", "duty:rota-publish": "rota", "duty:shift": "shift",
    "duty:put-on": "shift", "duty:shift-cancel": "shift", "duty:take-off": "turn", "duty:turn-keep": "turn",
    "duty:swap-new": "turn", "duty:swap-answer": "swap", "duty:pattern-end": "pattern", "duty:day-drop": "day",
    "duty:day-drop-everywhere": "day", "duty:feed-revoke": "feed", "duty:posting-edit": "posting",
    "duty:posting-end": "posting", "duty:leave-decide": "leave", "duty:leave-withdraw": "leave",
}  # fmt: skip
# What the arguments of an address that are words stand for: {"argument": "word"}.
WORDS: dict[str, str] = {"figure": "planned"}


def fill(things: dict, place: str, units: dict) -> None:
    """Put `things["kind", place]` there. `units` has branch, station, grid, community, county, town; `things`
    has what was made before: ("person", place), ("stay", place), ("card", place), ("user", place)."""
    station, now = units["station"], timezone.now()
    one, two = (make.user("station_officer", station) for _number in range(2))
    how = {"by": None, "at": now}
    posting, other = (
        open_posting(
            station=station, user=user, kind="sent", windows=["party"], most_week=5, most_month=20,
            starts_on=timezone.localdate() - timedelta(days=40), **how,
        )
        for user in (one, two)
    )  # fmt: skip
    month = (timezone.localdate() + timedelta(days=32)).replace(day=1)
    rota = Rota.objects.create(station=station, month=month, state=Rota.State.PUBLISHED, published_at=now, made_at=now)
    shift, past = (_shift(rota, month + timedelta(days=number)) for number in (1, 0))
    turn = Turn.objects.create(
        shift=shift, posting=posting, user=one, starts_at=shift.starts_at, changed_at=now, published_at=now
    )
    Shift.objects.filter(pk=past.pk).update(opened_at=now, closed_at=now)
    days = {"starts_on": month, "ends_on": month + timedelta(days=1)}
    things |= {
        ("posting", place): posting.pk,
        ("rota", place): rota.pk,
        ("shift", place): shift.pk,
        ("turn", place): turn.pk,
        ("swap", place): Swap.objects.create(turn=turn, asked_of=two, asked_by=one, asked_at=now).pk,
        ("brief", place): Handover.objects.create(station=station, shift=past, made_at=now).pk,
        ("leave", place): ask_leave(other, **days, **how).pk,
        ("item", place): open_item(unit=station, topic="other", title="核对名册", **how).pk,
        ("pattern", place): _pattern(station, month, how).pk,
        ("day", place): set_day(station=station, day=month, kind="holiday", name="停电", **how).pk,
        ("feed", place): open_feed(user=one, at=now).pk,
    }


def _shift(rota: Rota, day: date) -> Shift:
    begins = timezone.make_aware(datetime(day.year, day.month, day.day, 9))
    return Shift.objects.create(
        rota=rota, station=rota.station, day=day, name="上午", starts_at=begins, ends_at=begins + timedelta(hours=3)
    )


def _pattern(station, month: date, how: dict):
    hours = {"begins": datetime.min.time().replace(hour=9), "ends": datetime.min.time().replace(hour=12)}
    return add_pattern(station=station, name="上午", weekdays=range(5), staff=1, starts_on=month, **hours, **how)
