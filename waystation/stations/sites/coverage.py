"""How many people a station covers. The people live in an app above, which says how to count them."""

from __future__ import annotations

from collections.abc import Callable, Iterable

_counters: list[Callable[[list[int]], dict[int, int]]] = []


def register(count: Callable[[list[int]], dict[int, int]]) -> Callable:
    """Let `count(unit ids) -> {unit id: people}` tell how many people each station has in care."""
    if count not in _counters:
        _counters.append(count)
    return count


def covered(stations: Iterable[int]) -> dict[int, int]:
    """People in care by station; zero where nobody is."""
    ids = list(stations)
    found = dict.fromkeys(ids, 0)
    for count in _counters:
        for pk, people in count(ids).items():
            found[pk] += people
    return found
