"""A nation by simulation: its desks, lists and files as ratios to a bare page of the same run.

    python -m bench.nation --database postgres://... [--people 11270 1000000] [--stations 12 400] [--years 5]

Each size is laid into a fresh schema of a database of its own (the name with the number of people behind it), made if
it is not there. The product and the floor run behind the production server on loopback, one process each; rounds are
interleaved and medians compared.
"""

from __future__ import annotations

import argparse
import gc
import shutil
import statistics
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from bench import scratch

FLOOR = "floor: 25 rows"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", required=True, help="postgres://…/name; people are added to the name")
    parser.add_argument("--people", type=int, nargs="+", default=[11_270, 1_000_000])
    parser.add_argument("--stations", type=int, nargs="+", default=[12, 400])
    parser.add_argument("--years", type=int, default=5)
    parser.add_argument("--rounds", type=int, default=21)
    parser.add_argument("--laid", action="store_true", help="the databases hold their sizes already: only measure")
    parser.add_argument(
        "--plans", action="store_true", help="instead of measuring, explain every question of the pages"
    )
    given = parser.parse_args()
    tables = {}
    for people, stations in zip(given.people, given.stations, strict=True):
        # The settings of a process name one database, so each size has a process of its own.
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as own:
            tables[people] = own.submit(_size, given, people, stations).result()
    _print(tables)


def _size(given, people: int, stations: int) -> dict:
    """Lay one size and measure it."""
    url = f"{given.database}_{people}"
    _empty(url, keeps=given.laid)
    folder = scratch.set_up(database_url=url, tree=False)
    from bench.nation.laying import prepare
    from bench.nation.units import Nation, look_up

    print(f"{people:,} people, {stations} stations, {given.years} years", flush=True)
    try:
        prepare()
        nation = Nation(people, stations, given.years)
        if not given.laid:
            _lay(nation)
        look_up(nation)
        return _plans(nation) if given.plans else _measure(nation, given.rounds)
    finally:
        from django.db import connection

        connection.close()
        shutil.rmtree(folder, ignore_errors=True)


def _lay(nation) -> None:
    from bench.nation.laying import run, told
    from bench.nation.people import lay_people
    from bench.nation.units import lay_staff, lay_units
    from bench.nation.years import lay_years

    lay_units(nation)
    lay_staff(nation)
    lay_people(nation)
    lay_years(nation)
    with told("statistics of the tables"):
        run("SET session_replication_role = origin")
        run("VACUUM (ANALYZE)")  # with the map of what is visible, as an old table has it


def _empty(url: str, *, keeps: bool) -> None:
    """Make the database if it is not there, and empty it unless what it holds is kept."""
    import psycopg
    from psycopg.sql import SQL, Identifier

    server, _slash, name = url.rpartition("/")
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            connection.execute(SQL("CREATE DATABASE {}").format(Identifier(name)))
    if keeps:
        return
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")


def _measure(nation, rounds: int) -> dict[str, tuple[float, float, float, float]]:
    """Each page: p50 and p95 in ms, its goal, kilobytes."""
    from bench.nation.pages import pages
    from bench.nation.serving import served, signed_in

    bare_settings = {"DJANGO_SETTINGS_MODULE": "bench.nation.floor_settings"}
    with served("waystation.config.wsgi") as product, served("bench.nation.floor", **bare_settings) as floor:
        clients = {role: signed_in(user, product) for role, user in nation.users.items()}
        bare = signed_in(nation.users["county_organiser"], floor)
        calls = {FLOOR: (lambda: bare.get(f"/people/{nation.county.path}"), 1.0)}
        for name, page in pages(nation).items():
            calls[name] = (lambda page=page: clients[page.role].get(page.path), page.goal)
        return _rounds(calls, rounds)


def _plans(nation) -> dict:
    """Say which pages read a large table from end to end."""
    from django.test import Client

    from bench.nation.pages import pages
    from bench.plans import report

    def asked(page):
        client = Client(SERVER_NAME="127.0.0.1")
        client.force_login(nation.users[page.role])
        return lambda: client.get(page.path, follow=True)

    report({name: asked(page) for name, page in pages(nation).items()})
    return {}


def _rounds(calls: dict, rounds: int) -> dict:
    times: dict[str, list[float]] = {name: [] for name in calls}
    sizes = {}
    gc.disable()
    for number in range(rounds + 2):
        for name, (call, _goal) in calls.items():
            started = time.perf_counter()
            answer = call()
            took = (time.perf_counter() - started) * 1000
            assert answer.status_code == 200, (name, answer.status_code, answer.headers.get("location"))
            sizes[name] = len(answer.content) / 1024
            if number >= 2:  # the first two fill the caches
                times[name].append(took)
    gc.enable()
    return {
        name: (statistics.median(took), statistics.quantiles(took, n=20)[-1], calls[name][1], sizes[name])
        for name, took in times.items()
    }


def _print(tables: dict[int, dict]) -> None:
    if not any(tables.values()):
        return
    smallest = min(tables)
    print("\n| people | page | p50 ms | p95 ms | times the floor | goal | times the smallest size | kB |")
    print("|---|---|---|---|---|---|---|---|")
    for people, table in tables.items():
        bare = table[FLOOR][0]
        for name, (middle, late, goal, size) in table.items():
            grown = middle / tables[smallest][name][0]
            cells = (f"{people:,}", name, f"{middle:.1f}", f"{late:.1f}", f"{middle / bare:.1f}", f"{goal:g}")
            print("|", " | ".join((*cells, f"{grown:.2f}", f"{size:.0f}")), "|")
