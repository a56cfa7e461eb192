"""What several pages of appraisals need."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header

from waystation.organizations.access import Reach
from waystation.organizations.permissions import Permission
from waystation.stewardship.appraisals.models import Appraisal, AppraisalRound
from waystation.stewardship.appraisals.queries.rounds import rounds_by

P = Permission
FORM = ["GET", "HEAD", "POST"]
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def round_or_404(request, pk) -> AppraisalRound:
    """A round that the user may look at."""
    managing = Reach.of(request.user, P.APPRAISAL_MANAGE)
    return get_object_or_404(rounds_by({}, request.reach, managing), pk=pk)


def member_or_404(request, pk) -> Appraisal:
    """A member in a round, in the reach of the view's permission."""
    rows = Appraisal.objects.within(request.reach)
    return get_object_or_404(rows.select_related("round__unit", "person", "station", "origin"), pk=pk)


def managed_member_or_404(request, pk) -> Appraisal:
    """A member in a round of a unit in reach."""
    rows = Appraisal.objects.filter(request.reach.path_q("round__unit_path"))
    return get_object_or_404(rows.select_related("round__unit", "person", "station", "origin"), pk=pk)


def covers(user, permission: Permission, appraisal: Appraisal) -> bool:
    """Does the permission hold at the member's station or origin?"""
    reach = Reach.of(user, permission)
    return reach.covers(appraisal.station_path) or reach.covers(appraisal.origin_path)


def download(content: bytes, name: str, content_type: str) -> HttpResponse:
    """A file to keep."""
    headers = {"Content-Disposition": content_disposition_header(True, name)}
    return HttpResponse(content, content_type=content_type, headers=headers)
