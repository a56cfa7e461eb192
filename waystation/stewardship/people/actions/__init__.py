"""Writes on people: one function per verb, grouped by what they act on."""

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
    refuse_departure,
    register_departure,
    return_home,
)
from waystation.stewardship.people.actions.errors import (
    AlreadyDeparted,
    AlreadyOnFile,
    AlreadyStaying,
    Changed,
    MergeRefused,
    NotConfirmed,
    NotOpen,
    NotPending,
    ReasonMissing,
)
from waystation.stewardship.people.actions.exports import note_cards_printed, note_export
from waystation.stewardship.people.actions.files import correct_person, merge_people, undo_merge
from waystation.stewardship.people.actions.readings import (
    note_lookup,
    note_search,
    note_sighting,
    reveal_field,
)
from waystation.stewardship.people.actions.stays import Confirmation, end_stay, open_stay

__all__ = [
    "AlreadyDeparted",
    "AlreadyOnFile",
    "AlreadyStaying",
    "Changed",
    "Confirmation",
    "MergeRefused",
    "NotConfirmed",
    "NotOpen",
    "NotPending",
    "ReasonMissing",
    "build_arrival",
    "build_departure",
    "build_person",
    "cancel_departure",
    "correct_person",
    "end_stay",
    "issue_cards",
    "merge_people",
    "note_cards_printed",
    "note_export",
    "note_lookup",
    "note_search",
    "note_sighting",
    "open_stay",
    "refuse_arrival",
    "refuse_departure",
    "register_arrival",
    "register_departure",
    "return_home",
    "reveal_field",
    "revoke_card",
    "undo_merge",
    "withdraw_arrivals",
]  # fmt: skip
