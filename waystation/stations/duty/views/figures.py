"""The figures of a station's month; each number opens its rows."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from waystation.organizations.access import requires
from waystation.organizations.permissions import Permission
from waystation.stations.duty import ledgers
from waystation.stations.duty.actions import exports
from waystation.stations.duty.forms import stations_in
from waystation.stations.duty.queries import figures as queries
from waystation.stations.duty.queries.days import month_before, month_words, next_month
from waystation.stations.duty.queries.fairness import burdens
from waystation.stations.duty.queries.gaps import staffed
from waystation.stations.duty.views.frame import at_station, month_asked, station_of, tabs
from waystation.stations.duty.views.rotas import as_file

P = Permission
PAGE = 50


@requires(P.SHIFT_VIEW)
@require_safe
def figures(request):
    """The numbers of a month."""
    station, month = station_of(request), month_asked(request)
    context = {
        "station": station, "stations": stations_in(request.reach), "month": month,
        "words": month_words(month), "figures": queries.figures(station, month, at=timezone.now()),
        "burdens": burdens(station, month), "tabs": tabs(request, "today", "figures", station),
        "before": at_station("duty:figures", station, month_before(month)),
        "after": at_station("duty:figures", station, next_month(month)),
    }  # fmt: skip
    return render(request, "duty/figures.html", context)


@requires(P.SHIFT_VIEW)
@require_safe
def figure_rows(request, figure):
    """The rows that one number counts."""
    if figure not in queries.KEYS:
        raise Http404
    station, month = station_of(request), month_asked(request)
    found = queries.figure(figure, station, month, at=timezone.now())
    order = {"shift": ("starts_at", "pk"), "step": ("at", "pk")}.get(found.kind, ("pk",))
    page = Paginator(found.rows.order_by(*order), PAGE).get_page(request.GET.get("page"))
    context = {
        "figure": found, "page": page, "station": station, "month": month, "words": month_words(month),
        "back": at_station("duty:figures", station, month),
        "shifts": staffed(page.object_list) if found.kind == "shift" else [],
    }  # fmt: skip
    return render(request, "duty/figure_rows.html", context)


@requires(P.LEDGER_EXPORT)
@require_safe
def figures_export(request):
    """The figures as a spreadsheet."""
    station, month, now = station_of(request), month_asked(request), timezone.now()
    found = queries.figures(station, month, at=now)
    content = ledgers.figures_sheet(station, month, found, burdens(station, month), by=request.user, at=now)
    exports.note_export(station, ledger="duty figures", rows=len(found), by=request.user, at=now)
    return as_file(content, ledgers.XLSX, f"{station.name}-{month:%Y-%m}.xlsx")
