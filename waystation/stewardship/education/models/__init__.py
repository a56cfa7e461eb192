"""Organization life and learning."""

from waystation.stewardship.education.models.occasions import Attendance, Kind, Occasion
from waystation.stewardship.education.models.packs import Delivery, Pack
from waystation.stewardship.education.models.plans import Plan, PlanItem
from waystation.stewardship.education.models.records import LearningRecord, YearTotal
from waystation.stewardship.education.models.scans import SheetScan

__all__ = [
    "Attendance",
    "Delivery",
    "Kind",
    "LearningRecord",
    "Occasion",
    "Pack",
    "Plan",
    "PlanItem",
    "SheetScan",
    "YearTotal",
]
