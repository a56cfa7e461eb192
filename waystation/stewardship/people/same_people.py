"""Lists of apps above that open with the filters of a saved list of people: the same people, another question.

An app registers its list with `register`. A saved list is offered there only if the list understands every one
of its filters: nobody shall be shown more people than the saved list has.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse

from waystation.organizations.access import permissions_of
from waystation.organizations.permissions import Permission


@dataclass(frozen=True)
class OtherList:
    """A list by the name of its address; `understands(name)` tells whether it has that filter of people."""

    address: str
    label: str
    permission: Permission
    understands: Callable[[str], bool]


_known: dict[str, OtherList] = {}


def register(one: OtherList) -> OtherList:
    """Let saved lists be opened there."""
    if _known.setdefault(one.address, one) != one:
        raise ValueError(f"The list {one.address} is declared twice.")
    return one


def links(user, names: set[str], query: str) -> list[dict]:
    """Where the user may open a saved list that has filters of these names."""
    held = permissions_of(user)
    return [
        {"label": one.label, "url": f"{reverse(one.address)}?{query}"}
        for one in _known.values()
        if one.permission in held and names and all(map(one.understands, names))
    ]
