"""The ledgers of the register of stations: the register itself, functions against the checklist, and the comparison."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from waystation.kernel.sheets.ledgers import Ledger, LedgerColumn
from waystation.kernel.templatetags.ui import zh_date, zh_time
from waystation.organizations.models import Unit
from waystation.stations.sites.comparison import Table
from waystation.stations.sites.models import ChecklistItem, FunctionStatement, Station
from waystation.stations.sites.queries.functions import Line
from waystation.stations.sites.queries.opening import Opening


def register_ledger(
    stations: list[Station], hours: dict[int, Opening], missing: dict[int, list[str]], *, unit: Unit, user, at: datetime
) -> Ledger:
    """The register: where each station is, how to reach it, when it is open; what it lacks, where that is known."""
    columns = [
        LedgerColumn(_("No."), 6, "number"),
        LedgerColumn(_("County"), 10),
        LedgerColumn(_("Station"), 28),
        LedgerColumn(_("Kind"), 14),
        LedgerColumn(_("Run by"), 20),
        LedgerColumn(_("Station address"), 28),
        LedgerColumn(_("Telephone"), 16),
        LedgerColumn(_("Opening hours"), 28),
        LedgerColumn(_("Functions missing"), 26),
        LedgerColumn(_("Remark"), 14),
    ]
    day = timezone.localdate(at)
    rows = [
        [
            number, one.county.name, one.unit.name, str(one.get_kind_display()), one.unit.parent.name, one.address,
            "、".join(one.phones), hours[one.pk].words(day), "、".join(missing.get(one.pk, [])), _closed(one),
        ]
        for number, one in enumerate(stations, start=1)
    ]  # fmt: skip
    return _framed(_("Register of stations, %(unit)s"), columns, rows, unit=unit, user=user, at=at)


def _closed(station: Station) -> str:
    day = station.unit.closed_on
    return _("closed %(day)s") % {"day": zh_date(day)} if day else ""


def functions_ledger(
    stations: Iterable[Station], items: list[ChecklistItem], *, unit: Unit, user, at: datetime
) -> Ledger:
    """Every station with every item that is asked: has it, plans it, lacks it, and what shows it."""
    columns = [
        LedgerColumn(_("No."), 6, "number"),
        LedgerColumn(_("County"), 10),
        LedgerColumn(_("Station"), 28),
        LedgerColumn(_("Function"), 16),
        LedgerColumn(_("Item"), 24),
        LedgerColumn(_("State"), 10),
        LedgerColumn(_("Planned by"), 12, "date"),
        LedgerColumn(_("What shows it"), 34),
        LedgerColumn(_("Stated on"), 12, "date"),
        LedgerColumn(_("Remark"), 14),
    ]
    day = timezone.localdate(at)
    rows = _function_rows(list(stations), items, day)
    return _framed(_("Ledger of station functions, %(unit)s"), columns, rows, unit=unit, user=user, at=at)


def _function_rows(stations: list[Station], items: list[ChecklistItem], day: date) -> Iterator[list]:
    held = {
        (row.station_id, row.item_id): row
        for row in FunctionStatement.objects.current().filter(station__in=[s.pk for s in stations])
    }
    number = 0
    for station in stations:
        for item in items:
            number += 1
            statement = held.get((station.pk, item.pk))
            yield [
                number,
                station.county.name,
                station.unit.name,
                item.get_function_display(),
                item.title,
                Line(item, statement, day).word,
                statement.planned_by if statement else None,
                statement.evidence if statement else "",
                timezone.localdate(statement.stated_at) if statement else None,
                "",
            ]


def comparison_ledger(stations: list[Station], table: Table, *, unit: Unit, user, at: datetime) -> Ledger:
    """The comparison as it stands on the page; the meaning of each column under the last row."""
    columns = [
        LedgerColumn(_("No."), 6, "number"),
        LedgerColumn(_("County"), 10),
        LedgerColumn(_("Station"), 28),
        LedgerColumn(_("Kind"), 14),
        *(LedgerColumn(str(c.title), c.width, _kind(table, n), str(c.group)) for n, c in enumerate(table.columns)),
    ]
    rows = _comparison_rows(stations, table, len(columns))
    return _framed(_("Stations side by side, %(unit)s"), columns, rows, unit=unit, user=user, at=at)


def _kind(table: Table, number: int) -> str:
    """A column of plain numbers is written as numbers; shares and texts as text."""
    values = [cells[number].value for cells in table.rows.values()]
    return "number" if all(value is None or isinstance(value, int | Decimal) for value in values) else "text"


def _comparison_rows(stations: list[Station], table: Table, width: int) -> Iterator[list]:
    for number, station in enumerate(stations, start=1):
        cells = [_written(cell.value) for cell in table.rows[station.pk]]
        yield [number, station.county.name, station.unit.name, station.get_kind_display(), *cells]
    if stations:
        yield [None, "", _("All together"), "", *(_written(cell.value) for cell in table.totals)]
    for column in table.columns:
        if column.meaning:
            text = _("%(title)s: %(meaning)s") % {"title": column.title, "meaning": column.meaning}
            yield [None, "", text, *[None] * (width - 3)]


def _written(value):
    return value if value is None or isinstance(value, int | Decimal) else str(value)


def _framed(title: str, columns: list[LedgerColumn], rows, *, unit: Unit, user, at: datetime) -> Ledger:
    return Ledger(
        title=title % {"unit": unit.short_name or unit.name},
        columns=columns,
        rows=rows,
        unit=_("Unit: %(unit)s") % {"unit": unit.name},
        day=_("Date: %(day)s") % {"day": zh_date(timezone.localdate(at))},
        watermark=_("Taken by %(name)s, %(at)s") % {"name": user, "at": zh_time(at)},
    )
