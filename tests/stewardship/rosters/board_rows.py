"""Rows of the reconciliation board to test its pages with."""

from __future__ import annotations

from dataclasses import dataclass

from tests import make
from waystation.organizations.models import Unit
from waystation.stewardship.rosters.models import MatchCandidate


@dataclass
class Scene:
    """A tree, a user for each role of both counties, and pairs to decide."""

    units: dict[str, Unit]
    users: dict[str, object]


ROLES = {
    "county": ("county_organiser", "county"),
    "town": ("township_organiser", "town"),
    "branch": ("branch_secretary", "branch"),
    "station": ("station_officer", "station"),
    "city": ("city_organiser", "city"),
    "admin": ("system_admin", "city"),
    "foreign county": ("county_organiser", "beside county"),
    "foreign station": ("station_officer", "beside station"),
}


def scene() -> Scene:
    """Two counties with their officers; no rows yet."""
    units = make.tree()
    users = {name: make.user(role, units[place]) for name, (role, place) in ROLES.items()}
    return Scene(units, users)


def _alone(rows: dict, **more) -> MatchCandidate:
    """One candidate about these rows, whatever the matcher made of them when they were registered."""
    for side, row in rows.items():
        MatchCandidate.objects.open().filter(**{side: row}).delete()
    first = next(iter(rows.values()))
    return MatchCandidate.objects.create(**rows, name_key=first.name_key, **more)


def pair(units, name: str = "缪春花", *, lane: str = "matched", reasons=(), left=None, right=None, **more):
    """A proposed pair of two pending rows; `left` and `right` say what each side wrote."""
    branch, station = units[more.pop("origin", "branch")], units[more.pop("at", "station")]
    rows = {
        "departure": make.departure(branch, station, **({"name": name} | (left or {}))),
        "arrival": make.arrival(station, branch, **({"name": name} | (right or {}))),
    }
    return _alone(
        rows, lane=lane, origin_path=branch.path, station_path=station.path,
        reasons=[{"code": code} for code in reasons], **more,
    )  # fmt: skip


def lone_departure(units, name: str = "卓秋月", **more):
    """A departure that nobody has seen at the station."""
    row = make.departure(units["branch"], units["station"], name, **more)
    return _alone({"departure": row}, lane="only_departed", origin_path=row.origin_path, station_path=row.station_path)


def lone_arrival(units, name: str = "阮冬梅", **more):
    """An arrival that no origin has reported."""
    row = make.arrival(units["station"], units["branch"], name, **more)
    return _alone({"arrival": row}, lane="only_arrived", origin_path=row.home_path, station_path=row.station_path)


def rival(units, row: MatchCandidate, name: str) -> MatchCandidate:
    """Another proposal about the departure of a pair, with an arrival of its own."""
    arrival = make.arrival(units["station"], units["branch"], name)
    MatchCandidate.objects.open().filter(arrival=arrival).delete()
    row.save()  # the matcher may have thought better of the pair when the arrival came
    return MatchCandidate.objects.create(
        departure=row.departure, arrival=arrival, lane="conflicting", origin_path=row.origin_path,
        station_path=row.station_path, name_key=row.name_key,
    )  # fmt: skip
