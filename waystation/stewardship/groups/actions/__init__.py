"""Writes on functional groups."""

from waystation.stewardship.groups.actions.activities import cancel_activity, plan_activity, record_activity
from waystation.stewardship.groups.actions.errors import (
    ActivitySettled,
    GroupClosed,
    GroupRefused,
    NotInGroup,
    NotTheLeader,
    SuggestionAnswered,
    TooFew,
)
from waystation.stewardship.groups.actions.founding import (
    accept_proposals,
    close_group,
    edit_group,
    found_group,
    merge_groups,
)
from waystation.stewardship.groups.actions.members import (
    add_members,
    end_leading,
    follow_stays,
    leave_with_stay,
    name_leader,
    remove_members,
)
from waystation.stewardship.groups.actions.suggesting import decline, note_entered, suggest_activity, take_up

__all__ = [
    "ActivitySettled",
    "GroupClosed",
    "GroupRefused",
    "NotInGroup",
    "NotTheLeader",
    "SuggestionAnswered",
    "TooFew",
    "accept_proposals",
    "add_members",
    "cancel_activity",
    "close_group",
    "decline",
    "edit_group",
    "end_leading",
    "follow_stays",
    "found_group",
    "leave_with_stay",
    "merge_groups",
    "name_leader",
    "note_entered",
    "plan_activity",
    "record_activity",
    "remove_members",
    "suggest_activity",
    "take_up",
]
