"""The stations as everybody reads them, without signing in: what, where, when, and by which telephone."""

from __future__ import annotations

from itertools import groupby

from django.conf import settings
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.views.decorators.http import require_safe

from waystation.organizations.access import public
from waystation.portal import throttle
from waystation.portal.doors import knock, too_many
from waystation.stations.sites import reporting
from waystation.stations.sites.models import Room, Station
from waystation.stations.sites.queries.opening import opening_of, openings, room_openings
from waystation.stations.sites.queries.rooms import rooms_of
from waystation.stations.sites.queries.stations import in_order

KEPT_SECONDS = 60  # "open now" may be a minute late


def _kept(response):
    """Let the visitor's own browser keep the page for a minute; nothing on it is personal."""
    patch_cache_control(response, private=True, max_age=KEPT_SECONDS)
    patch_vary_headers(response, ["Cookie"])
    return response


@require_safe
@public("Where the stations are and when they are open concerns everybody.")
def stations(request):
    """Every station by county, with address, hours and telephone."""
    if not knock(throttle.STATION):
        return too_many(request, throttle.STATION)
    today, now = timezone.localdate(), timezone.now()
    rows = in_order(Station.objects.in_use().with_places())
    hours = openings(rows, since=today)
    shown = [{"station": one, "hours": hours[one.pk].words(today), "state": hours[one.pk].state(now)} for one in rows]
    counties = [(name, list(members)) for name, members in groupby(shown, lambda row: row["station"].county.name)]
    return _kept(render(request, "portal/stations.html", {"counties": counties}))


@require_safe
@public("What a station does, where and when, concerns everybody.")
def station(request, pk):
    """One station, with the rooms that are open to residents and a code that leads to this page."""
    if not knock(throttle.STATION):
        return too_many(request, throttle.STATION)
    found = get_object_or_404(Station.objects.in_use().with_places(), pk=pk)
    today = timezone.localdate()
    hours = opening_of(found, since=today)
    rooms = rooms_of(found, open_to=Room.OpenTo.EVERYBODY)
    open_at = room_openings(rooms, hours)
    path = reverse("portal:station", args=[found.pk])
    context = {
        "station": found,
        "hours": hours.words(today),
        "state": hours.state(timezone.now()),
        "coming_weeks": hours.coming_weeks(today),
        "specials": hours.coming_specials(today),
        "rooms": [{"room": room, "hours": open_at[room.pk].words(today)} for room in rooms],
        "communities": found.communities.select_related("parent").order_by("path"),
        "token": reporting.token(found),
        "address": f"{settings.SITE_ADDRESS.rstrip('/')}{path}",
    }
    return _kept(render(request, "portal/station.html", context))
