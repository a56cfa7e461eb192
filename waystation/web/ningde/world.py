"""Builds the demonstration's tree, stations, grids, users and one member, once."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from waystation.accounts.models import User, security_stamp
from waystation.accounts.passwords import new_one_time_password
from waystation.kernel import audit
from waystation.organizations.actions import grant_mandate
from waystation.organizations.divisions import core_name, load_divisions, read_divisions
from waystation.organizations.models import Unit
from waystation.organizations.permissions import ROLES
from waystation.stations.sites.actions import open_station
from waystation.stations.sites.models import Station
from waystation.stations.sites.week import read_week
from waystation.stewardship.grids.actions import assign, create_grid
from waystation.stewardship.grids.models import Grid
from waystation.stewardship.people.actions import (
    issue_cards,
    link_account,
    register_arrival,
    register_departure,
)
from waystation.stewardship.people.claims import Claim
from waystation.stewardship.people.identity import read_phones
from waystation.stewardship.people.models import Person
from waystation.stewardship.rosters.actions.confirming import ORIGIN, STATION, confirm_pair
from waystation.stewardship.rosters.models import MatchCandidate
from waystation.web.ningde.cast import CAST, MEMBER, SEATS, STATIONS, Account, StationPlan
from waystation.web.ningde.members import open_members
from waystation.web.ningde.parts import PARTS

DIVISIONS = settings.ROOT / "data" / "ningde_divisions.csv"
SIGN_INS = "sign-ins.txt"
OPENED_ON = date(2020, 7, 1)  # before everything that the demonstration shows
VACANT_EVERY = 4  # every fourth grid has no leader, so that vacancies can be seen


@dataclass(frozen=True)
class SignIn:
    """One line of the table that the command prints: who enters with which password, as what."""

    username: str
    password: str
    full_name: str
    role: str
    unit: str

    @property
    def is_shown(self) -> bool:
        return any(account.username == self.username and account.is_shown for account in CAST)


# --- the tree, the stations and the grids ---------------------------------------------------------


def read_rows() -> list[dict[str, str]]:
    """The divisions as the file lists them."""
    return read_divisions(DIVISIONS)


def load_tree(*, at: datetime) -> int:
    """The prefecture's divisions with a branch in each village; returns how many units were new."""
    return load_divisions(DIVISIONS, seats=set(SEATS), by=None, at=at)


@transaction.atomic
def open_stations(*, at: datetime) -> int:
    """The stations that are not open yet, each with its grids; returns how many were opened."""
    opened = 0
    for plan in STATIONS:
        parent = Unit.objects.get(code=plan.parent)
        if Station.objects.filter(unit__parent=parent, unit__name=plan.name).exists():
            continue
        served = Unit.objects.filter(kind=Unit.Kind.VILLAGE, parent__code__in=plan.serves)
        communities = list(served.select_related("parent").order_by("code"))
        station = open_station(
            name=plan.name,
            kind=plan.kind,
            parent=parent,
            host_town=Unit.objects.get(code=plan.host),
            communities=communities,
            address=Unit.objects.get(code=plan.host).name + plan.address,
            phone=plan.phone,
            week=read_week(plan.hours),
            opened_on=OPENED_ON,
            by=None,
            at=at,
        )
        _make_grids(station.unit, plan, communities, at)
        opened += 1
    return opened


def _make_grids(station: Unit, plan: StationPlan, communities: list[Unit], at: datetime) -> None:
    for number, part in enumerate(_shares(communities, plan.grids), start=1):
        create_grid(
            station=station,
            code=f"{number:02d}",
            name=f"第{number}网格",
            area=_area(part),
            communities=part,
            opened_on=OPENED_ON,
            by=None,
            at=at,
        )


