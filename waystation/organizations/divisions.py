"""Loads the administrative tree of a prefecture from a CSV (code, name, level, parent), with a branch in
each village, and the bundled names that rosters use for them."""

from __future__ import annotations

import csv
import re
from datetime import datetime
from pathlib import Path

from django.db import transaction

from waystation.kernel import audit
from waystation.organizations.models import Unit

LEVELS = ("city", "county", "town", "village")
# What follows the proper name of a division; the longest fitting ending goes first.
_ENDINGS = re.compile(
    r"(社区居民委员会|社区居委会|村民委员会|居民委员会|居委会|村委会|社区|村|畲族乡|回族乡|满族乡|民族乡|街道办事处|街道"
    r"|开发区|镇|乡|县|区|市)$"
)


class BadDivisions(ValueError):
    """The file is not a table of divisions; the message names the line."""


def core_name(name: str) -> str:
    """The proper name of a division: 过笕村委会 → 过笕, 象山社区居委会 → 象山, 硖门畲族乡 → 硖门."""
    bare = _ENDINGS.sub("", name)
    return bare if len(bare) >= 2 else name


def branch_name(village: str) -> str:
    """The branch of a village or community: 过笕村委会 → 过笕党支部, 象山社区居委会 → 象山社区党支部."""
    stem = re.sub(r"(村民委员会|居民委员会|居委会|村委会)$", "", village)
    return f"{stem}党支部"


COLUMNS = ("code", "name", "level", "parent")


def read_divisions(path: Path) -> list[dict[str, str]]:
    """The rows of the file, checked: known levels, a parent that came before, no code twice."""
    seen: dict[str, str] = {}
    rows = _read(path)
    for line, row in enumerate(rows, start=2):
        level, parent = row["level"], row["parent"]
        if level not in LEVELS:
            raise BadDivisions(f"line {line}: level {level!r} is none of {', '.join(LEVELS)}")
        if not row["code"] or not row["name"]:
            raise BadDivisions(f"line {line}: a division has a code and a name")
        if row["code"] in seen:
            raise BadDivisions(f"line {line}: code {row['code']} stands twice")
        if level == "city" and parent:
            raise BadDivisions(f"line {line}: the city {row['name']} has no parent")
        expected = LEVELS[LEVELS.index(level) - 1] if level != "city" else None
        if seen.get(parent) != expected:
            raise BadDivisions(f"line {line}: the parent {parent!r} of {row['name']} is not a {expected} above it")
        seen[row["code"]] = level
    return rows


def _read(path: Path) -> list[dict[str, str]]:
    """The table itself; a file that is none is refused with its line."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as handle:
            table = csv.DictReader(handle, restkey="more", strict=True)
            missing = [name for name in COLUMNS if name not in (table.fieldnames or [])]
            if missing:
                raise BadDivisions(f"line 1: the column {missing[0]} is missing")
            rows = []
            for row in table:
                if "more" in row or None in row.values():
                    raise BadDivisions(f"line {table.line_num}: the line has not as many cells as the head")
                rows.append({name: text.strip() for name, text in row.items()})
    except (UnicodeDecodeError, csv.Error) as problem:
        raise BadDivisions(f"the file is not a CSV in UTF-8: {problem}") from None
    return rows


@transaction.atomic
def load_divisions(path: Path, *, seats: set[str], by, at: datetime) -> int:
    """Create the units of the file that do not exist yet and a branch in each new village; returns how many.

    `seats` are codes of towns that lie in a county's town: their communities are destinations. A column "seat"
    with anything in it says the same. One audit event stands for the whole load.
    """
    rows = read_divisions(path)
    seats = seats | {row["code"] for row in rows if row.get("seat")}
    known = {unit.code: unit for unit in Unit.objects.exclude(code=None)}
    made = 0
    for level in LEVELS:
        fresh = [row for row in rows if row["level"] == level and row["code"] not in known]
        units = [
            Unit(
                code=row["code"], name=_unique_name(row, rows, known), short_name=core_name(row["name"]), kind=level,
                parent=known.get(row["parent"]), path=f"new.{row['code']}",
                is_seat=row["code"] in seats or row["parent"] in seats,
            )
            for row in fresh
        ]  # fmt: skip
        _insert(units)
        known.update({unit.code: unit for unit in units})
        made += len(units)
        if level == "village":
            branches = [
                Unit(
                    name=branch_name(village.name), short_name=village.short_name, kind=Unit.Kind.BRANCH,
                    parent=village, path=f"new.{village.code}",
                )
                for village in units
            ]  # fmt: skip
            _insert(branches)
            made += len(branches)
    if made:
        audit.record("tree.loaded", by=by, at=at, units=made, file=path.name)
    return made


def _unique_name(row, rows, known) -> str:
    """Two divisions of one town may bear one name in the public list; the later gets its code behind it."""
    namesakes = [r for r in rows if r["parent"] == row["parent"] and r["name"] == row["name"]]
    if len(namesakes) > 1 and namesakes[0]["code"] != row["code"]:
        return f"{row['name']}（{row['code'][-3:]}）"
    return row["name"]


def _insert(units: list[Unit]) -> None:
    Unit.objects.bulk_create(units, batch_size=500)
    for unit in units:
        unit.path = f"{unit.parent.path if unit.parent else ''}{unit.pk}."
    Unit.objects.bulk_update(units, ["path"], batch_size=500)
