"""What the demonstration shows of grids: drawn areas, terms, address words, and one split with its history."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from waystation.accounts.models import User
from waystation.organizations.models import Unit
from waystation.stewardship.grids.actions import Plan, edit_grid, set_leader, split_grid
from waystation.stewardship.grids.models import Grid, GridSuccession
from waystation.stewardship.grids.queries import free_codes, leaders_of

# Invented areas in and around the seat of Xiapu, side by side; the corners are not those of any real boundary.
_WEST, _SOUTH, _STEP = 119.975, 26.865, 0.022
_CELLS = {
    "01": [(0, 0), (1.1, 0), (1, 0.9), (0, 1)],
    "02": [(1.1, 0), (2.1, 0.1), (2, 1), (1, 0.9)],
    "03": [(2.1, 0.1), (3.2, 0), (3, 1.1), (2, 1)],
    "04": [(0, 1), (1, 0.9), (1.1, 1.9), (0.1, 2)],
    "05": [(1, 0.9), (2, 1), (2.1, 2), (1.1, 1.9)],
    "06": [(2, 1), (3, 1.1), (3.1, 2), (2.1, 2)],
}
_WORDS = {
    "01": ("山河路、三河", ""),
    "02": ("太康路、龙首路", ""),
    "03": ("福宁大道", "电商物流、货运驾驶"),
    "05": ("东关", "水产养殖"),
}


def build(*, station: Unit, at: datetime) -> int:
    """Add what is not there yet to the station of Xiapu; returns how much was added."""
    head = User.objects.get(username="xiapu.head")
    grids = {grid.code: grid for grid in Grid.objects.filter(station=station).select_related("unit", "station")}
    added = sum(_draw(grids[code], ring, head, at) for code, ring in _CELLS.items() if code in grids)
    if "01" in grids:
        added += _end_term(grids["01"], head, at)
    if "07" in grids and not GridSuccession.objects.filter(predecessor=grids["07"]).exists():
        added += _split(grids["07"], head, at)
    return added


def _draw(grid: Grid, ring: list, by, at: datetime) -> int:
    if grid.drawn or grid.unit.closed_on:
        return 0
    corners = [[round(_WEST + x * _STEP, 6), round(_SOUTH + y * _STEP, 6)] for x, y in ring]
    words, trades = _WORDS.get(grid.code, ("", ""))
    edit_grid(
        grid, code=grid.code, name=grid.unit.name, area=grid.area, communities=list(grid.communities.all()),
        drawn={"type": "Polygon", "coordinates": [[*corners, corners[0]]]}, address_words=words, trades=trades, by=by,
        at=at,
    )  # fmt: skip
    return 1


def _end_term(grid: Grid, by, at: datetime) -> int:
    """The leader of the first grid serves a term of two years that ends in three weeks."""
    today = timezone.localdate(at)
    held = leaders_of(grid, today)
    if not held or held[0].ends_on is not None:
        return 0
    set_leader(grid, user=held[0].user, starts_on=today, ends_on=today + timedelta(days=21), by=by, at=at)
    return 1


def _split(grid: Grid, by, at: datetime) -> int:
    """The last grid had grown too wide: its communities are shared out between two."""
    communities = list(grid.communities.order_by("path"))
    if len(communities) < 2:
        return 0
    half = len(communities) // 2
    one, two = free_codes(grid.station, 2)
    west, east = tuple(communities[:half]), tuple(communities[half:])
    split_grid(
        grid,
        Plan(one, f"第{int(one)}网格", area="、".join(unit.name for unit in west)[:200], communities=west),
        Plan(two, f"第{int(two)}网格", area="、".join(unit.name for unit in east)[:200], communities=east),
        by=by,
        at=at - timedelta(days=20),
    )
    return 2
