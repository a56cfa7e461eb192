"""The door to the matching: two rosters in, lanes out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field

from waystation.stewardship.rosters.matching import engine, lanes
from waystation.stewardship.rosters.matching.duplicates import merge_duplicates
from waystation.stewardship.rosters.matching.engine import Candidate
from waystation.stewardship.rosters.matching.reasons import reasons
from waystation.stewardship.rosters.matching.records import Row, unique_keys

Progress = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Pair:
    """An origin's row and an arrival's row that are, or may be, one person.

    `weight` is log2 of the odds that they are one, `score` the probability (0 to 1) it stands for.
    `alternatives` are the keys of other rows, of either side, in question for one of the two; best
    first. `origin_keys` and `arrival_keys` name all rows where one roster had the person twice.
    """

    origin_key: str
    arrival_key: str
    lane: str
    score: float
    weight: float
    levels: dict[str, str]
    reasons: list[dict]
    alternatives: list[str] = field(default_factory=list)
    origin_keys: tuple[str, ...] = ()
    arrival_keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MatchResult:
    """Every row of both rosters in exactly one lane, by its leading key.

    `duplicates` has, for each leading key, all keys of the rows that were put together.
    """

    pairs: list[Pair]
    only_departed: list[str]
    only_arrived: list[str]
    duplicates: dict[str, tuple[str, ...]]

    def lane(self, name: str) -> list[Pair]:
        """The pairs of a lane, best first."""
        return [pair for pair in self.pairs if pair.lane == name]


def match(
    origin_rows: Iterable[Row],
    arrival_rows: Iterable[Row],
    *,
    rejected: Collection[tuple[str, str]] = (),
    progress: Progress | None = None,
    memory_limit: str = "2GB",
) -> MatchResult:
    """Reconcile a roster of departures with a register of arrivals.

    `rejected` are (origin key, arrival key) pairs that people have said are two persons. `progress`
    hears the share done, 0 to 1. The result does not depend on the order of the rows. Raises
    `ValueError` when a key stands twice on one side.
    """
    tell = progress or (lambda share: None)
    sides = []
    for share, rows in ((0.1, origin_rows), (0.2, arrival_rows)):
        sides.append(merge_duplicates(unique_keys(rows)))
        tell(share)
    origins, arrivals = sides
    found: list[Candidate] = []
    if origins and arrivals:
        found = list(
            engine.candidates(
                [known for _, known, _ in origins],
                [known for _, known, _ in arrivals],
                threshold=lanes.LEAST_WEIGHT,
                memory_limit=memory_limit,
            )
        )
    tell(0.8)
    sorted_pairs = lanes.sort_into_lanes(found, _positions(rejected, origins, arrivals))
    result = _result(sorted_pairs, origins, arrivals)
    tell(1.0)
    return result


def _positions(rejected, origins, arrivals) -> set[tuple[int, int]]:
    """The rejected pairs by the positions of the records that their rows went into."""
    if not rejected:
        return set()
    where = [{key: at for at, (_, _, keys) in enumerate(side) for key in keys} for side in (origins, arrivals)]
    return {
        (where[0][origin], where[1][arrival])
        for origin, arrival in rejected
        if origin in where[0] and arrival in where[1]
    }


def _result(sorted_pairs: lanes.Lanes, origins, arrivals) -> MatchResult:
    rivals = defaultdict(list)
    for pair in sorted_pairs.conflicting:
        rivals["o", pair.origin].append(pair)
        rivals["a", pair.arrival].append(pair)
    pairs = [_pair(pair, lanes.MATCHED, origins, arrivals, rivals) for pair in sorted_pairs.matched]
    pairs += [_pair(pair, lanes.CONFLICTING, origins, arrivals, rivals) for pair in sorted_pairs.conflicting]
    pairs.sort(key=lambda p: (p.lane != lanes.MATCHED, -p.weight, p.origin_key, p.arrival_key))
    departed = {key for pair in pairs for key in (pair.origin_key,)}
    arrived = {key for pair in pairs for key in (pair.arrival_key,)}
    return MatchResult(
        pairs=pairs,
        only_departed=sorted(row.key for row, _, _ in origins if row.key not in departed),
        only_arrived=sorted(row.key for row, _, _ in arrivals if row.key not in arrived),
        duplicates={keys[0]: keys for side in (origins, arrivals) for _, _, keys in side if len(keys) > 1},
    )


def _pair(found: Candidate, lane: str, origins, arrivals, rivals) -> Pair:
    origin, _, origin_keys = origins[found.origin]
    arrival, _, arrival_keys = arrivals[found.arrival]
    others = [
        arrivals[rival.arrival][0].key if rival.origin == found.origin else origins[rival.origin][0].key
        for rival in rivals["o", found.origin] + rivals["a", found.arrival]
        if (rival.origin, rival.arrival) != (found.origin, found.arrival)
    ]
    return Pair(
        origin_key=origin.key,
        arrival_key=arrival.key,
        lane=lane,
        score=round(probability(found.weight), 6),
        weight=found.weight,
        levels=found.levels,
        reasons=reasons(origin, arrival, found.levels),
        alternatives=list(dict.fromkeys(others)),
        origin_keys=origin_keys,
        arrival_keys=arrival_keys,
    )


def probability(weight: float) -> float:
    """The probability that a weight (log2 of odds) stands for."""
    if weight > 50:
        return 1.0
    odds = 2.0**weight
    return odds / (1 + odds)
