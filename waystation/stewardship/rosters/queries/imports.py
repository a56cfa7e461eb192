"""Imports and their rows: lists, what the wizard shows of a file, and who may work on it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Case, IntegerField, Q, QuerySet, When
from django.utils.translation import gettext

from waystation.kernel import files
from waystation.kernel.fields import prefix_q
from waystation.kernel.jail import MESSAGES, Unreadable
from waystation.kernel.sheets import cells as sheet_cells
from waystation.kernel.sheets import reading as sheet_reading
from waystation.organizations.access import Reach
from waystation.organizations.models import Unit
from waystation.organizations.permissions import Permission
from waystation.stations.sites.models import Station
from waystation.stewardship.rosters.fields import synonyms
from waystation.stewardship.rosters.models import Import, ImportRow
from waystation.stewardship.rosters.queries.changes import Change, changes_of
from waystation.stewardship.rosters.reading import as_typed, cells_of, problem_words

PERMISSIONS = {
    Import.Kind.DEPARTURES: Permission.IMPORT_DEPARTURES,
    Import.Kind.ARRIVALS: Permission.IMPORT_ARRIVALS,
}
_PRIVATE_FIELDS = {"id_number", "phone", "other_phone"}
_DIGITS = re.compile(r"(?<!\d)\d{7,}[0-9Xx*]*")
_DAY = re.compile(r"(?:19|20)\d{6}", re.ASCII)
_SHOWN_SAMPLES = 3
_SHOWN_CHARACTERS = 60
_MOST_UNITS = 300


def kinds_of(user) -> list[str]:
    """The kinds of rosters that the user may hand in anywhere."""
    return [kind for kind, permission in PERMISSIONS.items() if Reach.of(user, permission)]


def may_work_on(user, batch: Import) -> bool:
    """Whether the user may map, check, commit and undo this import, and read its rows."""
    return Reach.of(user, PERMISSIONS[batch.kind]).covers(batch.unit_path)


def units_for(user, kind: str) -> QuerySet:
    """The units for which the user may hand in a roster of the kind: the user's own first."""
    reach = Reach.of(user, PERMISSIONS[kind])
    below = Unit.Kind.STATION if kind == Import.Kind.ARRIVALS else Unit.Kind.TOWN
    mine = Q(pk__in=reach.units) if kind == Import.Kind.DEPARTURES else Q(pk__in=[])
    own_first = Case(When(pk__in=reach.units, then=0), default=1, output_field=IntegerField())
    units = Unit.objects.active().filter(mine | Q(reach.path_q("path"), kind=below))
    return units.order_by(own_first, "path")[:_MOST_UNITS]


def stations_for(unit_path: str) -> list[Unit]:
    """Where departed members may report: the county's centre first, then its stations, then others."""
    root, county = ("".join(f"{part}." for part in unit_path.split(".")[:depth] if part) for depth in (1, 2))
    stations = Station.objects.filter(prefix_q("unit__path", root), unit__closed_on=None)

    def near(station: Station):
        is_here = station.unit.path.startswith(county)
        return not is_here, station.kind != Station.Kind.COUNTY_CENTRE, station.unit.path

    return [station.unit for station in sorted(stations.select_related("unit"), key=near)]


def imports_by(filters: dict, reach: Reach) -> QuerySet:
    """The imports that the filters of the list ask for, newest first."""
    rows = Import.objects.within(reach)
    for name in ("kind", "state"):
        if filters.get(name):
            rows = rows.filter(**{name: filters[name]})
    if filters.get("mine"):
        rows = rows.filter(created_by=filters["mine"])
    return rows.select_related("unit", "created_by", "job").defer("tables")


def problem_of(batch: Import) -> str:
    """Why the file could not be read, as a sentence."""
    return gettext(MESSAGES[batch.problem]) if batch.problem in MESSAGES else batch.problem


# --- the columns of a file ------------------------------------------------------------------------


@dataclass
class SheetColumn:
    """A column as the wizard shows it: its letter, title, first values, and the field it means."""

    index: int
    title: str
    field: str
    is_remembered: bool
    samples: list[str] = field(default_factory=list)

    @property
    def letter(self) -> str:
        """The column's name in a spreadsheet program: A, B … Z, AA."""
        letters, number = "", self.index + 1
        while number:
            number, rest = divmod(number - 1, 26)
            letters = chr(65 + rest) + letters
        return letters


@dataclass
class Sheet:
    """A sheet of the file as the wizard shows it."""

    number: int
    name: str
    reason: str
    head_row: int
    height: int
    is_used: bool
    columns: list[SheetColumn]

    @property
    def recognised(self) -> int:
        return sum(bool(column.field) for column in self.columns)


