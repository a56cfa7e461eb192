"""Rows a second of an import (preview and commit, all rules, sealing, audit) against a floor in the same run.

    python -m bench.imports [--rows 20000] [--profile]

The floor reads the same file with calamine and copies the same columns into a bare table.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench import scratch


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--database", help="a database URL; SQLite in the throw-away folder if not given")
    parser.add_argument("--profile", action="store_true")
    given = parser.parse_args()
    folder = scratch.set_up(database_url=given.database)
    try:
        measure(given, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def measure(given, folder: Path) -> None:
    from bench.people import departures, write_roster
    from waystation.organizations.models import Unit

    county, station = scratch.county_station("350982")
    (user,) = scratch.users("origin")
    branches = [
        f"{county.name}{branch.parent.parent.name}{branch.name}"
        for branch in Unit.objects.under(county).filter(kind="branch").select_related("parent__parent")
    ]
    path = folder / "roster.xlsx"
    write_roster(path, departures(given.rows, branches))
    floor = seconds_of_floor(path)
    if given.profile:
        import cProfile
        import pstats

        profile = cProfile.Profile()
        profile.enable()
    check, commit, batch = seconds_of_import(path, county, station, user)
    if given.profile:
        profile.disable()
        pstats.Stats(profile).sort_stats("tottime").print_stats(35)
    total = check + commit
    print(f"rows {given.rows}: new {batch.new} duplicate {batch.duplicate} wrong {batch.wrong}")
    print(f"floor {floor:.2f} s ({given.rows / floor:.0f} rows/s)")
    print(f"import {total:.2f} s ({given.rows / total:.0f} rows/s): check {check:.2f}, commit {commit:.2f}")
    print(f"ratio {total / floor:.1f} x floor (goal 12)")


def seconds_of_floor(path: Path) -> float:
    """calamine and a bare insert of the same columns."""
    from django.db import connection, transaction
    from python_calamine import CalamineWorkbook

    started = time.perf_counter()
    rows = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python(skip_empty_area=False)[2:]
    with connection.cursor() as cursor:
        columns = ", ".join(f"c{number} text" for number in range(20))
        cursor.execute(f"CREATE TABLE bench_floor ({columns})")
        with transaction.atomic():
            if connection.vendor == "postgresql":
                with cursor.copy(f"COPY bench_floor FROM STDIN") as copy:  # noqa: F541
                    for row in rows:
                        copy.write_row([str(cell) for cell in row])
            else:
                marks = ", ".join(["%s"] * 20)
                cursor.executemany(f"INSERT INTO bench_floor VALUES ({marks})", [[str(c) for c in row] for row in rows])
        cursor.execute("DROP TABLE bench_floor")
    return time.perf_counter() - started


def seconds_of_import(path: Path, county, station, user):
    from django.utils import timezone

    from waystation.kernel import files
    from waystation.kernel.jobs import run_inline
    from waystation.stewardship.rosters.actions import importing

    started = time.perf_counter()
    with path.open("rb") as handle:
        stored = files.store(handle, kind="roster", name=path.name, by=user, at=timezone.now())
    batch = importing.create_import(
        kind="departures", stored=stored, unit=county, station=station, by=user, at=timezone.now()
    )
    run_inline(importing.start_check(batch, by=user, at=timezone.now()))
    middle = time.perf_counter()
    batch.refresh_from_db()
    run_inline(importing.start_commit(batch, by=user, at=timezone.now()))
    ended = time.perf_counter()
    batch.refresh_from_db()
    assert batch.state == "committed", batch.problem
    return middle - started, ended - middle, batch


if __name__ == "__main__":
    main()
