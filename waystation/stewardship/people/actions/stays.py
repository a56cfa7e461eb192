"""Stays: a verified member in the care of a station."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from waystation.kernel import audit
from waystation.kernel.fields import BlindIndexField, SealedField
from waystation.kernel.sealing import seal, unseal
from waystation.organizations.models import Unit
from waystation.stewardship.people import signals
from waystation.stewardship.people.actions.errors import AlreadyStaying, NotConfirmed, NotOpen, NotPending
from waystation.stewardship.people.models import Arrival, Departure, Person, Stay


@dataclass(frozen=True)
class Confirmation:
    """Who confirmed for a side, and when."""

    by: settings.AUTH_USER_MODEL
    at: datetime


@transaction.atomic
def open_stay(
    departure: Departure, arrival: Arrival, *, origin: Confirmation | None, station: Confirmation | None,
    override: Confirmation | None = None, override_reason: str = "", by, at: datetime, starts_on: date | None = None,
) -> Stay:  # fmt: skip
    """Take a member into care: the departure becomes "departed", the arrival "verified", the file complete.

    Refuses without both confirmations by two people, or one and a reasoned override (NotConfirmed); when
    either row was decided meanwhile (NotPending); when the person has an open stay (AlreadyStaying).
    """
    _refuse_unconfirmed(origin, station, override, override_reason)
    # The WHERE clauses are the locks: each row is settled once.
    if (
        not Departure.objects.open()
        .filter(pk=departure.pk)
        # From now on the station tells the range of the movement.
        .update(
            state=Departure.State.DEPARTED, station=arrival.station, station_path=arrival.station_path, range_chosen=""
        )
    ):
        raise NotPending
    if (
        not Arrival.objects.pending()
        .filter(pk=arrival.pk)
        .update(state=Arrival.State.SETTLED, person=departure.person_id, closed_at=at, closed_by=by)
    ):
        raise NotPending
    arrival.refresh_from_db()
    departure.refresh_from_db()
    stay = Stay(
        person_id=departure.person_id, departure=departure, arrival=arrival, station=arrival.station,
        station_path=arrival.station_path, destination=arrival.destination, opened_at=at,
        starts_on=starts_on or timezone.localdate(at), override_reason=override_reason.strip()[:200],
        **_dated("origin_confirmed", origin), **_dated("station_confirmed", station), **_dated("overridden", override),
    )  # fmt: skip
    _save(stay)
    _complete_file(departure.person_id, arrival, stay)
    # Those who hear of it lock rows of their own; the head of the trail is locked last in every act.
    signals.stay_opened.send(sender=Stay, stay=stay)
    audit.record(
        "stay.opened", on=stay, by=by, at=at, unit_path=stay.station_path, person=str(stay.person_id),
        overridden=override is not None,
    )  # fmt: skip
    return stay


def _save(stay: Stay) -> None:
    try:
        with transaction.atomic():
            stay.save(force_insert=True)
    except IntegrityError as error:
        if Stay.objects.open().filter(person_id=stay.person_id).exists():
            raise AlreadyStaying from error
        raise


def _refuse_unconfirmed(origin, station, override, reason: str) -> None:
    if override is not None:
        sides = [side.by.pk for side in (origin, station) if side is not None]
        if not sides or override.by.pk in sides or not reason.strip():
            raise NotConfirmed
    elif origin is None or station is None or origin.by.pk == station.by.pk:
        raise NotConfirmed


def _dated(prefix: str, side: Confirmation | None) -> dict:
    return {f"{prefix}_at": side.at if side else None, f"{prefix}_by": side.by if side else None}


# The station knows these better, the origin the rest; nothing that the file holds is overwritten by nothing.
_FROM_STATION = ("trade", "employer", "skill", "volunteers", "phone_mask", "phone_tail")
_IF_EMPTY = ("sex", "member_kind", "card_no", "nation", "education")
# Partial dates: "1978-02-25" says more than "1978-02", and does not contradict it.
_IF_FINER = ("born", "joined")


def _complete_file(person_id, arrival: Arrival, stay: Stay) -> None:
    """Bring address, trade and phone from the station's register into the person's file."""
    person = Person.objects.select_for_update().get(pk=person_id)
    changed = ["station", "stay_path", "destination", "destination_path", "version"]
    person.station, person.stay_path = stay.station, stay.station_path
    person.destination, person.destination_path = arrival.destination, arrival.destination_path
    person.version += 1
    for name in ("address", "hardship"):
        text = unseal(arrival, name)
        if text:
            seal(person, name, text)
            changed.append(name)
    if unseal(arrival, "phone"):
        for name in ("phone", "other_phone"):
            seal(person, name, unseal(arrival, name))
            setattr(person, f"{name}_index", getattr(arrival, f"{name}_index"))
            changed += [name, f"{name}_index"]
    for name in _FROM_STATION:
        if getattr(arrival, name) not in ("", None):
            setattr(person, name, getattr(arrival, name))
            changed.append(name)
    for name in _IF_EMPTY:
        if not getattr(person, name) and getattr(arrival, name):
            setattr(person, name, getattr(arrival, name))
            changed.append(name)
    for name in _IF_FINER:
        ours, theirs = getattr(person, name), getattr(arrival, name)
        if theirs != ours and theirs.startswith(ours):
            setattr(person, name, theirs)
            changed.append(name)
    changed += _take_id_number(person, arrival)
    person.save(update_fields=changed)


def _take_id_number(person: Person, arrival: Arrival) -> list[str]:
    """The arrival's whole ID number completes a file that has none or only a damaged one."""
    whole = ("valid", "upgraded")
    if person.id_state in whole or arrival.id_state not in whole:
        return []
    if Person.objects.living().filter(id_index=arrival.id_index).exclude(pk=person.pk).exists():
        return []  # another living file holds it: a human must merge the two first
    seal(person, "id_number", unseal(arrival, "id_number"))
    person.id_index, person.id_mask, person.id_state = arrival.id_index, arrival.id_mask, arrival.id_state
    return ["id_number", "id_index", "id_mask", "id_state"]


