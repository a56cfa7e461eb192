"""Writing the good rows of a checked roster: resumable, each row exactly once."""

from __future__ import annotations

import json
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from waystation.kernel import audit, bulk
from waystation.kernel.sealing import seal
from waystation.stewardship.people.actions import build_arrival, build_departure, build_person
from waystation.stewardship.people.claims import fill
from waystation.stewardship.people.models import Arrival, Departure
from waystation.stewardship.rosters.actions.importing import CHUNK
from waystation.stewardship.rosters.checking import Entry, Scene, recall
from waystation.stewardship.rosters.models import Import, ImportRow

V = ImportRow.Verdict


def commit_rows(batch: Import, *, by, beat) -> dict[str, int]:
    """Write every row judged new or changed that is not yet written; stopping anywhere loses and doubles nothing.

    Each chunk is one transaction: rows, people, audit and the mark "committed" together.
    """
    scene = Scene(batch)
    waiting = ImportRow.objects.filter(batch=batch, verdict__in=[V.NEW, V.CHANGED], committed_at=None)
    written = ImportRow.objects.filter(batch=batch, committed_at__isnull=False).count()
    total = written + waiting.count()
    while True:
        with transaction.atomic():
            rows = list(waiting.select_for_update().order_by("position")[:CHUNK])
            if not rows:
                break
            _commit_chunk(scene, rows, by=by, at=timezone.now())
            written += len(rows)
            beat.checkpoint(written, total)
    return _finish(batch, by=by, at=timezone.now())


@transaction.atomic
def _finish(batch: Import, *, by, at: datetime) -> dict[str, int]:
    rows = ImportRow.objects.filter(batch=batch)
    counts = {verdict: rows.filter(verdict=verdict).count() for verdict in V.values}
    done = Import.objects.filter(pk=batch.pk, state=Import.State.COMMITTING)
    if done.update(state=Import.State.COMMITTED, committed_at=at, **counts):
        audit.record("import.committed", on=batch, by=by, at=at, unit_path=batch.unit_path, **counts)
    return counts


def _commit_chunk(scene: Scene, rows: list[ImportRow], *, by, at: datetime) -> None:
    """A second look at the register, which may have changed since the check, then the writes."""
    entries = [recall(row, scene) for row in rows]
    before = {entry.row.pk: len(entry.reading.problems) for entry in entries}
    for entry in entries:
        entry.row.same_as = None
    scene.judge(entries, again=True)
    new = [entry for entry in entries if entry.row.verdict == V.NEW]
    changed = [entry for entry in entries if entry.row.verdict == V.CHANGED]
    if scene.is_origin:
        _write_departures(scene, new, by=by, at=at)
    else:
        _write_arrivals(scene, new, by=by, at=at)
    for entry in changed:
        _change(entry)
    _audit(scene, new, changed, by=by, at=at)
    for entry in entries:
        entry.row.committed_at = at if entry.row.verdict in (V.NEW, V.CHANGED) else None
        if entry.row.verdict not in (V.NEW, V.CHANGED):
            entry.row.problems = entry.reading.problems[before[entry.row.pk] :] or entry.reading.problems
    bulk.update([entry.row for entry in entries], _WRITTEN)


_WRITTEN = ("verdict", "problems", "committed_at", "departure", "arrival", "person", "made_person", "before")


def _write_departures(scene: Scene, entries: list[Entry], *, by, at: datetime) -> None:
    people, memberships, departures = [], [], []
    for entry in entries:
        person = entry.person
        if person is None:
            person, membership = build_person(entry.claim, home=entry.home, at=at)
            people.append(person)
            if membership is not None:
                memberships.append(membership)
            entry.row.made_person = True
        departure = build_departure(
            person,
            entry.claim,
            origin=entry.home,
            station=scene.batch.station,
            destination=entry.destination,
            by=by,
            at=at,
        )
        departures.append(departure)
        entry.row.person, entry.row.departure = person, departure
    bulk.insert(people)
    bulk.insert(memberships)
    bulk.insert(departures)


def _write_arrivals(scene: Scene, entries: list[Entry], *, by, at: datetime) -> None:
    arrivals = []
    for entry in entries:
        arrival = build_arrival(
            entry.claim,
            station=scene.batch.station,
            home=entry.home,
            destination=entry.destination,
            channel=Arrival.Channel.ROSTER,
            by=by,
            at=at,
        )
        arrivals.append(arrival)
        entry.row.arrival = arrival
    bulk.insert(arrivals)


def _change(entry: Entry) -> None:
    """Overwrite what the row says anew; what it leaves empty stays. The old columns are kept for the undo."""
    target = entry.target
    old = {field.attname: getattr(target, field.attname) for field in target._meta.concrete_fields}
    fresh = type(target)(pk=target.pk)  # the same key, so that sealed values open on the target
    fill(fresh, entry.claim)
    columns = []
    for field in target._meta.concrete_fields:
        value = getattr(fresh, field.attname)
        if field.attname in _SAID and value not in ("", None):
            setattr(target, field.attname, value)
            columns.append(field.attname)
    target.save(update_fields=columns)
    kept = {name: old[name] for name in columns}
    seal(entry.row, "before", json.dumps(kept, ensure_ascii=False))
    if isinstance(target, Departure):
        entry.row.departure, entry.row.person = target, target.person
    else:
        entry.row.arrival = target


_SAID = frozenset(
    [
        "full_name",
        "name_key",
        "given_key",
        "pinyin",
        "initials",
        "sex",
        "born",
        "nation",
        "education",
        "member_kind",
        "joined",
        "trade",
        "id_number",
        "id_index",
        "id_mask",
        "id_state",
        "phone",
        "phone_index",
        "phone_mask",
        "phone_tail",
        "other_phone",
        "other_phone_index",
        "branch_text",
        "left",
        "reason",
        "place_kind",
        "dues_paid_to",
        "home_text",
        "employer",
        "skill",
        "volunteers",
        "arrived",
        "registered",
        "destination_text",
        "card_no",
        "remark",
        "address",
        "hardship",
    ]
)


def _audit(scene: Scene, new: list[Entry], changed: list[Entry], *, by, at: datetime) -> None:
    noun = "departure" if scene.is_origin else "arrival"
    events = []
    for verb, entries in (("registered", new), ("changed", changed)):
        for entry in entries:
            row = entry.row.departure if scene.is_origin else entry.row.arrival
            path = row.origin_path if scene.is_origin else row.station_path
            events.append({"verb": f"{noun}.{verb}", "on": row, "unit_path": path, "batch": str(scene.batch.pk)})
    audit.record_many(events, by=by, at=at)
