"""Questions about notices of results."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from waystation.organizations.access import Reach
from waystation.stewardship.appraisals.models import ResultNotice


def notices_by(filters: dict, reach: Reach) -> QuerySet[ResultNotice]:
    """The notices in reach that the filters find."""
    rows = ResultNotice.objects.within(reach).select_related("round", "issuer", "origin", "appraisal__person")
    if filters.get("round"):
        rows = rows.filter(round=filters["round"])
    if filters.get("kind"):
        rows = rows.filter(kind=filters["kind"])
    if filters.get("open"):
        rows = rows.filter(received_at=None)
    return rows


def letters_to_receive(reach: Reach) -> QuerySet[ResultNotice]:
    """Letters to origins in reach that nobody there has noted as received."""
    return ResultNotice.objects.filter(reach.path_q("origin_path"), kind="origin", received_at=None)


def number_of(notice: ResultNotice) -> str:
    """The number as it stands on the paper."""
    words = _("%(unit)s Appraisal [%(year)s] No. %(serial)s")
    name = notice.issuer.short_name or notice.issuer.name
    return words % {"unit": name, "year": notice.year, "serial": notice.serial}
