"""The jail's task `read_sheet`: a spreadsheet file in, its rows as messages out.

Messages, in this order for each sheet: `{"sheet": {…}}`, then any number of
`{"first": n, "rows": [[…], …]}` where n is the number of the first of these rows as a spreadsheet
program shows it. Cells are texts, numbers, truth values, dates (`{"d": …}`), dates with a time
(`{"t": …}`) or "" for empty; empty cells at the end of a row are left out.
"""

from __future__ import annotations

import codecs
import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from io import BytesIO, StringIO
from itertools import islice
from typing import BinaryIO

import python_calamine

from waystation.kernel.jailed import Refused, encode
from waystation.kernel.sheets.limits import UploadLimits
from waystation.kernel.sheets.preflight import check

for _codec in ("utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030"):
    codecs.lookup(_codec)  # Loaded now: inside the jail the files may be out of reach.

DELIMITERS = ",\t;，|"
_BATCH_CELLS = 4000
_LONG_LINE = 256 * 1024  # bytes; an ordinary line has less than half
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CHINESE = re.compile("[\u3400-\u9fff]")


def read_sheet(stream: BinaryIO, params: dict) -> Iterator[dict | bytes]:
    """Read all sheets, or with `params["sheet"]` that one; `params["head"]` limits the rows.

    `params["limits"]` are the fields of `UploadLimits`. Hidden sheets are only named unless asked
    for by their index. Raises `Refused`.
    """
    limits = UploadLimits(**params["limits"])
    only, head = params.get("sheet"), params.get("head")
    data = stream.read(limits.file_bytes + 1)
    kind = check(data, limits)
    sheets = _csv_sheets if kind == "csv" else _workbook_sheets
    for sheet, rows in sheets(data, limits, only):
        yield {"sheet": {"kind": kind, **sheet}}
        yield from _batches(islice(rows, head), sheet["width"], limits)


def _workbook_sheets(data: bytes, limits: UploadLimits, only: int | None) -> Iterator[tuple[dict, Iterable[list]]]:
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(BytesIO(data))
    except python_calamine.PasswordError:
        raise Refused("encrypted") from None
    except python_calamine.CalamineError:
        raise Refused("damaged") from None
    if len(book.sheets_metadata) > limits.sheets:
        raise Refused("too_many_sheets", limit=limits.sheets)
    if only is not None and not 0 <= only < len(book.sheets_metadata):
        raise Refused("no_such_sheet")
    cells_left = limits.cells
    for index, meta in enumerate(book.sheets_metadata):
        if only not in (None, index) or meta.typ != python_calamine.SheetTypeEnum.WorkSheet:
            continue
        visible = meta.visible == python_calamine.SheetVisibleEnum.Visible
        about = {"index": index, "name": meta.name, "visible": visible}
        if not visible and only is None:
            yield about | {"height": 0, "width": 0, "merged": []}, []
            continue
        try:
            sheet = book.get_sheet_by_index(index)
        except python_calamine.CalamineError:
            raise Refused("damaged") from None
        _check_extent(sheet, limits)
        cells_left -= sheet.total_height * sheet.total_width
        if cells_left < 0:
            raise Refused("too_many_cells")
        about |= {"height": sheet.total_height, "width": sheet.total_width}
        yield about | {"merged": _merged(sheet, limits)}, _sheet_rows(sheet)


def _check_extent(sheet, limits: UploadLimits) -> None:
    """The size after loading, for the formats whose cells the preflight cannot see."""
    if sheet.total_height > limits.rows or sheet.total_width > limits.columns:
        row, column = sheet.end
        raise Refused(
            "too_far",
            cell=f"{column_letters(column + 1)}{row + 1}",
            rows=limits.rows,
            columns=limits.columns,
        )


def _merged(sheet, limits: UploadLimits) -> list[list[int]]:
    """Merged ranges as [first row, first column, last row, last column]; rows from 1, columns 0."""
    ranges = sheet.merged_cell_ranges or []
    if len(ranges) > limits.merged_ranges:
        raise Refused("too_many_merges", limit=limits.merged_ranges)
    return [[top + 1, left, bottom + 1, right] for (top, left), (bottom, right) in ranges]


