"""Scores a reconciliation against a truth file: precision and recall of each lane, and the errors.

The truth file says for each person on both rosters which rows they have: `origin_rows` are the row
numbers a spreadsheet shows, `arrival` is [sheet, row]. A pair is right when its arrival's row is
the person's and its origin's row is one of the person's.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

Found = tuple[tuple[int, ...], tuple[tuple[str, int], ...]]  # origin rows, arrival (sheet, row)s


@dataclass
class Score:
    """Counts of people. `wrong` lists the pairs called matched that are two persons."""

    true_pairs: int
    matched: int = 0
    matched_right: int = 0
    conflicting: int = 0
    conflicting_right: int = 0
    wrong: list[Found] = field(default_factory=list)
    missed: list[dict] = field(default_factory=list)
    by_person: set[int] = field(default_factory=set)

    @property
    def precision(self) -> float:
        """The share of the matched pairs that are right."""
        return self.matched_right / self.matched if self.matched else 1.0

    @property
    def matched_recall(self) -> float:
        """The share of the true pairs that were matched without a person's help."""
        return self.matched_right / self.true_pairs if self.true_pairs else 1.0

    @property
    def recall(self) -> float:
        """The share of the true pairs that are among the matched or the conflicting."""
        return len(self.by_person) / self.true_pairs if self.true_pairs else 1.0

    @property
    def f1(self) -> float:
        """Of the matched lane alone."""
        total = self.precision + self.matched_recall
        return 2 * self.precision * self.matched_recall / total if total else 0.0

    def __str__(self) -> str:
        return (
            f"true {self.true_pairs}  matched {self.matched} (wrong {len(self.wrong)})"
            f"  precision {self.precision:.4f}  matched recall {self.matched_recall:.4f}"
            f"  conflicting {self.conflicting} (right {self.conflicting_right})"
            f"  recall of both {self.recall:.4f}"
        )


def score(matched: Iterable[Found], conflicting: Iterable[Found], truth: dict) -> Score:
    """Score the two lanes against a truth file's contents."""
    person_of_origin = {row: at for at, person in enumerate(truth["pairs"]) for row in person["origin_rows"]}
    person_of_arrival = {
        (person["arrival"][0], row): at
        for at, person in enumerate(truth["pairs"])
        for row in person.get("arrival_rows", [person["arrival"][1]])
    }
    result = Score(true_pairs=len(truth["pairs"]))
    for lane, pairs in (("matched", matched), ("conflicting", conflicting)):
        for pair in pairs:
            left = {person_of_origin.get(row) for row in pair[0]}
            right = {person_of_arrival.get(tuple(row)) for row in pair[1]}
            person = left & right - {None}
            right_one = len(left) == 1 and bool(person)
            setattr(result, lane, getattr(result, lane) + 1)
            if right_one:
                setattr(result, f"{lane}_right", getattr(result, f"{lane}_right") + 1)
                result.by_person |= person
            elif lane == "matched":
                result.wrong.append(pair)
    result.missed = [person for at, person in enumerate(truth["pairs"]) if at not in result.by_person]
    return result


def score_result(result, origin_rows, arrival_rows, truth: dict) -> Score:
    """Score a `MatchResult`, given the rows it was made of; their `refs` are the file rows."""
    refs = {row.key: row.refs for row in (*origin_rows, *arrival_rows)}

    def lane(name: str) -> list[Found]:
        return [
            (
                tuple(ref for key in pair.origin_keys for ref in refs[key]),
                tuple(ref for key in pair.arrival_keys for ref in refs[key]),
            )
            for pair in result.lane(name)
        ]

    return score(lane("matched"), lane("conflicting"), truth)


def read_truth(path: Path) -> dict:
    """The contents of a truth file."""
    return json.loads(path.read_text(encoding="utf-8"))
