"""Acts on many people at once, chosen on any list of people: each shown before it is done.

An app above adds its own with `register`; every list that has the bar offers it to whoever holds its permission.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils.translation import ngettext

from waystation.organizations.access import Reach
from waystation.organizations.permissions import Permission

MOST = 2000  # people at once


@dataclass(frozen=True)
class Preview:
    """What the act would do: for how many, and for how many nothing and why, in sentences."""

    changes: int
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class BulkAct:
    """Something done to many people. `targets(user)` is what it may be done with, such as the grids in reach;
    `preview(people, target, user)` and `run(people, target, by, at)` take ids of people and a target's value.

    `run` does what is still to be done and returns for how many it did: done twice it does nothing more. It
    refuses with one of `refusals`, an exception with a sentence.
    """

    name: str
    label: str
    target_label: str
    permission: Permission
    targets: Callable[..., Iterable[tuple[str, str]]]
    preview: Callable[..., Preview]
    run: Callable[..., int]
    done: Callable[[int], str]
    refusals: tuple[type[Exception], ...] = ()


_known: dict[str, BulkAct] = {}


def register(act: BulkAct) -> BulkAct:
    """Let every list of people offer the act."""
    if _known.setdefault(act.name, act) != act:
        raise ValueError(f"The act {act.name} is declared twice.")
    return act


def act_named(name: str) -> BulkAct | None:
    return _known.get(name)


def acts_for(user) -> list[BulkAct]:
    """The acts whose permission the user holds somewhere."""
    return [act for act in _known.values() if Reach.of(user, act.permission)]


def not_in_care(number: int) -> str:
    """The sentence of a preview about those whom the station of the target does not have in care."""
    return ngettext(
        "%(n)d is not in the care of that station and stays as is.",
        "%(n)d are not in the care of that station and stay as they are.",
        number,
    )
