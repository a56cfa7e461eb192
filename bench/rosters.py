"""Makes pairs of messy rosters of invented people at given places, with the truth beside them.

The mess is of the kinds that real spreadsheets have; how much of each is drawn from the seed, so
that each seed is another county's habit. The same seed and size always give the same rosters.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from bench.words import COMPOUND, DOTS, DOTTED, GIVEN, OCCUPATIONS, SOUNDS, SURNAMES, TRADITIONAL
from waystation.kernel.partial_dates import PartialDate
from waystation.stewardship.people.identity import check_character
from waystation.stewardship.rosters.matching import ARRIVAL, ORIGIN, Row

SHEETS = {ORIGIN: "外出台账", ARRIVAL: "流入登记册"}

Place = tuple[str, str, str]  # county, town, village


@dataclass(frozen=True)
class Habits:
    """How often each kind of mess happens in a county, as shares of the rows or people."""

    id_missing: tuple[float, float]  # at the origin, at the arrival
    id_wrong: float
    id_old: float
    id_float: float
    id_masked: float
    id_short: float
    id_another: float  # somebody else's valid number
    phone_missing: float
    phone_changed: float
    phone_wrong: float
    phone_of_family: float
    birth_month: float
    birth_missing: float
    birth_wrong: float
    name_variant: float
    name_wrong: float
    twice: float
    namesakes: float  # people with a namesake born on the same day
    brothers: float  # people with a brother at the same telephone
    moved: float  # living elsewhere than the origin knows
    late: float  # arrivals long after the departure
    occupation_other: float

    @classmethod
    def drawn(cls, rng: random.Random) -> Habits:
        """One county's habits."""
        return cls(
            id_missing=(rng.uniform(0.05, 0.4), rng.uniform(0.2, 0.6)),
            id_wrong=rng.uniform(0.01, 0.06),
            id_old=rng.uniform(0.01, 0.05),
            id_float=rng.uniform(0.01, 0.08),
            id_masked=rng.choice((0, 0, 0.03)),
            id_short=rng.uniform(0, 0.02),
            id_another=rng.uniform(0, 0.004),
            phone_missing=rng.uniform(0.03, 0.15),
            phone_changed=rng.uniform(0.05, 0.2),
            phone_wrong=rng.uniform(0.005, 0.02),
            phone_of_family=rng.uniform(0, 0.03),
            birth_month=rng.uniform(0.1, 0.6),
            birth_missing=rng.uniform(0, 0.03),
            birth_wrong=rng.uniform(0.005, 0.02),
            name_variant=rng.uniform(0.01, 0.05),
            name_wrong=rng.uniform(0, 0.006),
            twice=rng.uniform(0.005, 0.03),
            namesakes=rng.uniform(0.005, 0.04),
            brothers=rng.uniform(0, 0.02),
            moved=rng.uniform(0.05, 0.3),
            late=rng.uniform(0.05, 0.4),
            occupation_other=rng.uniform(0.05, 0.4),
        )


@dataclass
class Person:
    """An invented person."""

    name: str
    sex: str
    birth: date
    id_number: str
    phone: str
    home: Place
    abroad: Place
    left: date
    occupation: str


@dataclass
class Rosters:
    """Both rosters' cells by row, as they would stand in a file, and who is who."""

    origin: list[dict] = field(default_factory=list)
    arrival: list[dict] = field(default_factory=list)
    truth: dict = field(default_factory=dict)

    def rows(self) -> tuple[list[Row], list[Row]]:
        """The two sides as the matching takes them."""
        return tuple(
            [_row(side, cells) for cells in rows] for side, rows in ((ORIGIN, self.origin), (ARRIVAL, self.arrival))
        )


def _row(side: str, cells: dict) -> Row:
    given = dict(cells)
    number = given.pop("row")
    ref = number if side == ORIGIN else (SHEETS[ARRIVAL], number)
    return Row.of(f"{side}:{number:07d}", side, given.pop("name"), refs=(ref,), **given)


def generate(places: Sequence[Place], people: int, seed: int, habits: Habits | None = None) -> Rosters:
    """Two rosters of about `people` people, three quarters of them on both."""
    rng = random.Random(seed)
    habits = habits or Habits.drawn(rng)
    everyone = _population(rng, places, people, habits)
    sides: dict[str, list[tuple[int, dict]]] = {ORIGIN: [], ARRIVAL: []}
    for at, person in enumerate(everyone):
        where = rng.choices((3, 1, 2), (72, 15, 13))[0]
        for bit, side in ((1, ORIGIN), (2, ARRIVAL)):
            if where & bit:
                cells = _cells(rng, person, side, habits, everyone)
                sides[side].append((at, cells))
                if rng.random() < habits.twice:
                    sides[side].append((at, _again(rng, cells)))
    rosters = Rosters()
    rows_of: dict[str, dict[int, list[int]]] = {ORIGIN: {}, ARRIVAL: {}}
    for side, target in ((ORIGIN, rosters.origin), (ARRIVAL, rosters.arrival)):
        rng.shuffle(sides[side])
        for number, (at, cells) in enumerate(sides[side], start=4):
            target.append({"row": number, **cells})
            rows_of[side].setdefault(at, []).append(number)
    rosters.truth = _truth(everyone, rows_of)
    return rosters


