"""Writes on contact and care: one function per verb, grouped by what they act on."""

from waystation.stewardship.contacts.actions.errors import (
    AlreadyExcused,
    AlreadyReported,
    AlreadyStruck,
    ContactRefused,
    LinkGone,
    SameReporter,
    StageRefused,
    TooEarly,
    WrongDigits,
)
from waystation.stewardship.contacts.actions.excuses import end_excuse, excuse_member, open_facts, renew_excuse
from waystation.stewardship.contacts.actions.links import (
    MadeLink,
    answer_question,
    make_link,
    open_link,
    revoke_link,
)
from waystation.stewardship.contacts.actions.log import (
    SEALED,
    Said,
    log_contact,
    log_contacts,
    open_sealed,
    strike_contact,
)
from waystation.stewardship.contacts.actions.lost import (
    add_step,
    answer_restoring,
    close_found,
    close_mistaken,
    remove_member,
    report_lost,
    suspend_membership,
)
from waystation.stewardship.contacts.actions.merging import follow_merge, follow_undo
from waystation.stewardship.contacts.actions.states import locked_people, renew_states
from waystation.stewardship.contacts.actions.weekly import Marked, mark_due, prepare_week

__all__ = [
    "SEALED",
    "AlreadyExcused",
    "AlreadyReported",
    "AlreadyStruck",
    "ContactRefused",
    "LinkGone",
    "MadeLink",
    "Marked",
    "Said",
    "SameReporter",
    "StageRefused",
    "TooEarly",
    "WrongDigits",
    "add_step",
    "answer_question",
    "answer_restoring",
    "close_found",
    "close_mistaken",
    "end_excuse",
    "excuse_member",
    "follow_merge",
    "follow_undo",
    "locked_people",
    "log_contact",
    "log_contacts",
    "make_link",
    "mark_due",
    "open_facts",
    "open_link",
    "open_sealed",
    "prepare_week",
    "remove_member",
    "renew_excuse",
    "renew_states",
    "report_lost",
    "revoke_link",
    "strike_contact",
    "suspend_membership",
]
