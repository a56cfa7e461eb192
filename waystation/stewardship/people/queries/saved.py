"""Filters as stored words, and the saved lists with their numbers of today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.http import QueryDict

from waystation.kernel.counting import COUNTED, counts_of
from waystation.organizations.access import Reach
from waystation.organizations.models import Unit
from waystation.stewardship.people.models import SavedList
from waystation.stewardship.people.queries.lists import people_by

_UNIT, _DAY, _WORD = "unit", "day", "word"


def packed(filters: dict) -> dict:
    """The filters as words and numbers that JSON can hold."""
    return dict(_packed(name, value) for name, value in filters.items())


def _packed(name: str, value) -> tuple[str, str | int | bool]:
    if isinstance(value, Unit):
        return f"{_UNIT}:{name}", value.pk
    if isinstance(value, date):
        return f"{_DAY}:{name}", value.isoformat()
    return f"{_WORD}:{name}", value


def unpacked(words: dict, units: dict[int, Unit]) -> dict:
    """The filters again; a unit that is gone filters nothing."""
    filters = {}
    for key, value in words.items():
        kind, _colon, name = key.partition(":")
        if kind == _UNIT and value in units:
            filters[name] = units[value]
        elif kind == _DAY:
            filters[name] = date.fromisoformat(value)
        elif kind == _WORD:
            filters[name] = value
    return filters


def units_of(*stored: dict) -> dict[int, Unit]:
    """The units that stored filters name, by one query."""
    ids = {value for words in stored for key, value in words.items() if key.startswith(f"{_UNIT}:")}
    return Unit.objects.in_bulk(ids) if ids else {}


def names_in(words: dict) -> set[str]:
    """The names of the stored filters."""
    return {key.partition(":")[2] for key in words}


def address_of(words: dict) -> str:
    """The stored filters as the query of the list."""
    query = QueryDict(mutable=True)
    for key, value in words.items():
        query[key.partition(":")[2]] = str(value)
    return query.urlencode()


@dataclass
class SavedRow:
    """A saved list as the viewer sees it: its number of today is None above `at_least`."""

    saved: SavedList
    count: int | None
    query: str
    is_own: bool
    at_least: int = COUNTED


def saved_rows(user, reach: Reach) -> list[SavedRow]:
    """The lists that the user sees, with how many people each finds in the user's reach now.

    Three queries, whatever their number; nothing is counted beyond a thousand.
    """
    rows = list(SavedList.objects.seen_by(user, reach.units).select_related("unit", "owner").order_by("name", "pk"))
    units = units_of(*(row.filters for row in rows))
    asked = {f"n{number}": people_by(unpacked(row.filters, units), reach) for number, row in enumerate(rows)}
    counts = counts_of(asked, whole=False)
    return [
        SavedRow(
            row,
            counts[f"n{number}"] if counts[f"n{number}"] <= COUNTED else None,
            address_of(row.filters),
            row.owner_id == user.pk,
        )
        for number, row in enumerate(rows)
    ]
