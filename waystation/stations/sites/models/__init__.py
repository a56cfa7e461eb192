"""What the stations are, do, offer and open."""

from waystation.stations.sites.models.functions import ChecklistItem, Function, FunctionStatement
from waystation.stations.sites.models.hours import OpeningTime, Schedule, SpecialDay, SpecialTime
from waystation.stations.sites.models.rooms import Room
from waystation.stations.sites.models.stations import Station

__all__ = [
    "ChecklistItem",
    "Function",
    "FunctionStatement",
    "OpeningTime",
    "Room",
    "Schedule",
    "SpecialDay",
    "SpecialTime",
    "Station",
]
