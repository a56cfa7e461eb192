"""Which duties each of the three parties answers for today, as the app that keeps the duty sheets tells it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.utils.translation import pgettext

from waystation.stewardship.people.models import Stay

Shares = dict[str, list[str]]  # "origin", "station" or "destination": the names of its duties

_tellers: list[Callable[[Stay, date], Shares]] = []


def register(tell: Callable[[Stay, date], Shares]) -> Callable[[Stay, date], Shares]:
    """Let `tell(stay, day)` say who answers for what."""
    if tell not in _tellers:
        _tellers.append(tell)
    return tell


def shares_of(stay: Stay | None, day: date) -> dict[str, str]:
    """The duties of each party in words; nothing for a party without one, and for a person in nobody's care."""
    if stay is None:
        return {}
    parts: Shares = {}
    for tell in _tellers:
        for party, duties in tell(stay, day).items():
            parts.setdefault(party, []).extend(duties)
    return {party: pgettext("duties", ", ").join(duties) for party, duties in parts.items()}
