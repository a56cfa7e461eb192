"""The rooms of a station in the order in which its functions are named."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import OuterRef, Subquery

from waystation.stations.sites.models import Function, Room, Schedule, Station


def in_order(rooms: Iterable[Room]) -> list[Room]:
    """By function, as the city's guidance names them, then by name."""
    return sorted(rooms, key=lambda room: (Function.values.index(room.function), room.name, room.pk))


def rooms_of(station: Station, *, open_to: str = "") -> list[Room]:
    """The rooms in use of a station; with `open_to` those that are open to this circle."""
    rooms = Room.objects.in_use().filter(station=station)
    return in_order(rooms.filter(open_to=open_to) if open_to else rooms)


def with_own_hours(rooms: Iterable[Room], day) -> set:
    """The keys of those of the rooms that have hours of their own on the day; the others follow their station."""
    latest = Schedule.objects.filter(room=OuterRef("room"), starts_on__lte=day).order_by("-starts_on")
    own = Schedule.objects.filter(room__in=list(rooms), follows_station=False, starts_on__lte=day)
    return set(own.filter(pk=Subquery(latest.values("pk")[:1])).values_list("room", flat=True))
