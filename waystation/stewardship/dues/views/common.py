"""What the pages of dues share: the member in reach, and who answers for the dues."""

from __future__ import annotations

from datetime import date

from django.shortcuts import get_object_or_404

from waystation.organizations.access import Reach
from waystation.organizations.models import Unit
from waystation.organizations.permissions import Permission
from waystation.stewardship.duties.queries import accountable
from waystation.stewardship.people.models import Person, Stay

P = Permission
SEALED = ("id_number", "phone", "other_phone", "address", "hardship")


def person_or_404(reach: Reach, pk) -> Person:
    people = Person.objects.living().within(reach).select_related("home__parent", "station").defer(*SEALED)
    return get_object_or_404(people, pk=pk)


def covers(user, permission: Permission, person: Person) -> bool:
    """Does the user hold the permission over this member, as origin or as station?"""
    reach = Reach.of(user, permission)
    return reach.covers(person.home_path) or reach.covers(person.stay_path)


def answering(person: Person, day: date) -> Unit | None:
    """The unit that answers for the dues by the duty sheet; the formal branch of a member without a stay."""
    stay = Stay.objects.open().filter(person=person).select_related("departure__origin", "station").first()
    return accountable(stay, "dues", day) if stay else person.home
