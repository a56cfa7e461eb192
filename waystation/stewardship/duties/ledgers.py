"""The ledger of duty sheets: one row a member, one column a duty."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import islice

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from waystation.kernel.sheets.ledgers import Ledger, LedgerColumn
from waystation.kernel.templatetags.ui import zh_date, zh_time
from waystation.organizations.models import Unit
from waystation.organizations.permissions import Permission
from waystation.stewardship.duties.models import Duty
from waystation.stewardship.duties.queries.sheets import sheets_by, with_holders
from waystation.stewardship.people import large_ledgers
from waystation.stewardship.people.large_ledgers import Asked, LedgerKind, counted
from waystation.stewardship.people.models import Stay

SHEETS = "duties"
CHUNK = 500


def ledger_of(asked: Asked) -> Ledger:
    """The ledger of the sheets that the filters of the list find."""
    return Ledger(
        title=title(asked.unit),
        columns=_columns(),
        rows=_rows(_sheets(asked), asked.day),
        unit=_("Unit: %(unit)s") % {"unit": asked.unit.name},
        day=_("Date: %(day)s") % {"day": zh_date(asked.day)},
        watermark=_("Taken by %(name)s, %(at)s") % {"name": asked.user, "at": zh_time(asked.at)},
    )


def _sheets(asked: Asked) -> QuerySet[Stay]:
    return sheets_by(asked.filters, asked.reach, asked.day)


def title(unit: Unit) -> str:
    return _("Ledger of duty sheets, %(unit)s") % {"unit": unit.short_name or unit.name}


def _columns() -> list[LedgerColumn]:
    answers = _("Accountable unit of each duty")
    return [
        LedgerColumn(_("No."), 6, "number"),
        LedgerColumn(_("Name"), 10),
        LedgerColumn(_("Origin"), 18),
        LedgerColumn(_("Station"), 20),
        LedgerColumn(_("Community"), 16),
        LedgerColumn(_("In care since"), 11, "date"),
        *(LedgerColumn(str(label), 15, group=answers) for label in Duty.Kind.labels),
    ]


def _rows(stays: QuerySet[Stay], today: date) -> Iterator[list]:
    found = stays.select_related("person__home", "departure__origin", "station", "destination")
    rows, number = found.order_by("person__name_key", "pk").iterator(chunk_size=CHUNK), 0
    while chunk := list(islice(rows, CHUNK)):
        for stay in with_holders(chunk, today):
            number += 1
            yield [
                number,
                stay.person.full_name,
                stay.person.home.name if stay.person.home else stay.departure.origin.name,
                stay.station.name,
                stay.destination.name if stay.destination else "",
                stay.starts_on,
                *(held["unit"].name for held in stay.held),
            ]


large_ledgers.register(
    LedgerKind(
        SHEETS,
        Permission.LEDGER_EXPORT,
        size=lambda asked, most: counted(_sheets(asked), most),
        ledger=ledger_of,
    )
)
