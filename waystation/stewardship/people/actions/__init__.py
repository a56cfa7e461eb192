"""Writes on people: one function per verb, grouped by what they act on."""

from waystation.stewardship.people.actions.accounts import link_account, open_account, renew_slip, unlink_account
from waystation.stewardship.people.actions.arrivals import (
    build_arrival,
    refuse_arrival,
    register_arrival,
    withdraw_arrivals,
)
from waystation.stewardship.people.actions.cards import issue_cards, revoke_card
from waystation.stewardship.people.actions.departures import (
    build_departure,
    build_person,
    cancel_departure,
    close_transferred,
    describe_move,
    refuse_departure,
    register_departure,
    return_home,
)
from waystation.stewardship.people.actions.errors import (
    AccountRefused,
    AlreadyDeparted,
    AlreadyOnFile,
    AlreadyStaying,
    Changed,
    MergeRefused,
    NoMember,
    NotConfirmed,
    NotOpen,
    NotPending,
    ReasonMissing,
)
from waystation.stewardship.people.actions.exports import note_cards_printed, note_export
from waystation.stewardship.people.actions.files import correct_person, merge_people, undo_merge
from waystation.stewardship.people.actions.memberships import move_membership
from waystation.stewardship.people.actions.readings import (
    note_lookup,
    note_search,
    note_sighting,
    reveal_field,
)
from waystation.stewardship.people.actions.saving import ListRefused, delete_list, save_list, share_list
from waystation.stewardship.people.actions.statuses import StatusRefused, change_status
from waystation.stewardship.people.actions.stays import Confirmation, end_stay, open_stay, transfer_stay

__all__ = [
    "AccountRefused",
    "AlreadyDeparted",
    "AlreadyOnFile",
    "AlreadyStaying",
    "Changed",
    "Confirmation",
    "ListRefused",
    "MergeRefused",
    "NoMember",
    "NotConfirmed",
    "NotOpen",
    "NotPending",
    "ReasonMissing",
    "StatusRefused",
    "build_arrival",
    "build_departure",
    "build_person",
    "cancel_departure",
    "change_status",
    "close_transferred",
    "correct_person",
    "delete_list",
    "describe_move",
    "end_stay",
    "issue_cards",
    "link_account",
    "merge_people",
    "move_membership",
    "note_cards_printed",
    "note_export",
    "note_lookup",
    "note_search",
    "note_sighting",
    "open_account",
    "open_stay",
    "refuse_arrival",
    "refuse_departure",
    "register_arrival",
    "register_departure",
    "renew_slip",
    "return_home",
    "reveal_field",
    "revoke_card",
    "save_list",
    "share_list",
    "transfer_stay",
    "undo_merge",
    "unlink_account",
    "withdraw_arrivals",
]  # fmt: skip
