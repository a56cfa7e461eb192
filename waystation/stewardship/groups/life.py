"""What a group has of organization life. The app above that keeps rolls and plans says it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from waystation.stewardship.groups.models import FunctionalGroup, SuggestedActivity


@dataclass(frozen=True)
class Event:
    """An occasion that the group held, or that its station plans for it; `day` is empty while only the month is known.

    `present` of `expected` came; both are nothing until the roll is closed.
    """

    kind: str
    topic: str
    url: str
    day: date | None = None
    month: int = 0
    place: str = ""
    state: str = ""
    present: int | None = None
    expected: int | None = None


class Book(Protocol):
    """Where organization life is kept."""

    def form_of(self, group: FunctionalGroup) -> str:
        """The address at which an occasion of the group is entered."""

    def form_of_suggested(self, suggested: SuggestedActivity) -> str:
        """The same, filled in with what the leader suggested."""

    def list_of(self, group: FunctionalGroup) -> str:
        """The address of everything that the group held."""

    def held(self, group: FunctionalGroup, most: int) -> list[Event]:
        """The latest occasions, the newest first."""

    def to_come(self, group: FunctionalGroup, today: date, most: int) -> list[Event]:
        """What an approved plan has for the group from this month on and was not held."""


_books: list[Book] = []


def register(book: type[Book]) -> type[Book]:
    """Let this book be asked."""
    _books[:] = [book()]
    return book


def book() -> Book | None:
    """The book; None where no app keeps organization life."""
    return _books[0] if _books else None
