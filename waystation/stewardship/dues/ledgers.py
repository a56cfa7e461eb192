"""The dues ledger (党费台账) of a year as offices keep it: what each member owes and paid, month by month."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from waystation.kernel.money import ZERO
from waystation.kernel.sheets.ledgers import Ledger, LedgerColumn
from waystation.kernel.templatetags.ui import thousands, zh_date, zh_time
from waystation.organizations.models import Unit
from waystation.organizations.permissions import Permission
from waystation.stewardship.dues.actions.readings import note_export
from waystation.stewardship.dues.months import month_of
from waystation.stewardship.dues.queries import Book, books_of, dues_by
from waystation.stewardship.dues.rates import Category
from waystation.stewardship.people import large_ledgers
from waystation.stewardship.people.large_ledgers import Asked, LedgerKind, counted
from waystation.stewardship.people.models import Person

DUES = "dues"
CHUNK = 500


def title(unit: Unit, year: int) -> str:
    """The title row, such as 竹阳党支部2026年党费收缴台账."""
    return _("Ledger of dues of %(unit)s, %(year)s") % {"unit": unit.name, "year": year}


def ledger_of(people: Iterable[Person], *, unit: Unit, year: int, by, at: datetime) -> Ledger:
    """The ledger of these members. Incomes do not stand in it, only what is owed."""
    paid = _("Paid by month")
    columns = [
        LedgerColumn(_("No."), 5, "number"),
        LedgerColumn(_("Name"), 10),
        LedgerColumn(_("Branch"), 18),
        LedgerColumn(pgettext("dues", "Reckoned by"), 14),
        LedgerColumn(pgettext("dues", "Standard"), 10),
        LedgerColumn(_("Owed a month"), 9, "money"),
        *(LedgerColumn(str(number), 7, "money", paid) for number in range(1, 13)),
        LedgerColumn(_("Owed in the year"), 10, "money"),
        LedgerColumn(_("Paid in the year"), 10, "money"),
        LedgerColumn(_("Remark"), 16),
    ]
    return Ledger(
        title=title(unit, year),
        columns=columns,
        rows=_rows(people, year, month_of(timezone.localdate(at))),
        unit=_("Unit: %(unit)s (amounts in yuan)") % {"unit": unit.name},
        day=_("Date: %(day)s") % {"day": zh_date(timezone.localdate(at))},
        watermark=_("Taken by %(name)s, %(at)s") % {"name": by, "at": zh_time(at)},
        sheet=_("Dues"),
    )


def _rows(people: Iterable[Person], year: int, month) -> Iterator[list]:
    number, chunk = 0, []
    for person in people:
        chunk.append(person)
        if len(chunk) == CHUNK:
            for row in _of_chunk(chunk, year, month):
                number += 1
                yield [number, *row]
            chunk = []
    for row in _of_chunk(chunk, year, month):
        number += 1
        yield [number, *row]


def _of_chunk(people: list[Person], year: int, month) -> Iterator[list]:
    books = books_of(people)
    for person in people:
        book = books[person.pk]
        rows = book.year(year)
        shown = next((row for row in rows if row.month == month), rows[-1])
        base = book.base_in(shown.month)
        yield [
            person.full_name,
            str(person.home or ""),
            str(Category(base.category).label) if base else "",
            _standard(book, shown.month),
            shown.due,
            *(row.paid if row.is_covered else None for row in rows),
            sum((row.due or ZERO for row in rows), ZERO),
            sum((row.paid for row in rows), ZERO),
            _remark(rows),
        ]


def _standard(book: Book, month: date) -> str:
    """By what the month is reckoned: the share of the income, never the income, or the fixed amount."""
    row = book.bracket(month)
    if row is None:
        return ""
    if row.is_share:
        return f"{row.percent.normalize():f}%"
    return _("%(amount)s yuan a month") % {"amount": thousands(book.full(month))}


def _remark(rows) -> str:
    """The months in which the member pays less or nothing."""
    words = []
    for exempt, label in ((True, _("exempt")), (False, _("reduced"))):
        months = [str(row.month.month) for row in rows if row.reduction is not None and row.is_exempt == exempt]
        if months:
            words.append(_("%(label)s in months %(months)s") % {"label": label, "months": "、".join(months)})
    return "；".join(words)


def _people(asked: Asked) -> QuerySet[Person]:
    return dues_by(asked.filters, asked.reach, day=asked.day).order_by("home_path", "name_key", "pk")


def _ledger(asked: Asked) -> Ledger:
    people = _people(asked).iterator(chunk_size=CHUNK)
    return ledger_of(people, unit=asked.unit, year=asked.filters["year"], by=asked.user, at=asked.at)


def _note(asked: Asked, rows: int) -> None:
    note_export(asked.unit, year=asked.filters["year"], rows=rows, by=asked.user, at=asked.at)


large_ledgers.register(
    LedgerKind(
        DUES,
        Permission.DUES_VIEW,
        size=lambda asked, most: counted(_people(asked), most),
        ledger=_ledger,
        note=_note,
    )
)
