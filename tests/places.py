"""A small prefecture to test in: two counties, two stations, grids, and people to work with.

Places are real, people are invented. Functions only, with defaults; nothing clever.
"""

from datetime import UTC, date, datetime, timedelta

from django.utils import timezone

from tests.make import letters
from waystation.accounts.models import User
from waystation.organizations.actions import create_unit, grant_mandate
from waystation.organizations.models import Unit
from waystation.stations.sites.actions import open_station
from waystation.stations.sites.week import read_week
from waystation.stewardship.grids.actions import create_grid
from waystation.stewardship.people.actions import (
    Confirmation,
    open_stay,
    register_arrival,
    register_departure,
)
from waystation.stewardship.people.claims import Claim
from waystation.stewardship.people.identity import read_phones

NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)
LONG_AGO = date(2020, 7, 1)
_count = iter(range(10**9))


def unit(name, kind, parent=None, **more):
    more.setdefault("opened_on", LONG_AGO)
    return create_unit(name=name, kind=kind, parent=parent, by=None, at=NOON, **more)


def tree() -> dict[str, Unit]:
    """Named places: "city", "county", "town" (the seat), "village", "branch", "community",
    "other community", "station", "beside" (another county's station) and what lies around them."""
    places = {"city": unit("宁德市", "city")}
    places["county"] = unit("福鼎市", "county", places["city"], code="350982")
    places["beside county"] = unit("古田县", "county", places["city"], code="350922")
    places["town"] = unit("桐山街道", "town", places["county"], is_seat=True)
    places["origin town"] = unit("叠石乡", "town", places["county"])
    places["village"] = unit("竹阳村委会", "village", places["origin town"])
    places["branch"] = unit("竹阳党支部", "branch", places["village"])
    places["other branch"] = unit("库口党支部", "branch", unit("库口村委会", "village", places["origin town"]))
    places["community"] = unit("溪西社区居委会", "village", places["town"], is_seat=True)
    places["other community"] = unit("桐北社区居委会", "village", places["town"], is_seat=True)
    places["beside town"] = unit("城西街道", "town", places["beside county"], is_seat=True)
    places["beside community"] = unit("青云社区居委会", "village", places["beside town"])
    places["beside branch"] = unit("泮洋党支部", "branch", places["beside county"])
    served = [places["community"], places["other community"]]
    places["station"] = station(places["county"], places["town"], served).unit
    places["beside"] = station(
        places["beside county"],
        places["beside town"],
        [places["beside community"]],
        name="古田中心",
    ).unit
    return places


def station(parent, town, communities=(), *, name="福鼎市流动党员管理服务中心"):
    kind = "county_centre" if parent.kind == "county" else "township"
    return open_station(
        name=name,
        kind=kind,
        parent=parent,
        host_town=town,
        communities=communities,
        address="驿站路11号",
        phone="0593-0000111",
        week=read_week("周一至周五 8:30–17:30"),
        opened_on=LONG_AGO,
        by=None,
        at=NOON,
    )


def user(role="", unit=None, *, name="", since=None, **more) -> User:
    """A user, with the role in the unit if one is named."""
    key = letters(next(_count))
    made = User.objects.create_user(f"u{key}", full_name=name or f"用户{key}", **more)
    if role:
        day = since or timezone.localdate() - timedelta(days=30)
        grant_mandate(user=made, role=role, unit=unit, starts_on=day, by=None, at=NOON)
    return made


def grid(station, *, code="", communities=(), name=""):
    code = code or f"{next(_count):02d}"
    return create_grid(
        station=station, code=code, name=name or f"第{code}网格", communities=communities,
        opened_on=LONG_AGO, by=None, at=NOON,
    )  # fmt: skip


def claim(name="缪春花", **more) -> Claim:
    phone = more.pop("phone", "")
    return Claim(name, phone=next(iter(read_phones(phone)), None), **more)


def departure(places, name="缪春花", *, origin="branch", station="station", by=None, **more):
    return register_departure(
        claim(name, **more), origin=places[origin], station=places[station] if station else None,
        by=by, at=NOON,
    )  # fmt: skip


def arrival(
    places,
    name="缪春花",
    *,
    station="station",
    community="community",
    home="branch",
    at=NOON,
    **more,
):
    return register_arrival(
        claim(name, **more), station=places[station], channel="desk",
        home=places[home] if home else None,
        destination=places[community] if community else None, by=None, at=at,
    )  # fmt: skip


def stay(
    places, name="缪春花", *, origin="branch", station="station", community="community",
    starts_on=None, **more,
):  # fmt: skip
    """A member in care: departure, arrival and both confirmations."""
    out = departure(places, name, origin=origin, station=station, **more)
    into = arrival(places, name, station=station, community=community, home=origin, **more)
    return open_stay(
        out, into, origin=Confirmation(user(), NOON), station=Confirmation(user(), NOON), by=None,
        at=NOON, starts_on=starts_on or date(2026, 11, 1),
    )  # fmt: skip
