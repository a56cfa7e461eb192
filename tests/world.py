"""Two counties with one of everything in three places, for the walk over every address.

"own" lies in the mandates of the users of the first county, "beside" under the same county but in another
branch, station, grid and community, "foreign" in another county.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field

from django.utils import timezone

from tests import make
from tests.world_parts import PARTS
from waystation.kernel import files
from waystation.kernel.models import Job
from waystation.organizations.permissions import ROLES
from waystation.stations.sites.models import Station
from waystation.stewardship.people.actions import issue_cards, merge_people
from waystation.stewardship.rosters.actions import importing
from waystation.stewardship.rosters.actions.lanes import fill_lanes
from waystation.stewardship.rosters.models import Import, MatchCandidate

PLACES = ("own", "beside", "foreign")
NAMES = {"own": "缪自春", "beside": "卓邻秋", "foreign": "阮远冬"}


@dataclass
class World:
    """`things[kind, place]` is the key that an address takes; `users[role]` holds that role in "own"."""

    things: dict[tuple[str, str], object] = field(default_factory=dict)
    users: dict[str, object] = field(default_factory=dict)


def build() -> World:
    """Make the world; about 150 rows."""
    units = make.tree()
    _second_station(units)
    world = World()
    for place, where in _where(units).items():
        _fill(world, place, where)
    fill_lanes()
    homes = {
        "city_organiser": "city",
        "county_organiser": "county",
        "township_organiser": "town",
        "branch_secretary": "branch",
        "station_head": "station",
        "station_officer": "station",
        "grid_leader": "grid",
        "destination_contact": "community",
        "member": "branch",
        "system_admin": "city",
        "security_admin": "city",
        "audit_admin": "city",
    }
    for role in ROLES:
        world.users[role] = make.user(role, units[homes[role]])
    world.users["no role"] = make.user()
    return world


def _second_station(units) -> None:
    units["other station"] = make.unit("station", "福鼎市点头镇驻城党建工作站", units["town"])
    Station.objects.create(unit=units["other station"], kind="township", host_town=units["seat"])
    units["other station grid"] = make.grid(units["other station"], "第1网格")
    units["other town"] = make.unit("town", "白琳镇", units["county"], short_name="白琳")
    village = make.unit("village", "翠郊村委会", units["other town"], short_name="翠郊")
    units["other town branch"] = make.unit("branch", "翠郊党支部", village)


def _where(units) -> dict:
    return {
        "own": [units[k] for k in ("branch", "station", "grid", "community", "county", "town")],
        "beside": [
            units[k]
            for k in (
                "other town branch",
                "other station",
                "other station grid",
                "other community",
                "county",
                "other town",
            )
        ],
        "foreign": [units[f"beside {k}"] for k in ("branch", "station", "grid", "community", "county", "town")],
    }


def _fill(world: World, place: str, where) -> None:
    branch, station, grid, community, county, town = where
    name, things, now = NAMES[place], world.things, timezone.now()
    stay = make.stay(
        branch, station, name, destination=community, grid=grid, id_number=make.id_number(), phone=make.phone_number()
    )
    departure = make.departure(branch, station, f"{name[0]}甲", phone=make.phone_number())
    arrival = make.arrival(station, branch, f"{name[0]}乙", phone=make.phone_number(), destination=community)
    pair = _pair(branch, station, f"{name[0]}丙", lane="matched", state="open")
    rejected = _pair(
        branch, station, f"{name[0]}丁", lane="conflicting", state="rejected", decided_at=now, decided_by=make.user()
    )
    loser = make.person(branch, f"{name[0]}戊")
    merge = merge_people(make.person(branch, f"{name[0]}戊"), loser, by=make.user(), at=now)
    (card,) = issue_cards([stay.person], by=make.user(), at=now)
    by = make.user("station_officer", station)
    for kind, unit in (("arrivals", station), ("departures", branch)):
        content = "姓名,联系电话,所在党支部\n缪某,13900000000,\n".encode()
        stored = files.store(io.BytesIO(content), kind="roster", name="名册.csv", by=by, at=now)
        batch = importing.create_import(kind=kind, stored=stored, unit=unit, station=station, by=by, at=now)
        Import.objects.filter(pk=batch.pk).update(state="checked", new=1)
        things[f"import {kind}", place] = batch.pk
    job = Job.objects.create(
        kind="match.run",
        created_by=by,
        created_at=now,
        due_at=now,
        unit_path=station.path,
        state="failed",
        finished_at=now,
    )
    things |= {
        ("person", place): stay.person.pk,
        ("stay", place): stay.pk,
        ("departure", place): departure.pk,
        ("arrival", place): arrival.pk,
        ("pair", place): pair.pk,
        ("rejected", place): rejected.pk,
        ("merge", place): merge.pk,
        ("card", place): card,
        ("grid", place): grid.pk,
        ("station", place): station.pk,
        ("branch", place): branch.pk,
        ("town", place): town.pk,
        ("county", place): county.pk,
        ("job", place): job.pk,
        ("user", place): by.pk,
        ("mandate", place): by.mandates.get().pk,
        ("file", place): stored.pk,
    }
    names = ("branch", "station", "grid", "community", "county", "town")
    for part in PARTS:
        part.fill(things, place, dict(zip(names, where, strict=True)))


def _pair(branch, station, name, **how) -> MatchCandidate:
    """A pair of two rows of one name, in the lane and state that the walk wants."""
    departure, arrival = make.departure(branch, station, name), make.arrival(station, branch, name)
    where = {"origin_path": branch.path, "station_path": station.path, "name_key": name}
    return MatchCandidate.objects.update_or_create(departure=departure, arrival=arrival, defaults=where | how)[0]
