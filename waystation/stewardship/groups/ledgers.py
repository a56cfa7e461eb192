"""The ledgers of functional groups as offices hand them up: all groups, and the members of one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import BinaryIO

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from waystation.kernel.sheets.ledgers import Ledger, LedgerColumn, write_ledger
from waystation.kernel.templatetags.ui import zh_date, zh_time
from waystation.organizations.models import Unit
from waystation.stewardship.groups.models import FunctionalGroup, GroupMember


def write_groups(stream: BinaryIO, groups: Iterable[FunctionalGroup], *, unit: Unit, by, at: datetime) -> int:
    """Write the ledger of the groups (as `queries.with_heads` gives them); returns how many."""
    columns = [
        LedgerColumn(_("No."), 6, "number"),
        LedgerColumn(_("Name of the group"), 24),
        LedgerColumn(_("Station"), 24),
        LedgerColumn(_("Kind"), 10),
        LedgerColumn(_("What its members share"), 16),
        LedgerColumn(pgettext("group", "Leader"), 10),
        LedgerColumn(pgettext("group", "Members"), 8, "number"),
        LedgerColumn(_("Full members"), 8, "number"),
        LedgerColumn(_("Founded on"), 12, "date"),
        LedgerColumn(_("Last activity"), 12, "date"),
        LedgerColumn(_("Remark"), 14),
    ]
    title = _("Ledger of functional groups, %(unit)s") % {"unit": unit.short_name or unit.name}
    return write_ledger(stream, _ledger(title, columns, _group_rows(groups), unit, by, at))


def _group_rows(groups: Iterable[FunctionalGroup]) -> Iterator[list]:
    for number, group in enumerate(groups, start=1):
        yield [
            number, group.name, group.station.name, str(group.get_kind_display()), group.basis,
            group.leader_name or pgettext("leader", "vacant"), group.size, group.formal, group.established_on,
            group.last_held, "",
        ]  # fmt: skip


def write_members(
    stream: BinaryIO, group: FunctionalGroup, rows: Iterable[GroupMember], *, leads, unit: Unit, by, at: datetime
) -> int:
    """Write the members of one group; `leads` is the membership of its leader. Returns how many."""
    columns = [
        LedgerColumn(_("No."), 6, "number"),
        LedgerColumn(_("Name"), 10),
        LedgerColumn(_("Sex"), 6),
        LedgerColumn(_("Kind of member"), 12),
        LedgerColumn(_("Branch"), 22),
        LedgerColumn(_("Community"), 20),
        LedgerColumn(_("Trade"), 14),
        LedgerColumn(_("Skill"), 12),
        LedgerColumn(_("Phone"), 14),
        LedgerColumn(_("Joined on"), 12, "date"),
        LedgerColumn(_("Remark"), 12),
    ]
    title = _("Members of %(group)s") % {"group": group.name}
    return write_ledger(stream, _ledger(title, columns, _member_rows(rows, leads), unit, by, at))


def _member_rows(rows: Iterable[GroupMember], leads) -> Iterator[list]:
    for number, row in enumerate(rows, start=1):
        person = row.person
        yield [
            number, person.full_name, person.get_sex_display() if person.sex else "",
            person.get_member_kind_display() if person.member_kind else "", person.home.name if person.home else "",
            person.destination.name if person.destination else "", person.trade, person.skill, person.phone_mask,
            row.starts_on, pgettext("group", "Leader") if row.pk == leads else "",
        ]  # fmt: skip


def _ledger(title: str, columns: list, rows: Iterator[list], unit: Unit, by, at: datetime) -> Ledger:
    return Ledger(
        title=title,
        columns=columns,
        rows=rows,
        unit=_("Unit: %(unit)s") % {"unit": unit.name},
        day=_("Date: %(day)s") % {"day": zh_date(timezone.localdate(at))},
        watermark=_("Taken by %(name)s, %(at)s") % {"name": by, "at": zh_time(at)},
    )
