"""The dues ledger: what members owe by the table of rates, and what was paid where. No money is taken here."""

from waystation.stewardship.dues.models.bases import DuesBase, DuesReduction
from waystation.stewardship.dues.models.entries import DuesEntry, DuesStanding
from waystation.stewardship.dues.models.tables import RateLine, RateTable

__all__ = ["DuesBase", "DuesEntry", "DuesReduction", "DuesStanding", "RateLine", "RateTable"]
