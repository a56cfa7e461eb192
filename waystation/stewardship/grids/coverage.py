"""Tells the stations below whom they cover: the members in care."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from waystation.organizations.access import Reach
from waystation.organizations.permissions import Permission
from waystation.stations.sites import coverage
from waystation.stewardship.people.models import Person, Stay


def _list_of(station: int) -> str:
    return f"{reverse('people:list')}?{urlencode({'status': 'care', 'grid': station})}"


@coverage.register("in_care", _("Members in care"), opens=_list_of)
def in_care(stations: list[int]) -> QuerySet:
    """Members with an open stay; the stays of a file that is merged into another go with it."""
    return Stay.objects.open().filter(station__in=stations).values_list("station_id", "person_id")


@coverage.names_people
def named(keys: list[UUID], user) -> dict[UUID, coverage.Named]:
    """Those of the people whom the user may see, with their origin and the way to the file."""
    reach = Reach.of(user, Permission.PERSON_VIEW)
    rows = Person.objects.living().within(reach).filter(pk__in=keys).select_related("home")
    return {
        person.pk: coverage.Named(
            person.full_name, person.home.name if person.home else "", reverse("people:file", args=[person.pk])
        )
        for person in rows.only("full_name", "home")
    }
