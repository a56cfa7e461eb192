"""Where the occasion of a suggestion is entered: the app above that keeps occasions says so."""

from __future__ import annotations

from collections.abc import Callable

from waystation.stewardship.groups.models import SuggestedActivity

_address: list[Callable[[SuggestedActivity], str]] = []


def register(address: Callable[[SuggestedActivity], str]) -> Callable[[SuggestedActivity], str]:
    """Let `address(suggested)` be the page on which the occasion is entered."""
    _address[:] = [address]
    return address


def address_of(suggested: SuggestedActivity) -> str:
    """The address of that page; empty where no app keeps occasions."""
    return _address[0](suggested) if _address else ""
