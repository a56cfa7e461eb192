"""The tables of rates: those that were set, and before them the declared one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from waystation.stewardship.dues.models import RateTable
from waystation.stewardship.dues.rates import DECLARED, Rates


@dataclass(frozen=True)
class Tables:
    """Every table of rates, the newest first."""

    rows: tuple[Rates, ...]

    def on(self, month: date) -> Rates:
        """The table in force in a month; what was owed before the first table is reckoned by it."""
        return next((rates for rates in self.rows if rates.starts_on <= month), self.rows[-1])


def tables() -> Tables:
    """All tables in two queries."""
    found = [table.as_rates() for table in RateTable.objects.prefetch_related("lines").order_by("-starts_on")]
    return Tables((*found, DECLARED))
