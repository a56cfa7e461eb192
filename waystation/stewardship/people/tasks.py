"""Work of these pages that takes longer than a request may: many cards, large ledgers."""

from __future__ import annotations

import io
import tempfile

from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from waystation.kernel import files, papers
from waystation.kernel.jobs import JobRefused, job
from waystation.organizations.access import Reach
from waystation.organizations.models import Unit
from waystation.organizations.permissions import Permission
from waystation.stewardship.people import actions, cards, large_ledgers, ledgers
from waystation.stewardship.people.models import Person
from waystation.stewardship.people.queries import saved
from waystation.stewardship.people.queries.lists import SEALED_COLUMNS

PRINT_CARDS = "cards.print"
EXPORT_LEDGER = "ledger.export"
files.declare("cards", title=_("Sheets of member cards"), max_bytes=100 * files.MIB)
files.declare("ledger", title=_("Ledgers"), max_bytes=100 * files.MIB, suffixes=(".xlsx",))


@job(PRINT_CARDS, title=_("Print the cards of members"))
def print_cards(row, beat) -> dict:
    """Issue and draw the cards of the people in `args`, within the starter's reach of today."""
    with translation.override(row.args["language"]):
        reach = _reach(row, Permission.CARD_PRINT)
        wanted = Person.objects.living().within(reach).filter(pk__in=row.args["people"])
        people = list(wanted.select_related("home", "station").defer(*SEALED_COLUMNS).order_by("name_key", "pk"))
        now = timezone.now()
        beat(0, len(people))
        issued = actions.issue_cards(people, by=row.created_by, at=now)
        document = cards.html(cards.sheets(people, issued), by=row.created_by, at=now)
        beat(len(people) // 2, len(people))
        try:
            content, suffix = cards.pdf(document), "pdf"
        except papers.NoPdf:
            raise JobRefused(gettext("PDF files cannot be drawn on this computer.")) from None
        name = gettext("Member cards %(day)s") % {"day": f"{timezone.localdate():%Y%m%d}"}
        return _kept(row, io.BytesIO(content), "cards", f"{name}.{suffix}", len(people), reach)


@job(EXPORT_LEDGER, title=_("Export a ledger"))
def export_ledger(row, beat) -> dict:
    """Write a large ledger to a file that its starter may fetch."""
    with translation.override(row.args["language"]), tempfile.TemporaryFile() as stream:
        reach = _reach(row, Permission.LEDGER_EXPORT)
        order = ordered(row, reach)
        now = timezone.now()
        total = order.rows().count()
        count = ledgers.write(stream, order, at=now, beat=lambda done: beat(done, total))
        stream.seek(0)
        with transaction.atomic():
            note(order, rows=count, purpose=row.args["purpose"], at=now)
            return _kept(row, stream, "ledger", ledgers.file_name(order, at=now), count, reach)


@job(large_ledgers.TAKE, title=_("Export a ledger"))
def take_ledger(row, beat) -> dict:
    """Write a large ledger of another app, whole, to a file that its starter may fetch."""
    kind, now = large_ledgers.kind_of(row.args["ledger"]), timezone.now()
    with translation.override(row.args["language"]), tempfile.TemporaryFile() as stream:
        reach = _still(large_ledgers.reach_of(row.created_by, kind.key))
        asked = large_ledgers.unpacked(row.args, user=row.created_by, reach=reach, at=now)
        total = kind.size(asked, None)
        name, count = large_ledgers.write(stream, asked, beat=lambda done: beat(min(done, total), total))
        stream.seek(0)
        with transaction.atomic():
            kind.note(asked, count)
            return _kept(row, stream, "ledger", name, count, reach)


def _reach(row, permission: Permission) -> Reach:
    """Where the starter may do this now: a role that ended meanwhile ends the job."""
    return _still(Reach.of(row.created_by, permission))


def _still(reach: Reach) -> Reach:
    if not reach:
        raise JobRefused(gettext("The right to do this has ended meanwhile."))
    return reach


def args_of(order: ledgers.Order, *, purpose: str, language: str) -> dict:
    """The order as the arguments of a job: ids and short words."""
    args = {
        "ledger": order.kind,
        "unit": order.unit.pk,
        "with_numbers": order.with_numbers,
        "purpose": purpose,
        "language": language,
    }
    return args | saved.packed(order.filters)


def ordered(row, reach: Reach) -> ledgers.Order:
    """The ledger that a job was asked for."""
    if row.args["with_numbers"]:
        _reach(row, Permission.PERSON_REVEAL)
    filters = saved.unpacked(row.args, saved.units_of(row.args))
    return ledgers.Order(
        kind=row.args["ledger"],
        filters=filters,
        reach=reach,
        user=row.created_by,
        unit=Unit.objects.get(pk=row.args["unit"]),
        with_numbers=row.args["with_numbers"],
    )


def note(order: ledgers.Order, *, rows: int, purpose: str, at) -> None:
    """Record the export in the audit trail."""
    actions.note_export(
        by=order.user,
        at=at,
        ledger=order.kind,
        rows=rows,
        fields=("id_number", "phone") if order.with_numbers else (),
        purpose=purpose,
        unit_path=order.unit.path,
    )


def _kept(row, stream, kind: str, name: str, count: int, reach: Reach) -> dict:
    """The result of a job that made a file; the reach it was made in must be the starter's when it is fetched."""
    stored = files.store(stream, kind=kind, name=name, by=row.created_by, at=timezone.now())
    return {
        "file": str(stored.pk),
        "rows": count,
        "reach": {"paths": reach.paths, "exact": reach.exact},
        "url": reverse("people:made-file", args=[row.pk]),
    }
