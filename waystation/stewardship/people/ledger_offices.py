"""The organizations between which a member moves, as columns of a ledger: their names and how they are reached."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import pgettext

from waystation.kernel.sheets.ledgers import LedgerColumn
from waystation.organizations.models import Unit
from waystation.organizations.offices import Office, offices_of


def origin_columns() -> list[LedgerColumn]:
    """流出党组织名称、联系人、联系电话."""
    return [
        LedgerColumn(pgettext("ledger", "Organization left"), 20),
        LedgerColumn(pgettext("ledger", "Contact of the organization left"), 12),
        LedgerColumn(pgettext("ledger", "Telephone of the organization left"), 16),
    ]


def destination_columns() -> list[LedgerColumn]:
    """流入党组织名称、支部联系人、联系方式."""
    return [
        LedgerColumn(pgettext("ledger", "Organization gone to"), 22),
        LedgerColumn(pgettext("ledger", "Contact of the organization gone to"), 12),
        LedgerColumn(pgettext("ledger", "Telephone of the organization gone to"), 16),
    ]


class Offices:
    """How the organizations of a ledger are reached: all of a chunk are asked for together, and each only once."""

    def __init__(self):
        self._known: dict[int, Office | None] = {}

    def learn(self, units: Iterable[Unit | None]) -> None:
        fresh = {unit.pk: unit for unit in units if unit is not None and unit.pk not in self._known}
        found = offices_of(fresh.values())
        self._known |= {pk: found.get(pk) for pk in fresh}

    def cells(self, unit: Unit | None, otherwise: str = "") -> list[str]:
        """Name, contact person and telephone; of what lies outside the tree only what it is called."""
        if unit is None:
            return [otherwise, "", ""]
        office = self._known[unit.pk]
        return [unit.name, office.contact_person, office.phone] if office else [unit.name, "", ""]
