"""Writes on grids: their area, their leader, and who is in them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from waystation.kernel import audit
from waystation.kernel.ids import new_id
from waystation.organizations.actions import close_unit, create_unit, end_mandate, grant_mandate
from waystation.organizations.models import Mandate, Unit
from waystation.stewardship.grids.models import Grid, GridAssignment
from waystation.stewardship.grids.queries import leaders_of, unassigned, with_proposals
from waystation.stewardship.people.models import Person, Stay

LEADER = "grid_leader"


class GridRefused(Exception):
    """The grid cannot be so; the sentence says why."""


class NotStaying(GridRefused):
    """Only a member with an open stay at the station belongs to one of its grids."""

    def __init__(self):
        super().__init__(_("This member is not in the care of the station any more."))


class OtherStation(GridRefused):
    """The grid belongs to another station than the stay."""

    def __init__(self):
        super().__init__(_("This grid belongs to another station."))


# --- the grid itself ------------------------------------------------------------------------------


@transaction.atomic
def create_grid(
    *,
    station: Unit,
    code: str,
    name: str,
    area: str = "",
    communities: Iterable[Unit] = (),
    by,
    at: datetime,
) -> Grid:
    """Make a grid of the station, vacant and empty.

    Refuses (GridRefused) a code the station uses already and a community that lies in another grid.
    """
    communities = list(communities)
    _refuse_taken(station, communities, besides=None)
    try:
        with transaction.atomic():
            unit = create_unit(name=name, kind=Unit.Kind.GRID, parent=station, by=by, at=at)
            grid = Grid.objects.create(unit=unit, station=station, code=code, area=area)
    except IntegrityError as error:
        raise GridRefused(_("This station has a grid of that code or name already.")) from error
    grid.communities.set(communities)
    audit.record("grid.created", on=grid, by=by, at=at, unit_path=unit.path, code=code)
    return grid


def _refuse_taken(station: Unit, communities: list[Unit], *, besides: Grid | None) -> None:
    """A community lies in one grid of a station, or its members would have two grids to go to."""
    through = Grid.communities.through.objects.filter(
        grid__station=station, grid__unit__closed_on=None, unit__in=communities
    )
    if besides is not None:
        through = through.exclude(grid=besides)
    taken = through.select_related("unit", "grid__unit").first()
    if taken is not None:
        raise GridRefused(
            _("%(community)s lies in %(grid)s already.") % {"community": taken.unit.name, "grid": taken.grid.unit.name}
        )


@transaction.atomic
def edit_grid(
    grid: Grid,
    *,
    code: str,
    name: str,
    area: str,
    communities: Iterable[Unit],
    by,
    at: datetime,
) -> Grid:
    """Give the grid another name, code or area. Its members stay where they are until moved.

    Refuses what `create_grid` refuses.
    """
    # The station is the lock: of two edits that want one community, the second sees the first.
    Unit.objects.select_for_update().get(pk=grid.station_id)
    communities = list(communities)
    _refuse_taken(grid.station, communities, besides=grid)
    try:
        with transaction.atomic():
            Grid.objects.filter(pk=grid.pk).update(code=code, area=area)
            Unit.objects.filter(pk=grid.pk).update(name=name)
    except IntegrityError as error:
        raise GridRefused(_("This station has a grid of that code or name already.")) from error
    grid = Grid.objects.select_related("unit", "station").get(pk=grid.pk)
    grid.communities.set(communities)
    audit.record("grid.edited", on=grid, by=by, at=at, unit_path=grid.unit.path, code=code)
    return grid


@transaction.atomic
def close_grid(grid: Grid, *, on: date, by, at: datetime) -> Grid:
    """Close an empty grid from a day on, ending its leader's mandate.

    Refuses while members are in it (GridRefused): they must have another grid first.
    """
    if grid.assignments.filter(ends_on=None).exists():
        raise GridRefused(_("Move its members to other grids first."))
    for mandate in leaders_of(grid, on):
        end_mandate(mandate, ends_on=on, by=by, at=at)
    close_unit(grid.unit, on=on, by=by, at=at)
    audit.record("grid.closed", on=grid, by=by, at=at, unit_path=grid.unit.path)
    return grid


# --- its leader -----------------------------------------------------------------------------------


@transaction.atomic
def set_leader(grid: Grid, *, user, starts_on: date, by, at: datetime) -> Mandate:
    """Let the user lead the grid from a day on; whoever led it until then stops that day.

    Refuses what `grant_mandate` refuses (MandateRefused).
    """
    unit = Unit.objects.select_for_update().get(pk=grid.pk)
    for mandate in leaders_of(grid, starts_on):
        end_mandate(mandate, ends_on=starts_on, by=by, at=at)
    return grant_mandate(user=user, role=LEADER, unit=unit, starts_on=starts_on, by=by, at=at)


@transaction.atomic
def vacate(grid: Grid, *, ends_on: date, by, at: datetime) -> int:
    """End the leader's mandate; the grid is vacant and shown so. Returns how many ended."""
    held = leaders_of(grid, ends_on)
    for mandate in held:
        end_mandate(mandate, ends_on=ends_on, by=by, at=at)
    return len(held)


# --- who is in it ---------------------------------------------------------------------------------


