"""Who leads a grid: a mandate in the grid's unit, with a term."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from waystation.organizations.actions import end_mandate, grant_mandate
from waystation.organizations.models import Mandate, Unit
from waystation.stewardship.grids.actions.errors import GridRefused
from waystation.stewardship.grids.models import Grid
from waystation.stewardship.grids.queries import leaders_of

LEADER = "grid_leader"


def end_terms(grid: Grid, *, on: date, by, at: datetime) -> list[Mandate]:
    """End every term that would run on or begin after the day; returns those that were in force on it."""
    running = leaders_of(grid, on)
    later = Mandate.objects.filter(Q(ends_on=None) | Q(ends_on__gt=on), unit=grid.pk, role=LEADER)
    for mandate in later.select_related("unit"):
        end_mandate(mandate, ends_on=on, by=by, at=at)
    return running


@transaction.atomic
def set_leader(grid: Grid, *, user, starts_on: date, ends_on: date | None = None, by, at: datetime) -> Mandate:
    """Let the user lead the grid from a day on, until but not on another; whoever led it stops on the first.

    On the last day the grid is vacant of itself. Refuses what `grant_mandate` refuses (MandateRefused), a closed
    grid and a term that ends before it starts (GridRefused).
    """
    if ends_on is not None and ends_on <= starts_on:
        raise GridRefused(_("The term must end after it starts."))
    unit = Unit.objects.select_for_update().get(pk=grid.pk)
    if unit.closed_on is not None:
        raise GridRefused(_("This grid is closed."))
    end_terms(grid, on=starts_on, by=by, at=at)
    return grant_mandate(user=user, role=LEADER, unit=unit, starts_on=starts_on, ends_on=ends_on, by=by, at=at)


@transaction.atomic
def vacate(grid: Grid, *, ends_on: date, by, at: datetime) -> int:
    """End the leader's mandate; the grid is vacant and shown so. Returns how many ended."""
    return len(end_terms(grid, on=ends_on, by=by, at=at))
