"""Questions about yearly plans."""

from __future__ import annotations

import calendar
from datetime import date
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from waystation.kernel.fields import prefix_q
from waystation.organizations.access import Reach
from waystation.organizations.models import Unit
from waystation.stewardship.education.models import Occasion, Plan, PlanItem
from waystation.stewardship.education.queries.frequencies import HOLDERS


def due_day(item: PlanItem, year: int) -> date:
    """The day of the item, else the last day of its month."""
    return item.day or date(year, item.month, calendar.monthrange(year, item.month)[1])


def holders_in(reach: Reach) -> QuerySet[Unit]:
    """The open stations, grids and branches in reach, in the order of the tree."""
    return Unit.objects.within(reach).active().filter(kind__in=HOLDERS).order_by("path")


def holders_of(reach: Reach, year: int) -> QuerySet[Unit]:
    """The stations, grids and branches in reach that a year is about, with those closed in it or since."""
    return Unit.objects.within(reach).not_closed_before(date(year, 1, 1)).filter(kind__in=HOLDERS).order_by("path")


def grids_of(stations, year: int) -> QuerySet[Unit]:
    """The grids below the stations that a year is about, in the order of the tree."""
    grids = Unit.objects.not_closed_before(date(year, 1, 1)).filter(kind=Unit.Kind.GRID)
    return grids.filter(parent__in=stations).order_by("path")


# Whoever oversees a whole county or city finds a branch by its page, not in a list of a thousand.
_KNOW_THEIR_BRANCHES = {"branch_secretary", "township_organiser"}


def holders_offered(reach: Reach) -> QuerySet[Unit]:
    """The units among which a form lets one choose."""
    units = holders_in(reach)
    return units if reach.roles & _KNOW_THEIR_BRANCHES else units.exclude(kind=Unit.Kind.BRANCH)


def overview_units(reach: Reach, year: int) -> QuerySet[Unit]:
    """The units that an overview of a year compares.

    Stations; grids whose station is out of reach, because the others are reached from their station; and the
    branches that keep their organization life here. A branch does so if it has a plan of the year or entered an
    occasion in it. Members away do not make it one: where a branch writes its minutes is its own affair, and nothing
    here bids it enter them. Whoever holds a role in the branch itself always sees it.
    """
    units = holders_of(reach, year)
    alone = Q(kind=Unit.Kind.GRID) & ~reach.path_q("parent__path")
    branches = Q(kind=Unit.Kind.BRANCH) & (_keeps_life(year) | Q(pk__in=reach.units))
    return units.filter(Q(kind=Unit.Kind.STATION) | alone | branches)


def quiet_branches(reach: Reach, year: int) -> QuerySet[Unit]:
    """The open branches that the overview of the year leaves out: they keep neither plan nor minutes here."""
    branches = Unit.objects.within(reach).active().filter(kind=Unit.Kind.BRANCH).exclude(pk__in=reach.units)
    return branches.filter(~_keeps_life(year)).order_by("path")


def _keeps_life(year: int) -> Q:
    """Does the unit of the outer query have a plan of the year, or an occasion in it?"""
    plans = Plan.objects.filter(unit=OuterRef("pk"), year=year)
    entered = Occasion.objects.exclude(state=Occasion.State.CANCELLED).filter(
        unit=OuterRef("pk"), held_on__gte=date(year, 1, 1), held_on__lt=date(year + 1, 1, 1)
    )
    return Q(Exists(plans)) | Q(Exists(entered))


def plans_by(filters: dict, reach: Reach) -> QuerySet[Plan]:
    """Plans in reach with how many items stand and how many were held."""
    plans = Plan.objects.within(reach).select_related("unit", "approved_by")
    for name in ("year", "state", "unit"):
        if filters.get(name):
            plans = plans.filter(**{name: filters[name]})
    standing = Q(items__dropped_at=None)
    held = Q(items__occasions__state=Occasion.State.HELD)
    return plans.annotate(
        standing=Count("items", filter=standing, distinct=True),
        held=Count("items", filter=standing & held, distinct=True),
    )


def items_of(plan: Plan, *, group: UUID | None = None, quarter: int = 0) -> QuerySet[PlanItem]:
    """The items in the order of the year, each with the occasion that was held for it; with `group` those of a
    functional group that stand, of one quarter or of all."""
    items = plan.items.all()
    if group is not None:
        items = items.filter(group_key=group, dropped_at=None)
        items = items.filter(month__range=(3 * quarter - 2, 3 * quarter)) if quarter else items
    return with_occasions(items).order_by("month", "day", "kind", "pk")


def with_occasions(items: QuerySet[PlanItem]) -> QuerySet[PlanItem]:
    """The items with the occasion entered for each: `occasion`, its day and its state."""
    held = Occasion.objects.exclude(state=Occasion.State.CANCELLED).filter(item=OuterRef("pk")).order_by("held_on")
    return items.select_related("grid", "dropped_by").annotate(
        occasion=Subquery(held.values("pk")[:1]),
        held_on=Subquery(held.values("held_on")[:1]),
        occasion_state=Subquery(held.values("state")[:1]),
    )


def items_by(unit: Unit, year: int, reach: Reach) -> QuerySet[PlanItem]:
    """The items of a unit's plan of the year; of a unit that plans nothing itself, those of all plans below it."""
    plans = Plan.objects.within(reach).filter(year=year)
    plans = plans.filter(unit=unit) if unit.kind in HOLDERS else plans.filter(prefix_q("unit_path", unit.path))
    return PlanItem.objects.filter(plan__in=plans)