def sheets_of(batch: Import, *, with_samples: bool = True) -> list[Sheet]:
    """The sheets of the file with their columns; the first values are read from the file again."""
    samples = _samples(batch) if with_samples else {}
    sheets = []
    for number, entry in enumerate(batch.tables):
        columns = []
        for index, title, key in entry["columns"]:
            values = [_shown(row[index], key) for row in samples.get(entry["index"], ()) if index < len(row)]
            remembered = index in entry.get("remembered", ())
            columns.append(SheetColumn(index, title, key or "", remembered, [v for v in values if v]))
        named = [column for column in columns if column.title or column.field or column.samples]
        sheets.append(
            Sheet(number, entry["sheet"], entry["reason"] or "", entry["head_row"], entry["height"],
                  entry["use"], named)
        )  # fmt: skip
    return sheets


def _samples(batch: Import) -> dict[int, list[tuple]]:
    """The first data rows of each sheet, from the sealed file; none if it cannot be read any more."""
    try:
        with files.open_stored(batch.file) as handle:
            tables = sheet_reading.peek(handle, synonyms(batch.kind))
    except (Unreadable, FileNotFoundError):
        return {}
    return {table.index: list(table.samples[:_SHOWN_SAMPLES]) for table in tables}


def _shown(cell, key: str | None) -> str:
    """What a cell says, short, with every long number masked whatever column it stands in."""
    text = str(sheet_cells.typed(cell) or "")
    return masked(text, is_private=key in _PRIVATE_FIELDS)[:_SHOWN_CHARACTERS]


def masked(text: str, *, is_private: bool = False) -> str:
    """The text with numbers of seven and more digits hidden but for their first and last few.

    A day written as eight digits stays readable, except in a column of private numbers.
    """
    if is_private and not _DIGITS.search(text) and sum(map(str.isdigit, text)) >= 7:
        return "*" * len(text)  # digits with spaces or dashes between them
    return _DIGITS.sub(lambda found: _kept_or_masked(found.group(), is_private), text)


def _kept_or_masked(digits: str, is_private: bool) -> str:
    return digits if not is_private and _is_day(digits) else _mask(digits)


def _is_day(digits: str) -> bool:
    """Whether the digits are a day such as 19650412, of a life or of a career."""
    if not _DAY.fullmatch(digits):
        return False
    try:
        date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return True


def _mask(digits: str) -> str:
    if len(digits) < 9:
        return "*" * len(digits)
    front = 6 if len(digits) >= 15 else 3  # an ID number keeps its place, a phone its network
    return digits[:front] + "*" * (len(digits) - front - 4) + digits[-4:]


# --- the rows of a file ---------------------------------------------------------------------------


@dataclass
class RowView:
    """A row of the file as the preview shows it."""

    row: ImportRow
    errors: list[str]
    remarks: list[str]
    changes: list[Change]
    cells: list[tuple[str, str]]


def rows_of(batch: Import, verdict: str) -> QuerySet:
    """The rows of a verdict in the order of the file."""
    rows = ImportRow.objects.filter(batch=batch, verdict=verdict)
    return rows.select_related("departure", "arrival") if verdict == ImportRow.Verdict.CHANGED else rows


def row_views(rows, kind: str) -> list[RowView]:
    """Rows with their problems in words and their cells, numbers masked."""
    views = []
    for row in rows:
        others = [p for p in row.problems if p["code"] != "field_changed"]
        views.append(
            RowView(
                row,
                [problem_words(p) for p in others if p.get("error")],
                [problem_words(p) for p in others if not p.get("error")],
                changes_of(row, kind),
                [(title, masked(str(text or ""))) for title, text in cells_of(row)],
            )
        )
    return views


def wrong_table(batch: Import) -> tuple[list[str], list[list], list[str], list[str]]:
    """The wrong rows as one table: titles, values as typed, and a reason and a section each; those of none first.

    Sheets with other columns are joined by title; the second column of a title stays a second one.
    """
    keys: dict[tuple[str, int], int] = {}
    found: list[tuple[dict[int, str], str, str]] = []
    for row in rows_of(batch, ImportRow.Verdict.WRONG).order_by("position").iterator(chunk_size=500):
        values, seen = {}, {}
        cells, section = as_typed(row)
        for title, text in cells:
            seen[title] = seen.get(title, 0) + 1
            values[keys.setdefault((title, seen[title]), len(keys))] = text
        found.append((values, "；".join(problem_words(problem) for problem in row.problems), section))
    # A row below a section title would be read as one of that section.
    found.sort(key=lambda wrong: bool(wrong[2]))
    rows = [[values.get(i) for i in range(len(keys))] for values, _reason, _section in found]
    return [title for title, _number in keys], rows, [one[1] for one in found], [one[2] for one in found]
