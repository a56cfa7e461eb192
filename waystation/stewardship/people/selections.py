"""Whom a form of a list chose: ticked one by one, or all that the filters show; only whom the user cares for."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.http import QueryDict

from waystation.organizations.access import Reach
from waystation.stewardship.people import bulk_acts
from waystation.stewardship.people.models import Person
from waystation.stewardship.people.queries import people_by, sight


@dataclass(frozen=True)
class Selection:
    """The ids of the chosen people, by name, and how the form said it, to be said again by the next one."""

    ids: list[uuid.UUID]
    ticked: list[str]
    is_all: bool
    filters: str

    def __len__(self) -> int:
        return len(self.ids)


def selection(request, filters_of, reach: Reach) -> Selection:
    """The people that the POST chose, within the reach of what is to be done, at most two thousand.

    `filters_of(query, reach)` reads the filters of the list out of the query that the form sent along; None, where
    it does not understand them, chooses nobody.
    """
    query = request.POST.get("filters", "")[:1000]
    is_all = bool(request.POST.get("all"))
    ticked = [pk for pk in request.POST.getlist("pk")[: bulk_acts.MOST] if _is_id(pk)]
    if is_all:
        filters = filters_of(QueryDict(query), reach)
        people = Person.objects.none() if filters is None else people_by(filters, reach)
    else:
        people = Person.objects.living().within(reach).filter(pk__in=ticked)
    people = people.select_related(None).only("pk", "home_path", "stay_path", "destination_path")
    people = people.order_by("name_key", "pk")[: bulk_acts.MOST]
    ids = [person.pk for person in people if sight(request.user, person, reach).cares]
    return Selection(ids, [] if is_all else ticked, is_all, query)


def _is_id(text: str) -> bool:
    try:
        return bool(uuid.UUID(text))
    except ValueError:
        return False
