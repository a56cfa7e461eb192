"""Writes on dues: bases, payments on record, reductions, tables of rates."""

from waystation.stewardship.dues.actions.bases import set_base, withdraw_base
from waystation.stewardship.dues.actions.errors import (
    AlreadyCovered,
    AlreadyDecided,
    AlreadyReversed,
    BaseExists,
    DuesRefused,
    NoBase,
    Overlapping,
    SamePerson,
)
from waystation.stewardship.dues.actions.following import follow_merge, follow_undo
from waystation.stewardship.dues.actions.recording import record, record_month, reverse
from waystation.stewardship.dues.actions.reducing import (
    approve_reduction,
    ask_reduction,
    end_reduction,
    refuse_reduction,
)
from waystation.stewardship.dues.actions.tables import adopt_rates

__all__ = [
    "AlreadyCovered",
    "AlreadyDecided",
    "AlreadyReversed",
    "BaseExists",
    "DuesRefused",
    "NoBase",
    "Overlapping",
    "SamePerson",
    "adopt_rates",
    "approve_reduction",
    "ask_reduction",
    "end_reduction",
    "follow_merge",
    "follow_undo",
    "record",
    "record_month",
    "refuse_reduction",
    "reverse",
    "set_base",
    "withdraw_base",
]
