"""The lock of a member's dues, and the standing that is renewed with every act."""

from __future__ import annotations

from collections.abc import Iterable

from waystation.stewardship.dues.models import DuesStanding
from waystation.stewardship.dues.queries import books_of
from waystation.stewardship.dues.queries.standing import reckon
from waystation.stewardship.people.models import Person


def locked(person_id) -> Person:
    """The member's file, held until the end of the transaction."""
    return Person.objects.select_for_update().get(pk=person_id)


def renew(people: Iterable) -> None:
    """Reckon the standing of the people (rows or ids) anew; without a base there is none."""
    for pk, book in books_of(people).items():
        found = reckon(book)
        if found is None:
            DuesStanding.objects.filter(person=pk).delete()
            continue
        values = {"since": found.since, "settled_to": found.settled_to, "owes_from": found.owes_from}
        DuesStanding.objects.update_or_create(person_id=pk, defaults=values)


def path_of(person: Person) -> str:
    """Where what happens with a member's dues is recorded: at the branch, which answers for them."""
    return person.home_path or person.stay_path
