"""The ledger of grids as offices hand it up: where each lies, whom it has, who leads it and until when."""

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
from waystation.stewardship.grids.models import Grid


def write_grids(stream: BinaryIO, grids: Iterable[Grid], *, unit: Unit, by, at: datetime) -> int:
    """Write the ledger of the grids (as `queries.with_terms` gives them); returns how many."""
    columns = [
        LedgerColumn(_("No."), 6, "number"),
        LedgerColumn(_("Station"), 26),
        LedgerColumn(_("Name of the grid"), 14),
        LedgerColumn(_("Code"), 8),
        LedgerColumn(_("Communities"), 26),
        LedgerColumn(_("Area in words"), 24),
        LedgerColumn(_("Members"), 8, "number"),
        LedgerColumn(pgettext("grid", "Leader"), 10),
        LedgerColumn(pgettext("term", "From"), 12, "date"),
        LedgerColumn(pgettext("term", "Until"), 12, "date"),
        LedgerColumn(_("Remark"), 14),
    ]
    ledger = Ledger(
        title=_("Ledger of grids, %(unit)s") % {"unit": unit.short_name or unit.name},
        columns=columns,
        rows=_rows(grids),
        unit=_("Unit: %(unit)s") % {"unit": unit.name},
        day=_("Date: %(day)s") % {"day": zh_date(timezone.localdate(at))},
        watermark=_("Taken by %(name)s, %(at)s") % {"name": by, "at": zh_time(at)},
        sheet=_("Grids"),
    )
    return write_ledger(stream, ledger)


def _rows(grids: Iterable[Grid]) -> Iterator[list]:
    for number, grid in enumerate(grids, start=1):
        yield [
            number, grid.station.name, grid.unit.name, grid.code,
            "、".join(one.name for one in grid.communities.all()), grid.area, grid.members, grid.leader_name or "",
            grid.leads_since, grid.leads_until, _state(grid),
        ]  # fmt: skip


def _state(grid: Grid) -> str:
    """Closed, or waiting for a leader."""
    if grid.unit.closed_on:
        return _("closed %(day)s") % {"day": zh_date(grid.unit.closed_on)}
    return _("Vacant") if grid.is_vacant else ""
