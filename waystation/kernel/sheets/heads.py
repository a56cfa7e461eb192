"""Finding the head of a roster: where the column titles stand and which field each one means.

Above the head stand a title and a row with unit and date; the head itself has one to three rows,
with merged group titles ("流出地" over "姓名" and "电话"). Titles are compared by what is left of
them without spaces, line breaks, remarks in brackets, stars and colons.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from waystation.kernel.sheets.cells import Cell

Fields = Mapping[str, Sequence[str]]
Range = tuple[int, int, int, int]  # first row, first column, last row, last column

REASON_TITLE = "错误原因"  # the column that `ledgers.write_wrong_rows` adds
GROUP_MARK = "|"  # between the group title and the title of a column

_SEARCHED_ROWS = 30
_HEAD_ROWS = 3
_MOST_TITLE_CHARACTERS = 60
_MATCHES_FOR_CERTAINTY = 5
_LEAST_MATCHES = 2

_BRACKETED = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】|〔[^〔〕]*〕|<[^<>]*>|《|》")
_NOISE = re.compile(r"[\s*★※:;,，。、.\"'“”‘’_\-—()\[\]【】/\\]+|必填|选填|非必填")
_DIGITS = re.compile(r"\d{4,}")

# A longer title that says whose matter it is must not pass for the person's own.
_OF_OTHERS = re.compile(
    "联系人|介绍人|推荐人|经办人|填表人|负责人|书记|父|母|配偶|妻|夫|家属|子女|紧急|网格|站长|支部|党委|组织|单位|"
    "公司|社区|村|流出|流入|原|曾用"
)

_OF_SELF = re.compile("基本|本人|个人|(党员|人员)(信息|情况)")
_OF_ORGANISATIONS = re.compile("流[出入]地|联系人|介绍人|负责人|书记|支部|党委|组织|单位|家属|紧急|网格|工作站")
_CONTACT = re.compile("电话|手机|联系|姓名|地址|职务")


@dataclass(frozen=True, slots=True)
class Column:
    """A column by its index from 0; `title` as written, groups before a bar; `field` if known."""

    index: int
    title: str
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """What a sheet seems to be; row numbers are those that a spreadsheet program shows.

    `confidence` from 0 to 1 says how sure the proposal is. With a `reason` ("hidden", "empty",
    "no_head") the sheet is not a roster and has no columns. `above` are the texts over the head.
    """

    sheet: str
    index: int
    head_row: int = 0
    head_rows: int = 0
    columns: tuple[Column, ...] = ()
    data_from: int = 1
    confidence: float = 0.0
    height: int = 0
    reason: str | None = None
    above: tuple[str, ...] = ()
    samples: tuple[tuple[Cell, ...], ...] = ()

    @property
    def fields(self) -> dict[str, int]:
        """The mapped fields and the index of the column of each."""
        return {column.field: column.index for column in self.columns if column.field}

    def with_mapping(self, mapping: Mapping[int, str | None]) -> Table:
        """The table with the user's choice for some columns (None: leave the column out).

        A field that the user gives to a column is taken from the one that had it. Raises
        `ValueError` for an unknown column or a field given twice.
        """
        chosen = [name for name in mapping.values() if name]
        unknown = set(mapping) - {column.index for column in self.columns}
        if unknown or len(set(chosen)) != len(chosen):
            raise ValueError("the mapping names an unknown column or a field twice")
        columns = []
        for column in self.columns:
            name = mapping.get(column.index, column.field)
            if column.index not in mapping and name in chosen:
                name = None
            columns.append(replace(column, field=name))
        return replace(self, columns=tuple(columns))

    def with_samples(self, samples: Iterable[tuple[Cell, ...]]) -> Table:
        """The table with rows to show to the user."""
        return replace(self, samples=tuple(samples))

    def as_dict(self) -> dict:
        """The table as JSON, to be kept between two steps of a wizard; without the samples."""
        return {
            "sheet": self.sheet,
            "index": self.index,
            "head_row": self.head_row,
            "head_rows": self.head_rows,
            "columns": [[column.index, column.title, column.field] for column in self.columns],
            "data_from": self.data_from,
            "confidence": self.confidence,
            "height": self.height,
            "reason": self.reason,
            "above": list(self.above),
        }

    @classmethod
    def from_dict(cls, kept: dict) -> Table:
        """What `as_dict` made."""
        columns = tuple(Column(*column) for column in kept["columns"])
        return cls(**(kept | {"columns": columns, "above": tuple(kept["above"])}))


def propose(sheet, rows: Sequence[Sequence[Cell]], fields: Fields) -> Table:
    """Find the head in the first rows of a sheet (rows[0] is row 1) and map its columns.

    `sheet` has `name`, `index`, `visible`, `height` and `merged`, as `reading.Sheet` has.
    """
    base = Table(sheet=sheet.name, index=sheet.index, height=sheet.height)
    if not sheet.visible:
        return replace(base, reason="hidden")
    if not any(cell is not None for row in rows for cell in row):
        return replace(base, reason="empty")
    grid = _Grid(rows, sheet.merged)
    best, best_value = None, 0.0
    for start in range(min(len(rows), _SEARCHED_ROWS)):
        for height in grid.head_heights(start):
            titles = grid.titles(start, height)
            mapping, value = match(titles, fields)
            value -= 0.05 * (height - 1)
            if len(mapping) >= _LEAST_MATCHES and value > best_value + 1e-9:
                best, best_value = (start, height, titles, mapping), value
    if best is None:
        return replace(base, reason="no_head")
    start, height, titles, mapping = best
    certain = min(len(fields), _MATCHES_FOR_CERTAINTY)
    return replace(
        base,
        head_row=start + 1,
        head_rows=height,
        columns=tuple(Column(index, GROUP_MARK.join(parts), mapping.get(index)) for index, parts in enumerate(titles)),
        data_from=start + height + 1,
        confidence=round(min(1.0, best_value / certain), 2),
        above=grid.texts_above(start),
    )


def match(titles: Sequence[tuple[str, ...]], fields: Fields) -> tuple[dict[int, str], float]:
    """Give each field to the column that fits it best; returns {column: field} and the sum."""
    known = {name: [_plain(title) for title in synonyms] for name, synonyms in fields.items()}
    found = []
    for index, parts in enumerate(titles):
        plain = tuple(filter(None, (_plain(part) for part in parts)))
        if not plain or plain[-1] == REASON_TITLE:
            continue
        for name, synonyms in known.items():
            value = _likeness(plain, synonyms)
            if value:
                found.append((-value, index, name))
    mapping: dict[int, str] = {}
    total = 0.0
    for negative, index, name in sorted(found):
        if index not in mapping and name not in mapping.values():
            mapping[index] = name
            total -= negative
    return mapping, total


def plain_title(title: str) -> str:
    """A title without what varies: width, spaces, bracketed remarks, stars, colons."""
    return _plain(title)


@lru_cache(maxsize=4096)
def _plain(title: str) -> str:
    text = unicodedata.normalize("NFKC", title).casefold()
    for candidate in (_BRACKETED.sub("", text), text):
        plain = _NOISE.sub("", candidate).replace(GROUP_MARK, "")
        if plain:
            return plain
    return ""


def _likeness(parts: tuple[str, ...], synonyms: Sequence[str]) -> float:
    """How well a title, given as its groups and its own text, fits one field: 0 to 1."""
    whole, own, group = "".join(parts), parts[-1], "".join(parts[:-1])
    # "联系电话" under "党组织" is not the person's.
    foreign = _CONTACT.search(own) and _OF_ORGANISATIONS.search(group) and not _OF_SELF.search(group)
    best = 0.0
    for place, synonym in enumerate(synonyms):
        if not synonym:
            continue
        if synonym == whole:
            value = 1.0
        elif any(synonym == "".join(parts[start:]) for start in range(1, len(parts) - 1)):
            value = 0.95
        elif foreign:
            continue
        elif synonym == own:
            value = 0.75 if _OF_OTHERS.search(group) and not _OF_SELF.search(group) else 0.9
        else:
            value = _resemblance(whole, own, synonym)
        if value:
            best = max(best, value - 0.001 * min(place, 50))
    return best


def _resemblance(whole: str, own: str, synonym: str) -> float:
    """For titles that only contain a known one, or are contained in it."""
    if len(synonym) < 2 or len(own) < 2:
        return 0.0
    if synonym in whole:
        rest = whole.replace(synonym, "", 1)
        if _OF_OTHERS.search(rest) and not _OF_OTHERS.search(synonym):
            return 0.0
        close = 0.65 if whole.endswith(synonym) else 0.5
        return max(0.2, close - 0.03 * len(rest))
    if synonym.endswith(own) and not _OF_OTHERS.search(synonym[: -len(own)]):
        return 0.35
    return 0.0


class _Grid:
    """The first rows of a sheet with their merged ranges, seen as a possible head."""

    def __init__(self, rows: Sequence[Sequence[Cell]], merged: Iterable[Range]):
        self.rows = rows
        self.width = max(map(len, rows))
        self.merged = [span for span in merged if span[0] <= len(rows)]

    def text(self, row: int, column: int) -> str:
        """The text of a cell, "" for anything else."""
        cells = self.rows[row]
        cell = cells[column] if column < len(cells) else None
        return cell.strip() if isinstance(cell, str) else ""

    def head_heights(self, start: int) -> list[int]:
        """How many rows a head beginning here could have; none if it cannot begin here."""
        if not self._like_titles(start):
            return []
        if any(top <= start < bottom for top, _left, bottom, _right in self.merged):
            return []  # Part of a cell that began above.
        span = [
            bottom - top + 1
            for top, _left, bottom, _right in self.merged
            if top == start + 1 and 1 <= bottom - top < _HEAD_ROWS
        ]
        if span and start + max(span) <= len(self.rows):
            return [max(span)]
        heights = [1]
        if start + 1 < len(self.rows) and self._like_subtitles(start):
            heights.append(2)
        return heights

    def _like_titles(self, row: int) -> bool:
        """Mostly short texts without long numbers, and more than one of them."""
        cells = [cell for cell in self.rows[row] if cell is not None]
        texts = [cell for cell in cells if isinstance(cell, str) and cell.strip()]
        numbers = sum(isinstance(cell, (int, float, date)) or bool(_DIGITS.search(str(cell))) for cell in cells)
        # Some titles carry a whole instruction in brackets; most do not.
        short = sum(len(text) <= _MOST_TITLE_CHARACTERS for text in texts) * 10 >= len(texts) * 7
        return len(texts) >= 2 and short and numbers * 5 <= len(cells)

    def _like_subtitles(self, row: int) -> bool:
        """Whether the next row gives titles only below groups and where this row has none."""
        below = [column for column in range(self.width) if self.text(row + 1, column)]
        cells = [cell for cell in self.rows[row + 1] if cell is not None]
        if not below or len(below) != len(cells):
            return False
        if any(len(self.text(row + 1, column)) > 20 or _DIGITS.search(self.text(row + 1, column)) for column in below):
            return False
        groups = set()
        for column in below:
            if not self.text(row, column):
                continue
            if not self._opens_group(row, column):
                return False
            groups.add(column)
        return bool(groups)

    def _opens_group(self, row: int, column: int) -> bool:
        """Whether the title spans further columns: merged, or followed by an empty cell."""
        for top, left, _bottom, right in self.merged:
            if top == row + 1 and left == column and right > left:
                return True
        beside = column + 1
        return beside < self.width and not self.text(row, beside) and bool(self.text(row + 1, beside))

    def titles(self, start: int, height: int) -> list[tuple[str, ...]]:
        """For each column its titles from the outermost group to its own, each once."""
        grid = [[self.text(start + offset, column) for column in range(self.width)] for offset in range(height)]
        for top, left, bottom, right in self.merged:
            if start < top and bottom <= start + height and left < self.width:
                if right - left + 1 >= self.width and height > 1:
                    continue  # A line over the whole table is no group.
                text = grid[top - start - 1][left]
                for row in range(top - start - 1, bottom - start):
                    for column in range(left, min(right + 1, self.width)):
                        grid[row][column] = text
        for row in range(height - 1):
            self._spread_groups(grid, row)
        titles = []
        for column in range(self.width):
            parts: list[str] = []
            for row in range(height):
                for part in grid[row][column].split(GROUP_MARK):
                    part = " ".join(part.split())
                    if part and (not parts or parts[-1] != part):
                        parts.append(part)
            titles.append(tuple(parts))
        while titles and not titles[-1]:
            titles.pop()
        return titles

    @staticmethod
    def _spread_groups(grid: list[list[str]], row: int) -> None:
        """Carry a group title to the right over empty cells that have a title below them."""
        group = ""
        for column, text in enumerate(grid[row]):
            below = grid[row + 1][column]
            if text:
                group = text if below and below != text else ""
            elif below and group:
                grid[row][column] = group
            else:
                group = ""

    def texts_above(self, start: int) -> tuple[str, ...]:
        """What stands over the head: the title, the unit, the date."""
        return tuple(
            cell.strip() for row in self.rows[:start] for cell in row if isinstance(cell, str) and cell.strip()
        )[:20]
