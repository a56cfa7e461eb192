"""What hangs on a unit that people belong to, leave or live in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.db.models import Q
from django.utils.translation import ngettext

from waystation.organizations import closing
from waystation.organizations.models import Unit
from waystation.stewardship.people.models import Arrival, Departure, Membership, Stay


@closing.register
def members(unit: Unit, on: date) -> Iterator[tuple[int, str]]:
    """Those whose formal relation is with the branch."""
    n = Membership.objects.filter(branch=unit, ends_on=None).count()
    yield n, ngettext("%(n)d formal relation", "%(n)d formal relations", n) % {"n": n}


@closing.register
def stays(unit: Unit, on: date) -> Iterator[tuple[int, str]]:
    """Members in the care of the station, or living in the community."""
    n = Stay.objects.open().filter(Q(station=unit) | Q(destination=unit)).count()
    yield n, ngettext("%(n)d open stay", "%(n)d open stays", n) % {"n": n}


@closing.register
def registers(unit: Unit, on: date) -> Iterator[tuple[int, str]]:
    """Departures not closed, of the origin or awaited at the station, and arrivals that nobody has verified."""
    n = Departure.objects.filter(
        Q(origin=unit, state__in=Departure.OPEN) | Q(station=unit, state=Departure.State.PENDING)
    ).count()
    yield n, ngettext("%(n)d open departure", "%(n)d open departures", n) % {"n": n}
    n = Arrival.objects.pending().filter(Q(station=unit) | Q(home=unit)).count()
    yield n, ngettext("%(n)d arrival to be verified", "%(n)d arrivals to be verified", n) % {"n": n}
