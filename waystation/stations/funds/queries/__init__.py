"""Reads on the money of stations that several pages share."""

from waystation.stations.funds.queries.balances import Balance, balance_of, line_of, lines_of, with_balances
from waystation.stations.funds.queries.ledger import Row, ledger_of
from waystation.stations.funds.queries.waiting import (
    changes_waiting,
    expenses_waiting,
    granted_from,
    own_source,
    returned_to,
    reversals_waiting,
    stations_without,
)

__all__ = [
    "Balance",
    "Row",
    "balance_of",
    "changes_waiting",
    "expenses_waiting",
    "granted_from",
    "ledger_of",
    "line_of",
    "lines_of",
    "own_source",
    "returned_to",
    "reversals_waiting",
    "stations_without",
    "with_balances",
]