def _truth(everyone: list[Person], rows_of) -> dict:
    pairs = [
        {
            "name": everyone[at].name,
            "id": everyone[at].id_number,
            "origin_rows": rows,
            "arrival": [SHEETS[ARRIVAL], rows_of[ARRIVAL][at][0]],
            "arrival_rows": rows_of[ARRIVAL][at],
        }
        for at, rows in rows_of[ORIGIN].items()
        if at in rows_of[ARRIVAL]
    ]
    return {"people": len(everyone), "both": len(pairs), "pairs": pairs}


def _population(rng, places, people, habits) -> list[Person]:
    towns = sorted({(county, town) for county, town, _ in places})
    centres = [place for place in places if place[:2] in towns[:3]] or list(places)
    everyone: list[Person] = []
    while len(everyone) < people:
        person = _person(rng, places, centres)
        everyone.append(person)
        if rng.random() < habits.namesakes:
            everyone.append(_namesake(rng, person, places, centres))
        if rng.random() < habits.brothers:
            everyone.append(_brother(rng, person, centres))
    return everyone


def _person(rng, places, centres) -> Person:
    home = rng.choice(places)
    birth = date(1945, 1, 1) + timedelta(rng.randrange(62 * 365))
    sex = rng.choice(("男", "女"))
    return Person(
        name=_name(rng),
        sex=sex,
        birth=birth,
        id_number=_id_number(rng, birth, sex, home),
        phone=_mobile(rng),
        home=home,
        abroad=rng.choice(centres),
        left=date(2015, 1, 1) + timedelta(rng.randrange(3400)),
        occupation=rng.choice(OCCUPATIONS),
    )


def _name(rng) -> str:
    draw = rng.random()
    if draw < 0.004:
        return rng.choice(DOTTED)
    surname = rng.choice(COMPOUND) if draw < 0.02 else SURNAMES[int(len(SURNAMES) * rng.random() ** 2)]
    given = (GIVEN[int(len(GIVEN) * rng.random() ** 1.6)] for _ in range(1 + (rng.random() < 0.75)))
    return surname + "".join(given)


def _id_number(rng, birth, sex, home) -> str:
    county = f"3509{sum(map(ord, home[0])) % 90 + 10}"
    digits = f"{county}{birth:%Y%m%d}{rng.randrange(100):02d}"
    digits += str(rng.randrange(0, 10, 2) + (sex == "男"))
    return digits + check_character(digits)


def _mobile(rng) -> str:
    return f"1{rng.choice('356789')}{rng.randrange(10**9):09d}"


def _namesake(rng, person, places, centres) -> Person:
    """Somebody else of the same name born the same day, sometimes from the same town."""
    other = _person(rng, places, centres)
    other.name, other.birth = person.name, person.birth
    if rng.random() < 0.7:
        other.sex = person.sex
    if rng.random() < 0.3:
        other.home = rng.choice([place for place in places if place[:2] == person.home[:2]])
    if rng.random() < 0.3:
        other.occupation = person.occupation
    other.id_number = person.id_number
    while other.id_number == person.id_number:
        other.id_number = _id_number(rng, other.birth, other.sex, other.home)
    return other


def _brother(rng, person, centres) -> Person:
    other = _person(rng, [person.home], centres)
    other.name = person.name[:-1] + rng.choice(GIVEN)
    other.phone = person.phone
    return other


def _cells(rng, person: Person, side: str, habits: Habits, everyone) -> dict:
    arrival = side == ARRIVAL
    return {
        "name": _messy_name(rng, person.name, habits),
        "sex": rng.choices((person.sex, "", person.sex + "性"), (94, 3, 3))[0],
        "birth": _messy_birth(rng, person.birth, habits),
        "id_number": _messy_id(rng, person.id_number, habits, arrival, everyone),
        "phones": _messy_phones(rng, person.phone, habits, arrival, everyone),
        "home": _messy_home(rng, person.home, arrival),
        "abroad": _messy_abroad(rng, person.abroad, arrival, habits),
        "since": _messy_since(rng, person.left, arrival, habits),
        "occupation": rng.choice(OCCUPATIONS)
        if arrival and rng.random() < habits.occupation_other
        else person.occupation,
    }


def _messy_name(rng, name, habits) -> str:
    if "·" in name:
        return name.replace("·", rng.choice(DOTS))
    if rng.random() < habits.name_wrong and len(name) > 2:
        return name[:-1] + rng.choice(GIVEN)
    if rng.random() < habits.name_variant:
        changed = "".join(SOUNDS.get(character, character) for character in name[1:])
        name = rng.choice((name[0] + changed, name.translate(TRADITIONAL), f"{name}（女）"))
    if len(name) == 2 and rng.random() < 0.4:
        return name[0] + rng.choice((" ", "　", "  ")) + name[1]
    return name + rng.choice(("", "", "", " "))


