"""Whom a station, a county or the city covers: the number, its parts and its rows."""

from __future__ import annotations

from uuid import UUID

from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from waystation.organizations.access import requires
from waystation.organizations.models import Unit
from waystation.organizations.permissions import Permission
from waystation.stations.sites import coverage
from waystation.stations.sites.models import Station
from waystation.stations.sites.queries.stations import in_order

PAGE = 100
KINDS = (Unit.Kind.CITY, Unit.Kind.COUNTY, Unit.Kind.STATION)


@requires(Permission.PERSON_VIEW)
@require_safe
def covered(request, pk):
    """The people behind the number, each once; named are those whom the user may see."""
    units = Unit.objects.within(request.reach.caring).filter(kind__in=KINDS)
    unit = get_object_or_404(units, pk=pk)
    inside = Station.objects.in_use().filter(unit__in=Unit.objects.under(unit)).with_places()
    stations = in_order(inside)
    ids = [one.pk for one in stations]
    keys, more = coverage.page(ids, after=_key(request.GET.get("after")), size=PAGE)
    named = coverage.named(keys, request.user)
    parts = coverage.by_source(ids)
    people = coverage.covered(ids)
    context = {
        "unit": unit,
        "total": coverage.people_in_all(ids),
        "parts": [
            {
                "title": source.title,
                "people": parts[source.key],
                "url": source.opens(ids[0]) if source.opens and len(ids) == 1 else "",
            }
            for source in coverage.SOURCES.values()
        ],
        "stations": [(one, people[one.pk]) for one in stations] if len(stations) > 1 else [],
        "rows": [(key, named.get(key)) for key in keys],
        "following": keys[-1] if more else "",
        "is_first": not request.GET.get("after"),
    }
    return render(request, "sites/coverage.html", context)


def _key(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
