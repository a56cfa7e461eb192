"""Who is on duty when, and what waits for them."""

from waystation.stations.duty.models.calendars import CalendarDay, CalendarFeed
from waystation.stations.duty.models.handovers import Handover, ItemStep
from waystation.stations.duty.models.items import OpenItem
from waystation.stations.duty.models.postings import FormerLimit, Leave, Posting, Window
from waystation.stations.duty.models.rotas import Rota, Shift, ShiftPattern, Swap, Turn

__all__ = [
    "CalendarDay",
    "CalendarFeed",
    "FormerLimit",
    "Handover",
    "ItemStep",
    "Leave",
    "OpenItem",
    "Posting",
    "Rota",
    "Shift",
    "ShiftPattern",
    "Swap",
    "Turn",
    "Window",
]
