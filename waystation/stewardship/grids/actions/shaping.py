"""The grids themselves: made, changed, closed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from waystation.kernel import audit
from waystation.organizations.actions import UnitInUse, close_unit, create_unit
from waystation.organizations.models import Unit
from waystation.stewardship.grids import areas
from waystation.stewardship.grids.actions.errors import GridRefused
from waystation.stewardship.grids.actions.leading import end_terms
from waystation.stewardship.grids.actions.placing import hold_grids
from waystation.stewardship.grids.models import Grid


def hold_station(station_id: int) -> Unit:
    """The station is the lock: of two changes that want one ground, the second sees the first."""
    return Unit.objects.select_for_update().get(pk=station_id)


@transaction.atomic
def create_grid(
    *, station: Unit, code: str, name: str, area: str = "", communities: Iterable[Unit] = (),
    drawn: dict | None = None, address_words: str = "", trades: str = "", opened_on: date | None = None, by,
    at: datetime,
) -> Grid:  # fmt: skip
    """Make a grid of the station, vacant and empty; it begins on the day itself or began on another.

    Refuses (GridRefused) a code the station uses already, a community that lies in another grid, and a drawn
    area that overlaps another's.
    """
    hold_station(station.pk)
    communities = list(communities)
    _refuse_taken(station, communities, drawn, besides=None)
    try:
        with transaction.atomic():
            unit = create_unit(name=name, kind=Unit.Kind.GRID, parent=station, opened_on=opened_on, by=by, at=at)
            grid = Grid.objects.create(
                unit=unit, station=station, code=code, area=area, drawn=drawn, address_words=address_words,
                trades=trades,
            )  # fmt: skip
    except IntegrityError as error:
        raise GridRefused(_("This station has a grid of that code or name already.")) from error
    grid.communities.set(communities)
    audit.record("grid.created", on=grid, by=by, at=at, unit_path=unit.path, code=code)
    return grid


def _refuse_taken(station: Unit, communities: list[Unit], drawn: dict | None, *, besides: Grid | None) -> None:
    """Ground lies in one grid of a station, or its members would have two grids to go to."""
    through = Grid.communities.through.objects.filter(
        grid__station=station, grid__unit__closed_on=None, unit__in=communities
    )
    others = Grid.objects.filter(station=station, unit__closed_on=None, drawn__isnull=False).select_related("unit")
    if besides is not None:
        through, others = through.exclude(grid=besides), others.exclude(pk=besides.pk)
    taken = through.select_related("unit", "grid__unit").first()
    if taken is not None:
        raise GridRefused(
            _("%(community)s lies in %(grid)s already.") % {"community": taken.unit.name, "grid": taken.grid.unit.name}
        )
    for other in others if drawn is not None else ():
        if areas.overlap(drawn, other.drawn):
            raise GridRefused(_("The drawn area overlaps that of %(grid)s.") % {"grid": other.unit.name})


@transaction.atomic
def edit_grid(
    grid: Grid, *, code: str, name: str, area: str, communities: Iterable[Unit], drawn: dict | None = None,
    address_words: str = "", trades: str = "", by, at: datetime,
) -> Grid:  # fmt: skip
    """Give the grid another name, code or area. Its members stay where they are until moved.

    Refuses what `create_grid` refuses, and a closed grid.
    """
    hold_station(grid.station_id)
    communities = list(communities)
    refuse_closed(Unit.objects.get(pk=grid.pk))
    _refuse_taken(grid.station, communities, drawn, besides=grid)
    try:
        with transaction.atomic():
            Grid.objects.filter(pk=grid.pk).update(
                code=code, area=area, drawn=drawn, address_words=address_words, trades=trades
            )
            Unit.objects.filter(pk=grid.pk).update(name=name)
    except IntegrityError as error:
        raise GridRefused(_("This station has a grid of that code or name already.")) from error
    grid = Grid.objects.select_related("unit", "station").get(pk=grid.pk)
    grid.communities.set(communities)
    audit.record("grid.edited", on=grid, by=by, at=at, unit_path=grid.unit.path, code=code)
    return grid


def refuse_closed(unit: Unit) -> None:
    if unit.closed_on is not None:
        raise GridRefused(_("This grid is closed."))


@transaction.atomic
def close_grid(grid: Grid, *, on: date, by, at: datetime) -> Grid:
    """Close an empty grid from a day on, ending its leader's mandate.

    Refuses while members are in it (GridRefused): they must have another grid first.
    """
    grid = hold_grids([grid.pk])[grid.pk]
    refuse_closed(grid.unit)
    if grid.assignments.filter(ends_on=None).exists():
        raise GridRefused(_("Move its members to other grids first."))
    end_terms(grid, on=on, by=by, at=at)
    close_grid_unit(grid, on=on, by=by, at=at)
    audit.record("grid.closed", on=grid, by=by, at=at, unit_path=grid.unit.path)
    return grid


def close_grid_unit(grid: Grid, *, on: date, by, at: datetime, hands_over=()) -> None:
    """Close the unit of a grid; what still hangs on it refuses in the words of grids (GridRefused)."""
    try:
        close_unit(grid.unit, on=on, by=by, at=at, hands_over=hands_over)
    except UnitInUse as refusal:
        raise GridRefused(str(refusal)) from refusal
