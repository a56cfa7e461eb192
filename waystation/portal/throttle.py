"""A token bucket in the database: doors without sign-in open only so often for one address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.crypto import salted_hmac

from waystation.portal.models import Bucket

_KEPT = timedelta(days=1)


@dataclass(frozen=True)
class Door:
    """What is limited: at most `size` at once, and one more every `seconds`."""

    name: str
    size: int
    seconds: float


REPORT = Door("report", size=30, seconds=20)  # an event of thirty behind one address
CARD = Door("card", size=30, seconds=10)
STATION = Door("station", size=60, seconds=2)
WEEKLY = Door("weekly", size=60, seconds=3)  # a county hall full of secretaries behind one address


def admit(door: Door, ip: str | None, *, at: datetime) -> bool:
    """Take a token of this address for the door. False when there is none left.

    Of two requests at once each takes its own: the row is locked while it is counted.
    """
    key = salted_hmac("portal.throttle", f"{door.name}|{ip or ''}", algorithm="sha256").hexdigest()
    with transaction.atomic():
        bucket = Bucket.objects.select_for_update().filter(pk=key).first()
        if bucket is None:
            bucket = _first(key, door, at)
        gone = max(0.0, (at - bucket.filled_at).total_seconds())
        tokens = min(float(door.size), bucket.tokens + gone / door.seconds)
        admitted = tokens >= 1
        Bucket.objects.filter(pk=key).update(tokens=tokens - admitted, filled_at=at)
    return admitted


def _first(key: str, door: Door, at: datetime) -> Bucket:
    try:
        with transaction.atomic():
            return Bucket.objects.create(key=key, tokens=float(door.size), filled_at=at)
    except IntegrityError:
        return Bucket.objects.select_for_update().get(pk=key)


def forget(at: datetime) -> int:
    """Delete buckets that have been full again for long; says how many."""
    return Bucket.objects.filter(filled_at__lt=at - _KEPT).delete()[0]
