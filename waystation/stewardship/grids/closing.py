"""What hangs on a unit that is a grid, or of which a grid consists."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.utils.translation import ngettext

from waystation.organizations import closing
from waystation.organizations.models import Unit
from waystation.stewardship.grids.models import Grid, GridAssignment


@closing.register
def assigned(unit: Unit, on: date) -> Iterator[tuple[int, str]]:
    """Members in the grid."""
    n = GridAssignment.objects.filter(grid=unit.pk, ends_on=None).count()
    yield n, ngettext("%(n)d member in this grid", "%(n)d members in this grid", n) % {"n": n}


@closing.register
def grids(unit: Unit, on: date) -> Iterator[tuple[int, str]]:
    """Open grids to which the community belongs; those of a station stand among the units below it."""
    n = Grid.objects.filter(communities=unit, unit__closed_on=None).count()
    yield n, ngettext("%(n)d grid to which it belongs", "%(n)d grids to which it belongs", n) % {"n": n}
