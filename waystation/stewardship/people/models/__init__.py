"""People, the departures and arrivals that name them, and the stays that follow."""

from waystation.stewardship.people.models.files import Card, Correction, Merge, StatusChange
from waystation.stewardship.people.models.particulars import MemberKind, Particulars, Sex, whole_id_number
from waystation.stewardship.people.models.persons import Membership, PartyStatus, Person
from waystation.stewardship.people.models.registers import Arrival, Departure, Stay
from waystation.stewardship.people.models.saved import SavedList

__all__ = [
    "Arrival",
    "Card",
    "Correction",
    "Departure",
    "MemberKind",
    "Membership",
    "Merge",
    "Particulars",
    "PartyStatus",
    "Person",
    "SavedList",
    "Sex",
    "StatusChange",
    "Stay",
    "whole_id_number",
]
