"""How long the whole matching job takes for two large rosters, and how right it is, against Splink alone.

    python -m bench.match_size [--people 20000] [--database URL]

The floor trains and predicts with Splink's stock comparisons over the same rows in the same run. The
job is the product's: it reads the registers, matches and stores each pair with its reasons and lanes.
"""

from __future__ import annotations

import argparse
import logging
import shutil
import sys
import time
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench import scratch

CHUNK = 1000
SURE = 0.95  # the probability from which the floor calls a pair one person


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=26_000, help="20,000 and more of them on each roster")
    parser.add_argument("--database", help="a database URL of an empty database; SQLite if not given")
    given = parser.parse_args()
    folder = scratch.set_up(database_url=given.database)
    try:
        measure(given.people)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def measure(people: int) -> None:
    import random

    from bench.rosters import Habits, generate

    county, station = scratch.county_station("350982")
    # A person's second row is the import's to find; here every row is a claim of its own.
    habits = replace(Habits.drawn(random.Random(7)), twice=0.0)
    rosters = generate(_places(county), people, 7, habits)
    truth = {(pair["origin_rows"][0], pair["arrival_rows"][0]) for pair in rosters.truth["pairs"]}
    origin, arrival = rosters.rows()
    print(f"rows {len(origin)} x {len(arrival)}, {len(truth)} people on both")
    seconds, found = floor(origin, arrival)
    print(f"floor: Splink alone {seconds:.2f} s  {score(found, truth)}")
    keys = register(rosters, county, station)
    job_seconds, lanes = run(county)
    print(f"job {job_seconds:.2f} s  ratio {job_seconds / seconds:.1f} x floor (goal 3)")
    for name in ("matched", "conflicting"):
        print(f"{name}: {score({(keys[one], keys[other]) for one, other in lanes[name]}, truth)}")
    again, _lanes = run(county)
    print(f"the same again {again:.2f} s")


def score(found: set, truth: set) -> str:
    right = len(found & truth)
    precision, recall = right / len(found) if found else 1.0, right / len(truth)
    f1 = 2 * right / (len(found) + len(truth))
    return f"pairs {len(found)}  precision {precision:.4f}  recall {recall:.4f}  F1 {f1:.4f}"


def _places(county) -> list[tuple[str, str, str]]:
    from waystation.organizations.models import Unit

    villages = Unit.objects.under(county).filter(kind="village").select_related("parent")
    return [(county.name, village.parent.name, village.short_name or village.name) for village in villages]


def floor(origin, arrival) -> tuple[float, set]:
    """Train and predict with Splink's stock comparisons; seconds and the pairs it is sure of."""
    import pyarrow
    import splink.comparison_library as cl
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    logging.getLogger("splink").setLevel(logging.ERROR)
    tables = [pyarrow.Table.from_pylist([_flat(row) for row in rows]) for rows in (origin, arrival)]
    rules = [block_on("id_number"), block_on("phone"), block_on("name"), block_on("birth")]
    settings = SettingsCreator(
        link_type="link_only",
        comparisons=[
            cl.JaroWinklerAtThresholds("name", [0.8]),
            cl.LevenshteinAtThresholds("birth", [1, 2]),
            cl.LevenshteinAtThresholds("id_number", [1, 2]),
            cl.ExactMatch("phone"),
            cl.ExactMatch("sex"),
        ],
        blocking_rules_to_generate_predictions=rules,
    )
    started = time.perf_counter()
    api = DuckDBAPI()
    sides = [
        api.register(table, dataset_display_name=name)
        for table, name in zip(tables, ("origin", "arrival"), strict=True)
    ]
    linker = Linker(sides, settings, log_level=None)
    linker.training.estimate_probability_two_random_records_match([block_on("id_number")], recall=0.7)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6)
    for rule in (block_on("name"), block_on("birth")):
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    predicted = linker.inference.predict(threshold_match_probability=SURE, warning_mode="never")
    pairs = predicted.as_record_list()
    seconds = time.perf_counter() - started
    sides_of = ({pair[f"source_dataset_{side}"]: pair[f"unique_id_{side}"] for side in "lr"} for pair in pairs)
    return seconds, {(sides["origin"], sides["arrival"]) for sides in sides_of}


