"""Questions about contact and care."""

from waystation.stewardship.contacts.queries.excused import excuses_by, is_excused
from waystation.stewardship.contacts.queries.log import contacts_by, holder_of, states_by, unit_for, visits_due
from waystation.stewardship.contacts.queries.lost import cases_by, lost_prompts, timers
from waystation.stewardship.contacts.queries.weekly import Due, register_reason, week_of, weekly_five

__all__ = [
    "Due",
    "cases_by",
    "contacts_by",
    "excuses_by",
    "holder_of",
    "is_excused",
    "lost_prompts",
    "register_reason",
    "states_by",
    "timers",
    "unit_for",
    "visits_due",
    "week_of",
    "weekly_five",
]
