"""Keeps the board whole: every pending row is in exactly one place, in pairs or alone."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q

from waystation.kernel import bulk
from waystation.stewardship.people.models import Arrival, Departure
from waystation.stewardship.rosters.models import MatchCandidate

Lane = MatchCandidate.Lane


def fill_lanes(run=None, *, departures=None, arrivals=None) -> int:
    """Let each pending row that no open proposal names stand alone in its lane; returns how many were added.

    Also takes the lone mark off rows that a pair names now, and off rows that are decided. `departures` and
    `arrivals` limit the work to some rows (querysets); without them the whole register is looked at.
    """
    open_ones = MatchCandidate.objects.open()
    pairs = open_ones.filter(departure__isnull=False, arrival__isnull=False)
    for column, rows in (("departure", departures), ("arrival", arrivals)):
        other = "arrival" if column == "departure" else "departure"
        lone = open_ones.filter(**{other: None, f"{column}__isnull": False})
        if rows is not None:
            lone = lone.filter(**{f"{column}__in": rows.values("pk")})
        paired = Exists(pairs.filter(**{column: OuterRef(column)}))
        lone.filter(paired | ~Q(**{f"{column}__state": "pending"})).delete()
    named = MatchCandidate.objects.open()
    departures = (Departure.objects.all() if departures is None else departures).filter(state="pending")
    arrivals = (Arrival.objects.all() if arrivals is None else arrivals).filter(state="pending")
    lone_departures = departures.exclude(Exists(named.filter(departure=OuterRef("pk"))))
    lone_arrivals = arrivals.exclude(Exists(named.filter(arrival=OuterRef("pk"))))
    fresh = [
        MatchCandidate(
            run=run, departure_id=pk, lane=Lane.ONLY_DEPARTED, origin_path=origin, station_path=station, name_key=name
        )
        for pk, origin, station, name in lone_departures.values_list("pk", "origin_path", "station_path", "name_key")
    ] + [
        MatchCandidate(
            run=run, arrival_id=pk, lane=Lane.ONLY_ARRIVED, origin_path=home, station_path=station, name_key=name
        )
        for pk, home, station, name in lone_arrivals.values_list("pk", "home_path", "station_path", "name_key")
    ]
    bulk.insert(fresh)
    return len(fresh)


def drop_row(*, departure=None, arrival=None) -> None:
    """Take a row that is no longer pending off the board; rows it was paired with stand alone again."""
    about = Q(departure=departure) if departure is not None else Q(arrival=arrival)
    gone = MatchCandidate.objects.open().filter(about)
    rows = list(gone.values_list("departure", "arrival"))
    gone.delete()
    restore(rows)


def restore(rows: list[tuple]) -> None:
    """Look after the lanes of these (departure, arrival) keys only; either may be None."""
    if not rows:
        return
    fill_lanes(
        departures=Departure.objects.filter(pk__in=[one for one, _ in rows if one]),
        arrivals=Arrival.objects.filter(pk__in=[other for _, other in rows if other]),
    )
