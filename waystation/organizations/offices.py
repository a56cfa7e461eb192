"""How an office is reached: one question for every kind of unit.

The tree's own rows hold the particulars. An app above that keeps some of them for a kind of unit already, as stations
keep address and telephones, lends them with `register`, so that nothing is stored twice.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from waystation.organizations.models import Unit, UnitContact

FIELDS = ("address", "phone", "fax", "postcode", "contact_person")


@dataclass(frozen=True)
class Office:
    """The particulars of one unit's office; `unit` is the key of that unit. Never mixed from two offices."""

    unit: int
    address: str = ""
    phone: str = ""
    fax: str = ""
    postcode: str = ""
    contact_person: str = ""


@dataclass(frozen=True)
class Keeper:
    """An app that keeps some of the fields for units of a kind; `read(keys)` has them for the keys that it knows."""

    kind: str
    fields: frozenset[str]
    read: Callable[[Collection[int]], Mapping[int, Mapping[str, str]]]


_keepers: dict[str, Keeper] = {}


def register(keeper: Keeper) -> Keeper:
    """Let the app answer for these fields of units of its kind."""
    if _keepers.setdefault(keeper.kind, keeper) != keeper:
        raise ValueError(f"The offices of {keeper.kind} are declared twice.")
    return keeper


def kept_elsewhere(kind: str) -> frozenset[str]:
    """The fields that another app keeps for units of this kind."""
    return _keepers[kind].fields if kind in _keepers else frozenset()


def office_of(unit: Unit) -> Office | None:
    """How the unit is reached: its own office, or the nearest open one above it of which something is known."""
    return offices_of([unit]).get(unit.pk)


def offices_of(units: Iterable[Unit]) -> dict[int, Office]:
    """`office_of` for many units by the keys of these, in as many questions as for one; unknown ones are left out."""
    chains = {unit.pk: [int(part) for part in unit.path.split(".") if part] for unit in units}
    known = _known({pk for chain in chains.values() for pk in chain})
    nearest = {pk: next((above for above in reversed(chain) if above in known), None) for pk, chain in chains.items()}
    return {pk: known[above] for pk, above in nearest.items() if above is not None}


def _known(keys: Collection[int]) -> dict[int, Office]:
    """The offices among these units of which anything is known."""
    if not keys:
        return {}
    rows = UnitContact.objects.filter(unit__in=keys, unit__closed_on=None).values("unit", *FIELDS)
    said = {row.pop("unit"): row for row in rows}
    for keeper in _keepers.values():
        for pk, kept in keeper.read(keys).items():
            said[pk] = said.get(pk, {}) | dict(kept)
    return {pk: Office(unit=pk, **fields) for pk, fields in said.items() if any(fields.values())}
