"""What a user is to a person, and so which fields the user may see."""

from __future__ import annotations

from dataclasses import dataclass

from waystation.organizations.access import Reach, mandates_of
from waystation.organizations.models import Unit
from waystation.organizations.permissions import ROLES, Depth, Permission
from waystation.stewardship.people.models import Person

ORIGIN, STATION, GRID, DESTINATION = "origin", "station", "grid", "destination"


@dataclass(frozen=True)
class Sight:
    """The relations of a viewer to a person. Nothing at all: not in sight."""

    relations: frozenset[str]
    roles: frozenset[tuple[str, str]] = frozenset()  # each relation with the role that makes it

    @property
    def numbers(self) -> bool:
        """May the viewer see masked ID and phone numbers, and ask to have them shown?"""
        return bool(self.relations - {DESTINATION})

    @property
    def cares(self) -> bool:
        """Does the viewer answer for the person, as origin, station or grid leader?"""
        return self.numbers

    def may(self, permission: Permission, *relations: str) -> bool:
        """Does a role that makes one of the relations carry the permission? Without any named: one that cares.

        What the viewer may do with other people does not count.
        """
        among = relations or (ORIGIN, STATION, GRID)
        return any(relation in among and permission in ROLES[role].permissions for relation, role in self.roles)

    def __bool__(self) -> bool:
        return bool(self.relations)


def sight(user, person: Person, reach: Reach) -> Sight:
    """What the user is to the person, by the mandates that carry the reach's permission."""
    found: set[tuple[str, str]] = set()
    for mandate in mandates_of(user):
        role = ROLES.get(mandate.role)
        if role is None or reach.permission not in role.permissions:
            continue
        # The destination helps those who live with it; it needs no numbers for that, and those whose
        # home it is are another's to care for.
        if not role.helps:
            if _covers(mandate, role, person.home_path):
                found.add((ORIGIN, mandate.role))
            if _covers(mandate, role, person.stay_path):
                found.add((_of_stay(mandate), mandate.role))
        if _covers(mandate, role, person.destination_path):
            found.add((DESTINATION, mandate.role))
    return Sight(frozenset(relation for relation, role in found), frozenset(found))


def _of_stay(mandate) -> str:
    return GRID if mandate.unit.kind == Unit.Kind.GRID else STATION


def _covers(mandate, role, path: str) -> bool:
    if not path:
        return False
    if role.depth is Depth.UNIT:
        return path == mandate.unit.path
    return path.startswith(mandate.unit.path)
