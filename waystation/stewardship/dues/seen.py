"""Whoever pays dues is not lost; contact and care ask for the day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Max

from waystation.stewardship.contacts.queries import seen
from waystation.stewardship.dues.models import DuesEntry


@seen.register_paid
def in_the_ledger(people: list) -> Iterable[tuple[object, date]]:
    """The last day on which each paid, as the payments that hold say."""
    rows = DuesEntry.objects.live().filter(person__in=people)
    return rows.order_by().values("person").annotate(day=Max("paid_on")).values_list("person", "day")
