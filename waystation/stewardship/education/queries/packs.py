"""Questions about study brought home."""

from __future__ import annotations

from datetime import date

from django.db.models import Count, Q, QuerySet

from waystation.organizations.access import Reach
from waystation.organizations.models import Unit
from waystation.stewardship.contacts.queries import is_excused
from waystation.stewardship.education.models import Delivery, Pack
from waystation.stewardship.people.models import Stay


def excused_stays(unit: Unit, day: date) -> QuerySet[Stay]:
    """Open stays at the station of members of whom nothing is required on the day."""
    rows = Stay.objects.open().filter(is_excused(day, "person"), station=unit)
    return rows.select_related("person", "station", "departure__origin").order_by("person__name_key", "pk")


def packs_by(filters: dict, reach: Reach) -> QuerySet[Pack]:
    """Packs in reach with how many deliveries there are and how many are still due."""
    rows = Pack.objects.within(reach).select_related("unit")
    if filters.get("unit"):
        rows = rows.filter(unit=filters["unit"])
    return rows.annotate(
        rounds=Count("deliveries", filter=~Q(deliveries__state=Delivery.State.CALLED_OFF)),
        due=Count("deliveries", filter=Q(deliveries__state=Delivery.State.DUE)),
    )


def deliveries_due(reach: Reach) -> QuerySet[Delivery]:
    """Deliveries that wait for the units in reach."""
    rows = Delivery.objects.due().within(reach)
    return rows.select_related("pack", "person__destination", "unit").order_by("due_on", "pk")


def overdue(reach: Reach, day: date) -> QuerySet[Delivery]:
    """Those of them whose day is past."""
    return deliveries_due(reach).filter(due_on__lt=day)
