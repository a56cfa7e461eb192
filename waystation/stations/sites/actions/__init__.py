"""Writes on stations, on when they are open, what they have and which rooms they offer."""

from waystation.stations.sites.actions.errors import FunctionRefused, RoomRefused, StationRefused
from waystation.stations.sites.actions.functions import (
    Said,
    add_item,
    adopt_usual_checklist,
    edit_item,
    end_item,
    state_functions,
)
from waystation.stations.sites.actions.hours import (
    drop_schedule,
    set_hours,
    set_special_days,
    withdraw_special_day,
)
from waystation.stations.sites.actions.rooms import close_room, edit_room, open_room, reopen_room
from waystation.stations.sites.actions.stations import edit_station, open_station
from waystation.stations.sites.actions.taking_out import note_export

__all__ = [
    "FunctionRefused",
    "RoomRefused",
    "Said",
    "StationRefused",
    "add_item",
    "adopt_usual_checklist",
    "close_room",
    "drop_schedule",
    "edit_item",
    "edit_room",
    "edit_station",
    "end_item",
    "note_export",
    "open_room",
    "open_station",
    "reopen_room",
    "set_hours",
    "set_special_days",
    "state_functions",
    "withdraw_special_day",
]
