"""Facts that stand beside a member while others assess: what the organisation itself wrote down, with links.

An app below tells its part through a provider here: `register(title, query)` where `query(people, starts_on,
ends_on)` answers for many people at once, {person id: [Fact, …]}. `permission` names what a viewer must hold for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from waystation.organizations.access import Reach
from waystation.organizations.permissions import Permission
from waystation.stewardship.people.models import Person


@dataclass(frozen=True)
class Fact:
    """One thing in words, and the address of the rows behind it."""

    text: str
    url: str = ""


@dataclass(frozen=True)
class Provider:
    """A kind of fact: its title, the query, and the permission to see it (none: whoever sees the appraisal)."""

    title: Any
    query: Callable[[list, date, date], dict]
    permission: Permission | None = None


_providers: list[Provider] = []


def register(title, query: Callable, *, permission: Permission | None = None) -> Provider:
    """Let `query` tell facts under `title`."""
    made = Provider(title, query, permission)
    if all(held.query is not query for held in _providers):
        _providers.append(made)
    return made


def facts_of(person: Person, starts_on: date, ends_on: date, *, user) -> list[tuple[Any, list[Fact]]]:
    """Every kind of fact about the person in the period that the user may see, those without a row too."""
    return [
        (provider.title, provider.query([person.pk], starts_on, ends_on).get(person.pk, []))
        for provider in _seen(person, user)
    ]


def _seen(person: Person, user) -> Iterable[Provider]:
    for provider in _providers:
        reach = Reach.of(user, provider.permission) if provider.permission else None
        if reach is None or reach.covers(person.home_path) or reach.covers(person.stay_path):
            yield provider
