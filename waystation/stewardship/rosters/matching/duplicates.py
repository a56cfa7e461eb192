"""One record for a person whom the same roster has twice.

Rows are put together only when a number proves them the same, or the whole description does. Two
namesakes must stay two, so rows with two different proven ID numbers never come together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations

from waystation.stewardship.rosters.matching.compare import outcomes
from waystation.stewardship.rosters.matching.records import Features, Row, features

_LARGEST_BUCKET = 40
_NAMES = {"name_same", "name_variant"}
_NEAR_NAMES = _NAMES | {"name_sound", "name_part", "name_one_character"}
_BIRTHS = {None, "birth_same", "birth_month_same", "birth_year_only"}
_HOMES = {None, "home_village_same", "home_town_same"}
_OTHER_IDS = {"id_differs", "id_unlike", "id_old_one_digit"}
_SAME_IDS = {"id_same", "id_same_upgraded", "id_same_unproven"}


def merge_duplicates(rows: Sequence[Row]) -> list[tuple[Row, Features, tuple[str, ...]]]:
    """Each person once, with their features and the keys of all their rows, the first key leading.

    The record has the fullest of what its rows say; the leading key is the smallest.
    """
    known = [features(row) for row in rows]
    parent = list(range(len(rows)))

    def root(at: int) -> int:
        while parent[at] != at:
            parent[at] = parent[parent[at]]
            at = parent[at]
        return at

    sure: dict[int, set[str]] = {at: {row.id_sure} if row.id_sure else set() for at, row in enumerate(known)}
    for one, other in sorted(set(_look_alikes(known))):
        first, second = sorted((root(one), root(other)))
        if first == second or not _is_duplicate(known[one], known[other]):
            continue
        if len({number[:6] + number[8:17] for number in sure[first] | sure[second]}) > 1:
            continue
        parent[second] = first
        sure[first] |= sure.pop(second)
    groups = defaultdict(list)
    for at in range(len(rows)):
        groups[root(at)].append(at)
    return [_merged([rows[at] for at in group], known[group[0]]) for group in groups.values()]


def _look_alikes(known: Sequence[Features]) -> Iterator[tuple[int, int]]:
    """Pairs of rows that share a number, or a name and a place or birth."""
    buckets: dict[tuple, list[int]] = defaultdict(list)
    for at, row in enumerate(known):
        if row.id_old:
            buckets["id", row.id_old].append(at)
        for mobile in row.mobiles:
            buckets["mobile", mobile].append(at)
        if row.village:
            buckets["village", row.name_key, row.village].append(at)
        if row.birth6:
            buckets["birth", row.name_key, row.birth6].append(at)
    for bucket in buckets.values():
        if 1 < len(bucket) <= _LARGEST_BUCKET:
            yield from combinations(bucket, 2)


def _is_duplicate(one: Features, other: Features) -> bool:
    """Whether two rows of one roster are the same person beyond doubt."""
    level = outcomes(one, other)
    name, birth, number = level.get("name"), level.get("birth"), level.get("id")
    phone, home = level.get("phone"), level.get("home")
    if number in _SAME_IDS:
        return name in _NEAR_NAMES
    if name not in _NAMES or number in _OTHER_IDS or birth not in _BIRTHS:
        return False
    if home not in _HOMES or level.get("sex") == "sex_differs":
        return False
    if phone == "phone_same":
        return True
    if number in ("id_one_digit", "id_known_digits_same"):
        return home == "home_village_same" and phone != "phone_differs"
    described = birth == "birth_same" and home == "home_village_same" and phone != "phone_differs"
    return described and _nothing_else_differs(one, other)


def _nothing_else_differs(one: Features, other: Features) -> bool:
    """Whether no cell says otherwise; the same office copies them or leaves them empty."""
    return all(
        getattr(one, column) is None or getattr(other, column) is None or getattr(one, column) == getattr(other, column)
        for column in ("since_days", "abroad_town", "abroad_village", "occupation", "joined")
    )


def _merged(group: list[Row], known: Features) -> tuple[Row, Features, tuple[str, ...]]:
    if len(group) == 1:
        return group[0], known, (group[0].key,)
    group = sorted(group, key=lambda row: row.key)
    number = min((row.id_number for row in group), key=lambda number: (not number.is_sure, -len(number.text)))
    births = [row.birth for row in group if row.birth]
    whole = replace(
        group[0],
        id_number=number,
        birth=max(births, key=lambda birth: len(birth.isoformat()), default=None),
        sex=next((row.sex for row in group if row.sex), None),
        phones=tuple(dict.fromkeys(phone for row in group for phone in row.phones)),
        home=_fuller(row.home for row in group),
        abroad=_fuller(row.abroad for row in group),
        since=next((row.since for row in group if row.since), None),
        joined=next((row.joined for row in group if row.joined), None),
        occupation=next((row.occupation for row in group if row.occupation), ""),
        refs=tuple(ref for row in group for ref in row.refs),
    )
    return whole, features(whole), tuple(row.key for row in group)


def _fuller(places) -> tuple:
    return max(places, key=lambda place: sum(part is not None for part in place))
