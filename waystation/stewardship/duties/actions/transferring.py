"""A stay passes from one station to another: asked by the one, accepted by the other."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from waystation.kernel import audit
from waystation.organizations.access import Reach
from waystation.organizations.models import Unit
from waystation.organizations.permissions import Permission
from waystation.stations.duty.models import OpenItem
from waystation.stewardship.duties.actions.errors import (
    AlreadyProposed,
    NotAStation,
    NotConcerned,
    NotOpenAnyMore,
    ReasonMissing,
    TwoPeople,
)
from waystation.stewardship.duties.actions.handing import TOPICS, bundle_of, hand_over, locked
from waystation.stewardship.duties.models import Duty, StayTransfer
from waystation.stewardship.duties.queries import accountable, origin_of
from waystation.stewardship.people.actions import transfer_stay
from waystation.stewardship.people.models import Stay


@transaction.atomic
def ask_transfer(stay: Stay, *, to: Unit, destination: Unit | None, reason: str, by, at: datetime) -> StayTransfer:
    """Ask another station to take the member over.

    Refuses an ended stay (StayEnded), the same or no open station (NotAStation), somebody who does not speak
    for the station (NotConcerned), no reason (ReasonMissing) and a second open request (AlreadyProposed).
    """
    stay = locked(stay)
    if not reason.strip():
        raise ReasonMissing
    if to.pk == stay.station_id or to.kind != Unit.Kind.STATION or to.closed_on is not None:
        raise NotAStation
    if not Reach.of(by, Permission.STAY_TRANSFER).covers(stay.station_path):
        raise NotConcerned
    request = StayTransfer(
        stay=stay, station=stay.station, station_path=stay.station_path, to=to, to_path=to.path,
        destination=destination, reason=reason.strip()[:200], asked_at=at, asked_by=by,
    )  # fmt: skip
    try:
        with transaction.atomic():
            request.save(force_insert=True)
    except IntegrityError as error:
        raise AlreadyProposed from error
    _record("stay_transfer.asked", request, by=by, at=at)
    return request


@transaction.atomic
def accept_transfer(request: StayTransfer, *, by, at: datetime) -> Stay:
    """The receiving station takes the member over today; returns the stay there.

    In one transaction the old stay ends, the new one opens with the same confirmations, whatever the old
    station answered for passes to the new one, the rest stays where it was agreed to be, and every open item
    goes along. Refuses what is decided (NotOpenAnyMore), an ended stay (StayEnded), somebody who does not speak for the
    receiving station (NotConcerned) and who asked for it (TwoPeople).
    """
    request, stay = _locked(request)
    if not Reach.of(by, Permission.STAY_TRANSFER).covers(request.to_path):
        raise NotConcerned
    if by.pk == request.asked_by_id:
        raise TwoPeople
    day = max(timezone.localdate(at), stay.starts_on)
    held = {kind: accountable(stay, kind, day) for kind in Duty.Kind.values}
    # Aside first: the end of a stay sends its open items home, and these are going elsewhere.
    aside = f"stay-transfer:{request.pk}"
    OpenItem.objects.open().filter(bundle=bundle_of(stay)).update(bundle=aside)
    # Closed first: the end of a stay lets open requests lapse, and this one is being granted.
    StayTransfer.objects.filter(pk=request.pk).update(state=StayTransfer.State.LAPSED, closed_at=at, closed_by=by)
    fresh = transfer_stay(stay, station=request.to, destination=request.destination, on=day, by=by, at=at)
    StayTransfer.objects.filter(pk=request.pk).update(state=StayTransfer.State.ACCEPTED, new_stay=fresh)
    OpenItem.objects.open().filter(bundle=aside).update(bundle=bundle_of(fresh))
    fresh = locked(fresh)
    for kind, unit in held.items():
        hand_over(fresh, kind, to=_successor(unit, stay, fresh), on=fresh.starts_on, by=by, at=at)
    _move_the_rest(stay, fresh)
    request.refresh_from_db()
    _record("stay_transfer.accepted", request, by=by, at=at)
    return fresh


def _successor(unit: Unit, stay: Stay, fresh: Stay) -> Unit:
    """Who answers at the new station for what the unit answered for at the old one."""
    if unit.pk == stay.station_id:
        return fresh.station
    if stay.destination is not None and stay.destination.is_under(unit) and not origin_of(stay).is_under(unit):
        return fresh.station if fresh.destination_id is None else fresh.destination
    return unit


def _move_the_rest(stay: Stay, fresh: Stay) -> None:
    """Items of no duty that the old station held: an arrival to verify, another matter."""
    of_duties = [topic for topics in TOPICS.values() for topic in topics]
    rest = OpenItem.objects.open().filter(bundle=bundle_of(fresh), unit=stay.station_id)
    rest.exclude(topic__in=of_duties).update(unit=fresh.station, unit_path=fresh.station_path)


@transaction.atomic
def refuse_transfer(request: StayTransfer, *, reason: str, by, at: datetime) -> StayTransfer:
    """The receiving station refuses, with a written reason (ReasonMissing, NotOpenAnyMore, NotConcerned)."""
    if not reason.strip():
        raise ReasonMissing
    request, _stay = _locked(request)
    if not Reach.of(by, Permission.STAY_TRANSFER).covers(request.to_path):
        raise NotConcerned
    return _close(request, StayTransfer.State.REFUSED, reason=reason, by=by, at=at)


@transaction.atomic
def withdraw_transfer(request: StayTransfer, *, by, at: datetime) -> StayTransfer:
    """The station that asked takes it back (NotOpenAnyMore, NotConcerned)."""
    request, _stay = _locked(request)
    if not Reach.of(by, Permission.STAY_TRANSFER).covers(request.station_path):
        raise NotConcerned
    return _close(request, StayTransfer.State.WITHDRAWN, reason="", by=by, at=at)


def _locked(request: StayTransfer) -> tuple[StayTransfer, Stay]:
    stay = locked(request.stay, open_only=False)
    fresh = StayTransfer.objects.select_for_update(of=("self",)).select_related("to", "destination").get(pk=request.pk)
    if fresh.state != StayTransfer.State.OPEN:
        raise NotOpenAnyMore
    return fresh, stay


def _close(request: StayTransfer, state: str, *, reason: str, by, at: datetime) -> StayTransfer:
    request.state, request.closing_reason = state, reason.strip()[:200]
    request.closed_at, request.closed_by = at, by
    request.save(update_fields=["state", "closing_reason", "closed_at", "closed_by"])
    _record(f"stay_transfer.{state}", request, by=by, at=at)
    return request


def _record(verb: str, request: StayTransfer, *, by, at: datetime) -> None:
    audit.record(
        verb, on=request, by=by, at=at, unit_path=request.station_path, person=str(request.stay.person_id),
        station=request.station_id, to=request.to_id,
    )  # fmt: skip
