"""A small county with a station, and rosters brought in through the product's own jobs."""

from __future__ import annotations

import io
import itertools
from dataclasses import dataclass
from pathlib import Path

from django.utils import timezone

from waystation.accounts.models import User
from waystation.kernel import files
from waystation.kernel.jobs import run_inline
from waystation.kernel.models import Job
from waystation.organizations.actions import create_unit
from waystation.organizations.divisions import load_divisions
from waystation.organizations.models import Unit
from waystation.stewardship.rosters.actions import importing
from waystation.stewardship.rosters.models import Import

ROOT = Path(__file__).resolve().parents[3]
SAMPLES = ROOT / "tests" / "rosters"
_names = itertools.count(1)


@dataclass
class Place:
    """A county, its station and a user for each side."""

    county: Unit
    station: Unit
    origin_user: User
    station_user: User
    county_user: User


def user() -> User:
    return User.objects.create_user(f"user{next(_names)}", full_name="林某")


def small_county() -> Place:
    """Fuding with one town and three villages: enough for rosters written by a test."""
    at = timezone.now()
    city = Unit.objects.filter(kind="city").first() or create_unit(
        name="宁德市", kind="city", parent=None, by=None, at=at
    )
    county = create_unit(name="福鼎市", short_name="福鼎", kind="county", parent=city, by=None, at=at)
    town = create_unit(name="叠石乡", short_name="叠石", kind="town", parent=county, by=None, at=at)
    for name in ("竹阳", "庙边", "车头"):
        village = create_unit(name=f"{name}村委会", short_name=name, kind="village", parent=town, by=None, at=at)
        create_unit(name=f"{name}党支部", short_name=name, kind="branch", parent=village, by=None, at=at)
    station = create_unit(name="福鼎市流动党员管理服务中心", kind="station", parent=county, by=None, at=at)
    return Place(county, station, user(), user(), user())


def real_county(code: str) -> Place:
    """A county of the real tree."""
    load_divisions(ROOT / "data" / "ningde_divisions.csv", seats=set(), by=None, at=timezone.now())
    county = Unit.objects.get(code=code)
    station = create_unit(
        name=f"{county.name}流动党员管理服务中心", kind="station", parent=county, by=None, at=timezone.now()
    )
    return Place(county, station, user(), user(), user())


def upload(place: Place, kind: str, content: bytes, name: str, *, unit: Unit | None = None) -> Import:
    """A file taken in, before its check."""
    by = place.origin_user if kind == "departures" else place.station_user
    at = timezone.now()
    stored = files.store(io.BytesIO(content), kind="roster", name=name, by=by, at=at)
    unit = unit or (place.county if kind == "departures" else place.station)
    return importing.create_import(kind=kind, stored=stored, unit=unit, station=place.station, by=by, at=at)


def check(batch: Import) -> Import:
    job = run_inline(importing.start_check(batch, by=batch.created_by, at=timezone.now()))
    assert job.state == Job.State.DONE, job.error
    batch.refresh_from_db()
    return batch


def commit(batch: Import) -> Import:
    job = run_inline(importing.start_commit(batch, by=batch.created_by, at=timezone.now()))
    assert job.state == Job.State.DONE, job.error
    batch.refresh_from_db()
    return batch


def bring_in(place: Place, kind: str, content: bytes, name: str = "roster.csv", **more) -> Import:
    return commit(check(upload(place, kind, content, name, **more)))


def run_matcher() -> dict:
    """Run every waiting match job; returns the lanes of the last."""
    result = {}
    for job in Job.objects.filter(kind="match.run", state=Job.State.QUEUED):
        result = run_inline(job).result
    return result


def csv(*rows: str) -> bytes:
    return "\n".join(rows).encode()


ORIGIN_HEAD = "姓名,性别,出生年月,身份证号码,所在党支部,联系电话,外出时间,外出地点"
ARRIVAL_HEAD = "党员姓名,性别,出生日期,公民身份号码,手机,现居住地,组织关系所在地,流入时间"
