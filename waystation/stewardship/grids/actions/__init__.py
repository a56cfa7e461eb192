"""Writes on grids: their area, their leader, who is in them, and how they become others."""

from waystation.stewardship.grids.actions.errors import GridRefused, NotStaying, OtherStation
from waystation.stewardship.grids.actions.leading import set_leader, vacate
from waystation.stewardship.grids.actions.placing import (
    accept_proposals,
    assign,
    assign_many,
    follow_stays,
    leave_with_stay,
    move_all,
    unassign,
)
from waystation.stewardship.grids.actions.reshaping import Plan, merge_grids, split_grid
from waystation.stewardship.grids.actions.shaping import close_grid, create_grid, edit_grid

__all__ = [
    "GridRefused",
    "NotStaying",
    "OtherStation",
    "Plan",
    "accept_proposals",
    "assign",
    "assign_many",
    "close_grid",
    "create_grid",
    "edit_grid",
    "follow_stays",
    "leave_with_stay",
    "merge_grids",
    "move_all",
    "set_leader",
    "split_grid",
    "unassign",
    "vacate",
]
