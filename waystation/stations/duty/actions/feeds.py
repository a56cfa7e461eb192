"""Opening and revoking the addresses from which calendars fetch shifts."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from waystation.kernel import audit
from waystation.organizations.models import Unit
from waystation.stations.duty.models import CalendarFeed


@transaction.atomic
def open_feed(*, user, station: Unit | None = None, at: datetime) -> CalendarFeed:
    """Open an address for the user's own shifts, or those of a station; an open one is returned as it is."""
    held = CalendarFeed.objects.filter(user=user, station=station, revoked_at=None)
    if found := held.first():
        return found
    try:
        with transaction.atomic():
            feed = CalendarFeed.objects.create(user=user, station=station, opened_at=at)
    except IntegrityError:
        return held.get()
    audit.record("feed.opened", on=feed, by=user, at=at, unit_path=station.path if station else "")
    return feed


@transaction.atomic
def revoke_feed(feed: CalendarFeed, *, by, at: datetime) -> bool:
    """Let the address answer no more; returns whether it did until now."""
    if not CalendarFeed.objects.filter(pk=feed.pk, revoked_at=None).update(revoked_at=at):
        return False
    path = feed.station.path if feed.station_id else ""
    audit.record("feed.revoked", on=feed, by=by, at=at, unit_path=path)
    return True
