"""Which pairs are looked at: those that share a key.

Two rows are compared when any one of these keys is the same. A key that too many rows share (a
village's only telephone, a name that half the town has) finds nobody and is left out.
`blocking_keys` gives the same keys for one row, to look it up without a full run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from waystation.stewardship.rosters.matching.records import Features

LARGEST_BLOCK = 900  # pairs of one key; thirty rows a side


@dataclass(frozen=True)
class Block:
    """A key by its code and the columns it joins; `sql` and `parts` say the same."""

    code: str
    sql: tuple[str, ...]
    parts: Callable[[Features], tuple[str | None, ...]]
    largest: int = LARGEST_BLOCK


def _columns(code: str, *columns: str, largest: int = LARGEST_BLOCK) -> Block:
    return Block(
        code,
        columns,
        lambda row: tuple(getattr(row, column) for column in columns),
        largest,
    )


BLOCKS = (
    _columns("i", "id_old"),
    # A wrong digit in the birth leaves the county and the last four right.
    Block(
        "t",
        ("substr(id_text, 1, 6)", "substr(id_text, 15)"),
        lambda row: (row.id_text[:6], row.id_text[14:]) if len(row.id_text or "") == 18 else (None,),
    ),
    _columns("y", "name_key", "birth4"),
    Block(
        "m",
        ("name_key", "substr(birth8, 5)"),
        lambda row: (row.name_key, row.birth8 and row.birth8[4:]),
    ),
    _columns("v", "name_key", "village"),
    _columns("w", "name_key", "town"),
    _columns("n", "name_key", largest=400),
    _columns("s", "sound", "birth6"),
    _columns("h", "sound", "village"),
    _columns("f", "name_first", "birth4"),
    # The day, with the surname or with the rest of the name, when one character was mistaken.
    Block(
        "d",
        ("birth8", "substr(name_key, 1, 1)"),
        lambda row: (row.birth8, row.name_key[:1]),
    ),
    Block("g", ("birth8", "substr(name_key, 2)"), lambda row: (row.birth8, row.name_key[1:])),
    _columns("e", "village", "birth6"),
    Block(
        "u",
        ("town", "birth6", "substr(name_key, 1, 1)"),
        lambda row: (row.town, row.birth6, row.name_key[:1]),
    ),
    # The county and the day in the number, for numbers whose last figures are lost or wrong.
    Block(
        "b",
        ("substr(coalesce(id_text, id_mask), 1, 14)",),
        lambda row: ((row.id_text or row.id_mask or "")[:14] or None,),
    ),
)
_ONLY_WHOLE = {"t": "length(id_text) = 18"}
_LISTS = (("p", "mobiles"), ("l", "lines"))


def blocking_keys(row: Features) -> Iterator[str]:
    """The keys of a row, each with its block's code before it; the whole model's in small."""
    for block in BLOCKS:
        parts = block.parts(row)
        if all(part is not None for part in parts):
            yield f"{block.code}:{'|'.join(parts)}"
    for code, column in _LISTS:
        for number in getattr(row, column):
            yield f"{code}:{number}"


def keys_sql(table: str) -> str:
    """A query for (row, key) over a table of features."""
    queries = []
    for block in BLOCKS:
        joined = " || '|' || ".join(block.sql)
        where = f"({joined}) IS NOT NULL"
        if block.code in _ONLY_WHOLE:
            where += f" AND {_ONLY_WHOLE[block.code]}"
        key = f"'{block.code}:' || {joined}"
        queries.append(f"SELECT unique_id AS row, {key} AS key FROM {table} WHERE {where}")  # noqa: S608 - our own names
    for code, column in _LISTS:
        queries.append(f"SELECT unique_id, '{code}:' || unnest({column}) FROM {table}")  # noqa: S608
    return "\nUNION ALL\n".join(queries)


def pairs_sql(keys_of_origin: str, keys_of_arrival: str) -> str:
    """A query for the distinct (origin, arrival) pairs that share a key that is not too common."""
    cases = " ".join(f"WHEN '{block.code}' THEN {block.largest}" for block in BLOCKS if block.largest != LARGEST_BLOCK)
    limit = f"CASE key[1] {cases} ELSE {LARGEST_BLOCK} END"
    return f"""
        WITH origin_sizes AS (SELECT key, count(*) AS size FROM {keys_of_origin} GROUP BY key),
        arrival_sizes AS (SELECT key, count(*) AS size FROM {keys_of_arrival} GROUP BY key),
        useful AS (
            SELECT key FROM origin_sizes AS o JOIN arrival_sizes AS a USING (key)
            WHERE o.size * a.size <= {limit}
        )
        SELECT DISTINCT o.row AS origin, a.row AS arrival
        FROM useful JOIN {keys_of_origin} AS o USING (key) JOIN {keys_of_arrival} AS a USING (key)
    """  # noqa: S608 - our own names
