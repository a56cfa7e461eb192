"""What people type on these pages, parsed and checked."""

from waystation.stewardship.people.forms.decisions import (
    EndStayForm,
    ExportForm,
    MergeForm,
    ReasonForm,
    ReturnForm,
    RevealForm,
)
from waystation.stewardship.people.forms.filters import (
    ArrivalFilterForm,
    DepartureFilterForm,
    PersonFilterForm,
    chosen,
)
from waystation.stewardship.people.forms.registering import (
    OUTSIDE,
    ArrivalForm,
    CorrectForm,
    DepartureForm,
)

__all__ = [
    "OUTSIDE",
    "ArrivalFilterForm",
    "ArrivalForm",
    "CorrectForm",
    "DepartureFilterForm",
    "DepartureForm",
    "EndStayForm",
    "ExportForm",
    "MergeForm",
    "PersonFilterForm",
    "ReasonForm",
    "ReturnForm",
    "RevealForm",
    "chosen",
]
