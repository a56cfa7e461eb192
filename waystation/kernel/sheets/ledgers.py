"""Writing spreadsheets in the form that offices know: the ledger (台账), and lists of wrong rows.

Everything written is text, a number or a real date, never a formula: strings are stored as
strings, and one that a spreadsheet program could take for a formula after an edit or an export to
.csv gets a leading quotation mark, which `cells.clean` takes off again.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from typing import BinaryIO

import xlsxwriter
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from waystation.kernel.partial_dates import PartialDate
from waystation.kernel.sheets.cells import inert
from waystation.kernel.sheets.heads import REASON_TITLE

SIGNATURES = (_("Filled in by"), _("Checked by"), _("Person in charge"))

_LONGEST_TEXT = 32_767
_LONGEST_FOOTER = 255
_FIRST_DATE = date(1900, 3, 1)  # before it spreadsheet programs disagree by a day
_EXACT_NUMBER = 10**15
_NOT_XML = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_NOT_IN_SHEET_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\'" + "：？＊", " "))
_A4 = 9
_TEXT_FORMAT = 49  # the built-in format "@": what is typed into the cell later stays text, too


@dataclass(frozen=True, slots=True)
class LedgerColumn:
    """A column: `kind` is "text", "number", "money" or "date", `width` in characters of half width.

    Text is for everything that is not counted, ID numbers and phones above all. Neighbouring
    columns with the same `group` stand under one merged title.
    """

    title: str
    width: float = 12
    kind: str = "text"
    group: str = ""


@dataclass(frozen=True, slots=True)
class Ledger:
    """A ledger to write: rows are sequences of values in the order of the columns.

    `unit` and `day` are the ready texts of the line under the title ("填报单位：…", "填报日期：…");
    `signatures` the titles of the last row. `watermark` goes to the foot of every printed page and
    says who took the ledger and when.
    """

    title: str
    columns: Sequence[LedgerColumn]
    rows: Iterable[Sequence]
    unit: str = ""
    day: str = ""
    signatures: Sequence[str] | None = None
    watermark: str = ""
    sheet: str = ""


def write_ledger(stream: BinaryIO, ledger: Ledger) -> int:
    """Write a ledger to an open binary file and return the number of its rows.

    Printed on A4 landscape, all columns on one page, the head on every page. Rows are written as
    they come; memory stays flat.
    """
    if not ledger.columns:
        raise ValueError("a ledger needs columns")
    with _workbook(stream) as book:
        sheet = book.add_worksheet(_sheet_name(ledger.sheet or ledger.title))
        paper = _Paper(book, sheet)
        last = len(ledger.columns) - 1
        for index, column in enumerate(ledger.columns):
            sheet.set_column(index, index, column.width, paper.formats[column.kind])
        sheet.set_row(0, 30)
        paper.merged_line(0, 0, last, ledger.title, "title")
        row = 1
        if ledger.unit or ledger.day:
            row = _write_unit_and_day(paper, row, ledger)
        row = _write_head(paper, row, ledger.columns)
        _set_up_page(sheet, row, last, ledger.watermark)
        count = 0
        for values in ledger.rows:
            for index, (column, value) in enumerate(zip(ledger.columns, values, strict=True)):
                paper.value(row, index, value, column.kind)
            row += 1
            count += 1
        _write_signatures(paper, row + 1, last, ledger.signatures)
    return count


def write_wrong_rows(
    stream: BinaryIO,
    head_titles: Sequence[str],
    rows: Iterable[Sequence],
    reasons: Iterable[str],
    sections: Iterable[str | None] | None = None,
) -> int:
    """Write the wrong rows as they were, each with its reason in a last column.

    Returns their number. The file can be corrected and handed in again: titles are those of the
    original (`Table.columns`), so the same mapping is found, and the column of reasons is not
    read. With `sections` the section titles are repeated above their rows.
    """
    titles = [*head_titles, REASON_TITLE]
    with _workbook(stream) as book:
        sheet = book.add_worksheet(_sheet_name(gettext("Rows to correct")))
        paper = _Paper(book, sheet)
        sheet.set_column(0, len(titles) - 2, 16)
        sheet.set_column(len(titles) - 1, len(titles) - 1, 60)
        for index, title in enumerate(titles):
            paper.value(0, index, title or None, "head")
        _set_up_page(sheet, 1, len(titles) - 1, "")
        row, count, current = 1, 0, None
        marks = iter(sections) if sections is not None else None
        for cells, reason in zip(rows, reasons, strict=True):
            section = next(marks) if marks is not None else None
            if section and section != current:
                paper.merged_line(row, 0, len(titles) - 1, section, "head")
                current = section
                row += 1
            for index in range(len(head_titles)):
                paper.value(row, index, cells[index] if index < len(cells) else None, None)
            paper.value(row, len(head_titles), reason, "reason")
            row += 1
            count += 1
    return count


def _workbook(stream: BinaryIO) -> xlsxwriter.Workbook:
    return xlsxwriter.Workbook(
        stream,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "nan_inf_to_errors": False,
            "default_date_format": "yyyy-mm-dd",
        },
    )


class _Paper:
    """A sheet and its formats; knows how each kind of value is put into a cell."""

    def __init__(self, book: xlsxwriter.Workbook, sheet: Worksheet):
        self.sheet = sheet
        boxed = {"border": 1, "valign": "vcenter", "text_wrap": True}
        centred = {"align": "center", "valign": "vcenter", "text_wrap": True}
        self.formats: dict[str | None, Format] = {
            "title": book.add_format({**centred, "bold": True, "font_size": 18}),
            "line": book.add_format({"valign": "vcenter"}),
            "line_right": book.add_format({"valign": "vcenter", "align": "right"}),
            "head": book.add_format({**centred, "border": 1, "bold": True, "bg_color": "#F2F2F2"}),
            "text": book.add_format({**boxed, "num_format": _TEXT_FORMAT}),
            "number": book.add_format({**boxed, "num_format": "General"}),
            "money": book.add_format({**boxed, "num_format": "#,##0.00", "align": "right"}),
            "date": book.add_format({**boxed, "num_format": "yyyy-mm-dd"}),
            "reason": book.add_format({**boxed, "num_format": _TEXT_FORMAT, "font_color": "#C00000"}),
        }

    def value(self, row: int, column: int, value, kind: str | None) -> None:
        """Put a value into a cell; without a `kind` its own type decides."""
        if isinstance(value, PartialDate):
            value = value.whole_day() or value.isoformat()
        look = self.formats.get(kind)
        if value is None or value == "":
            self.sheet.write_blank(row, column, None, look or self.formats["text"])
        elif isinstance(value, bool):
            self.sheet.write_boolean(row, column, value, look or self.formats["text"])
        elif isinstance(value, date) and kind in (None, "date") and _day(value) >= _FIRST_DATE:
            if isinstance(value, datetime):
                value = value.replace(tzinfo=None)
            self.sheet.write_datetime(row, column, value, self.formats["date"])
        elif _is_number(value) if kind in ("number", "money") else kind is None and _is_finite(value):
            self.sheet.write_number(row, column, value, look or self.formats["number"])
        else:
            look = look if kind not in ("number", "money", "date") else None
            self.sheet.write_string(row, column, as_text(value), look or self.formats["text"])

    def merged_line(self, row: int, first: int, last: int, value: str, look: str) -> None:
        """One text over several columns of a row."""
        if first == last:
            self.sheet.write_string(row, first, as_text(value), self.formats[look])
            return
        self.sheet.merge_range(row, first, row, last, "", self.formats[look])
        self.sheet.write_string(row, first, as_text(value), self.formats[look])

    def merge_down(self, top: int, bottom: int, column: int) -> None:
        """Merge cells of one column that are written already.

        `merge_range` would write the lower cells at once, after which constant memory could not
        go back to the upper row, so the range is only noted.
        """
        self.sheet.merge.append([top, column, bottom, column])


def as_text(value) -> str:
    """The text that is stored for a value: legal in XML, short enough, never like a formula."""
    if isinstance(value, datetime):
        value = value.isoformat(sep=" ")
    elif isinstance(value, date):
        value = value.isoformat()
    elif isinstance(value, float) and value.is_integer():
        value = int(value)
    return inert(legal(str(value).replace("\r\n", "\n").replace("\r", "\n")))[:_LONGEST_TEXT]


def legal(text: str) -> str:
    """Text that may stand in an XML file."""
    return _SURROGATES.sub("\ufffd", _NOT_XML.sub("", text))


def _day(value: date) -> date:
    return value.date() if isinstance(value, datetime) else value


def _is_number(value) -> bool:
    """Numbers that a spreadsheet keeps exactly; longer ones are written as text."""
    return _is_finite(value) and abs(value) < _EXACT_NUMBER


def _is_finite(value) -> bool:
    return isinstance(value, (int, float, Decimal)) and math.isfinite(value)


def _sheet_name(name: str) -> str:
    """A legal name of a sheet: at most 31 characters, none of those that programs refuse."""
    fitting = legal(name).translate(_NOT_IN_SHEET_NAMES)
    # The length counts units of UTF-16, two for a rare character.
    while len(fitting.encode("utf-16-le")) > 62:
        fitting = fitting[:-1]
    fitting = fitting.strip()
    return fitting if fitting and fitting.casefold() != "history" else "Sheet1"


def _write_unit_and_day(paper: _Paper, row: int, ledger: Ledger) -> int:
    """The line under the title: unit at the left, date at the right."""
    last = len(ledger.columns) - 1
    middle = last * 2 // 3
    if last == 0:
        paper.merged_line(row, 0, 0, f"{ledger.unit} {ledger.day}".strip(), "line")
    else:
        paper.merged_line(row, 0, middle, ledger.unit, "line")
        paper.merged_line(row, middle + 1, last, ledger.day, "line_right")
    return row + 1


def _write_head(paper: _Paper, row: int, columns: Sequence[LedgerColumn]) -> int:
    """One head row, or two where columns stand in groups; returns the row after the head."""
    if not any(column.group for column in columns):
        for index, column in enumerate(columns):
            paper.value(row, index, column.title, "head")
        return row + 1
    spans, first = [], 0
    for group, members in groupby(columns, key=lambda column: column.group):
        count = len(list(members))
        spans.append((group, first, first + count - 1))
        first += count
    for group, left, right in spans:
        if group:
            paper.merged_line(row, left, right, group, "head")
        else:
            for index in range(left, right + 1):
                paper.value(row, index, columns[index].title, "head")
    for group, left, right in spans:
        for index in range(left, right + 1):
            paper.value(row + 1, index, columns[index].title if group else None, "head")
            if not group:
                paper.merge_down(row, row + 1, index)
    return row + 2


def _write_signatures(paper: _Paper, row: int, last: int, signatures: Sequence[str] | None) -> None:
    """The titles of those who sign, spread over the width."""
    if signatures is None:
        signatures = [gettext(title) for title in SIGNATURES]
    places = [index * (last + 1) // len(signatures) for index in range(len(signatures))]
    if len(set(places)) < len(places):
        joined = "        ".join(f"{title}：" for title in signatures)
        paper.sheet.write_string(row, 0, as_text(joined), paper.formats["line"])
        return
    for place, title in zip(places, signatures, strict=True):
        paper.sheet.write_string(row, place, as_text(f"{title}："), paper.formats["line"])


def _set_up_page(sheet: Worksheet, head_rows: int, last: int, watermark: str) -> None:
    """Paper, repeated head, frozen panes and the foot of the page."""
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0, head_rows - 1)
    sheet.freeze_panes(head_rows, min(2, last))
    # "&" starts a code of the footer; &P and &N are page and number of pages.
    mark = legal(watermark).replace("&", "&&")
    page = "&R&P / &N"
    sheet.set_footer(f"&L{mark[: _LONGEST_FOOTER - len(page) - 2].rstrip('&')}{page}")
