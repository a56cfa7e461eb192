"""Rows to test with: plain functions with defaults. Places are real, people are invented."""

from __future__ import annotations

import string
from dataclasses import fields
from datetime import UTC, date, datetime, timedelta
from itertools import count

from django.utils import timezone

from waystation.accounts.models import User
from waystation.organizations.models import Mandate, Unit
from waystation.organizations.permissions import ADMINISTRATORS
from waystation.stations.sites.models import Station
from waystation.stewardship.grids.models import Grid
from waystation.stewardship.people.actions import (
    Confirmation,
    build_person,
    open_stay,
    register_arrival,
    register_departure,
)
from waystation.stewardship.people.claims import Claim
from waystation.stewardship.people.identity import check_character, read_id_number, read_phones

NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)
_numbers = count(1)


def unit(kind: str, name: str, parent: Unit | None = None, **more) -> Unit:
    """A unit of the tree."""
    made = Unit.objects.create(kind=kind, name=name, parent=parent, path=f"new.{next(_numbers)}", **more)
    made.path = f"{parent.path if parent else ''}{made.pk}."
    made.save(update_fields=["path"])
    return made


def tree() -> dict[str, Unit]:
    """Two counties of one city, by names: "city", "county", "town", "village", "branch",
    "other branch", "seat", "community", "other community", "station", "grid", "other grid", and
    "beside county", "beside town", "beside village", "beside branch", "beside seat",
    "beside community", "beside station", "beside grid"."""
    units = {"city": unit("city", "宁德市", short_name="宁德")}
    _county(units, "", "福鼎市", "点头镇", "过笕", "桐山街道", "富民社区居委会")
    _county(units, "beside ", "古田县", "鹤塘镇", "西洋", "城西街道", "青云社区居委会")
    units["other branch"] = unit(
        "branch", "柏柳党支部", unit("village", "柏柳村委会", units["town"], short_name="柏柳")
    )
    units["other community"] = unit("village", "镇边社区居委会", units["seat"], short_name="镇边", is_seat=True)
    units["other grid"] = grid(units["station"], "第2网格")
    return units


def _county(units, prefix, county, town, village, seat, community):
    units[f"{prefix}county"] = unit("county", county, units["city"], short_name=county[:-1])
    units[f"{prefix}town"] = unit("town", town, units[f"{prefix}county"], short_name=town[:-1])
    units[f"{prefix}village"] = unit("village", f"{village}村委会", units[f"{prefix}town"], short_name=village)
    units[f"{prefix}branch"] = unit("branch", f"{village}党支部", units[f"{prefix}village"])
    units[f"{prefix}seat"] = unit("town", seat, units[f"{prefix}county"], short_name=seat[:-2], is_seat=True)
    units[f"{prefix}community"] = unit(
        "village", community, units[f"{prefix}seat"], short_name=community[:-5], is_seat=True
    )
    units[f"{prefix}station"] = unit("station", f"{county}流动党员管理服务中心", units[f"{prefix}county"])
    Station.objects.create(unit=units[f"{prefix}station"], kind="county_centre", host_town=units[f"{prefix}seat"])
    units[f"{prefix}grid"] = grid(units[f"{prefix}station"], "第1网格")


def grid(station: Unit, name: str) -> Unit:
    """A grid of a station; returns its unit."""
    made = unit("grid", name, station)
    Grid.objects.create(unit=made, station=station, code=name)
    return made


def letters(number: int) -> str:
    """A number in letters: no digit of a name is ever taken for a score, a sum or a phone on a page."""
    return "".join(string.ascii_lowercase[number // 26**place % 26] for place in (3, 2, 1, 0))


def user(role: str = "", within: Unit | None = None, *, name: str = "", **more) -> User:
    """A user; with the role in the unit if one is named."""
    number = letters(next(_numbers))
    made = User(username=f"user{number}", full_name=name or f"林晓{number}", **more)
    made.set_unusable_password()
    made.save()
    if role:
        mandate(made, role, within)
    return made


def mandate(user: User, role: str, within: Unit, **more) -> Mandate:
    """The user holds the role in the unit since a month ago."""
    more.setdefault("starts_on", timezone.localdate() - timedelta(days=30))
    return Mandate.objects.create(
        user=user, role=role, unit=within, granted_at=NOON, administers=role in ADMINISTRATORS, **more
    )


def id_number(born: str = "1985-08-12", *, female: bool = True, area: str = "350982") -> str:
    """An invented ID number that proves itself; another one at each call."""
    serial = next(_numbers) % 500 * 2 + (0 if female else 1)
    digits = f"{area}{born.replace('-', '')}{serial:03d}"
    return digits + check_character(digits)


def phone_number() -> str:
    """An invented mobile number; another one at each call."""
    return f"139{next(_numbers) % 10**8:08d}"


def claim(name: str = "缪春花", **more) -> Claim:
    """What somebody wrote; ID number and phones as text."""
    if "id_number" in more:
        more["id_number"] = read_id_number(more["id_number"])
    for key in ("phone", "other_phone"):
        if key in more:
            more[key] = next(iter(read_phones(more[key])), None)
    return Claim(name, **more)


_CLAIMED = {field.name for field in fields(Claim)} - {"full_name"}


def _split(more: dict) -> tuple[dict, dict]:
    """What belongs to the claim, and the rest."""
    said = {key: value for key, value in more.items() if key in _CLAIMED}
    return said, {key: value for key, value in more.items() if key not in _CLAIMED}


def person(home: Unit | None = None, name: str = "缪春花", *, at: datetime = NOON, **more):
    """A file without any movement; keywords of a claim fill it."""
    made, membership = build_person(claim(name, **more), home=home, at=at)
    made.save(force_insert=True)
    if membership is not None:
        membership.save(force_insert=True)
    return made


def departure(origin: Unit, station: Unit | None = None, name: str = "缪春花", **more):
    """A departure from a branch: pending if it has a station, else outside the area."""
    said, rest = _split(more)
    said.setdefault("left", "2026-02-09")
    rest.setdefault("by", None)
    rest.setdefault("at", NOON)
    return register_departure(claim(name, **said), origin=origin, station=station, **rest)


def arrival(station: Unit, home: Unit | None = None, name: str = "缪春花", **more):
    """A pending arrival at a station."""
    said, rest = _split(more)
    rest.setdefault("by", None)
    rest.setdefault("at", NOON)
    rest.setdefault("channel", "desk")
    return register_arrival(claim(name, **said), station=station, home=home, **rest)


def stay(
    origin: Unit,
    station: Unit,
    name: str = "缪春花",
    *,
    destination: Unit | None = None,
    grid: Unit | None = None,
    at: datetime = NOON,
    starts_on: date | None = None,
    **more,
):
    """A member in care: departure and arrival registered, both sides confirmed."""
    left = departure(origin, station, name, at=at, **more)
    came = arrival(station, origin, name, at=at, destination=destination, **more)
    made = open_stay(
        left,
        came,
        origin=Confirmation(user(), at),
        station=Confirmation(user(), at),
        by=None,
        at=at,
        starts_on=starts_on or date(2026, 11, 1),
    )
    if grid is not None:
        made.person.stay_path = grid.path
        made.person.save(update_fields=["stay_path"])
    return made
