"""Runs the matcher over what is pending in a county and writes its proposals to the board."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Q

from waystation.kernel import audit, bulk
from waystation.kernel.fields import prefix_q
from waystation.kernel.jobs import Job, enqueue
from waystation.kernel.partial_dates import PartialDate
from waystation.kernel.sealing import unseal
from waystation.organizations.models import Unit
from waystation.stewardship.people.identity import IdNumber, IdState, read_phones
from waystation.stewardship.people.models import Arrival, Departure
from waystation.stewardship.rosters import matching
from waystation.stewardship.rosters.actions.lanes import fill_lanes, restore
from waystation.stewardship.rosters.matching.compare import outcomes
from waystation.stewardship.rosters.matching.engine import Candidate
from waystation.stewardship.rosters.matching.lanes import LEAST_WEIGHT, sort_into_lanes
from waystation.stewardship.rosters.models import MatchCandidate, MatchRun

LOCKED_AT_ONCE = 5000  # keys in one statement
NEIGHBOURS = 60  # rows of a side looked at when one row is typed by hand
_READ = (
    "id", "full_name", "sex", "born", "joined", "trade", "id_number", "id_state", "phone", "other_phone",
)  # fmt: skip


@transaction.atomic
def start_match(county: Unit, *, by, at: datetime) -> Job:
    """Begin a run over the county's pending rows, as a job."""
    run = MatchRun.objects.create(county=county, started_at=at, started_by=by)
    job = enqueue("match.run", by=by, at=at, args={"run": str(run.pk)}, unit_path=county.path, title=county.name)
    MatchRun.objects.filter(pk=run.pk).update(job=job)
    audit.record("match.started", on=run, by=by, at=at, unit_path=county.path)
    return job


def pending_departures(county: Unit):
    """Departures that await their arrival at a station of the county or come from an origin in it."""
    return Departure.objects.pending().filter(
        prefix_q("origin_path", county.path) | prefix_q("station_path", county.path)
    )


def pending_arrivals(county: Unit):
    """Arrivals that await verification at a station of the county."""
    return Arrival.objects.pending().filter(prefix_q("station_path", county.path))


def run_match(run: MatchRun, *, at: datetime, progress=None) -> dict[str, int]:
    """Match and write the lanes; the same rows always give the same lanes. Returns the count of each lane.

    What people have said stays: rejected pairs are not proposed again, confirmed ones are not taken away.
    """
    tell = progress or (lambda share: None)
    units = {unit.pk: unit for unit in Unit.objects.filter(kind__in=["town", "village", "branch"])}
    departures = {str(row.pk): row for row in pending_departures(run.county).only(*_READ, *_ORIGIN_READ)}
    arrivals = {str(row.pk): row for row in pending_arrivals(run.county).only(*_READ, *_STATION_READ)}
    tell(0.1)
    rejected = {
        (str(departure), str(arrival))
        for departure, arrival in MatchCandidate.objects.filter(state=MatchCandidate.State.REJECTED)
        .filter(arrival__in=pending_arrivals(run.county)).values_list("departure_id", "arrival_id")
    }  # fmt: skip
    result = matching.match(
        [origin_row(row, units) for row in departures.values()],
        [arrival_row(row, units) for row in arrivals.values()],
        rejected=rejected, progress=lambda share: tell(0.1 + 0.7 * share), memory_limit=settings.MATCH_MEMORY,
    )  # fmt: skip
    found = [(pair.origin_key, pair.arrival_key, pair.lane, pair.weight, pair.reasons) for pair in result.pairs]
    _write(found, run, departures, arrivals)
    tell(1.0)
    MatchRun.objects.filter(pk=run.pk).update(finished_at=at, departures=len(departures), arrivals=len(arrivals))
    counts = dict.fromkeys(MatchCandidate.Lane.values, 0)
    in_county = prefix_q("origin_path", run.county.path) | prefix_q("station_path", run.county.path)
    lanes = MatchCandidate.objects.open().filter(in_county).values_list("lane").annotate(rows=Count("pk")).order_by()
    return counts | dict(lanes)


_ORIGIN_READ = (
    "origin_id",
    "branch_text",
    "destination_text",
    "destination_id",
    "left",
    "origin_path",
    "station_path",
    "name_key",
    "state",
    "card_no",
)
_STATION_READ = (
    "home_id",
    "home_text",
    "destination_text",
    "destination_id",
    "arrived",
    "home_path",
    "station_path",
    "name_key",
    "state",
    "card_no",
)


@lru_cache(maxsize=65_536)  # a roster has far fewer dates than people
def _partial(text: str) -> PartialDate | None:
    return PartialDate.parse_iso(text) if text else None


