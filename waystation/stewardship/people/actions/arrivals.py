"""Arrivals: the station's register of who reported."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from waystation.kernel import audit
from waystation.organizations.models import Unit
from waystation.stewardship.people import signals
from waystation.stewardship.people.actions.errors import NotPending, ReasonMissing
from waystation.stewardship.people.claims import Claim, fill
from waystation.stewardship.people.models import Arrival


def build_arrival(
    claim: Claim, *, station: Unit, home: Unit | None, destination: Unit | None, channel: str, by, at: datetime,
    notice_version: str = "",
) -> Arrival:  # fmt: skip
    """An unsaved arrival with the claim's columns."""
    arrival = Arrival(
        channel=channel, station=station, station_path=station.path, home=home, home_path=home.path if home else "",
        destination=destination, destination_path=destination.path if destination else "", created_at=at,
        created_by=by, notice_version=notice_version,
    )  # fmt: skip
    fill(arrival, claim)
    return arrival


@transaction.atomic
def register_arrival(
    claim: Claim, *, station: Unit, channel: str, by, at: datetime, home: Unit | None = None,
    destination: Unit | None = None, notice_version: str = "",
) -> Arrival:  # fmt: skip
    """Enter a person in the station's register. It is a claim until both sides confirm it."""
    arrival = build_arrival(
        claim, station=station, home=home, destination=destination, channel=channel, by=by, at=at,
        notice_version=notice_version,
    )  # fmt: skip
    arrival.save(force_insert=True)
    # Those who hear of it lock rows of the board; the head of the trail is locked last in every act.
    signals.arrival_registered.send(sender=Arrival, arrival=arrival)
    audit.record("arrival.registered", on=arrival, by=by, at=at, unit_path=station.path, channel=channel)
    return arrival


@transaction.atomic
def refuse_arrival(arrival: Arrival, *, reason: str, by, at: datetime) -> Arrival:
    """Refuse a pending arrival with a written reason (ReasonMissing, NotPending)."""
    if not reason.strip():
        raise ReasonMissing
    mine = Arrival.objects.pending().filter(pk=arrival.pk)
    if not mine.update(state=Arrival.State.REFUSED, closed_at=at, closed_by=by, closing_reason=reason.strip()[:200]):
        raise NotPending
    arrival.refresh_from_db()
    signals.arrival_closed.send(sender=Arrival, arrival=arrival)
    audit.record("arrival.refused", on=arrival, by=by, at=at, unit_path=arrival.station_path)
    return arrival


@transaction.atomic
def withdraw_arrivals(ids: Iterable, *, by, at: datetime, reason: str = "") -> int:
    """Withdraw pending arrivals that were entered by mistake; returns how many were still pending."""
    rows = list(Arrival.objects.pending().filter(pk__in=list(ids)))
    Arrival.objects.pending().filter(pk__in=[row.pk for row in rows]).update(
        state=Arrival.State.WITHDRAWN, closed_at=at, closed_by=by, closing_reason=reason[:200]
    )
    for row in rows:
        signals.arrival_closed.send(sender=Arrival, arrival=row)
    events = [{"verb": "arrival.withdrawn", "on": row, "unit_path": row.station_path} for row in rows]
    audit.record_many(events, by=by, at=at)
    return len(rows)
