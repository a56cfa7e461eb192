"""The ledgers of transfers and of activity cards, as offices hand them up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from waystation.kernel.sheets.ledgers import Ledger, LedgerColumn
from waystation.kernel.templatetags.ui import zh_date, zh_time
from waystation.organizations.models import Unit
from waystation.organizations.permissions import Permission
from waystation.stewardship.formalities.models import ActivityCard, CardCheck, Transfer
from waystation.stewardship.formalities.queries.cards import window_of
from waystation.stewardship.formalities.queries.lists import cards_by, transfers_by
from waystation.stewardship.people import large_ledgers
from waystation.stewardship.people.large_ledgers import Asked, LedgerKind, counted

TRANSFERS, CARDS = "transfers", "cards"
CHUNK = 500


def title(kind: str, unit: Unit) -> str:
    """The title row of the ledger."""
    titles = {
        TRANSFERS: _("Ledger of formal transfers, %(unit)s"),
        CARDS: _("Register of activity cards, %(unit)s"),
    }
    return titles[kind] % {"unit": unit.short_name or unit.name}


def _rows(asked: Asked) -> QuerySet:
    """The rows that the list shows."""
    listed = {TRANSFERS: transfers_by, CARDS: cards_by}[asked.kind]
    return listed(asked.filters, asked.reach, asked.day)


def ledger_of(asked: Asked) -> Ledger:
    """The ledger of a list, with its filters."""
    columns, cells = {
        TRANSFERS: lambda: (_transfer_columns(), _transfer_cells(_rows(asked))),
        CARDS: lambda: _cards(_rows(asked), window_of(asked.day).year),
    }[asked.kind]()
    return Ledger(
        title=title(asked.kind, asked.unit),
        columns=[LedgerColumn(_("No."), 6, "number"), *columns],
        rows=_numbered(cells),
        unit=_("Unit: %(unit)s") % {"unit": asked.unit.name},
        day=_("Date: %(day)s") % {"day": zh_date(asked.day)},
        watermark=_("Taken by %(name)s, %(at)s") % {"name": asked.user, "at": zh_time(asked.at)},
    )


def _cards(rows: QuerySet[ActivityCard], year: int) -> tuple[list[LedgerColumn], Iterator[list]]:
    return _card_columns(year), _card_cells(rows, year)


def _numbered(rows: Iterable[list]) -> Iterator[list]:
    for number, row in enumerate(rows, start=1):
        yield [number, *row]


def _transfer_columns() -> list[LedgerColumn]:
    letter, receipt = _("Letter"), _("Receipt")
    return [
        LedgerColumn(_("Name"), 10),
        LedgerColumn(_("Issuing branch"), 18),
        LedgerColumn(_("Receiving organization"), 22),
        LedgerColumn(_("Way"), 10),
        LedgerColumn(_("Letter no."), 18, group=letter),
        LedgerColumn(_("Issued on"), 11, "date", group=letter),
        LedgerColumn(_("Valid to"), 11, "date", group=letter),
        LedgerColumn(_("Dues paid to"), 10, group=letter),
        LedgerColumn(_("Receipt due"), 11, "date", group=receipt),
        LedgerColumn(_("Received on"), 11, "date", group=receipt),
        LedgerColumn(_("Handled by"), 10, group=receipt),
        LedgerColumn(_("State"), 9),
        LedgerColumn(_("Remark"), 16),
    ]


def _transfer_cells(rows: QuerySet[Transfer]) -> Iterator[list]:
    for row in rows.order_by("issued_on", "pk").iterator(chunk_size=CHUNK):
        yield [
            row.person.full_name, row.origin.name, row.to_name, str(row.get_channel_display()), row.number,
            row.issued_on, row.expires_on, row.dues_paid_to, row.receipt_due_on, row.received_on, row.handled_by,
            str(row.get_state_display()), row.closing_reason or row.reason,
        ]  # fmt: skip


def _card_columns(year: int) -> list[LedgerColumn]:
    return [
        LedgerColumn(_("Name"), 10),
        LedgerColumn(_("Branch"), 18),
        LedgerColumn(_("Activity card no."), 16),
        LedgerColumn(pgettext("activity card", "Issued on"), 11, "date"),
        LedgerColumn(_("Reason for leaving"), 14),
        LedgerColumn(_("Place gone to"), 20),
        LedgerColumn(_("Left on"), 11),
        LedgerColumn(_("Check of %(year)d") % {"year": year}, 11, "date"),
        LedgerColumn(_("State"), 9),
        LedgerColumn(_("Remark"), 16),
    ]


def _card_cells(rows: QuerySet[ActivityCard], year: int) -> Iterator[list]:
    checked = dict(CardCheck.objects.filter(year=year, card__in=rows.order_by()).values_list("card", "checked_on"))
    for row in rows.order_by("branch_path", "number", "pk").iterator(chunk_size=CHUNK):
        yield [
            row.person.full_name, row.branch.name, row.number, row.issued_on, row.reason, row.place, row.left,
            checked.get(row.pk), str(row.get_state_display()), row.closing_reason,
        ]  # fmt: skip


for _kind in (TRANSFERS, CARDS):
    large_ledgers.register(
        LedgerKind(
            _kind,
            Permission.LEDGER_EXPORT,
            size=lambda asked, most: counted(_rows(asked), most),
            ledger=ledger_of,
        )
    )
