"""Two rosters through the product's own import and match, in a throw-away database, with a score.

    python -m bench.matching ORIGIN ARRIVAL [TRUTH] [--out pairs.json] [--county CODE]

Prints the counts of every step and, with a truth file, precision and recall of each lane. `--out` gets
every pair and every unmatched row with its lane, its file rows and its reasons in words.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import time
from collections import Counter, defaultdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench import scoring, scratch


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("origin", type=Path)
    parser.add_argument("arrival", type=Path)
    parser.add_argument("truth", type=Path, nargs="?")
    parser.add_argument("--out", type=Path, help="write every pair and unmatched row as JSON")
    parser.add_argument("--county", help="statistical code of the county; found from the rosters if not given")
    given = parser.parse_args()
    folder = scratch.set_up()
    try:
        outcome = reconcile(given)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if given.out:
        given.out.write_text(json.dumps(outcome, ensure_ascii=False, indent=1))
    if given.truth:
        report(outcome, json.loads(given.truth.read_text()))


def county_of_rosters(paths: list[Path]) -> str:
    """The county whose names stand most often in the files."""
    from waystation.kernel.sheets import reading
    from waystation.organizations.models import Unit

    counties = list(Unit.objects.filter(kind="county"))
    towns = defaultdict(set)
    for town in Unit.objects.filter(kind="town").select_related("parent"):
        towns[town.name].add(town.parent.code)
    hits: Counter[str] = Counter()
    for path in paths:
        for sheet in reading.read_workbook(path, head=200):
            for _number, cells in sheet:
                text = " ".join(cell for cell in cells if isinstance(cell, str))
                for county in counties:
                    hits[county.code] += text.count(county.name)
                for name, codes in towns.items():
                    if len(codes) == 1 and name in text:
                        hits[next(iter(codes))] += 1
    return hits.most_common(1)[0][0] if hits and hits.most_common(1)[0][1] else counties[0].code


def reconcile(given) -> dict:
    """Import both rosters, match, and gather the lanes with their file rows."""
    from django.utils import timezone

    from waystation.kernel.jobs import run_inline
    from waystation.kernel.models import Job

    code = given.county or county_of_rosters([given.origin, given.arrival])
    county, station = scratch.county_station(code)
    origin_user, station_user = scratch.users("origin", "station")
    print(f"county {county.name}")
    departures = bring_in(given.origin, "departures", county, station, origin_user)
    arrivals = bring_in(given.arrival, "arrivals", station, station, station_user)
    started = time.monotonic()
    for job in Job.objects.filter(kind="match.run", state="queued"):
        finished = run_inline(job)
        if finished.state != "done":
            sys.exit(f"matching failed: {finished.error}")
    print(f"match {time.monotonic() - started:.2f} s  at {timezone.localtime():%H:%M}")
    return lanes(departures, arrivals)


def bring_in(path: Path, kind: str, unit, station, user):
    """The product's own import, step by step; returns the import."""
    from django.utils import timezone

    from waystation.kernel import files
    from waystation.kernel.jobs import run_inline
    from waystation.stewardship.rosters.actions import importing

    started = time.monotonic()
    with path.open("rb") as handle:
        stored = files.store(handle, kind="roster", name=path.name, by=user, at=timezone.now())
    batch = importing.create_import(kind=kind, stored=stored, unit=unit, station=station, by=user, at=timezone.now())
    if batch.state == "failed" or not any(table["use"] for table in batch.tables):
        sys.exit(f"{path.name}: {batch.problem}")
    for start in (importing.start_check, importing.start_commit):
        job = run_inline(start(batch, by=user, at=timezone.now()))
        batch.refresh_from_db()
        if job.state != "done" or batch.state == "failed":
            sys.exit(f"{path.name}: {job.error or batch.problem}")
    seconds = time.monotonic() - started
    total = batch.new + batch.changed + batch.duplicate + batch.wrong
    print(
        f"{path.name}: new {batch.new} changed {batch.changed} duplicate {batch.duplicate} wrong {batch.wrong}"
        f" passed over {batch.passed_over}  {seconds:.2f} s  {total / seconds:.0f} rows/s"
    )
    return batch


def lanes(departures, arrivals) -> dict:
    """Every candidate of the board with the rows of the files it stands for."""
    from waystation.stewardship.rosters.matching.reasons import words
    from waystation.stewardship.rosters.models import MatchCandidate
    from waystation.stewardship.rosters.reading import problem_words

    origin_rows, arrival_rows = file_rows(departures, "departure"), file_rows(arrivals, "arrival")
    found = {"pairs": [], "only_departed": [], "only_arrived": [], "wrong": []}
    for candidate in MatchCandidate.objects.open().order_by("lane", "-weight", "id"):
        entry = {"lane": candidate.lane, "weight": round(candidate.weight, 2)}
        if candidate.departure_id:
            entry["origin"] = origin_rows[candidate.departure_id]
            entry["origin_rows"] = [number for _sheet, number in entry["origin"]]
        if candidate.arrival_id:
            entry["arrivals"] = arrival_rows[candidate.arrival_id]
            entry["arrival"] = entry["arrivals"][0] if entry["arrivals"] else None
        entry["reasons"] = [words(reason) for reason in candidate.reasons]
        entry["codes"] = [reason["code"] for reason in candidate.reasons]
        found["pairs" if candidate.departure_id and candidate.arrival_id else candidate.lane].append(entry)
    for batch in (departures, arrivals):
        for row in batch.rows.filter(verdict="wrong").order_by("position"):
            why = [problem_words(problem) for problem in row.problems if problem["error"]]
            found["wrong"].append({"file": batch.file_name, "sheet": row.sheet, "row": row.number, "reasons": why})
    return found


def file_rows(batch, column: str) -> dict:
    """For each register row the (sheet, row number) of every file row that stands for it."""
    owner, rows = {}, defaultdict(list)
    later = []
    for row in batch.rows.order_by("position"):
        key = getattr(row, f"{column}_id")
        if key is not None:
            owner[row.position] = key
            rows[key].append([row.sheet, row.number])
        elif row.same_as:
            later.append(row)
    for row in later:
        if row.same_as in owner:
            rows[owner[row.same_as]].append([row.sheet, row.number])
    return rows


def report(outcome: dict, truth: dict) -> None:
    """Print the score against the truth."""
    by_lane = defaultdict(list)
    for pair in outcome["pairs"]:
        by_lane[pair["lane"]].append((tuple(pair["origin_rows"]), tuple(tuple(row) for row in pair["arrivals"])))
    result = scoring.score(by_lane["matched"], by_lane["conflicting"], truth)
    print(result)
    for lane, key in (("only_departed", "only_origin"), ("only_arrived", "only_arrival")):
        mine = set()
        for entry in outcome[lane]:
            mine |= (
                set(entry.get("origin_rows", [])) if lane == "only_departed" else {tuple(r) for r in entry["arrivals"]}
            )
        real = set()
        for person in truth.get(key, []):
            real |= set(person["origin_rows"]) if lane == "only_departed" else {tuple(person["arrival"])}
        right = len(mine & real)
        print(
            f"{lane}: {len(mine)} rows, right {right}"
            f"  precision {right / len(mine) if mine else 1:.4f}  recall {right / len(real) if real else 1:.4f}"
        )


if __name__ == "__main__":
    main()
