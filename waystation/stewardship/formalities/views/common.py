"""What the pages of transfers and cards share."""

from __future__ import annotations

from datetime import date

from django.shortcuts import get_object_or_404
from django.utils import timezone

from waystation.stewardship.people.models import Person


def member_or_404(request, pk) -> Person:
    """A living file whose branch is in reach: the branch's acts are not the station's."""
    people = Person.objects.living().filter(request.reach.caring.path_q("home_path"))
    return get_object_or_404(people.select_related("home", "station", "destination"), pk=pk)


def today() -> date:
    return timezone.localdate()