def _place(unit_id, units: dict[int, Unit], text: str) -> matching.Place:
    """The place by the tree where the tree knows it, else by the roster's words."""
    unit = units.get(unit_id)
    if unit is not None and unit.kind == Unit.Kind.BRANCH:
        unit = units.get(unit.parent_id, unit)
    if unit is None:
        return matching.read_place(text)
    above = units.get(unit.parent_id) if unit.kind != Unit.Kind.TOWN else None
    return matching.read_place(f"{above.name if above else ''}{unit.name}")


def _row(side: str, row, units, *, home, home_text, abroad_text, since: str) -> matching.Row:
    phones = [phone for name in ("phone", "other_phone") for phone in read_phones(unseal(row, name))]
    number = IdNumber(unseal(row, "id_number") or "", IdState(row.id_state or "missing"))
    return matching.Row(
        key=str(row.pk), side=side, name=row.full_name, sex=row.sex or None, birth=_partial(row.born),
        id_number=number, phones=tuple(phones), home=_place(home, units, home_text),
        abroad=_place(row.destination_id, units, abroad_text), since=_partial(since), joined=_partial(row.joined),
        occupation=row.trade,
    )  # fmt: skip


def origin_row(row: Departure, units: dict[int, Unit]) -> matching.Row:
    """A departure as the matcher reads it."""
    return _row(
        matching.ORIGIN, row, units, home=row.origin_id, home_text=row.branch_text, abroad_text=row.destination_text,
        since=row.left,
    )  # fmt: skip


def arrival_row(row: Arrival, units: dict[int, Unit]) -> matching.Row:
    """An arrival as the matcher reads it."""
    return _row(
        matching.ARRIVAL, row, units, home=row.home_id, home_text=row.home_text, abroad_text=row.destination_text,
        since=row.arrived,
    )  # fmt: skip


@transaction.atomic
def _write(found: list[tuple], run: MatchRun | None, departures: dict, arrivals: dict) -> None:
    """Replace the unconfirmed proposals among these rows by what was found now."""
    State = MatchCandidate.State
    # The rows are locked, so that nobody settles one of them between the look and the write.
    free_departures = set(_still_pending(Departure, departures))
    free_arrivals = set(_still_pending(Arrival, arrivals))
    ours = MatchCandidate.objects.filter(departure__isnull=False, arrival__isnull=False).filter(
        _in_chunks("departure_id", departures)
        if len(departures) < len(arrivals)
        else _in_chunks("arrival_id", arrivals)
    )
    known = {
        (str(c.departure_id), str(c.arrival_id)): c
        for c in ours.iterator()
        if str(c.arrival_id) in arrivals or str(c.departure_id) in departures
    }
    fresh, kept, refreshed, same = [], set(), [], []
    for origin_key, arrival_key, lane, weight, reasons in found:
        if origin_key not in free_departures or arrival_key not in free_arrivals:
            continue
        candidate = known.get((origin_key, arrival_key))
        if candidate is None:
            departure, arrival = departures[origin_key], arrivals[arrival_key]
            candidate = MatchCandidate(
                departure=departure, arrival=arrival, origin_path=departure.origin_path,
                station_path=arrival.station_path, name_key=departure.name_key,
            )  # fmt: skip
            fresh.append(candidate)
        elif candidate.state != State.OPEN:
            continue
        else:
            said = (candidate.lane, candidate.weight, candidate.reasons)
            (same if said == (lane, weight, reasons) else refreshed).append(candidate)
        candidate.run, candidate.lane, candidate.weight, candidate.reasons = run, lane, weight, reasons
        kept.add((origin_key, arrival_key))
    stale = [
        candidate.pk
        for pair, candidate in known.items()
        if pair not in kept and candidate.state == State.OPEN
        and not (candidate.origin_confirmed_at or candidate.station_confirmed_at)
    ]  # fmt: skip
    for start in range(0, len(stale), 500):
        MatchCandidate.objects.filter(pk__in=stale[start : start + 500]).delete()
    bulk.update(same, ("run",))
    bulk.update(refreshed, ("run", "lane", "weight", "reasons"))
    bulk.insert(fresh)
    if run is not None:
        fill_lanes(run, departures=pending_departures(run.county), arrivals=pending_arrivals(run.county))
    else:
        restore([(key, None) for key in departures] + [(None, key) for key in arrivals])


def _still_pending(model, rows: dict) -> list[str]:
    keys = list(rows)
    found = []
    for start in range(0, len(keys), LOCKED_AT_ONCE):
        chunk = model.objects.pending().filter(pk__in=keys[start : start + LOCKED_AT_ONCE]).order_by("pk")
        found += [str(pk) for pk in chunk.select_for_update(no_key=True).values_list("pk", flat=True)]
    return found


