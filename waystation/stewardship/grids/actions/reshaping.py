"""A grid becomes two, or two become one; nobody is left without a grid, and the pages know from where all came."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from waystation.kernel import audit
from waystation.kernel.ids import new_id
from waystation.organizations.actions import grant_mandate
from waystation.organizations.models import Mandate, Unit
from waystation.stewardship.grids.actions.errors import GridRefused
from waystation.stewardship.grids.actions.leading import LEADER, end_terms
from waystation.stewardship.grids.actions.placing import hold_grids, hold_stays, place
from waystation.stewardship.grids.actions.shaping import close_grid_unit, create_grid, hold_station, refuse_closed
from waystation.stewardship.grids.closing import assigned
from waystation.stewardship.grids.models import Grid, GridSuccession
from waystation.stewardship.people.models import Stay


@dataclass(frozen=True)
class Plan:
    """A grid to be: its name, code and ground."""

    code: str
    name: str
    area: str = ""
    communities: tuple[Unit, ...] = ()
    drawn: dict | None = None
    address_words: str = ""
    trades: str = ""

    def columns(self) -> dict:
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


@transaction.atomic
def split_grid(
    grid: Grid, first: Plan, second: Plan, *, to_second: Iterable = (), leads_second: bool | None = False, by,
    at: datetime,
) -> tuple[Grid, Grid]:  # fmt: skip
    """Close the grid and open two in its place; each member comes into one of them in the same transaction.

    Into the second come the stays (ids) in `to_second` and the members of its communities, into the first all
    others. The leader goes on in the first, with `leads_second` in the second, with None in neither. Refuses
    (GridRefused) a closed grid, communities that are not shared out between the two, and what `create_grid`
    refuses.
    """
    _refuse_uneven(grid, first, second)
    wanted, near = set(to_second), {unit.pk for unit in second.communities}

    def part_of(stay: Stay) -> int:
        return 1 if stay.pk in wanted or stay.destination_id in near else 0

    heir = None if leads_second is None else int(leads_second)
    made = _reshape([grid], [first, second], part_of, [(grid, heir)], GridSuccession.Kind.SPLIT, by, at)
    return made[0], made[1]


def _refuse_uneven(grid: Grid, first: Plan, second: Plan) -> None:
    old = set(grid.communities.values_list("pk", flat=True))
    parts = [{unit.pk for unit in plan.communities} for plan in (first, second)]
    if parts[0] & parts[1] or parts[0] | parts[1] != old:
        raise GridRefused(_("Each community of the old grid belongs to exactly one of the two new ones."))


@transaction.atomic
def merge_grids(grids: tuple[Grid, Grid], plan: Plan, *, leader_of: Grid | None = None, by, at: datetime) -> Grid:
    """Close two grids of a station and open one in their place, with the members and communities of both.

    The leader of `leader_of`, one of the two, goes on. Refuses (GridRefused) a closed grid, two stations, one
    grid twice, and what `create_grid` refuses.
    """
    one, other = grids
    if one.pk == other.pk or one.station_id != other.station_id:
        raise GridRefused(_("Choose two different grids of one station."))
    heirs = [(grid, 0 if leader_of is not None and grid.pk == leader_of.pk else None) for grid in grids]
    return _reshape([one, other], [plan], lambda stay: 0, heirs, GridSuccession.Kind.MERGE, by, at)[0]


def _reshape(
    old: list[Grid], plans: list[Plan], part_of: Callable[[Stay], int], heirs: list, kind: str, by, at: datetime
) -> list[Grid]:
    """The one way from old grids to new ones. Locks: the station, the old grids, then the stays."""
    day = timezone.localdate(at)
    station = hold_station(old[0].station_id)
    held = hold_grids(grid.pk for grid in old)
    for grid in held.values():
        refuse_closed(grid.unit)
    inside = Stay.objects.filter(grid_assignments__grid__in=held, grid_assignments__ends_on=None)
    stays = {stay.pk: stay for stay in hold_stays(inside.values_list("pk", flat=True))}
    # Whoever left while the rows were being locked is not brought back.
    still = set(inside.filter(pk__in=stays).values_list("pk", flat=True))
    terms = [(mandate, heir) for grid, heir in heirs for mandate in end_terms(grid, on=day, by=by, at=at)]
    for grid in held.values():
        close_grid_unit(grid, on=day, by=by, at=at, hands_over=[assigned])
    made = [create_grid(station=station, by=by, at=at, **plan.columns()) for plan in plans]
    place([(stays[pk], made[part_of(stays[pk])]) for pk in still], by=by, at=at)
    _lead_on(terms, made, day, by, at)
    _remember(held.values(), made, kind, day, by, at)
    return made


def _lead_on(terms: list[tuple[Mandate, int | None]], made: list[Grid], day, by, at: datetime) -> None:
    for mandate, heir in terms:
        if heir is None:
            continue
        # The same term in the new grid: it ends when it would have ended.
        grant_mandate(
            user=mandate.user, role=LEADER, unit=made[heir].unit, starts_on=day, ends_on=mandate.ends_on, by=by, at=at
        )


def _remember(old: Iterable[Grid], made: list[Grid], kind: str, day, by, at: datetime) -> None:
    GridSuccession.objects.bulk_create(
        GridSuccession(
            id=new_id(), predecessor=grid, successor=new, kind=kind, happened_on=day, recorded_at=at, recorded_by=by
        )
        for grid in old
        for new in made
    )
    successors = [new.pk for new in made]
    for grid in old:
        verb = "grid.split" if kind == GridSuccession.Kind.SPLIT else "grid.merged"
        audit.record(verb, on=grid, by=by, at=at, unit_path=grid.unit.path, successors=successors)
