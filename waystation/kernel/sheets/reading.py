"""Reading spreadsheets through the jail: what the import wizard and its check job call.

    tables = peek(file, fields)          # a proposal for each sheet
    for row in rows(file, tables[0]):    # every row below the head, with its kind
        ...

`file` is a path or an open binary file. Everything here raises `waystation.kernel.jail.Unreadable`
with a stable code and a sentence for the user. Rows are streamed; memory stays flat.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import BinaryIO

from waystation.kernel import jail
from waystation.kernel.sheets.cells import Cell
from waystation.kernel.sheets.heads import Fields, Range, Table, propose
from waystation.kernel.sheets.kinds import Kind, RowKinds
from waystation.kernel.sheets.limits import UPLOAD_LIMITS, UploadLimits

File = str | os.PathLike | BinaryIO

HEAD_ROWS = 60  # of each sheet, to find its head in
_SAMPLES = 5
_LISTED_NUMBERS = 200


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet on its way in; iterate it once, before asking for the next one.

    `index` counts all sheets of the file from 0, `height` and `width` are those of the filled
    area, `merged` its merged ranges. `kind` is that of the file: xlsx, xls, ods or csv.
    """

    index: int
    name: str
    kind: str
    visible: bool
    height: int
    width: int
    merged: tuple[Range, ...]
    numbered_rows: Iterator[tuple[int, list[Cell]]]

    def __iter__(self) -> Iterator[tuple[int, list[Cell]]]:
        """Row numbers as a spreadsheet program shows them, and cells from the first column on."""
        return self.numbered_rows


@dataclass(frozen=True, slots=True)
class Row:
    """One row below the head.

    `cells` is the row as it stands, `section` the title of the section it stands in. Of data rows,
    `values` has the cell of every mapped field (a cell merged downwards counts for each row).
    """

    number: int
    kind: Kind
    cells: tuple[Cell, ...]
    section: str | None = None
    values: dict[str, Cell] = field(default_factory=dict)


