"""The formal relation: with which branch a member is, from which day on."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import F

from waystation.kernel import audit
from waystation.organizations.models import Unit
from waystation.stewardship.people import signals
from waystation.stewardship.people.actions.accounts import follow_membership
from waystation.stewardship.people.models import Departure, Membership, Person


@transaction.atomic
def move_membership(person: Person, *, to: Unit | None, on: date, by, at: datetime) -> Membership | None:
    """The formal relation passes to another branch on a day, or out of the area if `to` is None.

    Only the record of a receipt does this (条例 2019, art. 25: until then the old branch stays responsible).
    The file's home, the origin of an open departure and the role of the member's own account become those of the
    new branch in the same transaction.
    """
    person = Person.objects.select_for_update(of=("self",)).select_related("home").get(pk=person.pk)
    old, day = person.home, on
    for row in Membership.objects.select_for_update().filter(person=person, ends_on=None):
        day = max(on, row.starts_on)
        Membership.objects.filter(pk=row.pk).update(ends_on=day)
    membership = Membership.objects.create(person=person, branch=to, starts_on=day) if to is not None else None
    Person.objects.filter(pk=person.pk).update(
        home=to, home_path=to.path if to is not None else "", version=F("version") + 1
    )
    if to is not None:
        Departure.objects.open().filter(person=person).update(origin=to, origin_path=to.path)
    person.refresh_from_db(fields=["home", "home_path", "version"])
    signals.membership_moved.send(sender=Membership, person=person, old=old, new=to, on=day, by=by, at=at)
    follow_membership(person, old=old, new=to, by=by, at=at)
    path = to.path if to is not None else old.path if old is not None else ""
    audit.record(
        "membership.moved", on=person, by=by, at=at, unit_path=path, old=str(old.pk) if old is not None else "",
        new=str(to.pk) if to is not None else "", moved_on=day,
    )  # fmt: skip
    return membership
