"""Contact and care: contacts, excused members, the weekly five, the weekly link, lost contact."""

from waystation.stewardship.contacts.models.care import Excuse
from waystation.stewardship.contacts.models.links import LinkAnswer, LinkQuestion, WeeklyLink
from waystation.stewardship.contacts.models.log import Contact, ContactState
from waystation.stewardship.contacts.models.lost import LostContact, SearchStep
from waystation.stewardship.contacts.models.weekly import WeeklyDue, WeeklyMark

__all__ = [
    "Contact",
    "ContactState",
    "Excuse",
    "LinkAnswer",
    "LinkQuestion",
    "LostContact",
    "SearchStep",
    "WeeklyDue",
    "WeeklyLink",
    "WeeklyMark",
]
