"""The list of grids, their map, and the page of one grid."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from waystation.kernel import dated
from waystation.kernel.paging import page_of
from waystation.organizations.access import Reach, permissions_of, requires
from waystation.organizations.models import Unit
from waystation.organizations.permissions import Permission
from waystation.organizations.queries import ancestors
from waystation.stewardship.contacts.queries import week_of
from waystation.stewardship.grids import queries, rules
from waystation.stewardship.grids.charting import chart
from waystation.stewardship.grids.forms import GridFilterForm, stations_in
from waystation.stewardship.grids.models import Grid
from waystation.stewardship.grids.views.finding import any_grid_or_404, station_of
from waystation.stewardship.people import bulk_acts, classes

P = Permission
PAGE = 50


def notice_days(day) -> int:
    return dated.value(rules.TERM_NOTICE_DAYS, day)


def found_grids(request, reach: Reach, day):
    """The form of the list, and the grids in reach that it asks for, with their heads and in their order."""
    form = GridFilterForm(request.GET or None, reach=reach)
    filters = form.cleaned_data if form.is_valid() else {}
    notice = notice_days(day) if filters.get("ending") else 0
    grids = queries.grids_by(filters, reach, day=day, notice_days=notice)
    return form, queries.with_heads(grids, day).order_by("unit__path")


@requires(P.GRID_VIEW)
@require_safe
def grid_list(request):
    """Every grid in reach, the vacant ones marked; a grid leader with one grid goes there."""
    day = timezone.localdate()
    form, rows = found_grids(request, request.reach, day)
    if not form.is_bound and not request.reach.paths and rows.count() == 1:
        return redirect("grids:grid", pk=rows.get().pk)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "form": form,
        "today": day,
        "may_manage": bool(Reach.of(request.user, P.GRID_MANAGE)),
        "may_assign": bool(Reach.of(request.user, P.GRID_ASSIGN)),
        "may_export": P.LEDGER_EXPORT in permissions_of(request.user),
        "query": request.GET.urlencode(),
    }
    return render(request, "grids/list.html", context)


@requires(P.GRID_VIEW)
@require_safe
def station_map(request):
    """The grids of one station on a map without tiles, and in the table beside it."""
    station, day = station_of(request), timezone.localdate()
    grids = list(
        queries.with_heads(queries.in_use().within(request.reach).filter(station=station), day)
        .prefetch_related("communities")
        .order_by("code")
    )
    ending = set(
        queries.ending(queries.in_use().filter(station=station), day, notice_days(day)).values_list("pk", flat=True)
    )

    def tone(grid: Grid) -> str:
        return "is-vacant" if grid.is_vacant else "is-ending" if grid.pk in ending else "is-led"

    for grid in grids:
        grid.tone = tone(grid)
    context = {
        "station": station,
        "stations": stations_in(request.reach),
        "grids": grids,
        "chart": chart(station, grids, tone),
        "total": sum(grid.members for grid in grids),
        "may_manage": Reach.of(request.user, P.GRID_MANAGE).covers(station.path),
    }
    return render(request, "grids/map.html", context)


@requires(P.GRID_VIEW)
@require_safe
def grid(request, pk):
    """One grid: its leader, whom to see this week and why, everybody in it, and what it was before."""
    found = any_grid_or_404(request.reach, pk)
    day = timezone.localdate()
    people = queries.members(found)
    form = classes.ClassFilterForm(request.GET, reach=request.reach, without=("in_grid",))
    shown = classes.narrowed(people, form.chosen(), day)
    may_assign = found.unit.closed_on is None and Reach.of(request.user, P.GRID_ASSIGN).covers(found.unit.path)
    context = {
        "grid": found,
        "crumbs": _crumbs(found.station, request.user),
        "leaders": queries.leaders_of(found, day),
        "terms": queries.terms_of(found),
        "due": week_of(found.unit, day),
        "form": form,
        "page": page_of(shown.order_by(), request.GET, by="name_key"),
        "filters": urlencode({**form.chosen(), "grid": found.pk}),
        "communities": found.communities.order_by("path"),
        "history": queries.history_of(found),
        "may_manage": found.unit.closed_on is None and Reach.of(request.user, P.GRID_MANAGE).covers(found.unit.path),
        "may_assign": may_assign,
        "acts": bulk_acts.acts_for(request.user) if may_assign else [],
        "may": {"ledger_export": may_assign and P.LEDGER_EXPORT in permissions_of(request.user)},
        "others": queries.in_use().filter(station=found.station).exclude(pk=found.pk),
    }
    return render(request, "grids/grid.html", context)


def _crumbs(station: Unit, user) -> list[tuple[str, str]]:
    reach = Reach.of(user, P.GRID_VIEW)
    return [(above.name, "") for above in ancestors(station) if reach.covers(above.path)]
