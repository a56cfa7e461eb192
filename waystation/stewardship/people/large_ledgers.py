"""Ledgers of the apps above: a small one is handed out at once, a large one is written by a job, always whole.

An app registers what it hands out with `register`; its view asks with `deliver`. Nobody is given a part of a
ledger: what is too much for a request becomes a file that is kept for whoever asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from tempfile import SpooledTemporaryFile
from typing import BinaryIO

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import FileResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import get_language

from waystation.kernel import jobs
from waystation.kernel.sheets.ledgers import Ledger, write_ledger
from waystation.organizations.access import Reach, mandates_of
from waystation.organizations.models import Unit
from waystation.organizations.permissions import Permission
from waystation.stewardship.people.actions.exports import note_export
from waystation.stewardship.people.queries import saved

TAKE = "ledger.take"  # the kind of the job, see `tasks`
AT_ONCE = 2000  # rows; more are written by a job
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_IN_MEMORY = 5_000_000
_STEP = 500


@dataclass(frozen=True)
class Asked:
    """A ledger as somebody asks for it. `filters` hold units, days, numbers and short words."""

    kind: str
    filters: dict
    unit: Unit
    reach: Reach
    user: object
    at: datetime

    @property
    def day(self) -> date:
        return timezone.localdate(self.at)


def _noted(asked: Asked, rows: int) -> None:
    """Record who took which ledger; an app may have a word of its own for it."""
    note_export(
        by=asked.user, at=asked.at, ledger=asked.kind, rows=rows, fields=(), purpose="", unit_path=asked.unit.path
    )


@dataclass(frozen=True)
class LedgerKind:
    """A ledger of an app: who may see its rows, how many there are, and what is written.

    `size(asked, most)` counts as far as `most` and one more, or to the end without it; see `counted`.
    `ledger(asked)` reads its rows while they are written.
    """

    key: str
    permission: Permission
    size: Callable[[Asked, int | None], int]
    ledger: Callable[[Asked], Ledger]
    note: Callable[[Asked, int], None] = _noted


_known: dict[str, LedgerKind] = {}


def register(kind: LedgerKind) -> LedgerKind:
    """Let the ledger be asked for, and written by a job."""
    if _known.setdefault(kind.key, kind) != kind:
        raise ValueError(f"The ledger {kind.key} is declared twice.")
    return kind


def kind_of(key: str) -> LedgerKind:
    return _known[key]


def counted(rows: QuerySet, most: int | None) -> int:
    """How many rows there are, as far as `most` and one more."""
    return rows.order_by()[: None if most is None else most + 1].count()


def reach_of(user, kind: str) -> Reach:
    """Where the user may take out the ledger: by roles that may see its rows and take ledgers out."""
    return Reach.of(user, _known[kind].permission, also=Permission.LEDGER_EXPORT)


def asked_by(request, kind: str, filters: dict, *, unit: Unit | None = None) -> Asked:
    """What the user of the request asks for: where the rows may be seen and taken out, for the user's own unit if
    none is named."""
    reach = reach_of(request.user, kind)
    if not reach:
        raise PermissionDenied(reach.permission)
    own = unit or next(m.unit for m in mandates_of(request.user) if m.unit_id in reach.units)
    return Asked(kind, filters, own, reach, request.user, timezone.now())


def deliver(request, asked: Asked) -> HttpResponseBase:
    """The file at once, or the page of the job that writes it. Asked for by POST: both leave a trace."""
    if _known[asked.kind].size(asked, AT_ONCE) > AT_ONCE:
        job = jobs.enqueue(TAKE, by=asked.user, at=asked.at, args=packed(asked), unit_path=asked.unit.path)
        return redirect("web:job", job.pk)
    stream = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - closed by the response
    name, rows = write(stream, asked)
    _known[asked.kind].note(asked, rows)
    stream.seek(0)
    return FileResponse(stream, as_attachment=True, filename=name, content_type=XLSX)


def write(stream: BinaryIO, asked: Asked, beat: Callable[[int], None] | None = None) -> tuple[str, int]:
    """Write the whole ledger; returns the name of its file and how many rows it has. `beat(done)` hears of progress."""
    ledger = _known[asked.kind].ledger(asked)
    if beat is not None:
        ledger = replace(ledger, rows=_beating(ledger.rows, beat))
    rows = write_ledger(stream, ledger)
    return f"{ledger.title}-{asked.day:%Y%m%d}.xlsx", rows


def _beating(rows: Iterable, beat: Callable[[int], None]) -> Iterator:
    for number, row in enumerate(rows, start=1):
        if number % _STEP == 0:
            beat(number)
        yield row


def packed(asked: Asked) -> dict:
    """What was asked as the arguments of a job: ids and short words."""
    words = {"ledger": asked.kind, "unit": asked.unit.pk, "language": get_language()}
    return words | saved.packed(asked.filters)


def unpacked(args: dict, *, user, reach: Reach, at: datetime) -> Asked:
    """What a job was asked for, within today's reach of whoever asked."""
    filters = saved.unpacked(args, saved.units_of(args))
    return Asked(args["ledger"], filters, Unit.objects.get(pk=args["unit"]), reach, user, at)
