"""A tab of the board as a ledger: both sides of each pair in one row, numbers masked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from waystation.kernel.sheets.ledgers import Ledger, LedgerColumn
from waystation.kernel.templatetags.ui import zh_date
from waystation.stewardship.rosters.queries.board import Tab
from waystation.stewardship.rosters.queries.pairs import Line, PairView, pair_view
from waystation.stewardship.rosters.queries.powers import Powers

_WIDTHS = (14, 6, 14, 20, 14, 24, 20, 12)
_CHUNK = 500


def board_ledger(tab: str, candidates: QuerySet, powers: Powers, *, now: datetime, watermark: str) -> Ledger:
    """The ledger of a tab; its rows are read in chunks while they are written."""
    shows_left, shows_right = tab != Tab.ONLY_ARRIVED, tab != Tab.ONLY_DEPARTED
    columns = [LedgerColumn(_("No."), 6, "number")]
    if shows_left:
        columns += _side(_("Origin's roster"), _("Branch"), _("Where to"))
    if shows_right:
        columns += _side(_("Station's register"), _("Comes from"), _("Community"))
    columns += [LedgerColumn(_("Reasons"), 40), LedgerColumn(_("State"), 16), LedgerColumn(_("Follow-up"), 24)]
    title = _("Two-sided reconciliation: %(tab)s") % {"tab": Tab(tab).label}
    return Ledger(
        title, columns, _rows(candidates, powers, shows_left, shows_right),
        day=_("Date: %(day)s") % {"day": zh_date(now)}, watermark=watermark,
    )  # fmt: skip


def _side(group: str, home: str, place: str) -> list[LedgerColumn]:
    titles = (_("Name"), _("Sex"), _("Born"), _("ID number"), _("Phone"), home, place, _("Trade"))
    return [LedgerColumn(title, width, group=group) for title, width in zip(titles, _WIDTHS, strict=True)]


def _rows(candidates: QuerySet, powers: Powers, left: bool, right: bool) -> Iterator[list]:
    for number, candidate in enumerate(candidates.iterator(chunk_size=_CHUNK), start=1):
        view = pair_view(candidate, powers)
        values: list = [number]
        if left:
            values += [line.left for line in _flat(view)]
        if right:
            values += [line.right for line in _flat(view)]
        yield [*values, _reasons(view), view.tag, candidate.follow_up]


def _flat(view: PairView) -> Iterator[Line]:
    """Every line with what is said in the same breath: the sex in a column of its own."""
    for line in view.lines:
        yield line
        if line.tail is not None:
            yield line.tail


def _reasons(view: PairView) -> str:
    return _("; ").join(reason.text for reason in view.reasons)
