"""The rota and the figures of a month, as stations print and hand them up."""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import date, datetime

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from waystation.kernel import papers
from waystation.kernel.sheets.ledgers import Ledger, LedgerColumn, write_ledger
from waystation.kernel.templatetags.ui import zh_date, zh_time
from waystation.organizations.models import Unit
from waystation.stations.duty.models import Posting
from waystation.stations.duty.queries.days import month_words
from waystation.stations.duty.queries.fairness import Burden
from waystation.stations.duty.queries.figures import Figure
from waystation.stations.duty.queries.monthly import Month

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def rota_title(month: Month) -> str:
    return _("Duty rota of %(station)s, %(month)s") % {
        "station": month.station.short_name or month.station.name, "month": month_words(month.month),
    }  # fmt: skip


def rota_sheet(month: Month, *, by, at: datetime) -> bytes:
    """The rota as a spreadsheet, one line a day."""
    columns = [LedgerColumn(_("Day"), 12, "date"), LedgerColumn(_("Weekday"), 10)]
    columns += [LedgerColumn(name, 30) for name in month.columns] + [LedgerColumn(_("Remark"), 24)]
    rows = []
    for line in month.lines:
        if line.is_kept:
            rows.append([line.day.day, str(WEEKDAYS_ABBR[line.day.day.weekday()]), *_cells(line), _remark(line)])
    return _written(rota_title(month), columns, rows, month.station, by=by, at=at)


def _cells(line) -> list[str]:
    return ["\n".join(_people(one) for one in cell) for cell in line.cells]


def _people(one) -> str:
    return "、".join(turn.user.full_name for turn in one.present)


def _remark(line) -> str:
    lacks = [words for cell in line.cells for one in cell for words in one.lacks]
    return "；".join([line.day.name, *lacks] if line.day.name else lacks)


def rota_paper(month: Month, *, by, at: datetime) -> bytes:
    """The rota on A4 landscape, for the wall: who bears how much is not on it. Raises what `papers.pdf` raises."""
    context = {"month": month, "title": rota_title(month), "by": by, "at": at}
    return papers.pdf(render_to_string("duty/rota_paper.html", context), style="duty/rota.css")


def figures_sheet(station: Unit, month: date, figures: list[Figure], burdens: list[Burden], *, by, at) -> bytes:
    """The figures of a month, and below them what each person did."""
    columns = [
        LedgerColumn(_("Item"), 40),
        LedgerColumn(pgettext("figure", "Number"), 12, "number"),
        LedgerColumn(_("Remark"), 40),
    ]
    rows = [[str(one.title), one.number, ""] for one in figures]
    words = _("of them weekends %(weekends)d, holidays %(holidays)d")
    rows += [
        [_("Shifts of %(name)s") % {"name": one.user.full_name}, one.done["shifts"], words % one.done]
        for one in burdens
    ]  # fmt: skip
    title = _("Monthly figures of duty, %(station)s, %(month)s") % {
        "station": station.short_name or station.name, "month": month_words(month),
    }  # fmt: skip
    return _written(title, columns, rows, station, by=by, at=at)


def postings_sheet(station: Unit, postings: Iterable[Posting], *, by, at: datetime) -> tuple[bytes, int]:
    """The staff of a station, one line a posting; and how many lines there are."""
    columns = [
        LedgerColumn(_("No."), 6, "number"),
        LedgerColumn(_("Name"), 12),
        LedgerColumn(_("Kind of posting"), 22),
        LedgerColumn(_("Sent by"), 20),
        LedgerColumn(_("Windows"), 34),
        LedgerColumn(_("Most shifts a week"), 12, "number"),
        LedgerColumn(_("Most shifts a month"), 12, "number"),
        LedgerColumn(_("From"), 12, "date"),
        LedgerColumn(_("Last day"), 12, "date"),
        LedgerColumn(_("Remark"), 14),
    ]
    rows = [
        [
            number, one.user.full_name, str(one.get_kind_display()), one.sent_by, "、".join(one.window_words),
            one.most_week, one.most_month, one.starts_on, one.last_day, "",
        ]
        for number, one in enumerate(postings, start=1)
    ]  # fmt: skip
    title = _("Staff of %(station)s") % {"station": station.short_name or station.name}
    return _written(title, columns, rows, station, by=by, at=at), len(rows)


def _written(title: str, columns, rows, station: Unit, *, by, at: datetime) -> bytes:
    stream = io.BytesIO()
    ledger = Ledger(
        title=title, columns=columns, rows=rows,
        unit=_("Unit: %(unit)s") % {"unit": station.name},
        day=_("Date: %(day)s") % {"day": zh_date(timezone.localdate(at))},
        watermark=_("Taken by %(name)s, %(at)s") % {"name": by, "at": zh_time(at)},
    )  # fmt: skip
    write_ledger(stream, ledger)
    return stream.getvalue()
