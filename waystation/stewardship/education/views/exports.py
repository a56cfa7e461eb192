"""Ledgers taken out as spreadsheets."""

from __future__ import annotations

import io

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_POST

from waystation.kernel.idempotency import idempotent
from waystation.organizations.access import Reach, requires
from waystation.organizations.models import Unit
from waystation.stewardship.education import ledgers
from waystation.stewardship.education.forms import LearnerFilterForm
from waystation.stewardship.education.models import Pack
from waystation.stewardship.education.views.common import P, number
from waystation.stewardship.people.actions import note_export
from waystation.stewardship.people.large_ledgers import XLSX, asked_by, deliver


@require_POST
@requires(P.LEDGER_EXPORT)
@idempotent
def export(request, table):
    """A ledger of a year, for a unit in reach or the whole reach. It is recorded who took it."""
    kind = f"education.{table}"
    year = number(request.POST.get("year", ""), default=timezone.localdate().year)
    if kind not in ledgers.OF_A_YEAR or not 2000 <= year <= 2100:
        raise Http404
    filters = _filters(request) if kind == ledgers.LEARNING else {}
    unit = _unit(request) or filters.get("station")
    return deliver(request, asked_by(request, kind, filters | {"year": year}, unit=unit))


def _filters(request) -> dict:
    """The filters of the list of hours, offered as on its page."""
    return LearnerFilterForm(request.GET or None, reach=Reach.of(request.user, P.EDUCATION_VIEW)).filters


@require_POST
@requires(P.EDUCATION_RECORD)
def pack_sheet(request, pk):
    """The list that the carriers of a pack take along, to be signed."""
    pack = get_object_or_404(Pack.objects.within(request.reach).select_related("unit"), pk=pk)
    now, stream = timezone.now(), io.BytesIO()
    rows = ledgers.write_pack(stream, pack, by=request.user, at=now)
    note_export(
        by=request.user, at=now, ledger="education.pack", rows=rows, fields=(), purpose="", unit_path=pack.unit_path
    )
    stream.seek(0)
    name = f"{pack.title}-{timezone.localdate(now):%Y%m%d}.xlsx"
    return FileResponse(stream, as_attachment=True, filename=name, content_type=XLSX)


def _unit(request) -> Unit | None:
    """The unit that the form names, if it names one."""
    if not request.POST.get("unit"):
        return None
    within = Unit.objects.within(Reach.of(request.user, P.EDUCATION_VIEW))
    return get_object_or_404(within, pk=number(request.POST["unit"], default=0))
