"""The ledger (台账) of a station's fund account: every booked row of the year, with the balance after it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import BinaryIO

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from waystation.kernel.money import ZERO
from waystation.kernel.sheets.ledgers import Ledger, LedgerColumn, write_ledger
from waystation.kernel.templatetags.ui import zh_date, zh_time
from waystation.stations.funds.models import Account
from waystation.stations.funds.papers import signatures
from waystation.stations.funds.queries.ledger import Row


def title(account: Account) -> str:
    """The title row, such as 霞浦县流动党员管理服务中心2026年度经费台账."""
    return _("Fund ledger of %(station)s, %(year)s") % {"station": account.station.name, "year": account.year}


def write_account(stream: BinaryIO, account: Account, rows: list[Row], *, by, at: datetime) -> int:
    """Write the rows of the account and their sums; returns how many rows it has."""
    columns = [
        LedgerColumn(_("No."), 6, "number"),
        LedgerColumn(_("Day"), 12, "date"),
        LedgerColumn(_("Document or voucher"), 18),
        LedgerColumn(_("Budget line"), 20),
        LedgerColumn(pgettext("fund", "Summary"), 32),
        LedgerColumn(pgettext("fund", "Income"), 14, "money"),
        LedgerColumn(pgettext("fund", "Expenses"), 14, "money"),
        LedgerColumn(pgettext("fund", "Balance"), 14, "money"),
        LedgerColumn(_("Remark"), 12),
    ]
    ledger = Ledger(
        title=title(account),
        columns=columns,
        rows=_rows(rows),
        unit=_("Unit: %(unit)s (amounts in yuan)") % {"unit": account.station.name},
        day=_("Date: %(day)s") % {"day": zh_date(timezone.localdate(at))},
        signatures=signatures(),
        watermark=_("Taken by %(name)s, %(at)s") % {"name": by, "at": zh_time(at)},
        sheet=_("Ledger"),
    )
    write_ledger(stream, ledger)
    return len(rows)


def _rows(rows: list[Row]) -> Iterator[list]:
    for number, row in enumerate(rows, start=1):
        entry, remark = row.entry, _("reversal") if row.is_reversal else ""
        if row.is_income:
            words = [entry.document_no, "", str(entry.get_source_display()), row.income, None]
        else:
            words = [entry.voucher_no, entry.line.title, entry.purpose, None, row.expense]
        yield [number, row.day, *words, row.balance, remark]
    sums = (sum((getattr(row, name) for row in rows), ZERO) for name in ("income", "expense"))
    yield [None, None, "", "", pgettext("sum", "Total"), *sums, rows[-1].balance if rows else ZERO, ""]
