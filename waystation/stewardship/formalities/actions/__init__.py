"""Writes on formal transfers and activity cards."""

from waystation.stewardship.formalities.actions.cards import (
    check_cards,
    issue_card,
    prompt_checks,
    prompt_return,
    report_lost,
    withdraw_card,
)
from waystation.stewardship.formalities.actions.errors import (
    AlreadyClosed,
    AlreadyOnItsWay,
    FormalityRefused,
    HasCard,
    MembershipMoved,
    NoBranch,
    NotAllowed,
    NotWhileValid,
    NumberTaken,
    OwnLetter,
    ReasonMissing,
    TooLong,
    WrongDay,
)
from waystation.stewardship.formalities.actions.following import follow_merge, follow_undo
from waystation.stewardship.formalities.actions.transfers import (
    expire_transfers,
    issue_transfer,
    receive_transfer,
    withdraw_transfer,
)

__all__ = [
    "AlreadyClosed",
    "AlreadyOnItsWay",
    "FormalityRefused",
    "HasCard",
    "MembershipMoved",
    "NoBranch",
    "NotAllowed",
    "NotWhileValid",
    "NumberTaken",
    "OwnLetter",
    "ReasonMissing",
    "TooLong",
    "WrongDay",
    "check_cards",
    "expire_transfers",
    "follow_merge",
    "follow_undo",
    "issue_card",
    "issue_transfer",
    "prompt_checks",
    "prompt_return",
    "receive_transfer",
    "report_lost",
    "withdraw_card",
    "withdraw_transfer",
]
