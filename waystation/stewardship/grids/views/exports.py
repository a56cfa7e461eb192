"""The ledger of grids taken out as a spreadsheet, on the record."""

from __future__ import annotations

import io

from django.http import FileResponse, Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from waystation.organizations.access import Reach, mandates_of, requires
from waystation.organizations.permissions import Permission
from waystation.stewardship.grids import ledgers, queries
from waystation.stewardship.grids.views.lists import found_grids
from waystation.stewardship.people.actions import note_export

P = Permission
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@requires(P.LEDGER_EXPORT)
@require_safe
def grids(request):
    """The grids that the filters of the list show, where the user may see grids and take them out."""
    reach, now = Reach.of(request.user, P.GRID_VIEW, also=P.LEDGER_EXPORT), timezone.now()
    if not reach:
        raise Http404
    day = timezone.localdate(now)
    _form, rows = found_grids(request, reach, day)
    unit = next(mandate.unit for mandate in mandates_of(request.user) if mandate.unit_id in reach.units)
    stream = io.BytesIO()
    written = ledgers.write_grids(stream, queries.with_terms(rows, day), unit=unit, by=request.user, at=now)
    note_export(
        by=request.user, at=now, ledger="grids", rows=written, fields=(), purpose="", unit_path=unit.path
    )  # fmt: skip
    stream.seek(0)
    return FileResponse(stream, as_attachment=True, filename=_("Grids") + f"-{day:%Y%m%d}.xlsx", content_type=XLSX)