def _flat(row) -> dict:
    from waystation.stewardship.people.names import name_key

    return {
        "unique_id": row.refs[0] if isinstance(row.refs[0], int) else row.refs[0][1],
        "name": name_key(row.name) or None,
        "birth": row.birth.isoformat() if row.birth else None,
        "id_number": row.id_number.text or None,
        "phone": row.phones[0].text if row.phones else None,
        "sex": row.sex,
    }


def register(rosters, county, station) -> dict:
    """Both rosters as pending rows of the registers; returns each register row's number in its file."""
    from django.utils import timezone

    from waystation.organizations.places import Places
    from waystation.stewardship.people.actions import build_arrival, build_departure, build_person
    from waystation.stewardship.people.models import Arrival, Departure, Membership, Person

    at, places, held, keys = timezone.now(), Places(county), set(), {}
    origin, arrival = rosters.rows()
    people, memberships, left, arrived = [], [], [], []
    for row, cells in zip(origin, rosters.origin, strict=True):
        home = places.branch(cells["home"]) or county
        claim = _claim(row, cells, "left")
        number = claim.id_number.text if claim.id_number and claim.id_number.is_sure else None
        owner = replace(claim, id_number=None) if number in held else claim
        held.add(number)
        person, membership = build_person(owner, home=home, at=at)
        people.append(person)
        memberships += [membership] if membership else []
        departure = build_departure(
            person, claim, origin=home, station=station, destination=places.place(cells["abroad"]), by=None, at=at
        )
        keys[departure.pk] = cells["row"]
        left.append(departure)
    for row, cells in zip(arrival, rosters.arrival, strict=True):
        found = build_arrival(
            _claim(row, cells, "arrived"), station=station, home=places.branch(cells["home"]),
            destination=places.place(cells["abroad"]), channel=Arrival.Channel.ROSTER, by=None, at=at,
        )  # fmt: skip
        keys[found.pk] = cells["row"]
        arrived.append(found)
    for model, rows in ((Person, people), (Membership, memberships), (Departure, left), (Arrival, arrived)):
        model.objects.bulk_create(rows, batch_size=CHUNK)
    return keys


def _claim(row, cells: dict, moved: str):
    from waystation.stewardship.people.claims import Claim

    phones = [*row.phones, None, None]
    texts = {"branch_text": cells["home"]} if moved == "left" else {"home_text": cells["home"]}
    return Claim(
        row.name, sex=row.sex or "", born=row.birth.isoformat() if row.birth else "", id_number=row.id_number,
        phone=phones[0], other_phone=phones[1], trade=row.occupation, destination_text=cells["abroad"],
        **{moved: row.since.isoformat() if row.since else ""}, **texts,
    )  # fmt: skip


def run(county) -> tuple[float, dict]:
    """The product's job, and the open pairs of each lane."""
    from django.utils import timezone

    from waystation.kernel.jobs import run_inline
    from waystation.stewardship.rosters.actions.matching import start_match
    from waystation.stewardship.rosters.models import MatchCandidate

    started = time.perf_counter()
    job = run_inline(start_match(county, by=None, at=timezone.now()))
    seconds = time.perf_counter() - started
    if job.state != "done":
        sys.exit(f"matching failed: {job.error}")
    lanes: dict[str, set] = {"matched": set(), "conflicting": set()}
    pairs = MatchCandidate.objects.open().filter(departure__isnull=False, arrival__isnull=False)
    for lane, departure, arrival in pairs.values_list("lane", "departure_id", "arrival_id"):
        lanes[lane].add((departure, arrival))
    return seconds, lanes


if __name__ == "__main__":
    main()
