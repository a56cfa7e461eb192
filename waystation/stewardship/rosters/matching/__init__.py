"""Matching of two rosters: `match` for whole rosters, `compare` for one pair of rows.

`reasons` here is the function, which shares its name with the module it lives in.
"""

from waystation.stewardship.rosters.matching.compare import Frequencies, compare, weigh
from waystation.stewardship.rosters.matching.lanes import CONFLICTING, MATCHED
from waystation.stewardship.rosters.matching.places import Place, read_place
from waystation.stewardship.rosters.matching.reasons import reasons, words
from waystation.stewardship.rosters.matching.reconcile import MatchResult, Pair, match
from waystation.stewardship.rosters.matching.records import ARRIVAL, ORIGIN, Row, features

__all__ = [
    "ARRIVAL",
    "CONFLICTING",
    "MATCHED",
    "ORIGIN",
    "Frequencies",
    "MatchResult",
    "Pair",
    "Place",
    "Row",
    "compare",
    "features",
    "match",
    "read_place",
    "reasons",
    "weigh",
    "words",
]