def _sheet_rows(sheet) -> Iterator[list]:
    """Rows from the sheet's first; the reader leaves out empty columns at the left, not rows."""
    if sheet.start is None:
        return
    margin = [""] * sheet.start[1]
    for row in sheet.iter_rows():
        while row and row[-1] == "":
            row.pop()
        yield margin + row if row else row


def _csv_sheets(data: bytes, limits: UploadLimits, only: int | None) -> Iterator[tuple[dict, Iterable[list]]]:
    if only not in (None, 0):
        raise Refused("no_such_sheet")
    text = decode(data)
    delimiter = sniff(text)
    first, _, rest = text.partition("\n")
    if first.strip().lower() == f"sep={delimiter}":
        text = rest  # An instruction to the spreadsheet program, which does not show it.
    rows = list(_csv_rows(text, delimiter, limits))
    width = max(map(len, rows), default=0)
    about = {"index": 0, "name": "CSV", "visible": True, "merged": []}
    yield about | {"height": len(rows), "width": width}, rows


def decode(data: bytes) -> str:
    """Text by its byte order mark, else strict UTF-8, else strict GB 18030; never a guess."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            try:
                return data.decode(encoding)
            except UnicodeDecodeError:
                raise Refused("mixed_encoding" if mark == codecs.BOM_UTF8 else "damaged") from None
    if b"\0" in data:
        raise Refused("unknown_encoding")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    if _has_utf8_chinese(data):
        raise Refused("mixed_encoding")
    try:
        return data.decode("gb18030")
    except UnicodeDecodeError:
        raise Refused("unknown_encoding") from None


def _has_utf8_chinese(data: bytes) -> bool:
    """Whether some line is Chinese in UTF-8; in a GB 18030 file that does not happen by chance."""
    for line in data.splitlines():
        try:
            text = line.decode("utf-8")
        except UnicodeDecodeError:
            continue
        if _CHINESE.search(text):
            return True
    return False


def sniff(text: str) -> str:
    """The delimiter by which most of the first rows fall into the same number of cells."""
    first = text[:16].partition("\n")[0].strip().lower()
    if first.startswith("sep=") and first[4:5] in DELIMITERS and len(first) == 5:
        return first[4]
    sample = text[:64_000]
    best, best_score = ",", (0, 0)
    for delimiter in DELIMITERS:
        try:
            reader = csv.reader(StringIO(sample, newline=""), delimiter=delimiter)
            widths = Counter(len(row) for row in islice(reader, 50) if len(row) > 1)
        except csv.Error:
            continue
        if not widths:
            continue
        score = max((times, width) for width, times in widths.items())
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _csv_rows(text: str, delimiter: str, limits: UploadLimits) -> Iterator[list[str]]:
    csv.field_size_limit(limits.cell_characters)
    number = 0
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter)
    try:
        for number, row in enumerate(reader, start=1):
            while row and not row[-1].strip():
                row.pop()
            if number > limits.rows or len(row) > limits.columns:
                raise Refused(
                    "too_far",
                    cell=f"{column_letters(len(row) or 1)}{number}",
                    rows=limits.rows,
                    columns=limits.columns,
                )
            yield row
    except csv.Error:
        raise Refused("cell_too_long", row=number + 1, limit=limits.cell_characters) from None


def _batches(rows: Iterable[list], width: int, limits: UploadLimits) -> Iterator[bytes]:
    """Rows as lines of a few thousand cells; long texts go row by row."""
    rows = iter(rows)
    size = max(1, _BATCH_CELLS // (width or 1))
    first = 1
    while batch := list(islice(rows, size)):
        line = encode({"first": first, "rows": batch})
        if len(line) < _LONG_LINE:
            yield line
        else:
            yield from _one_by_one(first, batch, limits)
        first += len(batch)


def _one_by_one(first: int, batch: list[list], limits: UploadLimits) -> Iterator[bytes]:
    for number, row in enumerate(batch, start=first):
        if any(isinstance(cell, str) and len(cell) > limits.cell_characters for cell in row):
            raise Refused("cell_too_long", row=number, limit=limits.cell_characters)
        yield encode({"first": number, "rows": [row]})


def column_letters(number: int) -> str:
    """The letters of a column by its number: 1 is A, 27 AA."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
