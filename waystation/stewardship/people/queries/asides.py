"""Plain cards among the panels of a person: where the member has a grid, which groups.

An app adds its part with `register`: a function `tell(person, sight)` that returns an `Aside`, or None.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from waystation.organizations.access import permissions_of
from waystation.organizations.permissions import Permission
from waystation.stewardship.people.models import Person
from waystation.stewardship.people.queries import panels
from waystation.stewardship.people.queries.sights import Sight


@dataclass(frozen=True)
class Line:
    """A line of a card; the address is shown to whoever holds the permission."""

    text: str
    note: str = ""
    url: str = ""
    permission: Permission | None = None


@dataclass(frozen=True)
class Aside:
    """A card: its title, its lines, and the sentence for when there are none."""

    title: str
    lines: list[Line] = field(default_factory=list)
    empty: str = ""


def register(tell: Callable) -> Callable:
    """Let `tell(person, sight)` add its card to every file."""

    def make(person: Person, user, sight: Sight) -> panels.Panel | None:
        aside = tell(person, sight)
        if aside is None:
            return None
        held = permissions_of(user)
        lines = [line if line.permission in held else Line(line.text, line.note) for line in aside.lines]
        return panels.Panel("people/_aside.html", {"aside": replace(aside, lines=lines)})

    panels.register(make)
    return tell
