"""The class of people that the grids know: in a grid of their station or in none."""

from __future__ import annotations

from datetime import date

from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from waystation.stewardship.people import classes


def _in_grid(value: str, day: date) -> Q:
    care = Q(station__isnull=False)
    at_station = Q(stay_path=F("station__path"))
    return care & at_station if value == "no" else care & ~at_station


classes.register(
    classes.Classification(
        "in_grid",
        _("Grid"),
        _in_grid,
        lambda reach: [("yes", _("in a grid")), ("no", _("in no grid"))],
    )
)
