"""What is taken out of the rosters as a spreadsheet: the sample, wrong rows, a tab of the board."""

from __future__ import annotations

from io import BytesIO
from tempfile import SpooledTemporaryFile

from django.http import FileResponse, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from waystation.kernel.sheets.ledgers import write_ledger, write_wrong_rows
from waystation.kernel.templatetags.ui import zh_time
from waystation.organizations.access import requires
from waystation.organizations.permissions import Permission
from waystation.stewardship.rosters.actions.handling import note_board_export, note_wrong_rows
from waystation.stewardship.rosters.files import write_sample
from waystation.stewardship.rosters.models import Import
from waystation.stewardship.rosters.queries import board, imports
from waystation.stewardship.rosters.queries.ledgers import board_ledger
from waystation.stewardship.rosters.queries.powers import Powers
from waystation.stewardship.rosters.views.board import filters_of, tab_of
from waystation.stewardship.rosters.views.common import batch_or_404, must_work_on

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_IN_MEMORY = 5_000_000


def spreadsheet(write, name: str) -> tuple[FileResponse, int]:
    """What `write` writes, as a file to keep, and how many rows it has."""
    stream = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - closed by the response
    count = write(stream)
    stream.seek(0)
    return FileResponse(stream, as_attachment=True, filename=name, content_type=XLSX), count


@requires(Permission.MATCH_VIEW)
@require_GET
def import_sample(request) -> HttpResponse:
    """A roster with the usual titles and two invented people."""
    asked = request.GET.get("kind")
    kind = asked if asked in Import.Kind.values else Import.Kind.DEPARTURES
    stream = BytesIO()
    write_sample(stream, kind)
    stream.seek(0)
    name = _("Sample of a roster of departures") if kind == "departures" else _("Sample of a register of arrivals")
    return FileResponse(stream, as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX)


@requires(Permission.MATCH_VIEW)
@require_GET
def import_wrong(request, pk) -> HttpResponse:
    """The wrong rows as they were, each with its reason, to be corrected and handed in again."""
    batch = batch_or_404(request, pk)
    must_work_on(request, batch)
    table = imports.wrong_table(batch)
    stem = batch.file_name.rsplit(".", 1)[0]
    name = _("%(file)s - rows to correct.xlsx") % {"file": stem}
    response, count = spreadsheet(lambda stream: write_wrong_rows(stream, *table), name)
    note_wrong_rows(batch, rows=count, by=request.user, at=timezone.now())
    return response


@requires(Permission.LEDGER_EXPORT)
@require_GET
def board_export(request) -> HttpResponse:
    """A tab of the board, with its filters, as a ledger; numbers stay masked."""
    now, tab = timezone.now(), tab_of(request)
    powers = Powers.of(request.user)
    filters = filters_of(request, tab, powers)
    rows = board.with_rows(board.candidates_by(tab, filters.chosen, request.reach))
    watermark = f"{request.user} {zh_time(now)}"
    ledger = board_ledger(tab, rows.order_by("name_key", "pk"), powers, now=now, watermark=watermark)
    response, count = spreadsheet(lambda stream: write_ledger(stream, ledger), f"{ledger.title}.xlsx")
    path = next(iter((*request.reach.paths, *request.reach.exact)), "")
    note_board_export(tab=tab, rows=count, unit_path=path, by=request.user, at=now)
    return response
