"""What the pages of duty share: which station, which month, and the pages beside."""

from __future__ import annotations

from datetime import date

from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from waystation.organizations.access import Reach, permissions_of
from waystation.organizations.models import Unit
from waystation.organizations.permissions import Permission
from waystation.stations.duty.forms import stations_in
from waystation.stations.duty.queries.days import first_of_month

P = Permission


def station_of(request, reach: Reach | None = None) -> Unit:
    """The station that the address names, else the user's own, else the first in reach."""
    reach = reach or request.reach
    stations = stations_in(reach)
    wanted = request.GET.get("station") or request.POST.get("station") or ""
    if wanted and not (wanted.isdigit() and len(wanted) < 19):
        raise Http404
    if wanted:
        found = stations.filter(pk=wanted).first()
    else:
        found = stations.filter(pk__in=reach.units).first() or stations.first()
    if found is None:
        raise Http404
    return found


def month_asked(request) -> date:
    """The month that the address names ("2026-12"), else the present one."""
    text = request.GET.get("month") or request.POST.get("month") or ""
    day = None
    if text:
        try:
            day = parse_date(f"{text}-01")
        except ValueError:
            day = None
    return first_of_month(day if day is not None and 2000 <= day.year <= 2100 else timezone.localdate())


def covers(user, permission: Permission, station: Unit) -> bool:
    return Reach.of(user, permission).covers(station.path)


def at_station(url_name: str, station: Unit, month: date | None = None) -> str:
    """The address of a page about a station, and a month if one is named."""
    query = f"?station={station.pk}" + (f"&month={month:%Y-%m}" if month else "")
    return reverse(url_name) + query


def tabs(request, group: str, active: str, station: Unit | None = None) -> list[dict]:
    """The pages beside this one that the user may open."""
    held = permissions_of(request.user)
    query = f"?station={station.pk}" if station is not None else ""
    return [
        {"label": label, "url": reverse(f"duty:{name}") + query, "is_active": name == active, "count": None}
        for name, label, permission in _groups()[group]
        if permission in held
    ]


def _groups() -> dict[str, list]:
    return {
        "today": [
            ("today", _("Today's shift"), P.SHIFT_VIEW),
            ("item-list", _("Open items"), P.ITEM_VIEW),
            ("figures", _("Monthly figures"), P.SHIFT_VIEW),
        ],
        "rota": [
            ("rota", pgettext("page", "Rota"), P.SHIFT_VIEW),
            ("swap-list", _("Swaps"), P.SHIFT_VIEW),
            ("pattern-list", _("Shifts kept"), P.SHIFT_VIEW),
            ("calendar", _("Holidays"), P.RULE_VIEW),
            ("feed-list", _("In your calendar"), P.SHIFT_VIEW),
        ],
        "staff": [
            ("posting-list", _("Staff"), P.SHIFT_VIEW),
            ("leave-list", _("Leave"), P.SHIFT_VIEW),
        ],
    }