@transaction.atomic
def assign(stay: Stay, grid: Grid, *, by, at: datetime) -> GridAssignment:
    """Put a member in care into a grid of that station, leaving the grid of before, if any.

    Refuses an ended stay (NotStaying) and a grid of another station (OtherStation).
    """
    # The row of the stay is the lock: of two assignments at once the second moves the member on.
    stay = Stay.objects.select_for_update().get(pk=stay.pk)
    if stay.ends_on is not None:
        raise NotStaying
    _refuse_other_station(stay, grid)
    current = stay.grid_assignments.filter(ends_on=None).first()
    if current is not None:
        if current.grid_id == grid.pk:
            return current
        _end([current], on=at.date())
    made = GridAssignment.objects.create(**_columns(stay, grid, by, at))
    Person.objects.filter(pk=stay.person_id).update(stay_path=grid.unit.path)
    path, person = grid.unit.path, str(stay.person_id)
    audit.record("grid.assigned", on=made, by=by, at=at, unit_path=path, person=person)
    return made


def _refuse_other_station(stay: Stay, grid: Grid) -> None:
    if grid.station_id != stay.station_id or grid.unit.closed_on is not None:
        raise OtherStation


def _columns(stay: Stay, grid: Grid, by, at: datetime) -> dict:
    return {
        "id": new_id(),
        "person_id": stay.person_id,
        "stay": stay,
        "grid": grid,
        "starts_on": at.date(),
        "assigned_at": at,
        "assigned_by": by,
    }


@transaction.atomic
def unassign(stay: Stay, *, by, at: datetime) -> bool:
    """Take a member out of the grid; the station itself cares until another is chosen."""
    stay = Stay.objects.select_for_update().get(pk=stay.pk)
    held = list(stay.grid_assignments.filter(ends_on=None).select_related("grid__unit"))
    if not held:
        return False
    _end(held, on=at.date())
    path = stay.station_path if stay.ends_on is None else ""
    Person.objects.filter(pk=stay.person_id).update(stay_path=path)
    person = str(stay.person_id)
    for row in held:
        unit_path = row.grid.unit.path
        audit.record("grid.left", on=row, by=by, at=at, unit_path=unit_path, person=person)
    return True


def _end(rows: list[GridAssignment], *, on: date) -> None:
    for row in rows:
        ends_on = max(on, row.starts_on)
        GridAssignment.objects.filter(pk=row.pk, ends_on=None).update(ends_on=ends_on)


@transaction.atomic
def accept_proposals(station: Unit, *, stays: Iterable | None = None, by, at: datetime) -> int:
    """Put everybody without a grid into the one that the member's community lies in.

    `stays` narrows it to those ids. The proposals are worked out anew inside the transaction, so
    nobody is put into a grid that was proposed before the grids changed. Returns how many.
    """
    waiting = unassigned(station)
    if stays is not None:
        waiting = waiting.filter(pk__in=list(stays))
    ids = list(waiting.values_list("pk", flat=True))
    list(Stay.objects.select_for_update().filter(pk__in=ids).values_list("pk", flat=True))
    proposed = with_proposals(unassigned(station).filter(pk__in=ids), station)
    return _assign_all(station, proposed.exclude(proposed_grid=None), by=by, at=at)


@transaction.atomic
def assign_many(stays: Iterable, grid: Grid, *, by, at: datetime) -> int:
    """Put those of the stays (ids) that wait for a grid into this one; returns how many."""
    waiting = unassigned(grid.station).filter(pk__in=list(stays)).select_for_update(of=("self",))
    rows = list(waiting)
    for stay in rows:
        stay.proposed_grid = grid.pk
    return _assign_all(grid.station, rows, by=by, at=at)


@transaction.atomic
def move_all(stays: Iterable[Stay], grid: Grid | None, *, by, at: datetime) -> int:
    """Put each member into the grid, or take each out of theirs if it is None; returns how many."""
    moved = 0
    for stay in stays:
        if grid is None:
            moved += unassign(stay, by=by, at=at)
        else:
            assign(stay, grid, by=by, at=at)
            moved += 1
    return moved


def _assign_all(station: Unit, stays, *, by, at: datetime) -> int:
    grids = {grid.pk: grid for grid in station.grids.select_related("unit")}
    fresh, people = [], defaultdict(list)
    for stay in stays:
        grid = grids[stay.proposed_grid]
        _refuse_other_station(stay, grid)
        fresh.append(GridAssignment(**_columns(stay, grid, by, at)))
        people[grid.unit.path].append(stay.person_id)
    GridAssignment.objects.bulk_create(fresh, batch_size=500)
    for path, ids in people.items():
        for start in range(0, len(ids), 500):
            Person.objects.filter(pk__in=ids[start : start + 500]).update(stay_path=path)
    audit.record_many(
        [
            {
                "verb": "grid.assigned",
                "on": row,
                "unit_path": row.grid.unit.path,
                "person": str(row.person_id),
            }
            for row in fresh
        ],
        by=by,
        at=at,
    )
    return len(fresh)


# --- what lower apps tell -------------------------------------------------------------------------


@transaction.atomic
def leave_with_stay(stay: Stay, *, at: datetime) -> None:
    """A stay ended: whoever was in a grid by it is there no more from that day on."""
    for row in stay.grid_assignments.filter(ends_on=None).select_related("grid__unit"):
        _end([row], on=stay.ends_on)
        path, person = row.grid.unit.path, str(stay.person_id)
        audit.record("grid.left", on=row, by=None, at=at, unit_path=path, person=person)


@transaction.atomic
def follow_stays(people: Iterable[Person]) -> None:
    """After a merge or its undo: assignments belong to the person their stay belongs to, and the
    file of a member in a grid is found under that grid."""
    for person in people:
        GridAssignment.objects.filter(stay__person=person).exclude(person=person).update(person=person)
        held = GridAssignment.objects.filter(stay__person=person, stay__ends_on=None, ends_on=None).select_related(
            "grid__unit"
        )
        for row in held:
            Person.objects.filter(pk=person.pk).update(stay_path=row.grid.unit.path)
