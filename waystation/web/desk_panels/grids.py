"""Each grid that the user leads, with the members to see this week and the reason for each."""

from __future__ import annotations

from collections.abc import Iterator

from waystation.organizations.access import mandates_of
from waystation.organizations.permissions import Permission
from waystation.stewardship.contacts.queries import week_of
from waystation.stewardship.grids import queries as grids
from waystation.web.desk_items.core import Desk
from waystation.web.desk_panels.core import Panel, panel


@panel(Permission.GRID_VIEW)
def led(desk: Desk) -> Iterator[Panel]:
    units = [m.unit_id for m in mandates_of(desk.user) if m.role == "grid_leader"]
    if not units:
        return
    for grid in grids.in_use().filter(pk__in=units).order_by("unit__path"):
        due = week_of(grid.unit, desk.today)
        yield Panel("web/panels/grid.html", {"grid": grid, "due": due})
