"""The money of stations on paper: statements as spreadsheet and PDF, the voucher form of an expense."""

from __future__ import annotations

from datetime import datetime
from typing import BinaryIO

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from waystation.kernel import papers
from waystation.kernel.money import in_capitals
from waystation.kernel.sheets.ledgers import Ledger, LedgerColumn, write_ledger
from waystation.kernel.templatetags.ui import zh_date, zh_time
from waystation.stations.funds.models import Appropriation, Expense
from waystation.stations.funds.queries.statements import INCOME, Statement

STYLE = "funds/paper.css"
Source = Appropriation.Source


def title(statement: Statement) -> str:
    """The title row, such as 霞浦县流动党员管理服务中心2026年度经费收支表."""
    words = {"unit": statement.unit.name, "year": statement.year}
    if statement.whole_year:
        return _("Income and expenses of %(unit)s, %(year)s") % words
    return _("Income and expenses of %(unit)s, %(year)s, months %(first)s to %(last)s") % {
        **words, "first": statement.first, "last": statement.last,
    }  # fmt: skip


def signatures() -> tuple[str, ...]:
    """Who signs under a statement."""
    return (_("Head of the unit"), _("Checked by"), _("Drawn up by"))


def lines(statement: Statement) -> list[tuple]:
    """The rows of one station's statement: what, income, expenses, balance after the period at the end."""
    total = statement.total
    rows = [(pgettext("fund", "Balance before the period"), None, None, total.opening)]
    rows += [(str(Source(source).label), total.income[source], None, None) for source in INCOME]
    rows += [(name, None, amount, None) for name, amount in total.spent.items()]
    return [*rows, (pgettext("sum", "Total"), total.income_total, total.spent_total, total.closing)]


def write_xlsx(stream: BinaryIO, statement: Statement, *, by, at: datetime) -> int:
    """Write the statement as offices hand it up; returns how many rows it has."""
    columns, rows = _one_station(statement) if statement.is_of_one_station else _many_stations(statement)
    ledger = Ledger(
        title=title(statement),
        columns=columns,
        rows=rows,
        unit=_("Unit: %(unit)s (amounts in yuan)") % {"unit": statement.unit.name},
        day=_("Date: %(day)s") % {"day": zh_date(timezone.localdate(at))},
        signatures=signatures(),
        watermark=_("Taken by %(name)s, %(at)s") % {"name": by, "at": zh_time(at)},
        sheet=pgettext("fund", "Statement"),
    )
    return write_ledger(stream, ledger)


def _one_station(statement: Statement):
    columns = [
        LedgerColumn(_("No."), 6, "number"),
        LedgerColumn(pgettext("fund", "Item"), 36),
        LedgerColumn(pgettext("fund", "Income"), 16, "money"),
        LedgerColumn(pgettext("fund", "Expenses"), 16, "money"),
        LedgerColumn(pgettext("fund", "Balance"), 16, "money"),
        LedgerColumn(_("Remark"), 20),
    ]
    return columns, [[number, *row, ""] for number, row in enumerate(lines(statement), start=1)]


def _many_stations(statement: Statement):
    income = pgettext("fund", "Income")
    columns = [
        LedgerColumn(_("No."), 6, "number"),
        LedgerColumn(_("Station"), 34),
        LedgerColumn(pgettext("fund", "Balance before the period"), 16, "money"),
        *(LedgerColumn(str(Source(source).label), 14, "money", income) for source in INCOME),
        LedgerColumn(_("Sum"), 14, "money", income),
        LedgerColumn(pgettext("fund", "Expenses"), 14, "money"),
        LedgerColumn(pgettext("fund", "Balance"), 16, "money"),
    ]
    rows = [(row.station.name, row) for row in statement.rows]
    rows.append((pgettext("sum", "Total"), statement.total))
    cells = ([name, row.opening, *row.incomes, row.income_total, row.spent_total, row.closing] for name, row in rows)
    return columns, [[number if number <= len(statement.rows) else None, *row] for number, row in enumerate(cells, 1)]


def statement_page(statement: Statement, *, by, at: datetime, request=None) -> str:
    """The print-ready statement."""
    context = {
        "statement": statement,
        "title": title(statement),
        "lines": lines(statement) if statement.is_of_one_station else [],
        "sources": [Source(source).label for source in INCOME],
        "signatures": signatures(),
        "by": by,
        "at": at,
    }
    return render_to_string("funds/statement_paper.html", context, request=request)


def expense_page(expense: Expense, *, by, at: datetime, without_pdf: bool = False, request=None) -> str:
    """The print-ready voucher form of an expense."""
    context = {
        "expense": expense,
        "capitals": in_capitals(expense.amount),
        "by": by,
        "at": at,
        "without_pdf": without_pdf,
    }
    return render_to_string("funds/expense_paper.html", context, request=request)


def pdf(document: str) -> bytes:
    """The page as PDF. Raises what `papers.pdf` raises."""
    return papers.pdf(document, style=STYLE)
