"""Shifts as a calendar that programs fetch (RFC 5545)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from waystation.kernel.sealing import BadSignature, Expired, sign, verify
from waystation.stations.duty.models import CalendarFeed, Turn, Window

PURPOSE = "duty-feed"
ZONE = ZoneInfo("Asia/Shanghai")
KEPT_DAYS = 100  # past shifts stay in a calendar for about a quarter


def token(feed: CalendarFeed) -> str:
    """The secret part of the feed's address; it is worth nothing once the feed is revoked."""
    return sign(PURPOSE, {"f": feed.pk.hex})


def address(feed: CalendarFeed) -> str:
    return settings.SITE_ADDRESS.rstrip("/") + reverse("duty:feed", args=[token(feed)])


def feed_of(text: str) -> CalendarFeed | None:
    """The feed of a secret, unless it was revoked or its user may not sign in any more."""
    try:
        pk = verify(PURPOSE, text)["f"]
    except (BadSignature, Expired, KeyError, TypeError):
        return None
    feeds = CalendarFeed.objects.filter(pk=pk, revoked_at=None, user__is_active=True)
    return feeds.select_related("user", "station").first()


def turns_of(feed: CalendarFeed, *, today: date) -> QuerySet[Turn]:
    """The turns that the feed shows, removed ones too."""
    turns = Turn.objects.published().filter(shift__day__gte=today - timedelta(days=KEPT_DAYS))
    turns = turns.filter(shift__station=feed.station) if feed.station_id else turns.filter(user=feed.user)
    return turns.select_related("shift__station__station", "user", "posting").order_by("starts_at", "pk")


def calendar(feed: CalendarFeed, *, today: date) -> bytes:
    """The whole calendar of the feed."""
    made = Calendar()
    made.add("prodid", "-//Waystation//Duty rota//EN")
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", _("Duty: %(name)s") % {"name": feed.station.name if feed.station_id else feed.user})
    made.add("x-wr-timezone", ZONE.key)
    made.add("refresh-interval", timedelta(hours=1), parameters={"VALUE": "DURATION"})
    for event in _events(turns_of(feed, today=today), names=bool(feed.station_id)):
        made.add_component(event)
    made.add_missing_timezones()
    return made.to_ical()


def fingerprint(content: bytes) -> str:
    """By which a program knows that nothing has changed."""
    return hashlib.sha256(content).hexdigest()[:32]


def _events(turns: Iterable[Turn], *, names: bool) -> Iterable[Event]:
    for turn in turns:
        event = Event()
        shift = turn.shift
        event.add("uid", f"{turn.pk}@waystation")
        # The stamp is when the entry last changed, not when it was fetched: unchanged entries stay the same bytes.
        event.add("dtstamp", _utc(turn.changed_at))
        event.add("last-modified", _utc(turn.changed_at))
        event.add("created", _utc(turn.published_at))
        event.add("sequence", turn.sequence)
        event.add("dtstart", shift.starts_at.astimezone(ZONE))
        event.add("dtend", shift.ends_at.astimezone(ZONE))
        event.add("summary", _summary(turn, names=names))
        event.add("location", getattr(getattr(shift.station, "station", None), "address", "") or shift.station.name)
        if shift.windows:
            words = "、".join(str(Window(key).label) for key in shift.windows)
            event.add("description", _("Windows: %(windows)s") % {"windows": words})
        event.add("status", "CANCELLED" if turn.removed_at else "CONFIRMED")
        event.add("transp", "OPAQUE")
        yield event


def _summary(turn: Turn, *, names: bool) -> str:
    words = {"shift": turn.shift.name, "station": turn.shift.station.name, "name": turn.user.full_name}
    return _("%(name)s on duty: %(shift)s") % words if names else _("On duty: %(shift)s, %(station)s") % words


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(ZoneInfo("UTC")).replace(microsecond=0)
