"""People, the departures and arrivals that name them, and the stays that follow."""

from waystation.stewardship.people.models.files import Card, Correction, Merge
from waystation.stewardship.people.models.particulars import MemberKind, Particulars, Sex, whole_id_number
from waystation.stewardship.people.models.persons import Membership, Person
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
    "Person",
    "SavedList",
    "Sex",
    "Stay",
    "whole_id_number",
]
