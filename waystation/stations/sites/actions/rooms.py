"""Writes on rooms and facilities."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from waystation.kernel import audit
from waystation.stations.sites.actions.errors import RoomRefused
from waystation.stations.sites.models import Room, Station

EDITABLE = ("name", "function", "capacity", "equipment", "open_to", "note")


def _taken() -> RoomRefused:
    return RoomRefused(_("The station has a room of this name already."))


@transaction.atomic
def open_room(station: Station, *, opened_on: date, by, at: datetime, **facts) -> Room:
    """Add a room with its facts (EDITABLE). Refuses a name that a room in use has already (RoomRefused)."""
    if station.unit.closed_on is not None:
        raise RoomRefused(_("This station is closed."))
    try:
        with transaction.atomic():
            room = Room.objects.create(station=station, opened_on=opened_on, **{name: facts[name] for name in EDITABLE})
    except IntegrityError as error:
        raise _taken() from error
    audit.record("room.opened", on=room, by=by, at=at, unit_path=station.unit.path, name=room.name, opened_on=opened_on)
    return room


def _locked(room: Room) -> Room:
    rows = Room.objects.select_for_update(of=("self",)).select_related("station__unit")
    return rows.get(pk=room.pk)


@transaction.atomic
def edit_room(room: Room, *, by, at: datetime, **facts) -> Room:
    """Bring the facts of a room up to date; the audit event holds what each was before.

    Refuses a room that is closed and a name that another room in use has (RoomRefused).
    """
    fresh = _locked(room)
    if fresh.closed_on is not None:
        raise RoomRefused(_("This room is closed. Open it again first."))
    changes = {name: [getattr(fresh, name), facts[name]] for name in EDITABLE if getattr(fresh, name) != facts[name]}
    if not changes:
        return fresh
    for name, (_before, after) in changes.items():
        setattr(fresh, name, after)
    try:
        with transaction.atomic():
            fresh.save(update_fields=list(changes))
    except IntegrityError as error:
        raise _taken() from error
    path = fresh.station.unit.path
    audit.record("room.edited", on=fresh, by=by, at=at, fields=changes, unit_path=path, changes=changes)
    return fresh


@transaction.atomic
def close_room(room: Room, *, on: date, reason: str, by, at: datetime) -> Room:
    """Close a room for good from a day on; it stays on record. Closing it twice changes nothing.

    Refuses a day before it was opened, a day to come, and no reason (RoomRefused).
    """
    fresh = _locked(room)
    if fresh.closed_on is not None:
        return fresh
    if not reason.strip():
        raise RoomRefused(_("Write why the room is closed."))
    if not fresh.opened_on <= on <= timezone.localdate(at):
        raise RoomRefused(_("A room is closed today or on a day since it was opened."))
    fresh.closed_on, fresh.closing_reason = on, reason.strip()
    fresh.save(update_fields=["closed_on", "closing_reason"])
    path = fresh.station.unit.path
    audit.record("room.closed", on=fresh, by=by, at=at, unit_path=path, closed_on=on, reason=reason)
    return fresh


@transaction.atomic
def reopen_room(room: Room, *, by, at: datetime) -> Room:
    """Take the closing back. Refuses if another room took its name meanwhile (RoomRefused)."""
    fresh = _locked(room)
    if fresh.closed_on is None:
        return fresh
    fresh.closed_on, fresh.closing_reason = None, ""
    try:
        with transaction.atomic():
            fresh.save(update_fields=["closed_on", "closing_reason"])
    except IntegrityError as error:
        raise _taken() from error
    audit.record("room.reopened", on=fresh, by=by, at=at, unit_path=fresh.station.unit.path)
    return fresh
