"""What the buttons of a page may offer: a permission, held where the row lies."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import resolve

from waystation.organizations.access import Reach, permissions_of
from waystation.organizations.permissions import Permission
from waystation.stewardship.people.models import Arrival, Departure, Person
from waystation.stewardship.people.queries import sight
from waystation.stewardship.people.queries.timeline import Story

P = Permission


def holds(user, *permissions: Permission) -> dict[str, bool]:
    """Which of the permissions the user holds anywhere, by their names in lower case."""
    held = permissions_of(user)
    return {permission.name.lower(): permission in held for permission in permissions}


def reaches(user, permission: Permission, path: str) -> bool:
    return Reach.of(user, permission).covers(path)


def links(user) -> frozenset[str]:
    """Which pages the user may open from a file."""
    held = permissions_of(user)
    pages = {"departure": P.DEPARTURE_VIEW, "arrival": P.ARRIVAL_VIEW}
    return frozenset(page for page, permission in pages.items() if permission in held)


def keep_open_links(user, story: Story) -> None:
    """Let an entry lead on only where the user holds what the page behind it asks for."""
    held = permissions_of(user)
    for entry in story.entries:
        if entry.url and getattr(resolve(urlsplit(entry.url).path).func, "permission", None) not in held:
            entry.url = ""


def in_sight(user, person: Person) -> bool:
    """Whether the user may open the person's file."""
    return bool(sight(user, person, Reach.of(user, P.PERSON_VIEW)))


def cared_for_or_404(request, pk) -> Person:
    """A file in use within reach, of somebody for whom the user answers."""
    people = Person.objects.living().within(request.reach)
    try:
        person = get_object_or_404(people.select_related("home", "station", "destination"), pk=pk)
    except (ValueError, ValidationError):
        raise Http404 from None
    if not sight(request.user, person, request.reach).cares:
        raise Http404
    return person


def on_person(user, person: Person, story: Story) -> dict[str, bool]:
    """What the user may do with this file in its present state."""

    def cares(permission: Permission) -> bool:
        return sight(user, person, Reach.of(user, permission)).cares

    departure, stay = story.departure, story.stay
    return {
        "account": person.merged_into_id is None and cares(P.ACCOUNT_ISSUE),
        "correct": cares(P.PERSON_CORRECT),
        "reveal": cares(P.PERSON_REVEAL),
        "merge": cares(P.PERSON_MERGE),
        "print": cares(P.CARD_PRINT),
        "return": departure is not None and reaches(user, P.DEPARTURE_REGISTER, departure.origin_path),
        "end_stay": stay is not None and reaches(user, P.STAY_END, stay.station_path),
        "status": person.merged_into_id is None and cares(P.LOST_DECIDE),
        "depart": departure is None
        and person.party_status not in Person.ENDED
        and reaches(user, P.DEPARTURE_REGISTER, person.home_path),
    }


def on_departure(user, row: Departure) -> dict[str, bool]:
    """What the user may do with this departure in its present state."""
    pending = row.state == Departure.State.PENDING
    registers = row.state in Departure.OPEN and reaches(user, P.DEPARTURE_REGISTER, row.origin_path)
    return {
        "correct": registers,
        "cancel": pending and reaches(user, P.DEPARTURE_CANCEL, row.origin_path),
        "refuse": pending and reaches(user, P.ARRIVAL_REFUSE, row.station_path),
        "return": registers,
    }


def on_arrival(user, row: Arrival) -> dict[str, bool]:
    """What the user may do with this arrival in its present state."""
    pending = row.state == Arrival.State.PENDING
    return {"refuse": pending and reaches(user, P.ARRIVAL_REFUSE, row.station_path)}
