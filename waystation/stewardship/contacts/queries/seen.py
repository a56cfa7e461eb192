"""On which day a member was last seen at organization life, absent from it, or paid dues: told by the apps above.

Contact is lost since the last organization life attended or dues paid. Who was seen was also in
real contact; who paid dues was not, but is not lost.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

Asker = Callable[[list], Iterable[tuple[object, date]]]

Absences = Callable[[list], dict[object, tuple[date, date]]]

_seen: list[Asker] = []
_absent: list[Absences] = []
_paid: list[Asker] = []


def register_seen(ask: Asker) -> Asker:
    """Let `ask(people)` say, in one question for all these ids, on which day each was last present somewhere."""
    if ask not in _seen:
        _seen.append(ask)
    return ask


def register_paid(ask: Asker) -> Asker:
    """Let `ask(people)` say, in one question for all these ids, on which day each last paid dues."""
    if ask not in _paid:
        _paid.append(ask)
    return ask


def register_absent(ask: Absences) -> Absences:
    """Let `ask(people)` say of these ids from which day to which each was absent whenever a roll was called for them:
    since they last came, were on leave or excused. Whoever was not absent since is left out."""
    if ask not in _absent:
        _absent.append(ask)
    return ask


def absences(people: list) -> dict[object, tuple[date, date]]:
    """The first and the last day of the unbroken absence of each of the people (ids) who is absent."""
    found: dict = {}
    for ask in _absent:
        for person, (first, last) in ask(people).items():
            before = found.get(person, (first, last))
            found[person] = min(first, before[0]), max(last, before[1])
    return found


def last_seen(people: list) -> dict:
    """The last day on which each of the people (ids) was present, for those who ever were."""
    return _latest(_seen, people)


def last_paid(people: list) -> dict:
    """The last day on which each of the people (ids) paid dues, for those who ever did."""
    return _latest(_paid, people)


def _latest(askers: list[Asker], people: list) -> dict:
    found: dict = {}
    for ask in askers:
        for person, day in ask(people):
            found[person] = max(day, found.get(person, day))
    return found
