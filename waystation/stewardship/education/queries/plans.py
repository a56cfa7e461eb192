"""Questions about yearly plans."""

from __future__ import annotations

import calendar
from datetime import date

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

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


# Whoever oversees a whole county or city finds a branch by its page, not in a list of a thousand.
_KNOW_THEIR_BRANCHES = {"branch_secretary", "township_organiser"}


def holders_offered(reach: Reach) -> QuerySet[Unit]:
    """The units among which a form lets one choose."""
    units = holders_in(reach)
    return units if reach.roles & _KNOW_THEIR_BRANCHES else units.exclude(kind=Unit.Kind.BRANCH)


def overview_units(reach: Reach) -> QuerySet[Unit]:
    """The units that an overview compares: stations, or what there is where no station is in reach."""
    units = holders_in(reach)
    stations = units.filter(kind=Unit.Kind.STATION)
    return stations if stations.exists() else units


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


def items_of(plan: Plan) -> QuerySet[PlanItem]:
    """The items in the order of the year, each with the occasion that was held for it."""
    return with_occasions(plan.items.all()).order_by("month", "day", "kind", "pk")


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