class Tally:
    """Counts rows by kind and remembers the numbers of the first ones that are not data."""

    def __init__(self):
        self.counts: Counter[Kind] = Counter()
        self.numbers: dict[Kind, list[int]] = {}

    def data(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Let the data rows through and note the others."""
        for row in rows:
            self.counts[row.kind] += 1
            if row.kind is Kind.DATA:
                yield row
            elif row.kind is not Kind.EMPTY:
                numbers = self.numbers.setdefault(row.kind, [])
                if len(numbers) < _LISTED_NUMBERS:
                    numbers.append(row.number)


def read_workbook(
    file: File,
    *,
    sheet: int | None = None,
    head: int | None = None,
    limits: UploadLimits = UPLOAD_LIMITS,
) -> Iterator[Sheet]:
    """All sheets of a file in order, or the one with that index; `head` limits the rows of each.

    Hidden sheets come without rows unless asked for by index.
    """
    params = {"limits": limits.as_params(), "sheet": sheet, "head": head}
    messages = jail.run("read_sheet", file, params, max_bytes=limits.file_bytes)
    waiting: list[dict] = []

    def rows_of_sheet() -> Iterator[tuple[int, list[Cell]]]:
        for message in messages:
            if "sheet" in message:
                waiting.append(message["sheet"])
                return
            number = _checked(message, "first", int)
            for cells in _checked(message, "rows", list):
                yield number, [None if cell == "" else cell for cell in cells]
                number += 1

    try:
        for _ in rows_of_sheet():
            raise jail.Unreadable("unreadable")  # Rows before any sheet.
        while waiting:
            numbered_rows = rows_of_sheet()
            yield _sheet(waiting.pop(), numbered_rows)
            for _ in numbered_rows:
                pass  # What the caller did not want to see.
    finally:
        messages.close()


def peek(file: File, fields: Fields, *, limits: UploadLimits = UPLOAD_LIMITS) -> list[Table]:
    """What each sheet seems to be, for the user to choose from and correct.

    `fields` maps each field of the caller to the column titles it is known by. A sheet that is no
    roster comes with its `reason` ("hidden", "empty" or "no_head"). Each table has up to five of
    its first data rows as `samples`.
    """
    tables = []
    for sheet in read_workbook(file, head=HEAD_ROWS, limits=limits):
        numbered_rows = list(sheet)
        table = propose(sheet, [cells for _, cells in numbered_rows], fields)
        if table.reason is None:
            data = _below(table, numbered_rows, sheet.merged)
            table = table.with_samples(row.cells for row in islice(data, _SAMPLES))
        tables.append(table)
    return tables


def rows(file: File, table: Table, *, limits: UploadLimits = UPLOAD_LIMITS) -> Iterator[Row]:
    """Every row below the head of a table, in order; `Tally` keeps the data rows only."""
    sheets = read_workbook(file, sheet=table.index, limits=limits)
    try:
        for sheet in sheets:
            if sheet.name != table.sheet:
                raise jail.Unreadable("no_such_sheet")
            yield from _below(table, sheet, sheet.merged, only_data=False)
    finally:
        sheets.close()


def _below(
    table: Table,
    numbered_rows: Iterable[tuple[int, list[Cell]]],
    merged: Iterable[Range],
    only_data: bool = True,
) -> Iterator[Row]:
    """Classify the rows below the head and carry section titles and merged cells down."""
    merged = [span for span in merged if span[2] >= table.data_from]
    kinds = RowKinds(table, merged)
    fill = _MergedDown(merged)
    mapped = [(column.index, column.field) for column in table.columns if column.field]
    section = None
    for number, cells in numbered_rows:
        if number < table.data_from:
            continue
        kind = kinds.of(number, cells)
        if kind is Kind.SECTION:
            section = kinds.section_title(cells)
        filled = fill.row(number, cells)
        if kind is Kind.DATA:
            width = len(filled)
            values = {name: filled[index] if index < width else None for index, name in mapped}
            yield Row(number, kind, tuple(filled), section, values)
        elif not only_data:
            yield Row(number, kind, tuple(cells), section)


class _MergedDown:
    """Gives each row the value of the cells that are merged down over it."""

    def __init__(self, merged: Iterable[Range]):
        self._starting: dict[int, list[tuple[int, int]]] = {}
        self._open: dict[int, tuple[int, Cell]] = {}
        for top, left, bottom, _right in merged:
            if bottom > top:
                self._starting.setdefault(top, []).append((left, bottom))

    def row(self, number: int, cells: list[Cell]) -> list[Cell]:
        """The row with the merged values in; rows must come in order."""
        if self._open:
            cells = list(cells)
            for column, (bottom, value) in list(self._open.items()):
                if number > bottom:
                    del self._open[column]
                    continue
                cells += [None] * (column + 1 - len(cells))
                if cells[column] is None:
                    cells[column] = value
        for column, bottom in self._starting.get(number, ()):
            if column < len(cells) and cells[column] is not None:
                self._open[column] = (bottom, cells[column])
        return cells


def _sheet(about: dict, numbered_rows: Iterator[tuple[int, list[Cell]]]) -> Sheet:
    """A sheet as the jail described it; anything malformed is a file that cannot be read."""
    merged = _checked(about, "merged", list)
    return Sheet(
        index=_checked(about, "index", int),
        name=_checked(about, "name", str),
        kind=_checked(about, "kind", str),
        visible=_checked(about, "visible", bool),
        height=_checked(about, "height", int),
        width=_checked(about, "width", int),
        merged=tuple((span[0], span[1], span[2], span[3]) for span in merged),
        numbered_rows=numbered_rows,
    )


def _checked(message: dict, key: str, kind: type):
    value = message.get(key)
    if not isinstance(value, kind):
        raise jail.Unreadable("unreadable")
    return value