def _messy_birth(rng, birth: date, habits) -> PartialDate | None:
    draw = rng.random()
    if draw < habits.birth_missing:
        return None
    if draw < habits.birth_missing + habits.birth_wrong:
        shift = rng.choice((1, -1, 30, 33, 365, 3652))
        return PartialDate.of(birth + timedelta(shift))
    if rng.random() < habits.birth_month:
        return PartialDate(birth.year, birth.month)
    return PartialDate.of(birth)


def _messy_id(rng, number, habits, arrival, everyone) -> object:
    if rng.random() < habits.id_missing[arrival]:
        return rng.choice(("", "", "无", None))
    draw, limit = rng.random(), 0.0
    for share, mess in (
        (habits.id_wrong, _one_digit_wrong),
        (habits.id_old, lambda rng, number: number[:6] + number[8:17]),
        (habits.id_float, _as_number),
        (habits.id_masked, lambda rng, number: number[:6] + "********" + number[14:]),
        (habits.id_short, _digit_left_out),
        (habits.id_another, lambda rng, number: rng.choice(everyone).id_number),
        (0.03, lambda rng, number: number.lower()),
        (0.03, lambda rng, number: "".join(chr(ord(mark) + 0xFEE0) for mark in number)),
        (0.02, lambda rng, number: f"'{number[:6]} {number[6:14]} {number[14:]}"),
    ):
        limit += share
        if draw < limit:
            return mess(rng, number)
    return number


def _one_digit_wrong(rng, number: str) -> str:
    at = rng.randrange(17)
    return number[:at] + str((int(number[at]) + rng.randrange(1, 10)) % 10) + number[at + 1 :]


def _digit_left_out(rng, number: str) -> str:
    at = rng.randrange(6, 18)
    return number[:at] + number[at + 1 :]


def _as_number(rng, number: str) -> object:
    if number.endswith("X"):
        return number
    return float(number[:15] + "000")


def _messy_phones(rng, phone, habits, arrival, everyone) -> object:
    if rng.random() < habits.phone_missing:
        return rng.choice(("", "无", None))
    if arrival and rng.random() < habits.phone_changed:
        phone = _mobile(rng)
    elif rng.random() < habits.phone_of_family:
        phone = rng.choice(everyone).phone
    elif rng.random() < habits.phone_wrong:
        at = rng.randrange(3, 11)
        phone = phone[:at] + str((int(phone[at]) + rng.randrange(1, 10)) % 10) + phone[at + 1 :]
    return rng.choices(
        (
            phone,
            float(phone),
            f"{phone[:3]} {phone[3:7]} {phone[7:]}",
            f"+86-{phone}",
            f"{phone}/0593-{rng.randrange(2 * 10**6, 9 * 10**6)}",
            "".join(chr(ord(mark) + 0xFEE0) for mark in phone),
            f"{_mobile(rng)}、{phone}",
        ),
        (50, 12, 12, 8, 8, 4, 6),
    )[0]


def _messy_home(rng, home: Place, arrival: bool) -> str:
    county, town, village = home
    if not arrival:
        return f"{county}{town}{village}党支部"
    return rng.choices(
        (
            f"{county}{town}{village}党支部",
            f"{county}{town}",
            f"{town}党委",
            f"{village}村委会",
            "",
        ),
        (30, 20, 20, 20, 10),
    )[0]


def _messy_abroad(rng, abroad: Place, arrival: bool, habits) -> str:
    county, town, village = abroad
    if arrival:
        return f"{county}{town}{village}社区{rng.randrange(1, 300)}号"
    if rng.random() < habits.moved:
        return rng.choice(("城区", f"{county}城区", "外地", "老街道"))
    return rng.choice((town, f"{county}{town}{village}社区", f"{county}城区"))


def _messy_since(rng, left: date, arrival: bool, habits) -> PartialDate | None:
    if rng.random() < 0.05:
        return None
    day = left
    if arrival:
        day += timedelta(rng.randrange(-400, 900) if rng.random() < habits.late else rng.randrange(70))
    return PartialDate(day.year, day.month) if rng.random() < 0.15 else PartialDate.of(day)


def _again(rng, cells: dict) -> dict:
    """The same person's second row: some cells left empty, the telephone written otherwise."""
    again = dict(cells)
    for column in ("birth", "abroad", "since", "occupation"):
        if rng.random() < 0.6:
            again[column] = None if column in ("birth", "since") else ""
    if rng.random() < 0.2:
        again["phones"] = ""
    return again


def invented_places(towns: int = 14, villages: int = 16, seed: int = 1) -> list[Place]:
    """Places that do not exist, for measurements that need no real ones."""
    rng = random.Random(seed)
    marks = "山水溪洋湾坑岭桥头坪塘埔店石门岗兜宅厝潭田峰林坂尾"
    kinds = ("街道", "街道", "街道", *["镇"] * 6, *["乡"] * 20)
    places = []
    for town in range(towns):
        name = "".join(rng.sample(marks, 2)) + kinds[town % len(kinds)]
        places += [("南屏县", name, "".join(rng.sample(marks, 2))) for _ in range(villages)]
    return places
