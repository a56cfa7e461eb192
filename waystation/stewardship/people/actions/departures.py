"""Departures: the origin's side of a member's moving."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from waystation.kernel import audit
from waystation.organizations.models import Unit
from waystation.stewardship.people import signals
from waystation.stewardship.people.actions.errors import (
    AlreadyDeparted,
    AlreadyOnFile,
    NoMember,
    NotPending,
    ReasonMissing,
)
from waystation.stewardship.people.actions.stays import end_stay
from waystation.stewardship.people.claims import Claim, fill
from waystation.stewardship.people.models import Departure, Membership, Person, Stay


def build_person(claim: Claim, *, home: Unit | None, at: datetime) -> tuple[Person, Membership | None]:
    """An unsaved person with the claim's columns and, if `home` is a branch, the unsaved membership there."""
    person = Person(created_at=at, home=home, home_path=home.path if home else "")
    fill(person, claim)
    membership = None
    if home is not None and home.kind == Unit.Kind.BRANCH:
        membership = Membership(person=person, branch=home, starts_on=_day(claim.joined) or timezone.localdate(at))
    return person, membership


def _day(partial: str) -> date | None:
    """The first day of a partial date."""
    parts = [int(part) for part in partial.split("-")] if partial else []
    return date(*[*parts, 1, 1][:3]) if parts else None


def build_departure(
    person: Person, claim: Claim, *, origin: Unit, station: Unit | None, destination: Unit | None, by, at: datetime,
    kind: str = Departure.Kind.MOBILE, range_chosen: str = "",
) -> Departure:  # fmt: skip
    """An unsaved departure. Without a station inside the system the member simply has departed.

    The range that somebody chose counts only where no unit of the tree tells it.
    """
    departure = Departure(
        person=person, kind=kind, origin=origin, origin_path=origin.path, station=station,
        station_path=station.path if station else "", destination=destination, created_at=at, created_by=by,
        state=Departure.State.PENDING if station else Departure.State.DEPARTED,
        range_chosen="" if station or destination else range_chosen,
    )  # fmt: skip
    fill(departure, claim)
    return departure


@transaction.atomic
def register_departure(
    claim: Claim, *, origin: Unit, by, at: datetime, station: Unit | None = None, destination: Unit | None = None,
    person: Person | None = None, kind: str = Departure.Kind.MOBILE, range_chosen: str = "",
) -> Departure:  # fmt: skip
    """Register that a member leaves (条例 2019, art. 32), opening a file if there is none.

    Refuses a second open departure of the person (AlreadyDeparted), a new file for an ID number that another file
    holds (AlreadyOnFile), and who is no member any more (NoMember).
    """
    events = []
    if person is None:
        person, membership = build_person(claim, home=origin, at=at)
        try:
            with transaction.atomic():
                person.save(force_insert=True)
        except IntegrityError as error:
            raise AlreadyOnFile from error
        if membership is not None:
            membership.save(force_insert=True)
        events.append({"verb": "person.registered", "on": person, "unit_path": person.home_path})
    elif Person.objects.filter(pk=person.pk, party_status__in=Person.ENDED).exists():
        raise NoMember
    departure = build_departure(
        person, claim, origin=origin, station=station, destination=destination, by=by, at=at, kind=kind,
        range_chosen=range_chosen,
    )  # fmt: skip
    try:
        with transaction.atomic():
            departure.save(force_insert=True)
    except IntegrityError as error:
        if Departure.objects.open().filter(person=person).exists():
            raise AlreadyDeparted(Departure.objects.open().get(person=person)) from error
        raise
    # Those who hear of it lock rows of the board; the head of the trail is locked last in every act.
    signals.departure_registered.send(sender=Departure, departure=departure)
    events.append({"verb": "departure.registered", "on": departure, "unit_path": origin.path, "person": str(person.pk)})
    audit.record_many(events, by=by, at=at)
    return departure


