"""How the database finds the rows of a page: no query may read a large table from end to end.

    python -m bench.plans [--people 50000] [--database URL]

Each page of `bench.latency` is asked for once, every question it puts is explained by the database, and a scan of a
table with more than `LARGE` rows is a fault. Ends with 1 if there is any.
"""

from __future__ import annotations

import argparse
import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench import scratch

LARGE = 20_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=50_000)
    parser.add_argument("--database", help="a database URL of an empty database; SQLite if not given")
    given = parser.parse_args()
    folder = scratch.set_up(database_url=given.database)
    try:
        from bench import latency

        county, station = scratch.county_station("350982")
        sample = latency._grow(latency._source(county, given.people, station), given.people, county)
        scratch.analyze()
        pages = latency._pages(county, station, sample)
        pages.pop(latency.FLOOR)
        sys.exit(1 if report(pages) else 0)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def report(pages: dict[str, Callable]) -> int:
    """Print the plans of each page that has a fault, and how many there are."""
    large, total = large_tables(), 0
    for name, call in pages.items():
        found = faults(call, large)
        total += len(found)
        print(f"{name}: {'; '.join(found) or 'by indexes'}", flush=True)
    return total


def faults(call: Callable, large: set[str]) -> list[str]:
    """Large tables that a page reads from end to end."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as seen:
        call()
    found = []
    for query in seen:
        if query["sql"].lstrip("(").startswith(("SELECT", "WITH")):
            found += [f"{table} is scanned" for table in _scanned(query["sql"]) if table in large]
    return sorted(set(found))


def _scanned(question: str) -> set[str]:
    from django.db import connection

    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"EXPLAIN {question}")
            return set(re.findall(r"Seq Scan on (\w+)", "\n".join(row[0] for row in cursor.fetchall())))
        cursor.execute(f"EXPLAIN QUERY PLAN {question}")
        told = "\n".join(row[3] for row in cursor.fetchall())
    # SQLite names a table by its alias in the question.
    names = dict(re.findall(r'"(\w+)" (U\d+|T\d+)\b', question))
    aliases = {alias: table for table, alias in names.items()}
    return {aliases.get(name, name) for name in re.findall(r"SCAN (\w+)(?! USING)", told)}


def large_tables() -> set[str]:
    """The tables with more than LARGE rows."""
    from django.apps import apps

    return {model._meta.db_table for model in apps.get_models(include_auto_created=True) if _is_large(model)}


def _is_large(model) -> bool:
    return model._base_manager.order_by()[LARGE : LARGE + 1].exists()


if __name__ == "__main__":
    main()
