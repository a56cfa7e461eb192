"""Contact and care as people hand it up: each list as a ledger. Sealed texts are never in one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from waystation.kernel.sheets.ledgers import Ledger, LedgerColumn
from waystation.kernel.templatetags.ui import zh_date, zh_time
from waystation.organizations.permissions import Permission
from waystation.stewardship.contacts import queries
from waystation.stewardship.contacts.models import LostContact
from waystation.stewardship.people import large_ledgers
from waystation.stewardship.people.large_ledgers import Asked, LedgerKind, counted

_CHUNK = 500
QUIET, LOG, VISITS = "contacts.quiet", "contacts.log", "contacts.visits"
EXCUSED, LOST, PROMPTS = "contacts.excused", "contacts.lost", "contacts.prompts"
TITLES = {
    QUIET: gettext_lazy("Ledger of contacts due, %(unit)s"),
    LOG: gettext_lazy("Ledger of contacts, %(unit)s"),
    VISITS: gettext_lazy("Ledger of home visits due, %(unit)s"),
    EXCUSED: gettext_lazy("Ledger of excused members, %(unit)s"),
    LOST: gettext_lazy("Ledger of members with whom contact is lost, %(unit)s"),
    PROMPTS: gettext_lazy("Ledger of members with whom contact may be lost, %(unit)s"),
}


def _who() -> list[LedgerColumn]:
    return [
        LedgerColumn(_("No."), 6, "number"),
        LedgerColumn(_("Name"), 10),
        LedgerColumn(_("Branch"), 20),
        LedgerColumn(_("Station"), 24),
        LedgerColumn(_("Phone"), 14),
    ]


def _cells(person) -> list:
    return [
        person.full_name, person.home.name if person.home else "", person.station.name if person.station else "",
        person.phone_mask,
    ]  # fmt: skip


def _yes(value) -> str:
    return pgettext("ledger", "yes") if value else ""


def _quiet_columns() -> list[LedgerColumn]:
    return [
        LedgerColumn(_("Last real contact"), 14, "date"),
        LedgerColumn(_("Days without contact"), 10, "number"),
        LedgerColumn(_("Excused"), 8),
        LedgerColumn(_("Lost contact"), 8),
    ]


def _quiet(row, day: date) -> list:
    return [row.last_real_on, (day - row.quiet_since).days, _yes(row.excused), _yes(row.is_lost)]


def _log_columns() -> list[LedgerColumn]:
    return [
        LedgerColumn(_("Date"), 12, "date"),
        LedgerColumn(pgettext("contact", "Channel"), 12),
        LedgerColumn(_("Outcome"), 14),
        LedgerColumn(_("Who spoke"), 12),
        LedgerColumn(_("Note"), 30),
    ]


def _log(row, day: date) -> list:
    words = [str(row.get_channel_display()), str(row.get_outcome_display()), row.spoken_by, row.note]
    return [row.contacted_on, *words]


def _visit_columns() -> list[LedgerColumn]:
    return [LedgerColumn(_("Excused"), 8), LedgerColumn(_("Last home visit"), 14, "date")]


def _visit(row, day: date) -> list:
    return [_yes(row.excused), row.last_visit_on]


def _excuse_columns() -> list[LedgerColumn]:
    return [
        LedgerColumn(_("Reason"), 16),
        LedgerColumn(_("From"), 12, "date"),
        LedgerColumn(_("Look again on"), 12, "date"),
        LedgerColumn(_("Until"), 12, "date"),
    ]


def _excuse(row, day: date) -> list:
    return [str(row.get_reason_display()), row.starts_on, row.review_on, row.ends_on]


def _lost_columns() -> list[LedgerColumn]:
    return [
        LedgerColumn(_("Lost since"), 12, "date"),
        LedgerColumn(_("Situation"), 18),
        LedgerColumn(_("State"), 18),
        LedgerColumn(_("Ways of searching"), 24),
        LedgerColumn(_("Suspended on"), 12, "date"),
        LedgerColumn(_("Document of the suspension"), 16),
        LedgerColumn(_("Removed on"), 12, "date"),
        LedgerColumn(_("Document of the removal"), 16),
        LedgerColumn(pgettext("case", "Closed on"), 12, "date"),
        LedgerColumn(pgettext("case", "Outcome"), 24),
    ]


def _lost(row: LostContact, day: date) -> list:
    return [
        row.lost_since, str(row.get_situation_display()), str(row.get_state_display()), _ways(row),
        row.suspended_on, row.suspension_document, row.removed_on, row.removal_document, row.closed_on,
        row.closing_note,
    ]  # fmt: skip


def _ways(row: LostContact) -> str:
    """The different ways in which the member was searched for, in the order of their days."""
    steps = sorted(row.steps.all(), key=lambda step: (step.searched_on, step.pk))
    return "、".join(dict.fromkeys(str(step.get_way_display()) for step in steps))


def _prompt_columns() -> list[LedgerColumn]:
    return [LedgerColumn(_("Quiet since"), 14, "date"), LedgerColumn(_("Last real contact"), 14, "date")]


def _prompt(row, day: date) -> list:
    return [row.quiet_since, row.last_real_on]


@dataclass(frozen=True)
class _Shape:
    """The rows of a list in its order, and what the ledger shows of each beside who it is."""

    rows: Callable[[Asked], QuerySet]
    columns: Callable
    cells: Callable


def _quiet_rows(asked: Asked) -> QuerySet:
    return queries.states_by(asked.filters, asked.reach, day=asked.day).order_by("quiet_since", "pk")


def _log_rows(asked: Asked) -> QuerySet:
    return queries.contacts_by(asked.filters, asked.reach, day=asked.day).order_by("-pk")


def _visit_rows(asked: Asked) -> QuerySet:
    return queries.visits_due(asked.filters, asked.reach, day=asked.day).order_by("pk")


def _excuse_rows(asked: Asked) -> QuerySet:
    return queries.excuses_by(asked.filters, asked.reach, day=asked.day).order_by("-pk")


def _lost_rows(asked: Asked) -> QuerySet:
    return queries.cases_by(asked.filters, asked.reach, day=asked.day).prefetch_related("steps").order_by("pk")


def _prompt_rows(asked: Asked) -> QuerySet:
    return queries.lost_prompts(asked.filters, asked.reach, day=asked.day).order_by("quiet_since", "pk")


_SHAPES = {
    QUIET: _Shape(_quiet_rows, _quiet_columns, _quiet),
    LOG: _Shape(_log_rows, _log_columns, _log),
    VISITS: _Shape(_visit_rows, _visit_columns, _visit),
    EXCUSED: _Shape(_excuse_rows, _excuse_columns, _excuse),
    LOST: _Shape(_lost_rows, _lost_columns, _lost),
    PROMPTS: _Shape(_prompt_rows, _prompt_columns, _prompt),
}


def size(asked: Asked, most: int | None) -> int:
    """How many rows the list has, as far as `most` and one more."""
    return counted(_SHAPES[asked.kind].rows(asked), most)


def ledger_of(asked: Asked) -> Ledger:
    """The ledger of a list; its rows are read in chunks while they are written."""
    shape, unit = _SHAPES[asked.kind], asked.unit
    return Ledger(
        title=TITLES[asked.kind] % {"unit": unit.short_name or unit.name},
        columns=[*_who(), *shape.columns()],
        rows=_numbered(shape.rows(asked), shape, asked.day),
        unit=_("Unit: %(unit)s") % {"unit": unit.name},
        day=_("Date: %(day)s") % {"day": zh_date(asked.day)},
        watermark=_("Taken by %(name)s, %(at)s") % {"name": asked.user, "at": zh_time(asked.at)},
    )


def _numbered(rows: QuerySet, shape: _Shape, day: date) -> Iterator[list]:
    for number, row in enumerate(rows.iterator(chunk_size=_CHUNK), start=1):
        yield [number, *_cells(row.person), *shape.cells(row, day)]


for _kind in TITLES:
    large_ledgers.register(LedgerKind(_kind, Permission.LEDGER_EXPORT, size=size, ledger=ledger_of))
