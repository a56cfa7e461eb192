"""Tells the stations below how many people each has in care."""

from __future__ import annotations

from django.db.models import Count

from waystation.stations.sites import coverage
from waystation.stewardship.people.models import Stay


@coverage.register
def in_care(stations: list[int]) -> dict[int, int]:
    """Members with an open stay by station; a person has one open stay, so counts once."""
    rows = Stay.objects.open().filter(station__in=stations).order_by()
    return dict(rows.values_list("station").annotate(people=Count("person")))
