"""What the ledger of members says of lost contact: the columns of the form in which members are reported."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils.translation import pgettext

from waystation.kernel.sheets.ledgers import LedgerColumn
from waystation.stewardship.contacts.models import LostContact
from waystation.stewardship.people import ledger_columns
from waystation.stewardship.people.models import Person


def _columns() -> list[LedgerColumn]:
    return [
        LedgerColumn(pgettext("ledger", "Contact is lost"), 9),
        LedgerColumn(pgettext("ledger", "Contact lost since"), 11, "date"),
    ]


def _cells(people: Sequence[Person]) -> dict[object, tuple[str, date | None]]:
    """Lost is with whom a case is open; a closed one says nothing of today."""
    cases = LostContact.objects.open().filter(person__in=[person.pk for person in people])
    since = dict(cases.values_list("person", "lost_since"))
    yes, no = pgettext("ledger", "yes"), pgettext("ledger", "no")
    return {person.pk: (yes if person.pk in since else no, since.get(person.pk)) for person in people}


ledger_columns.register(ledger_columns.Offer("contacts.lost", _columns, _cells))