@transaction.atomic
def end_stay(stay: Stay, *, on: date, ending: str, by, at: datetime) -> Stay:
    """End the stay on a day (excluded); the file leaves the station's reach for new things. Refuses an ended one."""
    mine = Stay.objects.open().filter(pk=stay.pk)
    if not mine.update(ends_on=max(on, stay.starts_on), ending=ending):
        raise NotOpen
    stay.refresh_from_db()
    Person.objects.filter(pk=stay.person_id).update(station=None, stay_path="", destination=None, destination_path="")
    signals.stay_ended.send(sender=Stay, stay=stay)
    audit.record(
        "stay.ended", on=stay, by=by, at=at, unit_path=stay.station_path, person=str(stay.person_id), ending=ending
    )
    return stay


# --- from one station to another ------------------------------------------------------------------

_CONFIRMED = (
    "origin_confirmed_at", "origin_confirmed_by", "station_confirmed_at", "station_confirmed_by", "overridden_at",
    "overridden_by", "override_reason",
)  # fmt: skip


@transaction.atomic
def transfer_stay(stay: Stay, *, station: Unit, destination: Unit | None, on: date, by, at: datetime) -> Stay:
    """The care of a member passes to another station on a day; returns the stay there.

    The first stay ends and the second opens with the confirmations of the first: who the person is has been
    verified once. The receiving station's register gets the arrival as the first one wrote it. Refuses an
    ended stay (NotOpen) and one whose departure is closed (NotPending).
    """
    stay = end_stay(stay, on=on, ending=Stay.Ending.MOVED_ON, by=by, at=at)
    open_one = Departure.objects.open().filter(pk=stay.departure_id)
    if not open_one.update(station=station, station_path=station.path, range_chosen=""):
        raise NotPending
    arrival = _arrival_again(stay.arrival, station=station, destination=destination, by=by, at=at)
    arrival.save(force_insert=True)
    fresh = Stay(
        person_id=stay.person_id, departure_id=stay.departure_id, arrival=arrival, station=station,
        station_path=station.path, destination=destination, starts_on=stay.ends_on, opened_at=at,
        **{name: getattr(stay, name) for name in _CONFIRMED},
    )  # fmt: skip
    _save(fresh)
    Person.objects.filter(pk=stay.person_id).update(
        station=station, stay_path=station.path, destination=destination,
        destination_path=destination.path if destination else "", version=F("version") + 1,
    )  # fmt: skip
    signals.stay_opened.send(sender=Stay, stay=fresh)
    audit.record(
        "stay.opened", on=fresh, by=by, at=at, unit_path=fresh.station_path, person=str(fresh.person_id),
        transferred_from=str(stay.pk),
    )  # fmt: skip
    return fresh


def _arrival_again(arrival: Arrival, *, station: Unit, destination: Unit | None, by, at: datetime) -> Arrival:
    """The same arrival in the register of another station, verified already; sealed values open on it."""
    own = (SealedField, BlindIndexField)
    names = [f.attname for f in Arrival._meta.concrete_fields if not isinstance(f, own) and not f.primary_key]
    again = Arrival(**{name: getattr(arrival, name) for name in names})
    for field in Arrival._meta.concrete_fields:
        if isinstance(field, SealedField):
            seal(again, field.name, unseal(arrival, field.name))
    day = timezone.localdate(at).isoformat()
    again.station, again.station_path, again.arrived, again.registered = station, station.path, day, day
    again.destination, again.destination_path = destination, destination.path if destination else ""
    again.destination_text = destination.name if destination else ""
    again.created_at, again.created_by, again.closed_at, again.closed_by = at, by, at, by
    return again
