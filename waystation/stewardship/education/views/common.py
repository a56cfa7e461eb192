"""What the pages of education share."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone

from waystation.organizations.access import Reach
from waystation.organizations.models import Unit
from waystation.organizations.permissions import Permission
from waystation.stewardship.education.queries.frequencies import HOLDERS
from waystation.stewardship.education.queries.occasions import reach_of_reasons

P = Permission


def may(user) -> dict:
    """What the user may do on these pages, somewhere."""
    return {
        "plan": bool(Reach.of(user, P.EDUCATION_PLAN)),
        "record": bool(Reach.of(user, P.EDUCATION_RECORD)),
        "export": bool(Reach.of(user, P.LEDGER_EXPORT)),
    }


def sees_reasons(user, path: str) -> bool:
    """May the user read why members were away from an occasion there?"""
    return reach_of_reasons(user).covers(path)


def number(text: str, *, default: int) -> int:
    """A number of an address; 404 for anything else."""
    if not text:
        return default
    if not text.isdigit() or len(text) > 9:
        raise Http404
    return int(text)


def key_asked(request, name: str) -> UUID | None:
    """The id that the address names under `name`, if any; 404 for what is none."""
    text = request.GET.get(name, "")
    try:
        return UUID(text) if text else None
    except ValueError:
        raise Http404 from None


def year_asked(request, today: date | None = None) -> int:
    """The year that the address names, else this one."""
    year = number(request.GET.get("year", ""), default=(today or timezone.localdate()).year)
    if not 2000 <= year <= 2100:
        raise Http404
    return year


def holder_or_404(reach: Reach, pk) -> Unit:
    """A station, grid or branch in reach, a closed one too: its years stay readable."""
    return get_object_or_404(Unit.objects.within(reach).filter(kind__in=HOLDERS).select_related("parent"), pk=pk)
