"""From weighed pairs to the lanes of the reconciliation: who is matched, who needs a person's eye.

The machine says "matched" only on proof: the ID number or the telephone together with the name, or
a description that agrees in so many independent facts that a namesake born on the same day would
not share them, with nobody else in question on either side. All else that is likely enough is
"conflicting" and goes to a person.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from math import log2

from waystation.stewardship.rosters.matching import model
from waystation.stewardship.rosters.matching.engine import Candidate

MATCHED, CONFLICTING = "matched", "conflicting"
LEAST_WEIGHT = -3.0  # odds of one to eight: below, a pair is not worth a person's time
MARGIN = 6.0  # a proven pair outweighs every rival by this, or a person decides
MARGIN_OF_DESCRIPTION = 10.0
CORROBORATION = 8.0  # bits beyond name and birth: what one namesake in 250 would share
MOST_ALTERNATIVES = 5

_NAMES = {"name_same", "name_variant"}
_NEAR_NAMES = _NAMES | {"name_sound", "name_part", "name_one_character"}
_BIRTHS = {None, "birth_same", "birth_month_same", "birth_year_only"}
_EXACT_BIRTHS = {"birth_same", "birth_month_same"}
_SAME_IDS = {"id_same", "id_same_upgraded", "id_same_unproven"}
_AGAINST = {"since_differs", "abroad_differs", "occupation_differs", "joined_differs", "id_unlike"}
_HOMES_AGREE = {"home_village_same", "home_town_same"}

PROVEN_BY_ID, PROVEN, DESCRIBED, POSSIBLE, IMPOSSIBLE = 4, 3, 2, 1, 0


def standing(levels: dict[str, str]) -> int:
    """How far the facts of a pair go, apart from rivals: from impossible to proven by ID."""
    name, birth = levels.get("name"), levels.get("birth")
    number, phone, home = levels.get("id"), levels.get("phone"), levels.get("home")
    if number == "id_differs":
        # Two proven numbers are two persons, unless a number was copied from another line.
        alike = phone == "phone_same" and name in _NEAR_NAMES
        return POSSIBLE if alike or _described(levels) else IMPOSSIBLE
    if number in _SAME_IDS:
        sure = name in _NAMES or (name in _NEAR_NAMES and birth != "birth_differs")
        return PROVEN_BY_ID if sure else POSSIBLE
    if number in ("id_unlike", "id_old_one_digit") or levels.get("sex") == "sex_differs":
        return POSSIBLE
    if _proven(name, birth, number, phone, home):
        return PROVEN
    return DESCRIBED if _described(levels) else POSSIBLE


def _proven(name, birth, number, phone, home) -> bool:
    """Whether a telephone, or an ID number with a slip in it, proves the pair with the rest."""
    if phone == "phone_same":
        if name in _NAMES:
            return birth in _BIRTHS | {"birth_slip"}
        # Brothers share telephones and all but one character of their names, never the birth.
        return name in _NEAR_NAMES and birth in _EXACT_BIRTHS and home != "home_differs"
    if number == "id_one_digit":
        return name in _NAMES | {"name_sound"} and birth in _BIRTHS and home != "home_differs"
    if number == "id_known_digits_same":
        return name in _NAMES and birth in _EXACT_BIRTHS and home in _HOMES_AGREE
    return False


def _described(levels: dict[str, str]) -> bool:
    """Whether name and birth agree, all the rest does, and the rest is much.

    Only the telephone may differ, because people change it, and that has its weight.
    """
    if levels.get("name") not in _NAMES or levels.get("birth") not in _EXACT_BIRTHS:
        return False
    if levels.get("home") not in _HOMES_AGREE or _AGAINST & set(levels.values()):
        return False
    return corroboration(levels) >= CORROBORATION


def corroboration(levels: dict[str, str]) -> float:
    """The weight of everything but name, birth and ID: what a namesake does not share."""
    return sum(
        log2(model.LEVELS[code].m / model.LEVELS[code].u)
        for comparison, code in levels.items()
        if comparison not in ("name", "birth", "id")
    )


@dataclass
class Lanes:
    """The decided pairs, and for each the weight-ordered rivals of its two rows."""

    matched: list[Candidate] = field(default_factory=list)
    conflicting: list[Candidate] = field(default_factory=list)


def sort_into_lanes(candidates: Iterable[Candidate], rejected: Collection[tuple[int, int]] = ()) -> Lanes:
    """Each row at most once among the matched; the conflicting may share rows, best pair first."""
    pairs = []
    for pair in candidates:
        how_far = standing(pair.levels)
        if how_far and pair.weight >= LEAST_WEIGHT and (pair.origin, pair.arrival) not in rejected:
            pairs.append((how_far, pair))
    pairs.sort(key=lambda entry: (-entry[0], -entry[1].weight, entry[1].origin, entry[1].arrival))
    lanes, taken = Lanes(), set()
    for how_far in (PROVEN_BY_ID, PROVEN, DESCRIBED):
        pairs = [entry for entry in pairs if not taken & _rows(entry[1])]
        rivals = _by_row(pairs)
        for standing_of_pair, pair in pairs:
            if standing_of_pair == how_far and _stands_alone(how_far, pair, rivals):
                lanes.matched.append(pair)
                taken |= _rows(pair)
    lanes.conflicting = _worth_showing([p for _, p in pairs if not taken & _rows(p)])
    return lanes


def _rows(pair: Candidate) -> set[tuple[str, int]]:
    return {("o", pair.origin), ("a", pair.arrival)}


def _by_row(pairs) -> dict[tuple[str, int], list[tuple[int, Candidate]]]:
    rows = defaultdict(list)
    for entry in pairs:
        for row in _rows(entry[1]):
            rows[row].append(entry)
    return rows


def _stands_alone(how_far: int, pair: Candidate, rivals) -> bool:
    """Whether no other pair of either row comes near it."""
    for row in _rows(pair):
        for standing_of_rival, rival in rivals[row]:
            if rival is pair:
                continue
            if how_far == PROVEN_BY_ID and standing_of_rival < PROVEN_BY_ID:
                continue
            margin = MARGIN_OF_DESCRIPTION if how_far == DESCRIBED else MARGIN
            if rival.weight > pair.weight - margin:
                return False
    return True


def _worth_showing(pairs: list[Candidate]) -> list[Candidate]:
    """The best few pairs of each row."""
    pairs = sorted(pairs, key=lambda pair: (-pair.weight, pair.origin, pair.arrival))
    shown: dict[tuple[str, int], int] = defaultdict(int)
    kept = []
    for pair in pairs:
        if all(shown[row] < MOST_ALTERNATIVES for row in _rows(pair)):
            kept.append(pair)
            for row in _rows(pair):
                shown[row] += 1
    return kept
