"""Members of whom nothing is required."""

from __future__ import annotations

from datetime import date

from django.db.models import Exists, OuterRef, QuerySet

from waystation.organizations.access import Reach
from waystation.stewardship.contacts.models import Excuse


def is_excused(day: date, person: str = "pk") -> Exists:
    """A condition on rows that name a person in the column `person`: nothing is required of them on the day.

    `people.filter(~is_excused(day))`, `stays.filter(~is_excused(day, "person"))`.
    """
    return Exists(Excuse.objects.in_force(day).filter(person=OuterRef(person)))


def excuses_by(filters: dict, reach: Reach, *, day: date) -> QuerySet[Excuse]:
    """Excuses in reach: those without an end, those to be reviewed by the day, or those that have ended."""
    rows = Excuse.objects.within(reach).filter(person__merged_into=None)
    tab = filters.get("tab") or ""
    rows = rows.exclude(ends_on=None) if tab == "ended" else rows.open()
    if tab == "review":
        rows = rows.filter(review_on__lte=day)
    return rows.select_related("person__home", "person__station", "granted_by")
