"""Questions about duty sheets."""

from waystation.stewardship.duties.queries.accounting import (
    accountable,
    accountable_id,
    default_unit,
    holder_on,
    is_answered_within,
    origin_of,
    parties,
    with_accountable,
)
from waystation.stewardship.duties.queries.faults import faulty_stays, without_sheet

__all__ = [
    "accountable",
    "accountable_id",
    "default_unit",
    "faulty_stays",
    "holder_on",
    "is_answered_within",
    "origin_of",
    "parties",
    "with_accountable",
    "without_sheet",
]