def _in_chunks(column: str, rows: dict) -> Q:
    """A condition for many keys: all proposals if there are too many for one statement's parameters."""
    return Q(**{f"{column}__in": list(rows)}) if len(rows) < 900 else Q()


# --- one row typed by hand ------------------------------------------------------------------------


def match_one(*, arrival: Arrival | None = None, departure: Departure | None = None) -> int:
    """Look for the counterpart of one new row among the pending ones, without a full run; returns the pairs found.

    Blocking keys are indexed columns, so the time does not grow with the register.
    """
    departures = {str(departure.pk): departure} if departure else {}
    arrivals = {str(arrival.pk): arrival} if arrival else {}
    for _round in range(2):  # the row's neighbours, then the neighbours' rivals
        departures |= _neighbours(Departure, arrivals.values())
        arrivals |= _neighbours(Arrival, departures.values())
    units = {
        unit.pk: unit
        for unit in Unit.objects.filter(pk__in=_unit_ids(departures.values(), arrivals.values())).select_related(
            "parent"
        )
    }
    units |= {unit.parent_id: unit.parent for unit in list(units.values()) if unit.parent}
    units |= {unit.parent_id: unit.parent for unit in list(units.values()) if unit.parent}
    origins = [origin_row(row, units) for _key, row in sorted(departures.items())]
    targets = [arrival_row(row, units) for _key, row in sorted(arrivals.items())]
    found = _compare_all(origins, targets)
    _write(found, None, departures, arrivals)
    return len(found)


def _neighbours(model, rows) -> dict:
    """Pending rows of the other side that share a phone, an ID number, a name or its sound."""
    rows = list(rows)
    if not rows:
        return {}
    ids = {row.id_index for row in rows} - {None}
    phones = {value for row in rows for value in (row.phone_index, row.other_phone_index)} - {None}
    near = model.objects.pending()
    found = list(near.filter(Q(id_index__in=ids) | Q(phone_index__in=phones))[:NEIGHBOURS])
    found += list(near.filter(name_key__in={row.name_key for row in rows})[:NEIGHBOURS])
    found += list(near.filter(pinyin__in={row.pinyin for row in rows})[:NEIGHBOURS])
    return {str(row.pk): row for row in found[:NEIGHBOURS]}


def _unit_ids(departures, arrivals) -> set[int]:
    ids = {row.origin_id for row in departures} | {row.home_id for row in arrivals}
    return (ids | {row.destination_id for row in (*departures, *arrivals)}) - {None}


def _compare_all(origins, targets) -> list[tuple]:
    """Every pair of two short lists, weighed as a full run over the whole register would weigh it."""
    rejected = set(
        MatchCandidate.objects.filter(
            state=MatchCandidate.State.REJECTED, departure__in=[o.key for o in origins]
        ).values_list("departure_id", "arrival_id")
    )
    one, other = [matching.features(row) for row in origins], [matching.features(row) for row in targets]
    frequencies = _frequencies(one + other)
    candidates, skipped = [], set()
    for i, origin in enumerate(origins):
        for j, target in enumerate(targets):
            if (origin.key, target.key) in {(str(a), str(b)) for a, b in rejected}:
                skipped.add((i, j))
                continue
            weight = matching.weigh(one[i], other[j], frequencies)
            if weight >= LEAST_WEIGHT:
                candidates.append(Candidate(i, j, weight, outcomes(one[i], other[j])))
    lanes = sort_into_lanes(candidates, skipped)
    found = []
    for lane, pairs in (
        (MatchCandidate.Lane.MATCHED, lanes.matched),
        (MatchCandidate.Lane.CONFLICTING, lanes.conflicting),
    ):
        for pair in pairs:
            origin, target = origins[pair.origin], targets[pair.arrival]
            why = matching.reasons(origin, target, pair.levels)
            found.append((origin.key, target.key, lane, pair.weight, why))
    return found


def _frequencies(rows) -> matching.Frequencies:
    """How common these few names are in the register, counted by index."""
    origins, arrivals = Departure.objects.pending(), Arrival.objects.pending()
    sizes = max(origins.count(), 1), max(arrivals.count(), 1)
    shares = {}
    for column, field in (("name_key", "name_key"), ("sound", "pinyin")):
        values = {getattr(row, column) for row in rows}
        shares[column] = {
            value: (origins.filter(**{field: value}).count() + arrivals.filter(**{field: value}).count()) / sum(sizes)
            for value in values
        }
    return matching.Frequencies(*sizes, shares)
