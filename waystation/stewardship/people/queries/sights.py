"""What a user is to a person, and so which fields the user may see."""

from __future__ import annotations

from dataclasses import dataclass

from waystation.organizations.access import Reach, mandates_of
from waystation.organizations.models import Unit
from waystation.organizations.permissions import ROLES, Depth
from waystation.stewardship.people.models import Person

ORIGIN, STATION, GRID, DESTINATION = "origin", "station", "grid", "destination"


@dataclass(frozen=True)
class Sight:
    """The relations of a viewer to a person. Nothing at all: not in sight."""

    relations: frozenset[str]

    @property
    def numbers(self) -> bool:
        """May the viewer see masked ID and phone numbers, and ask to have them shown?"""
        return bool(self.relations - {DESTINATION})

    @property
    def cares(self) -> bool:
        """Does the viewer answer for the person, as origin, station or grid leader?"""
        return self.numbers

    def __bool__(self) -> bool:
        return bool(self.relations)


def sight(user, person: Person, reach: Reach) -> Sight:
    """What the user is to the person, by the mandates that carry the reach's permission."""
    found = set()
    for mandate in mandates_of(user):
        role = ROLES.get(mandate.role)
        if role is None or reach.permission not in role.permissions:
            continue
        # The destination helps those who live with it; it needs no numbers for that, and those whose
        # home it is are another's to care for.
        if not role.helps:
            if _covers(mandate, role, person.home_path):
                found.add(ORIGIN)
            if _covers(mandate, role, person.stay_path):
                found.add(_of_stay(mandate))
        if _covers(mandate, role, person.destination_path):
            found.add(DESTINATION)
    return Sight(frozenset(found))


def _of_stay(mandate) -> str:
    return GRID if mandate.unit.kind == Unit.Kind.GRID else STATION


def _covers(mandate, role, path: str) -> bool:
    if not path:
        return False
    if role.depth is Depth.UNIT:
        return path == mandate.unit.path
    return path.startswith(mandate.unit.path)
