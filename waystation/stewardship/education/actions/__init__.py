"""Writes on organization life and learning."""

from waystation.stewardship.education.actions.errors import EducationRefused
from waystation.stewardship.education.actions.following import end_with_stay, follow_people
from waystation.stewardship.education.actions.occasions import (
    cancel_occasion,
    edit_occasion,
    enter_occasion,
    name_same,
)
from waystation.stewardship.education.actions.packs import call_off, deliver, issue_pack, plan_deliveries
from waystation.stewardship.education.actions.plans import (
    approve_plan,
    copy_plan,
    draft_plan,
    drop_item,
    open_items_near,
    save_item,
)
from waystation.stewardship.education.actions.records import (
    confirm_record,
    record_study,
    refuse_record,
    report_study,
    take_back_record,
)
from waystation.stewardship.education.actions.rolls import (
    add_to_roll,
    close_roll,
    correct_line,
    give_reasons,
    mark,
    renew_excuses,
)
from waystation.stewardship.education.actions.scans import add_scan, open_scan, withdraw_scan

__all__ = [
    "EducationRefused",
    "add_scan",
    "add_to_roll",
    "approve_plan",
    "call_off",
    "cancel_occasion",
    "close_roll",
    "confirm_record",
    "copy_plan",
    "correct_line",
    "deliver",
    "draft_plan",
    "drop_item",
    "edit_occasion",
    "end_with_stay",
    "enter_occasion",
    "follow_people",
    "give_reasons",
    "issue_pack",
    "mark",
    "name_same",
    "open_items_near",
    "open_scan",
    "plan_deliveries",
    "record_study",
    "refuse_record",
    "renew_excuses",
    "report_study",
    "save_item",
    "take_back_record",
    "withdraw_scan",
]
