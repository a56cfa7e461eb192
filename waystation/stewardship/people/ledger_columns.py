"""What apps above know of each member, as columns of the ledger of members.

An app adds its columns with `register`. It is asked once for many people, so that a ledger of any size takes the
same number of questions for each of its parts; and only about people for whom whoever takes the ledger answers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from waystation.kernel.sheets.ledgers import LedgerColumn
from waystation.stewardship.people.models import Person


@dataclass(frozen=True)
class Offer:
    """Columns of an app: `cells(people)` has for the key of each of them one value a column."""

    name: str
    columns: Callable[[], Sequence[LedgerColumn]]
    cells: Callable[[Sequence[Person]], Mapping[object, Sequence]]


_known: dict[str, Offer] = {}


def register(offer: Offer) -> Offer:
    """Let the ledger of members have these columns."""
    if _known.setdefault(offer.name, offer) != offer:
        raise ValueError(f"The columns {offer.name} are declared twice.")
    return offer


def columns() -> list[LedgerColumn]:
    """The columns of all apps, in the order in which they were declared."""
    return [column for offer in _known.values() for column in offer.columns()]


def cells(people: Sequence[Person]) -> dict[object, list]:
    """For the key of each person a value in each of the `columns`."""
    answers = [offer.cells(people) for offer in _known.values()]
    return {person.pk: [value for answer in answers for value in answer[person.pk]] for person in people}