def _shares(rows: list, parts: int) -> Iterator[list]:
    """The rows cut into that many neighbouring parts, as even as can be."""
    for number in range(parts):
        yield rows[len(rows) * number // parts : len(rows) * (number + 1) // parts]


def _area(communities: list[Unit]) -> str:
    towns = list(dict.fromkeys(unit.parent.name for unit in communities))
    names = "、".join(core_name(unit.name) for unit in communities)
    return f"{'、'.join(towns)}：{names}"[:200]


# --- the people who sign in -----------------------------------------------------------------------


def accounts() -> list[Account]:
    """Everybody who signs in: the cast, then the rest of each station's staff, its grid leaders
    and a county organiser for each county with a station, with invented names."""
    names = _invented_names()
    found = {account.username: account for account in CAST}
    for plan in STATIONS:
        county = plan.parent[:6]
        rest = [
            Account(f"{plan.key}.head", "", "station_head", f"station:{plan.key}"),
            Account(f"{plan.key}.officer", "", "station_officer", f"station:{plan.key}"),
            Account(f"{plan.key}.officer2", "", "station_officer", f"station:{plan.key}"),
            Account(f"county.{county}", "", "county_organiser", f"division:{county}"),
        ]
        if len(plan.parent) > 6:
            rest.append(Account(plan.key, "", "township_organiser", f"division:{plan.parent}"))
        rest += [
            Account(f"{plan.key}.grid{n}", "", "grid_leader", f"grid:{plan.key}:{n}")
            for n in range(1, plan.grids + 1)
            if n % VACANT_EVERY
        ]
        held = {(account.role, account.unit) for account in CAST}
        for account in rest:
            organises = account.role in ("county_organiser", "township_organiser")
            if account.username in found or (organises and (account.role, account.unit) in held):
                continue
            found[account.username] = replace(account, full_name=next(names))
    return list(found.values())


def _invented_names() -> Iterator[str]:
    """Names put together from common parts, always in the same order."""
    chance = random.Random(20261123)
    family = "林陈黄张吴李郑王刘叶谢蔡许郭杨周钟雷蓝缪"
    given = "文秀志丽建美国玉明淑永春晓素德凤家惠光金"
    seen = {account.full_name for account in CAST}
    while True:
        name = chance.choice(family) + "".join(chance.sample(given, 2))
        if name not in seen:
            seen.add(name)
            yield name


@transaction.atomic
def open_accounts(*, at: datetime, path: Path) -> list[SignIn]:
    """Everybody's account and mandate, and a random password for each of the cast, kept in `path`.

    The others get theirs from the security administrator, as in real life. If the file is gone the
    cast gets new passwords, because nobody knows the old ones.
    """
    kept = read_sign_ins(path)
    known = {user.username: user for user in User.objects.all()}
    cast, made = {account.username for account in CAST}, []
    for account in accounts():
        unit, user = unit_of(account.unit), known.get(account.username)
        is_new = user is None
        user = user or _open_account(account, at)
        if is_new:
            day = timezone.localdate(at) - timedelta(days=90)
            grant_mandate(user=user, role=account.role, unit=unit, starts_on=day, by=None, at=at)
        if account.username in cast:
            password = "" if is_new else kept.get(account.username, "")
            password = password or _give_password(user, at)
            label = str(ROLES[account.role].label)
            made.append(SignIn(user.username, password, user.full_name, label, _place(unit)))
    write_sign_ins(path, made)
    return made


def _open_account(account: Account, at: datetime) -> User:
    return User.objects.create_user(account.username, full_name=account.full_name, created_at=at, password_set_at=at)


def _give_password(user: User, at: datetime) -> str:
    password = new_one_time_password()
    user.set_password(password)
    user.password_set_at, user.security_stamp = at, security_stamp()
    user.save(update_fields=["password", "password_set_at", "security_stamp"])
    audit.record("demonstration.password_made", by=None, at=at, user=str(user.pk))
    return password


def unit_of(word: str) -> Unit:
    """The unit that a word of the cast means."""
    kind, _colon, rest = word.partition(":")
    if kind == "city":
        return Unit.objects.get(kind=Unit.Kind.CITY)
    if kind == "division":
        return Unit.objects.get(code=rest)
    if kind == "branch":
        return Unit.objects.get(kind=Unit.Kind.BRANCH, parent__code=rest)
    key, _colon, number = rest.partition(":")
    plan = next(plan for plan in STATIONS if plan.key == key)
    station = Unit.objects.get(kind=Unit.Kind.STATION, name=plan.name, parent__code=plan.parent, closed_on=None)
    if kind == "station":
        return station
    return Grid.objects.select_related("unit").get(station=station, code=f"{int(number):02d}").unit


def _place(unit: Unit) -> str:
    if unit.kind == Unit.Kind.GRID:
        return f"{unit.parent.name}{unit.name}"
    return unit.name


def read_sign_ins(path: Path) -> dict[str, str]:
    """Sign-in names and passwords that this machine made before."""
    if not path.exists():
        return {}
    lines = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]
    return {cells[0]: cells[1] for cells in lines if len(cells) > 1}


def write_sign_ins(path: Path, rows: list[SignIn]) -> None:
    """Keep the passwords where only the owner of this checkout reads them."""
    path.touch(mode=0o600)
    path.chmod(0o600)
    lines = ["\t".join([r.username, r.password, r.full_name, r.role, r.unit]) for r in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


# --- one member with a file -----------------------------------------------------------------------


@transaction.atomic
def open_member(*, at: datetime) -> bool:
    """The one member who has reported already: departure, arrival, both sides' yes, grid, card.

    Everybody else comes from the rosters that the visitor imports. Returns whether it was new.
    """
    member = User.objects.get(username="member")
    if Person.objects.filter(user=member).exists():
        return False
    at -= timedelta(days=12)
    branch = unit_of("branch:350921203201")
    station = unit_of("station:xiapu")
    community = Unit.objects.get(code="350921001001")
    secretary = User.objects.get(username="baiyang.branch")
    officer = User.objects.get(username="xiapu.officer")
    claim = Claim(member_kind="full", left=f"{timezone.localdate(at) - timedelta(days=200)}", phone=_phone(), **MEMBER)
    left = register_departure(claim, origin=branch, station=station, by=secretary, at=at)
    arrival = register_arrival(
        claim,
        station=station,
        channel="desk",
        home=branch,
        destination=community,
        by=officer,
        at=at,
    )
    pair = MatchCandidate.objects.get(departure=left, arrival=arrival)
    confirm_pair(pair, side=ORIGIN, by=secretary, at=at)
    stay = confirm_pair(pair, side=STATION, by=officer, at=at)
    grid = Grid.objects.filter(station=station, communities=community).select_related("unit")
    assign(stay, grid.get(), by=officer, at=at)
    issue_cards([stay.person], by=officer, at=at)
    link_account(stay.person, username=member.username, by=officer, at=at)
    return True


def _phone():
    return next(iter(read_phones("19900000012")), None)


def build(path: Path) -> Iterator[tuple[str, object]]:
    """Do what is not done yet; yields a word about each step and, last, the sign-ins."""
    at = timezone.now()
    yield "units", load_tree(at=at)
    yield "stations", open_stations(at=at)
    yield "sign-ins", open_accounts(at=at, path=path)
    yield "member", open_member(at=at)
    station = unit_of("station:xiapu")
    yield "members", open_members(station=station, at=at)
    for name, add in PARTS.items():
        yield name, add(station=station, at=at)
