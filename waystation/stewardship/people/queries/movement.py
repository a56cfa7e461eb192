"""How far a member moved (流动范围): told by the tree wherever both ends lie in it, else by whoever registered it."""

from __future__ import annotations

from collections.abc import Iterable

from waystation.organizations.models import Unit
from waystation.stations.sites.models import Station
from waystation.stewardship.people.models import Arrival, Departure

Range = Departure.Range
_COUNTY_DEPTH = 2  # a county is the second unit of a path


def told(origin: Unit | None, station: Unit | None, destination: Unit | None) -> str:
    """The range that the tree tells of a move between units, or "" where one end is not known."""
    if origin is None:
        return ""
    return _between(origin.path, _place(station, destination, _host_paths([station])))


def range_of(row: Departure | Arrival) -> str:
    """`ranges_of` for one row."""
    return ranges_of([row])[row.pk]


def ranges_of(rows: Iterable[Departure | Arrival]) -> dict[object, str]:
    """For the key of each row its range, or "" where nobody knows it; rows come with their units.

    The station where the member reports tells more surely where that is than the words of a destination.
    """
    rows = list(rows)
    hosts = _host_paths([row.station for row in rows])
    found = {}
    for row in rows:
        is_departure = isinstance(row, Departure)
        origin = row.origin_path if is_departure else row.home_path
        chosen = row.range_chosen if is_departure else ""
        found[row.pk] = _between(origin, _place(row.station, row.destination, hosts)) or chosen
    return found


def with_ranges(rows: Iterable[Departure | Arrival]) -> list:
    """The rows, each with its range in words as `range_words`."""
    rows = list(rows)
    found = ranges_of(rows)
    for row in rows:
        row.range_words = in_words(found[row.pk])
    return rows


def in_words(value: str) -> str:
    """A range as people read it."""
    return str(Range(value).label) if value else ""


def _host_paths(stations: Iterable[Unit | None]) -> dict[int, str]:
    """Where the stations stand: a township's station may stand in another county than the township."""
    keys = {station.pk for station in stations if station is not None}
    return dict(Station.objects.filter(pk__in=keys).values_list("pk", "host_town__path")) if keys else {}


def _place(station: Unit | None, destination: Unit | None, hosts: dict[int, str]) -> str:
    if station is not None:
        return hosts.get(station.pk, station.path)
    return destination.path if destination is not None else ""


def _between(origin: str, place: str) -> str:
    """ "1.7.93." and "1.7.12." lie in one county; of a place that is no more than the city the county is not known."""
    here, there = (path.split(".")[:_COUNTY_DEPTH] for path in (origin, place))
    if not all(here) or not all(there) or len(here) != len(there) or here[0] != there[0]:
        return ""
    return Range.COUNTY if here == there else Range.CITY
