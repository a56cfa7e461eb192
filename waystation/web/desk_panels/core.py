"""Panels of a desk: more than a number, such as today's shift or whom to see this week."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from waystation.kernel.panels import Panel
from waystation.organizations.permissions import Permission
from waystation.web.desk_items.core import Desk

_makers: list[tuple[Permission, Callable[[Desk], Iterable[Panel]]]] = []


def panel(permission: Permission):
    """Register panels for everybody who holds the permission somewhere."""

    def register(make):
        _makers.append((permission, make))
        return make

    return register


def panels_of(desk: Desk) -> list[Panel]:
    """The panels of the user's desk, in the order of registration."""
    return [one for permission, make in _makers if desk.reach(permission) for one in make(desk)]
