"""Writes on duty sheets: allocating, agreeing on changes, and following what happens to the stay."""

from waystation.stewardship.duties.actions.allocating import allocate_missing, open_sheet
from waystation.stewardship.duties.actions.errors import (
    AlreadyProposed,
    DutyRefused,
    NotAParty,
    NotConcerned,
    NotOpenAnyMore,
    PastDay,
    ReasonMissing,
    SameUnit,
    StayEnded,
    TwoPeople,
)
from waystation.stewardship.duties.actions.following import close_sheet, follow_membership
from waystation.stewardship.duties.actions.handing import take_effect
from waystation.stewardship.duties.actions.proposing import (
    agree,
    propose_change,
    refuse_proposal,
    withdraw_proposal,
)
from waystation.stewardship.duties.actions.transferring import (
    accept_transfer,
    ask_transfer,
    refuse_transfer,
    withdraw_transfer,
)

__all__ = [
    "AlreadyProposed",
    "DutyRefused",
    "NotAParty",
    "NotConcerned",
    "NotOpenAnyMore",
    "PastDay",
    "ReasonMissing",
    "SameUnit",
    "StayEnded",
    "TwoPeople",
    "accept_transfer",
    "agree",
    "allocate_missing",
    "ask_transfer",
    "close_sheet",
    "follow_membership",
    "open_sheet",
    "propose_change",
    "refuse_proposal",
    "refuse_transfer",
    "take_effect",
    "withdraw_proposal",
    "withdraw_transfer",
]
