"""Who is in which grid."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from waystation.kernel import audit
from waystation.kernel.ids import new_id
from waystation.organizations.models import Unit
from waystation.stewardship.grids.actions.errors import NotStaying, OtherStation
from waystation.stewardship.grids.models import Grid, GridAssignment
from waystation.stewardship.grids.proposing import propose
from waystation.stewardship.grids.queries import unassigned
from waystation.stewardship.people.models import Person, Stay

CHUNK = 500


def hold_grids(grids: Iterable) -> dict[int, Grid]:
    """Lock the grids (their keys) before any stay, always in one order, and read them as they are now.

    Whoever puts a member into a grid holds the grid, so that it is not closed, split or merged meanwhile.
    """
    ids = sorted(set(grids))
    list(Grid.objects.select_for_update().filter(pk__in=ids).order_by("pk").values_list("pk", flat=True))
    return Grid.objects.filter(pk__in=ids).select_related("unit", "station").in_bulk()


def hold_stays(stays: Iterable) -> list[Stay]:
    """Lock the stays (their keys) in one order, and read those that are open."""
    ids, found = sorted(set(stays)), []
    for start in range(0, len(ids), CHUNK):
        part = Stay.objects.select_for_update(of=("self",)).open().filter(pk__in=ids[start : start + CHUNK])
        found += part.order_by("pk")
    return found


@transaction.atomic
def assign(stay: Stay, grid: Grid, *, by, at: datetime) -> GridAssignment:
    """Put a member in care into a grid of that station, leaving the grid of before, if any.

    Refuses an ended stay (NotStaying) and a grid of another station or a closed one (OtherStation).
    """
    grid = hold_grids([grid.pk])[grid.pk]
    # The row of the stay is the lock: of two assignments at once the second moves the member on.
    held = hold_stays([stay.pk])
    if not held:
        raise NotStaying
    place([(held[0], grid)], by=by, at=at)
    return held[0].grid_assignments.get(ends_on=None)


@transaction.atomic
def unassign(stay: Stay, *, by, at: datetime) -> bool:
    """Take a member out of the grid; the station itself cares until another is chosen."""
    stay = Stay.objects.select_for_update().get(pk=stay.pk)
    held = list(stay.grid_assignments.filter(ends_on=None).select_related("grid__unit"))
    if not held:
        return False
    _end(held, on=timezone.localdate(at))
    path = stay.station_path if stay.ends_on is None else ""
    Person.objects.filter(pk=stay.person_id).update(stay_path=path)
    person = str(stay.person_id)
    for row in held:
        unit_path = row.grid.unit.path
        audit.record("grid.left", on=row, by=by, at=at, unit_path=unit_path, person=person)
    return True


def _end(rows: Iterable[GridAssignment], *, on: date) -> None:
    """End open assignments on a day; one that starts later ends where it starts."""
    ids = [row.pk for row in rows]
    for start in range(0, len(ids), CHUNK):
        open_rows = GridAssignment.objects.filter(pk__in=ids[start : start + CHUNK], ends_on=None)
        open_rows.filter(starts_on__gt=on).update(ends_on=F("starts_on"))
        open_rows.update(ends_on=on)


@transaction.atomic
def accept_proposals(station: Unit, *, stays: Iterable | None = None, by, at: datetime) -> int:
    """Put everybody without a grid into the one proposed by community, address or trade.

    `stays` narrows it to those ids. The proposals are worked out anew inside the transaction, so
    nobody is put into a grid that was proposed before the grids changed. Returns how many.
    """
    grids = hold_grids(station.grids.filter(unit__closed_on=None).values_list("pk", flat=True))
    waiting = unassigned(station)
    if stays is not None:
        waiting = waiting.filter(pk__in=list(stays))
    held = [stay.pk for stay in hold_stays(waiting.values_list("pk", flat=True))]
    proposed = propose(unassigned(station).filter(pk__in=held), station)
    return place([(stay, grids[found.grid.pk]) for stay, found in proposed], by=by, at=at)


@transaction.atomic
def assign_many(stays: Iterable, grid: Grid, *, by, at: datetime) -> int:
    """Put those of the stays (ids) that wait for a grid into this one; returns how many."""
    grid = hold_grids([grid.pk])[grid.pk]
    waiting = set(unassigned(grid.station).filter(pk__in=list(stays)).values_list("pk", flat=True))
    held = hold_stays(waiting)
    still = set(unassigned(grid.station).filter(pk__in=waiting).values_list("pk", flat=True))
    return place([(stay, grid) for stay in held if stay.pk in still], by=by, at=at)


@transaction.atomic
def move_all(stays: Iterable[Stay], grid: Grid | None, *, by, at: datetime) -> int:
    """Put each member into the grid, or take each out of theirs if it is None; returns how many moved.

    Whoever is there already, or not in the care of the station any more, is left as is.
    """
    if grid is None:
        return sum(unassign(stay, by=by, at=at) for stay in stays)
    grid = hold_grids([grid.pk])[grid.pk]
    held = [stay for stay in hold_stays(stay.pk for stay in stays) if stay.station_id == grid.station_id]
    return place([(stay, grid) for stay in held], by=by, at=at)


def place(pairs: list[tuple[Stay, Grid]], *, by, at: datetime) -> int:
    """Put each held stay into the held grid beside it; returns how many were not there already."""
    day = timezone.localdate(at)
    for stay, grid in pairs:
        _refuse_other_station(stay, grid)
    current = _current([stay.pk for stay, _grid in pairs])
    pairs = [(stay, grid) for stay, grid in pairs if _grid_of(current.get(stay.pk)) != grid.pk]
    _end([current[stay.pk] for stay, _grid in pairs if stay.pk in current], on=day)
    fresh = [GridAssignment(**_columns(stay, grid, by, at)) for stay, grid in pairs]
    GridAssignment.objects.bulk_create(fresh, batch_size=CHUNK)
    _keep_paths(pairs)
    audit.record_many([_noted(row) for row in fresh], by=by, at=at)
    return len(fresh)


def _current(stays: list) -> dict:
    found = {}
    for start in range(0, len(stays), CHUNK):
        rows = GridAssignment.objects.filter(stay__in=stays[start : start + CHUNK], ends_on=None)
        found |= {row.stay_id: row for row in rows}
    return found


def _grid_of(row: GridAssignment | None) -> int | None:
    return None if row is None else row.grid_id


def _refuse_other_station(stay: Stay, grid: Grid) -> None:
    if grid.station_id != stay.station_id or grid.unit.closed_on is not None:
        raise OtherStation


def _columns(stay: Stay, grid: Grid, by, at: datetime) -> dict:
    return {
        "id": new_id(),
        "person_id": stay.person_id,
        "stay": stay,
        "grid": grid,
        "starts_on": timezone.localdate(at),
        "assigned_at": at,
        "assigned_by": by,
    }


def _keep_paths(pairs: list[tuple[Stay, Grid]]) -> None:
    """A file is found under the grid its member is in."""
    people = defaultdict(list)
    for stay, grid in pairs:
        people[grid.unit.path].append(stay.person_id)
    for path, ids in people.items():
        for start in range(0, len(ids), CHUNK):
            Person.objects.filter(pk__in=ids[start : start + CHUNK]).update(stay_path=path)


def _noted(row: GridAssignment) -> dict:
    return {"verb": "grid.assigned", "on": row, "unit_path": row.grid.unit.path, "person": str(row.person_id)}


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
