"""What several pages of stations do alike."""

from __future__ import annotations

import io

from django.http import FileResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone

from waystation.kernel.sheets.ledgers import Ledger, write_ledger
from waystation.organizations.access import Reach, mandates_of
from waystation.organizations.models import Unit
from waystation.stations.sites import actions
from waystation.stations.sites.models import Station

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def station_or_404(reach: Reach, pk) -> Station:
    """A station in reach that is not closed."""
    return get_object_or_404(Station.objects.in_use().within(reach).with_places(), pk=pk)


def own_unit(request) -> Unit:
    """The unit in whose name the user asks: the first mandate that carries the reach."""
    return next(mandate.unit for mandate in mandates_of(request.user) if mandate.unit_id in request.reach.units)


def delivered(request, ledger: Ledger, what: str) -> FileResponse:
    """The ledger as a file to keep; that it was taken is on record."""
    stream, now = io.BytesIO(), timezone.now()
    rows = write_ledger(stream, ledger)
    actions.note_export(what, rows=rows, unit_path=own_unit(request).path, by=request.user, at=now)
    stream.seek(0)
    name = f"{ledger.title}-{timezone.localdate(now):%Y%m%d}.xlsx"
    return FileResponse(stream, as_attachment=True, filename=name, content_type=XLSX)
