"""How long the pages of everyday take, as ratios to a bare page over the same table in the same run.

    python -m bench.latency [--people 11270 100000] [--database URL] [--rounds 15]

In one process and without a socket, because the machine is shared: the floor is the bare site of `bench.nation.floor`
with Django's own middleware, a session and its user; each page runs the product's whole stack (middleware, sign-in,
reach, templates). Rounds of floor and pages are interleaved; medians are compared.
"""

from __future__ import annotations

import argparse
import random
import shutil
import statistics
import sys
import time
from itertools import islice
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench import scratch

FLOOR = "floor: 25 rows"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, nargs="+", default=[11_270, 100_000])
    parser.add_argument("--database", help="a database URL of an empty database; SQLite if not given")
    parser.add_argument("--rounds", type=int, default=15)
    given = parser.parse_args()
    folder = scratch.set_up(database_url=given.database)
    try:
        measure(given)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def measure(given) -> None:
    county, station = scratch.county_station("350982")
    source = _source(county, max(given.people), station)
    standing = 0
    print("| people | page | queries | p50 ms | p95 ms | times the floor |\n|---|---|---|---|---|---|")
    for size in sorted(given.people):
        sample = _grow(source, size - standing, county)
        standing = size
        pages = _pages(county, station, sample)
        times = _rounds(pages, given.rounds)
        floor = statistics.median(times[FLOOR])
        for name, call in pages.items():
            queries = _queries(call)
            middle = statistics.median(times[name])
            late = statistics.quantiles(times[name], n=20)[-1]
            print(f"| {size:,} | {name} | {queries} | {middle:.1f} | {late:.1f} | {middle / floor:.1f} |", flush=True)


def _source(county, count: int, station):
    """Rows of a roster, each with its branch and its station.

    Skewed as in life: three counties, the measured one among them, hold half the people; each county has
    a station, and half of its people go to that.
    """
    from django.utils import timezone

    from bench.people import departures
    from waystation.organizations.actions import create_unit
    from waystation.organizations.models import Unit

    draw, at = random.Random(7), timezone.now()
    counties = sorted(Unit.objects.filter(kind="county"), key=lambda unit: unit.pk != county.pk)
    homes = {one.pk: list(Unit.objects.under(one).filter(kind="branch")) for one in counties}
    stations = {county.pk: station} | {
        one.pk: create_unit(name=f"{one.name}服务中心", kind="station", parent=one, by=None, at=at)
        for one in counties[1:]
    }
    weights = [1 / 6 if number < 3 else 0.5 / (len(counties) - 3) for number in range(len(counties))]
    for cells in departures(count, ["党支部"]):
        home, abroad = draw.choices(counties, weights)[0], draw.choices(counties, weights)[0]
        yield cells, draw.choice(homes[home.pk]), stations[draw.choice((home, abroad)).pk]


def _grow(source, count: int, county):
    """Add people with a pending departure, as an import writes them; returns the last of the county."""
    from django.utils import timezone

    from waystation.stewardship.people.actions import build_departure, build_person
    from waystation.stewardship.people.claims import Claim
    from waystation.stewardship.people.identity import read_id_number, read_phones
    from waystation.stewardship.people.models import Departure, Membership, Person

    at, last = timezone.now(), None
    while chunk := list(islice(source, min(1000, count))):
        count -= len(chunk)
        people, memberships, left = [], [], []
        for cells, home, station in chunk:
            claim = Claim(
                cells[1], sex="male" if cells[2] == "男" else "female", id_number=read_id_number(cells[6]),
                phone=next(iter(read_phones(cells[9])), None), left="2024-03", trade=cells[12],
            )  # fmt: skip
            person, membership = build_person(claim, home=home, at=at)
            people.append(person)
            memberships.append(membership)
            left.append(build_departure(person, claim, origin=home, station=station, destination=None, by=None, at=at))
            if home.path.startswith(county.path):
                last = (claim, person)
        Person.objects.bulk_create(people)
        Membership.objects.bulk_create(memberships)
        Departure.objects.bulk_create(left)
        if not count:
            break
    return last


def _pages(county, station, sample) -> dict:
    """Each page as a function that asks for it."""
    from django.test import Client

    from tests import make

    claim, person = sample
    clients, users = {}, {}
    for role, unit in (("county_organiser", county), ("station_officer", station)):
        clients[unit] = Client(SERVER_NAME="localhost")
        users[unit] = make.user(role, unit)
        clients[unit].force_login(users[unit])

    def page(unit, address, **query):
        def call():
            answer = clients[unit].get(address, query, follow=True)
            assert answer.status_code == 200, (address, answer.status_code)

        return call

    return {
        FLOOR: _floor(county, users[county]),
        "people, county": page(county, "/people/"),
        "people, deep page": page(county, "/people/", after=_middle()),
        "departures, county": page(county, "/people/departures/"),
        "departures, station": page(station, "/people/departures/"),
        "search 王杰": page(county, "/people/search/", q="王杰"),
        "search 王": page(county, "/people/search/", q="王"),
        "search 杰": page(county, "/people/search/", q="杰"),
        "search wj": page(county, "/people/search/", q="wj"),
        "search phone tail": page(county, "/people/search/", q=person.phone_tail),
        "search whole ID": page(county, "/people/search/", q=claim.id_number.text),
        "person file": page(county, f"/people/{person.pk}/"),
        "desk, county": page(county, "/"),
        "desk, station": page(station, "/"),
        "board": page(county, "/rosters/board/"),
    }


def _queries(call) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as seen:
        call()
    return len(seen)


def _middle() -> str:
    from waystation.stewardship.people.models import Person

    people = Person.objects.order_by("name_key", "pk")
    return str(people[people.count() // 2].pk)


def bare_site(get_response):
    """Middleware that leads a request to the bare site instead of the product."""

    def lead(request):
        request.urlconf = "bench.nation.floor"
        return get_response(request)

    return lead


def _floor(county, user):
    from django.test import Client, override_settings

    from bench.nation.floor_settings import MIDDLEWARE

    client = Client(SERVER_NAME="localhost")
    with override_settings(MIDDLEWARE=[*MIDDLEWARE, "bench.latency.bare_site"]):
        client.handler.load_middleware()
    client.force_login(user)

    def call():
        answer = client.get(f"/people/{county.path}")
        assert answer.status_code == 200

    return call


def _rounds(pages: dict, rounds: int) -> dict[str, list[float]]:
    times: dict[str, list[float]] = {name: [] for name in pages}
    for _ in range(rounds):
        for name, call in pages.items():
            started = time.perf_counter()
            call()
            times[name].append((time.perf_counter() - started) * 1000)
    return times


if __name__ == "__main__":
    main()
