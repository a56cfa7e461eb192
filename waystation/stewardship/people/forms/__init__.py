"""What people type on these pages, parsed and checked."""

from waystation.stewardship.people.forms.decisions import (
    AccountForm,
    EndStayForm,
    ExportForm,
    MergeForm,
    MoveForm,
    ReasonForm,
    ReturnForm,
    RevealForm,
    SavedListForm,
    StatusForm,
)
from waystation.stewardship.people.forms.filters import (
    ArrivalFilterForm,
    DepartureFilterForm,
    PersonFilterForm,
    chosen,
    understood,
)
from waystation.stewardship.people.forms.registering import (
    OUTSIDE,
    ArrivalForm,
    CorrectForm,
    DepartureForm,
)

__all__ = [
    "OUTSIDE",
    "AccountForm",
    "ArrivalFilterForm",
    "ArrivalForm",
    "CorrectForm",
    "DepartureFilterForm",
    "DepartureForm",
    "EndStayForm",
    "ExportForm",
    "MergeForm",
    "MoveForm",
    "PersonFilterForm",
    "ReasonForm",
    "ReturnForm",
    "RevealForm",
    "SavedListForm",
    "StatusForm",
    "chosen",
    "understood",
]
