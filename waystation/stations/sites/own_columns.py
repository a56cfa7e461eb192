"""What the register of stations itself has to compare: functions, coverage, rooms and hours."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db.models import Count, Q, Sum
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from waystation.stations.sites import coverage
from waystation.stations.sites.comparison import Share, register
from waystation.stations.sites.models import Room, Station
from waystation.stations.sites.queries import functions
from waystation.stations.sites.queries.opening import openings

FUNCTIONS, COVERAGE, ROOMS, HOURS = _("Functions"), _("Coverage"), _("Rooms and facilities"), _("Opening hours")


def _functions_url(station: int) -> str:
    return reverse("sites:functions", args=[station])


@register(
    "functions.present",
    _("Present"),
    group=FUNCTIONS,
    meaning=_("Items of the city's checklist that the station has, out of those asked today"),
    opens=_functions_url,
    order=10,
)
def present(stations: list[int], day: date) -> dict[int, Share]:
    asked = functions.asked(day).count()
    rows = functions.with_counts(Station.objects.filter(pk__in=stations), day)
    return {pk: Share(count, asked) for pk, count in rows.values_list("pk", "present")} if asked else {}


@register(
    "functions.planned",
    _("Planned"),
    group=FUNCTIONS,
    meaning=_("Items not there yet, with a day by which they will be"),
    opens=_functions_url,
    order=11,
)
def planned(stations: list[int], day: date) -> dict[int, int]:
    return dict(functions.with_counts(Station.objects.filter(pk__in=stations), day).values_list("pk", "planned"))


@register(
    "coverage.people",
    _("People covered"),
    group=COVERAGE,
    meaning=_("Members with an open stay, each person once; in the last row once for all"),
    total=lambda stations, day: coverage.people_in_all(stations),
    opens=lambda station: reverse("sites:coverage", args=[station]),
    order=20,
)
def people(stations: list[int], day: date) -> dict[int, int]:
    return coverage.covered(stations)


@register(
    "coverage.communities",
    _("Communities"),
    group=COVERAGE,
    meaning=_("Communities in the service area; in the last row once, whichever stations serve them"),
    total=lambda stations, day: (
        Station.communities.through.objects.filter(station__in=stations).values("unit").distinct().count()
    ),
    order=21,
)
def communities(stations: list[int], day: date) -> dict[int, int]:
    rows = Station.objects.filter(pk__in=stations).annotate(served=Count("communities"))
    return dict(rows.values_list("pk", "served"))


def _rooms_url(station: int) -> str:
    return reverse("sites:rooms", args=[station])


@register(
    "rooms.open_to_everybody",
    _("Open to residents"),
    group=ROOMS,
    meaning=_("Rooms open to residents, out of all rooms in use"),
    opens=_rooms_url,
    order=30,
    width=13,
)
def open_to_everybody(stations: list[int], day: date) -> dict[int, Share]:
    rows = Room.objects.in_use().filter(station__in=stations).values("station")
    rows = rows.annotate(all=Count("pk"), wide=Count("pk", filter=Q(open_to=Room.OpenTo.EVERYBODY)))
    return {row["station"]: Share(row["wide"], row["all"]) for row in rows}


@register(
    "rooms.places",
    _("Places"),
    group=ROOMS,
    meaning=_("How many people the rooms in use hold together"),
    opens=_rooms_url,
    order=31,
)
def places(stations: list[int], day: date) -> dict[int, int]:
    rows = Room.objects.in_use().filter(station__in=stations).values("station").annotate(places=Sum("capacity"))
    return {row["station"]: row["places"] or 0 for row in rows}


@register(
    "hours.a_week",
    _("Hours a week"),
    group=HOURS,
    meaning=_("Opening hours in a usual week of the schedule in force"),
    order=40,
)
def hours(stations: list[int], day: date) -> dict[int, Decimal]:
    found = openings(Station.objects.filter(pk__in=stations), since=day)
    tenth = Decimal("0.1")
    return {
        pk: (Decimal(opening.minutes(day)) / 60).quantize(tenth) for pk, opening in found.items() if opening.week(day)
    }
