"""Ledgers of appraisals as they are handed up."""

from __future__ import annotations

from datetime import datetime
from typing import BinaryIO

from django.utils import timezone
from django.utils.translation import gettext as _

from waystation.kernel.sheets.ledgers import Ledger, LedgerColumn, write_ledger
from waystation.kernel.templatetags.ui import zh_date, zh_time
from waystation.organizations.models import Unit
from waystation.stewardship.appraisals.models import Grade


def _written(stream: BinaryIO, title: str, columns, rows, *, unit: Unit, user, at: datetime) -> tuple[str, int]:
    ledger = Ledger(
        title=title,
        columns=columns,
        rows=rows,
        unit=_("Unit: %(unit)s") % {"unit": unit.name},
        day=_("Date: %(day)s") % {"day": zh_date(timezone.localdate(at))},
        watermark=_("Taken by %(name)s, %(at)s") % {"name": user, "at": zh_time(at)},
    )
    return title, write_ledger(stream, ledger)


def write_members(stream: BinaryIO, rows, *, unit: Unit, user, at: datetime) -> tuple[str, int]:
    """Members in rounds with the grades that are decided. What is only proposed, and every point, stays out."""
    columns = [
        LedgerColumn(_("No."), 6, "number"),
        LedgerColumn(_("Round"), 22),
        LedgerColumn(_("Name"), 10),
        LedgerColumn(_("Kind of member"), 11),
        LedgerColumn(_("Origin"), 20),
        LedgerColumn(_("Station"), 24),
        LedgerColumn(_("State"), 14),
        LedgerColumn(_("Grade"), 12),
        LedgerColumn(_("Decided on"), 12, "date"),
        LedgerColumn(_("Remark"), 18),
    ]
    cells = ([number, *_member(row)] for number, row in enumerate(rows.iterator(chunk_size=500), start=1))
    title = _("Ledger of the two-way appraisal, %(unit)s") % {"unit": unit.short_name or unit.name}
    return _written(stream, title, columns, cells, unit=unit, user=user, at=at)


def _member(row) -> list:
    remark = _("probationary: takes part, no grade") if row.is_probationary else _("excused") if row.is_excused else ""
    return [
        row.round.title,
        row.person.full_name,
        row.person.get_member_kind_display() if row.person.member_kind else "",
        row.origin.name,
        row.station.name,
        str(row.round.get_state_display()),
        str(row.get_grade_display()) if row.grade else "",
        row.decided_on,
        remark,
    ]


def write_figures(stream: BinaryIO, year: int, rows: list[dict], *, unit: Unit, user, at: datetime) -> tuple[str, int]:
    """Grades by station of a year, with the base of the share of excellent members."""
    grade = _("Grade")
    columns = [
        LedgerColumn(_("No."), 6, "number"),
        LedgerColumn(_("Station"), 28),
        LedgerColumn(_("Members in the round"), 12, "number"),
        LedgerColumn(str(Grade.EXCELLENT.label), 9, "number", group=grade),
        LedgerColumn(str(Grade.QUALIFIED.label), 9, "number", group=grade),
        LedgerColumn(str(Grade.BASIC.label), 10, "number", group=grade),
        LedgerColumn(str(Grade.UNQUALIFIED.label), 9, "number", group=grade),
        LedgerColumn(_("Without a grade yet"), 12, "number"),
        LedgerColumn(_("Probationary members"), 12, "number"),
        LedgerColumn(_("Excused members"), 12, "number"),
        LedgerColumn(_("Base of the share"), 12, "number"),
    ]
    names = (
        "members", "excellent", "qualified", "basic", "unqualified", "undecided", "probationary", "excused", "base",
    )  # fmt: skip
    cells = [[number, row["station__name"], *(row[name] for name in names)] for number, row in enumerate(rows, start=1)]
    title = _("Figures of the two-way appraisal of %(year)s, %(unit)s") % {
        "year": year, "unit": unit.short_name or unit.name,
    }  # fmt: skip
    return _written(stream, title, columns, cells, unit=unit, user=user, at=at)
