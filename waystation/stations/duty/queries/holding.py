"""Where open items rest, and which of them a shift must settle before it may close."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from waystation.kernel import dated
from waystation.organizations.models import Unit
from waystation.stations.duty import rules
from waystation.stations.duty.models import Handover, OpenItem, Shift, Turn


def missed(at: datetime) -> Q:
    """Shifts, as seen from an item, that ended without anybody coming: they hold nothing any more."""
    return Q(shift__opened_at=None, shift__ends_at__lte=at)


def unsettled(station: Unit, *, at: datetime, day: date, closing: Shift | None = None) -> QuerySet[OpenItem]:
    """Open items of the station that rest nowhere: not with a shift to come or running, not parked beyond today.

    They are what a closing shift has to settle. What the closing shift itself holds is among them.
    """
    loose = Q(shift=None) | missed(at)
    if closing is not None:
        loose |= Q(shift=closing)
    parked = Q(parked_until__gt=day)
    return OpenItem.objects.open().filter(loose, unit=station).exclude(parked)


def in_hand(shift: Shift, *, at: datetime, day: date) -> QuerySet[OpenItem]:
    """What the shift works on: the loose items of the station and those handed to this shift."""
    return unsettled(shift.station, at=at, day=day, closing=shift)


def takers(station: Unit, *, at: datetime, besides: Shift | None = None) -> QuerySet[Shift]:
    """Published shifts, running or to come, with somebody on them: what items can be handed to."""
    staffed = Turn.objects.live().filter(shift=OuterRef("pk"), checked_out_at=None)
    found = Shift.objects.published().filter(Exists(staffed), station=station, closed_at=None)
    found = found.filter(Q(ends_at__gt=at) | Q(opened_at__isnull=False))
    if besides is not None:
        found = found.exclude(pk=besides.pk)
    return found.order_by("starts_at", "pk")


def unread_briefs(station: Unit) -> QuerySet[Handover]:
    """Hand-overs of the station that nobody of a later shift has read, the oldest first."""
    return (
        Handover.objects.filter(station=station, read_at=None)
        .select_related("shift", "made_by")
        .order_by("made_at", "pk")
    )


def check_in_opens(shift: Shift) -> datetime:
    """From when on the people of the shift may check in."""
    return shift.starts_at - timedelta(minutes=dated.value(rules.CHECK_IN_MINUTES, shift.day))
