"""What the grids do with many people chosen on any list."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from waystation.organizations.access import Reach
from waystation.organizations.permissions import Permission
from waystation.stewardship.grids import actions
from waystation.stewardship.grids.models import Grid, GridAssignment
from waystation.stewardship.grids.queries import in_use
from waystation.stewardship.people import bulk_acts
from waystation.stewardship.people.models import Stay

MOST_TARGETS = 300


def _targets(user) -> list[tuple[str, str]]:
    reach = Reach.of(user, Permission.GRID_ASSIGN)
    grids = in_use().within(reach).order_by("unit__path")[:MOST_TARGETS]
    return [(str(grid.pk), f"{grid.station.name} · {grid.unit.name}") for grid in grids]


def _staying(people: Iterable[UUID], grid: Grid):
    return Stay.objects.open().filter(person__in=list(people), station=grid.station_id)


def _preview(people: list[UUID], target: str, user) -> bulk_acts.Preview:
    grid = in_use().get(pk=int(target))
    staying = _staying(people, grid)
    inside = staying.count()
    held = GridAssignment.objects.filter(stay__in=staying, ends_on=None)
    here = held.filter(grid=grid).count()
    elsewhere = held.exclude(grid=grid).count()
    left = len(people) - inside
    remarks = [
        (elsewhere, ngettext("%(n)d of them leaves another grid.", "%(n)d of them leave another grid.", elsewhere)),
        (here, ngettext("%(n)d is in this grid already.", "%(n)d are in this grid already.", here)),
        (left, bulk_acts.not_in_care(left)),
    ]
    return bulk_acts.Preview(inside - here, tuple(words % {"n": n} for n, words in remarks if n))


def _run(people: list[UUID], target: str, *, by, at) -> int:
    grid = in_use().get(pk=int(target))
    return actions.move_all(_staying(people, grid), grid, by=by, at=at)


bulk_acts.register(
    bulk_acts.BulkAct(
        name="grid",
        label=_("Put into a grid"),
        target_label=_("Grid"),
        permission=Permission.GRID_ASSIGN,
        targets=_targets,
        preview=_preview,
        run=_run,
        done=lambda n: ngettext("%(n)d member was moved.", "%(n)d members were moved.", n) % {"n": n},
        refusals=(actions.GridRefused, Grid.DoesNotExist),
    )
)
