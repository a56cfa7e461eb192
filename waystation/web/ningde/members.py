"""The members in the care of one station, so that its daily life can be shown. Every one is invented."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from waystation.accounts.models import User
from waystation.organizations.models import Unit
from waystation.stewardship.grids.actions import assign
from waystation.stewardship.grids.models import Grid
from waystation.stewardship.people.actions import issue_cards, register_arrival, register_departure
from waystation.stewardship.people.claims import Claim
from waystation.stewardship.people.identity import check_character, read_id_number, read_phones
from waystation.stewardship.people.models import Person
from waystation.stewardship.rosters.actions.confirming import ORIGIN, STATION, confirm_pair
from waystation.stewardship.rosters.models import MatchCandidate

# Branches of three townships of Xiapu whose members live in its town, and the trades they follow.
BRANCHES = ("350921203201", "350921202201", "350921202207", "350921201201", "350921201206", "350921200201")
TRADES = (
    "餐饮服务", "建筑装修", "水产养殖", "家政服务", "货运驾驶", "茶叶经销", "个体经商", "电商物流", "教育培训",
    "医药卫生",
)  # fmt: skip
SKILLS = {
    "餐饮服务": "厨师", "建筑装修": "水电安装", "水产养殖": "海参养殖", "家政服务": "养老护理", "货运驾驶": "驾驶",
    "茶叶经销": "茶艺", "个体经商": "会计", "电商物流": "直播带货", "教育培训": "普通话教学", "医药卫生": "中医推拿",
}  # fmt: skip
# To what kind of place whoever does this went; of some it is not known.
SHE_NAMES = "蓝雷钟"  # the usual family names of the She people of eastern Fujian
PLACE_KINDS = {
    "餐饮服务": "self_employed", "建筑装修": "private", "家政服务": "urban", "茶叶经销": "self_employed",
    "个体经商": "self_employed", "电商物流": "private", "教育培训": "private", "医药卫生": "public",
}  # fmt: skip
MEMBERS = 40
WITHOUT_GRID = 4  # the last ones wait for a grid, so that the proposal can be seen
_FAMILY = "林陈黄张吴李郑王刘叶谢蔡许郭杨周钟雷蓝缪"
_GIVEN = "文秀志丽建美国玉明淑永春晓素德凤家惠光金伟芳强敏军静"


@dataclass(frozen=True)
class Invented:
    """A member to be: the claim that both sides make, and where the member comes from and lives."""

    claim: Claim
    branch: str
    days_in_care: int


def invented(today: date) -> list[Invented]:
    """The same people at each call; a resident number ends in 000, which is never issued."""
    chance, found, seen = random.Random(350921), [], {"陈丽"}
    while len(found) < MEMBERS:
        name = chance.choice(_FAMILY) + "".join(chance.sample(_GIVEN, chance.choice((1, 2, 2))))
        if name in seen:
            continue
        seen.add(name)
        found.append(_invented(name, len(found), chance, today))
    return found


def _invented(name: str, number: int, chance: random.Random, today: date) -> Invented:
    year = 1939 + number if number < 3 else chance.randint(1956, 1999)
    born = date(year, chance.randint(1, 12), chance.randint(1, 28))
    bare = f"350921{born:%Y%m%d}000"
    trade = TRADES[number % len(TRADES)]
    days = 12 if number == 5 else 40 + (number * 37) % 640
    probationary = number in (11, 23)
    joined = today - timedelta(days=300) if probationary else date(min(year + chance.randint(20, 32), 2022), 7, 1)
    phone = None if number == 7 else next(iter(read_phones(f"1990000{100 + number:04d}")), None)
    claim = Claim(
        name, born=born.isoformat(), sex="female" if chance.random() < 0.4 else "male", joined=joined.isoformat(),
        member_kind="probationary" if probationary else "full", trade="" if number < 3 else trade,
        skill=SKILLS[trade] if number % 2 else "", phone=phone, reason="务工经商",
        nation="畲族" if name[0] in SHE_NAMES else "汉族", place_kind=PLACE_KINDS.get(trade, ""),
        id_number=read_id_number(bare + check_character(bare)),
        left=(today - timedelta(days=days + 30)).isoformat(),
    )  # fmt: skip
    return Invented(claim, BRANCHES[number % len(BRANCHES)], days)


@transaction.atomic
def open_members(*, station: Unit, at: datetime) -> int:
    """Take them into care as in life: departure, arrival, both sides' yes, grid, card. Returns how many."""
    if Person.objects.filter(station=station).count() > 1:
        return 0
    secretaries = {code: _secretary(code) for code in BRANCHES}
    officer = User.objects.get(username="xiapu.officer")
    communities = list(station.station.communities.order_by("code"))
    people = []
    for number, one in enumerate(invented(timezone.localdate(at))):
        moment = at - timedelta(days=one.days_in_care)
        branch = Unit.objects.get(kind=Unit.Kind.BRANCH, parent__code=one.branch)
        home = communities[(number * 5) % len(communities)]
        left = register_departure(one.claim, origin=branch, station=station, by=secretaries[one.branch], at=moment)
        came = register_arrival(
            one.claim, station=station, channel="desk", home=branch, destination=home, by=officer, at=moment
        )
        pair = MatchCandidate.objects.get(departure=left, arrival=came)
        confirm_pair(pair, side=ORIGIN, by=secretaries[one.branch], at=moment)
        stay = confirm_pair(pair, side=STATION, by=officer, at=moment)
        if number < MEMBERS - WITHOUT_GRID:
            grid = Grid.objects.filter(station=station, communities=home).select_related("unit").get()
            assign(stay, grid, by=officer, at=moment)
        people.append(stay.person)
    issue_cards(people, by=officer, at=at)
    return len(people)


def _secretary(code: str) -> User:
    branch = Unit.objects.get(kind=Unit.Kind.BRANCH, parent__code=code)
    return User.objects.get(mandates__unit=branch, mandates__role="branch_secretary")
