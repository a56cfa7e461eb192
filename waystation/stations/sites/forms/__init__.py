"""What people write about stations, read and checked; nothing is saved here."""

from waystation.stations.sites.forms.functions import (
    ChecklistItemForm,
    EndItemForm,
    FunctionsForm,
    NewChecklistItemForm,
)
from waystation.stations.sites.forms.hours import HoursForm, RoomHoursForm, SpecialDaysForm
from waystation.stations.sites.forms.rooms import CloseRoomForm, NewRoomForm, RoomForm
from waystation.stations.sites.forms.stations import (
    ComparisonFilterForm,
    FunctionFilterForm,
    NewStationForm,
    StationFilterForm,
    StationForm,
)

__all__ = [
    "ChecklistItemForm",
    "CloseRoomForm",
    "ComparisonFilterForm",
    "EndItemForm",
    "FunctionFilterForm",
    "FunctionsForm",
    "HoursForm",
    "NewChecklistItemForm",
    "NewRoomForm",
    "NewStationForm",
    "RoomForm",
    "RoomHoursForm",
    "SpecialDaysForm",
    "StationFilterForm",
    "StationForm",
]
