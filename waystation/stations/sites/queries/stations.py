"""The register of stations by its filters."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from waystation.organizations.models import Unit
from waystation.stations.sites.models import Schedule, Station

IN_USE, NOW, CLOSED, NO_HOURS = "use", "now", "closed", "no_hours"


def in_county(stations: QuerySet[Station], county: Unit) -> QuerySet[Station]:
    """Those of the stations that a county or one of its townships runs."""
    return stations.filter(Q(unit__parent=county) | Q(unit__parent__parent=county))


def stations_by(filters: dict) -> QuerySet[Station]:
    """The stations that the filters of the register ask for. Who is open now is asked of their hours."""
    rows = Station.objects.with_places()
    rows = rows.exclude(unit__closed_on=None) if filters.get("open") == CLOSED else rows.in_use()
    if filters.get("county"):
        rows = in_county(rows, filters["county"])
    if filters.get("kind"):
        rows = rows.filter(kind=filters["kind"])
    if filters.get("open") == NO_HOURS:
        rows = without_hours(rows)
    return rows


def without_hours(stations: QuerySet[Station]) -> QuerySet[Station]:
    """Those of the stations for which nobody ever wrote when they are open."""
    return stations.exclude(pk__in=Schedule.objects.filter(room=None).values("station"))


def in_order(stations: Iterable[Station]) -> list[Station]:
    """By county code, centres first, then by name. Never by how they do."""
    centre = Station.Kind.COUNTY_CENTRE
    return sorted(stations, key=lambda s: (s.county.code or "", s.county.name, s.kind != centre, s.unit.name, s.pk))


def counties() -> QuerySet[Unit]:
    """The counties that have a station or may get one."""
    return Unit.objects.filter(kind=Unit.Kind.COUNTY, closed_on=None).order_by("code", "path")