@transaction.atomic
def describe_move(departure: Departure, *, place_kind: str, range_chosen: str, by, at: datetime) -> Departure:
    """Say anew to what kind of place the member went (外出流向), and how far where no unit of the tree tells it.

    Refuses a closed departure (NotPending). A range that the tree tells better is not kept.
    """
    row = Departure.objects.select_for_update().open().filter(pk=departure.pk).first()
    if row is None:
        raise NotPending
    said = {"place_kind": place_kind, "range_chosen": "" if row.station_id or row.destination_id else range_chosen}
    changes = {name: [getattr(row, name), value] for name, value in said.items() if getattr(row, name) != value}
    if not changes:
        return row
    for name, (_before, after) in changes.items():
        setattr(row, name, after)
    row.save(update_fields=list(changes))
    audit.record(
        "departure.described", on=row, by=by, at=at, unit_path=row.origin_path, fields=sorted(changes),
        person=str(row.person_id), changes=changes,
    )  # fmt: skip
    return row


@transaction.atomic
def cancel_departure(departure: Departure, *, reason: str, by, at: datetime) -> Departure:
    """Take back a pending departure: the member did not leave. Refuses any other state (NotPending)."""
    return _close(departure, Departure.State.CANCELLED, "departure.cancelled", reason, by, at)


@transaction.atomic
def refuse_departure(departure: Departure, *, reason: str, by, at: datetime) -> Departure:
    """The station sends a pending departure back, with a written reason (ReasonMissing, NotPending)."""
    if not reason.strip():
        raise ReasonMissing
    return _close(departure, Departure.State.REFUSED, "departure.refused", reason, by, at)


def _close(departure: Departure, state: str, verb: str, reason: str, by, at: datetime) -> Departure:
    # The WHERE clause is the lock: of two people deciding at once, one updates no row.
    mine = Departure.objects.pending().filter(pk=departure.pk)
    if not mine.update(state=state, closed_at=at, closed_by=by, closing_reason=reason.strip()[:200]):
        raise NotPending
    departure.refresh_from_db()
    signals.departure_closed.send(sender=Departure, departure=departure)
    audit.record(verb, on=departure, by=by, at=at, unit_path=departure.origin_path, person=str(departure.person_id))
    return departure


@transaction.atomic
def return_home(departure: Departure, *, on: date, by, at: datetime, remark: str = "") -> Departure:
    """The member is back (回归): the open stay ends that day and the departure closes.

    A pending departure closes too: the member came back without ever reporting. Refuses a closed one (NotPending).
    """
    departure = _end(departure, Departure.State.RETURNED, Stay.Ending.RETURNED, on=on, remark=remark, by=by, at=at)
    audit.record(
        "departure.returned", on=departure, by=by, at=at, unit_path=departure.origin_path,
        person=str(departure.person_id), returned_on=on.isoformat(),
    )  # fmt: skip
    return departure


@transaction.atomic
def close_transferred(departure: Departure, *, on: date, by, at: datetime, remark: str = "") -> Departure:
    """The formal relation went where the member lives (条例 2019, art. 25): nobody came home, and nobody is away.

    The open stay ends that day and the departure closes, a pending one too. Refuses a closed one (NotPending).
    """
    departure = _end(
        departure, Departure.State.TRANSFERRED, Stay.Ending.TRANSFERRED, on=on, remark=remark, by=by, at=at
    )
    audit.record(
        "departure.transferred", on=departure, by=by, at=at, unit_path=departure.origin_path,
        person=str(departure.person_id), transferred_on=on.isoformat(),
    )  # fmt: skip
    return departure


@transaction.atomic
def close_ended(departure: Departure, *, on: date, by, at: datetime) -> Departure:
    """Who was away is no member any more: the stay ends that day and the departure closes. Refuses a closed one."""
    departure = _end(departure, Departure.State.ENDED, Stay.Ending.ENDED, on=on, remark="", by=by, at=at)
    audit.record(
        "departure.ended", on=departure, by=by, at=at, unit_path=departure.origin_path,
        person=str(departure.person_id), ended_on=on.isoformat(),
    )  # fmt: skip
    return departure


def _end(departure: Departure, state: str, ending: str, *, on: date, remark: str, by, at: datetime) -> Departure:
    """Close an open departure and end the stay that followed from it."""
    mine = Departure.objects.open().filter(pk=departure.pk)
    if not mine.update(state=state, closed_at=at, closed_by=by, closing_reason=remark.strip()[:200]):
        raise NotPending
    departure.refresh_from_db()
    signals.departure_closed.send(sender=Departure, departure=departure)
    stay = Stay.objects.open().filter(departure=departure).first()
    if stay is not None:
        end_stay(stay, on=max(on, stay.starts_on), ending=ending, by=by, at=at)
    return departure
