"""What a user is to a person, and so which fields the user may see."""

from __future__ import annotations

from dataclasses import dataclass

from waystation.organizations.access import Reach, mandates_of
from waystation.organizations.models import Unit
from waystation.organizations.permissions import ROLES, Depth
from waystation.stewardship.people.models import Person

ORIGIN, STATION, GRID, DESTINATION = "origin", "station", "grid", "destination"
# The destination organisation helps with activities and places. It needs no numbers for that,
# so a role of that kind never carries any, whatever else its unit covers.
HELPING_ROLES = frozenset({"destination_contact"})


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
        helps = mandate.role in HELPING_ROLES
        if _covers(mandate, role, person.home_path):
            found.add(DESTINATION if helps else ORIGIN)
        if _covers(mandate, role, person.stay_path):
            found.add(DESTINATION if helps else _of_stay(mandate))
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


def caring_reach(user, reach: Reach) -> Reach:
    """The part of the reach in which the user answers for people; helping roles are left out."""
    paths, exact, units, roles = [], [], [], set()
    for mandate in mandates_of(user):
        role = ROLES.get(mandate.role)
        if role is None or reach.permission not in role.permissions:
            continue
        if mandate.role in HELPING_ROLES:
            continue
        units.append(mandate.unit_id)
        roles.add(mandate.role)
        (paths if role.depth is Depth.SUBTREE else exact).append(mandate.unit.path)
    return Reach(reach.permission, tuple(units), tuple(paths), tuple(exact), frozenset(roles))
