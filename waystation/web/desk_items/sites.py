"""What a desk counts of sites."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from waystation.organizations.permissions import Permission
from waystation.stations.sites.models import Station
from waystation.stations.sites.queries import functions
from waystation.stations.sites.queries import stations as registers
from waystation.web.desk_items.core import Desk, Item, item, url_of

P = Permission
MOST = 3  # stations that are named one by one; whoever manages more sees how many of them lack something


@item(P.STATION_MANAGE, of_the_moment=True)
def functions_missing(desk: Desk) -> Iterator[Item]:
    """For a head what the station lacks of the checklist; for a county or the city which stations lack something."""
    mine = Station.objects.in_use().within(desk.reach(P.STATION_MANAGE))
    if {"city_organiser", "county_organiser"} & desk.reach(P.STATION_MANAGE).roles:
        yield Item(
            "functions-lacking",
            _("Stations that lack functions"),
            functions.lacking_something(mine, desk.today),
            url_of("sites:function-list", lacking="some"),
            urgent=functions.with_overdue(mine, desk.today),
            urgent_words=lambda n: _("%(n)s with a plan overdue") % {"n": n},
            urgent_url=url_of("sites:function-list", lacking="overdue"),
            button=pgettext("button", "Look"),
            hides=True,
        )
        return
    for station in mine.select_related("unit").order_by("unit__path")[:MOST]:
        url = _functions_url(station)
        yield Item(
            f"functions-{station.pk}",
            _("Functions not there yet"),
            functions.lacking(station, desk.today),
            f"{url}?show=lacking",
            urgent=functions.overdue(station, desk.today),
            urgent_words=lambda n: _("%(n)s with a plan overdue") % {"n": n},
            urgent_url=f"{url}?show=overdue",
            button=pgettext("button", "State"),
            hides=True,
        )


def _functions_url(station: Station) -> str:
    return reverse("sites:functions", args=[station.pk])


@item(P.STATION_MANAGE)
def stations_without_hours(desk: Desk) -> Iterator[Item]:
    """Nobody can tell when these are open; the register shows them to whoever may mend it."""
    if "city_organiser" in desk.reach(P.STATION_MANAGE).roles:
        yield Item(
            "without-hours",
            _("Stations without opening hours"),
            registers.stations_by({"open": registers.NO_HOURS}),
            url_of("sites:list", open=registers.NO_HOURS),
            button=pgettext("button", "Look"),
            hides=True,
        )
