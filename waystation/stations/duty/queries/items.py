"""Lists of open items, by filters that live in the address."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from waystation.organizations.access import Reach
from waystation.organizations.models import Unit
from waystation.stations.duty.models import OpenItem, Shift, Turn

OWN, MINE, UNIT, HANDED, PARKED, OVERDUE, DONE, ALL = (
    "own", "mine", "unit", "handed", "parked", "overdue", "done", "all",
)  # fmt: skip
STATES = {
    OWN: _("For us to do"),
    OVERDUE: _("Overdue"),
    MINE: _("On my shift"),
    UNIT: _("With the unit itself"),
    HANDED: _("Handed to a shift"),
    PARKED: _("Parked"),
    ALL: _("All open ones in reach"),
    DONE: _("Done in the last 30 days"),
}


def items_by(
    filters: dict, reach: Reach, *, user, day: date, at: datetime | None = None, unit: Unit | None = None
) -> QuerySet[OpenItem]:
    """The items that the filters ask for, within reach; `at` is asked for those that are done."""
    state = filters.get("state") or OWN
    found = OpenItem.objects.within(reach)
    found = found.filter(done_at__gte=at - timedelta(days=30)) if state == DONE else found.open()
    if state in (OWN, OVERDUE, MINE):
        found = found.filter(unit__in=reach.units)
    conditions = {
        OWN: Q(parked_until=None) | Q(parked_until__lte=day),
        OVERDUE: Q(due_key__lt=day) & (Q(parked_until=None) | Q(parked_until__lte=day)),
        MINE: Q(shift__in=my_shifts(user)),
        UNIT: Q(shift=None) & (Q(parked_until=None) | Q(parked_until__lte=day)),
        HANDED: Q(shift__isnull=False),
        PARKED: Q(parked_until__gt=day),
    }
    found = found.filter(conditions.get(state, Q()))
    if filters.get("topic"):
        found = found.filter(topic=filters["topic"])
    if unit or filters.get("unit"):
        found = found.filter(unit=unit or filters["unit"])
    return found.select_related("unit", "shift", "done_by")


def my_shifts(user) -> QuerySet[Shift]:
    """Shifts that the user is on and that have not closed."""
    turns = Turn.objects.live().published().filter(user=user, shift__closed_at=None)
    return Shift.objects.kept().filter(pk__in=turns.values("shift"))
