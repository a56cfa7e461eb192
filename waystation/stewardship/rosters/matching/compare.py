"""The model on one pair of rows, in plain Python: what the database does, for a hand-typed row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from math import log2

from waystation.stewardship.rosters.matching import model
from waystation.stewardship.rosters.matching.records import Features, Row, features


def outcomes(one: Features, other: Features) -> dict[str, str]:
    """The code of the level of each comparison that can be made, origin first."""
    found = {}
    for comparison in model.COMPARISONS:
        level = comparison.outcome(one, other)
        if level:
            found[comparison.name] = level.code
    return found


@dataclass(frozen=True)
class Frequencies:
    """How common names and sounds are among the rows of both rosters."""

    origins: int
    arrivals: int
    shares: dict[str, dict[str, float]]

    @classmethod
    def of(cls, origins: Iterable[Features], arrivals: Iterable[Features]) -> Frequencies:
        """Counted over all rows of both sides."""
        origins, arrivals = list(origins), list(arrivals)
        shares = {}
        for column in ("name_key", "sound"):
            counts = Counter(getattr(row, column) for row in (*origins, *arrivals))
            shares[column] = {value: count / counts.total() for value, count in counts.items()}
        return cls(len(origins), len(arrivals), shares)

    def share(self, column: str, one: Features, other: Features) -> float:
        """The greater share of the two values; a value never seen counts as the rarest."""
        values = self.shares.get(column, {})
        rarest = model.RAREST_NAME
        return max(rarest, *(values.get(getattr(row, column), rarest) for row in (one, other)))


def weigh(one: Features, other: Features, frequencies: Frequencies) -> float:
    """log2 of how much likelier the rows are one person than two; as the full run weighs them."""
    share = model.prior(frequencies.origins, frequencies.arrivals)
    total = log2(share / (1 - share))
    for code in outcomes(one, other).values():
        level = model.LEVELS[code]
        u = level.u
        if level.frequency_of:
            u = frequencies.share(level.frequency_of, one, other)
        total += log2(level.m / u)
    return round(total, 4)


def compare(origin: Row, arrival: Row) -> dict[str, str]:
    """The outcome of every comparison that can be made between two rows."""
    return outcomes(features(origin), features(arrival))
