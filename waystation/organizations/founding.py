"""The first act on an empty site: a tree of units and the three administrators, who do everything else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from waystation.accounts.actions import create_user
from waystation.organizations.actions import grant_mandate
from waystation.organizations.divisions import BadDivisions, load_divisions
from waystation.organizations.models import Unit
from waystation.organizations.permissions import ADMINISTRATORS


class AlreadyFounded(Exception):
    """The database has a tree; whoever comes later goes through the pages."""


@dataclass(frozen=True)
class Founder:
    """An administrator to be: the role, the name to sign in with and the person's own name."""

    role: str
    username: str
    full_name: str


@transaction.atomic
def found(path: Path, founders: list[Founder], *, at: datetime) -> tuple[int, list[tuple[Founder, str]]]:
    """Load the tree and open the three accounts; returns how many units and each founder's one-time password.

    All or nothing. Refuses a database that has units (AlreadyFounded), a file that is not one city's divisions
    (BadDivisions), and, as everywhere, one name for two people (UsernameTaken).
    """
    if Unit.objects.exists():
        raise AlreadyFounded
    if {founder.role for founder in founders} != ADMINISTRATORS or len(founders) != len(ADMINISTRATORS):
        raise ValueError("A site is founded with one person for each of the three administrators' roles.")
    units = load_divisions(path, seats=set(), by=None, at=at)
    cities = list(Unit.objects.filter(kind=Unit.Kind.CITY))
    if len(cities) != 1:
        raise BadDivisions(f"the file holds {len(cities)} cities; a site has one")
    return units, [(founder, _appoint(founder, cities[0], at=at)) for founder in founders]


def _appoint(founder: Founder, city: Unit, *, at: datetime) -> str:
    user, password = create_user(founder.username, founder.full_name, by=None, at=at)
    grant_mandate(user=user, role=founder.role, unit=city, starts_on=timezone.localdate(at), by=None, at=at)
    return password
