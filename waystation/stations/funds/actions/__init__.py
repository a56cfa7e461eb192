"""Writes on the money of stations. Every one of them locks the account first."""

from waystation.stations.funds.actions.accounts import close_account, open_account
from waystation.stations.funds.actions.budgeting import add_line, approve_change, propose_change, return_change
from waystation.stations.funds.actions.errors import (
    AccountClosed,
    AlreadyDecided,
    AlreadyReversed,
    FundRefused,
    LineOverspent,
    NotEnoughGranted,
    NotEnoughReceived,
    SamePerson,
)
from waystation.stations.funds.actions.granting import (
    approve_grant_reversal,
    grant,
    grant_to_all,
    receive,
    return_grant_reversal,
    reverse_grant,
)
from waystation.stations.funds.actions.spending import (
    approve_expense,
    enter_expense,
    return_expense,
    reverse_expense,
)

__all__ = [
    "AccountClosed",
    "AlreadyDecided",
    "AlreadyReversed",
    "FundRefused",
    "LineOverspent",
    "NotEnoughGranted",
    "NotEnoughReceived",
    "SamePerson",
    "add_line",
    "approve_change",
    "approve_expense",
    "approve_grant_reversal",
    "close_account",
    "enter_expense",
    "grant",
    "grant_to_all",
    "open_account",
    "propose_change",
    "receive",
    "return_change",
    "return_expense",
    "return_grant_reversal",
    "reverse_expense",
    "reverse_grant",
]
