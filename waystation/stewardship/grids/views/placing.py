"""Who goes into which grid: proposals with their reasons, many at once, and by hand."""

from __future__ import annotations

from collections import Counter

from django.db.models import QuerySet
from django.http import QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from waystation.kernel.counting import AT_ONCE
from waystation.kernel.idempotency import idempotent
from waystation.kernel.paging import page_of
from waystation.kernel.toasts import toast
from waystation.organizations.access import requires
from waystation.organizations.permissions import Permission
from waystation.stewardship.grids import actions, proposing, queries
from waystation.stewardship.grids.forms import stations_in
from waystation.stewardship.grids.views.finding import grid_or_404, known, number, station_of
from waystation.stewardship.people import classes
from waystation.stewardship.people.models import Person, Stay

P = Permission
WAYS = {
    proposing.COMMUNITY: gettext_lazy("By community"),
    proposing.ADDRESS: gettext_lazy("By address"),
    proposing.TRADE: gettext_lazy("By trade"),
    proposing.HAND: gettext_lazy("To place by hand"),
}
PROPOSED = (proposing.COMMUNITY, proposing.ADDRESS, proposing.TRADE)


@requires(P.GRID_ASSIGN)
@require_safe
def proposals(request):
    """Members in care without a grid: where each is proposed to go and why, and those to place by hand."""
    station = station_of(request)
    proposer = proposing.Proposer(station)
    form = classes.ClassFilterForm(request.GET, reach=request.reach, without=("in_grid",))
    way = _way(request.GET)
    rows = _waiting(proposer, way, form.chosen()).select_related("person__home", "destination")
    page = page_of(rows, request.GET)
    for stay in page.rows:
        stay.proposal = proposer.proposal(stay)
    counts = proposer.counts()
    context = {
        "station": station,
        "stations": stations_in(request.reach),
        "page": page,
        "form": form,
        "kept": [("station", station.pk), ("by", way)] if way else [("station", station.pk)],
        "filters": urlencode(form.chosen()),
        "ways": [(name, label, counts[name]) for name, label in WAYS.items()],
        "all": sum(counts.values()),
        "proposed": sum(counts.values()) - counts[proposing.HAND],
        "tab": way,
        "grids": list(proposer.grids.values()),
    }
    return render(request, "grids/proposals.html", context)


def _way(sent) -> str:
    way = sent.get("by", "")
    return way if way in WAYS else ""


def _waiting(proposer: proposing.Proposer, way: str, filters: dict) -> QuerySet[Stay]:
    """Those who wait for a grid, by the tab and the classes of people."""
    stays = queries.unassigned(proposer.station)
    if filters:
        people = classes.narrowed(Person.objects.living(), filters, timezone.localdate())
        stays = stays.filter(person__in=people.values("pk"))
    return proposer.narrowed(proposer.annotated(stays), way)


def _chosen(request, proposer: proposing.Proposer) -> list:
    """The ids of the ticked stays, or of all that the tab and the filters of the page show."""
    if not request.POST.get("all"):
        return known(request.POST.getlist("pk"))
    form = classes.ClassFilterForm(QueryDict(request.POST.get("filters", "")[:1000]), reach=request.reach)
    return list(_waiting(proposer, _way(request.POST), form.chosen()).values_list("pk", flat=True)[:AT_ONCE])


def _back(station) -> str:
    return f"{reverse('grids:proposals')}?station={station.pk}"


@require_POST
@requires(P.GRID_ASSIGN)
@idempotent
def accept(request):
    """How many would go into which grid, and by what; with a yes they go."""
    station = station_of(request)
    proposer = proposing.Proposer(station)
    chosen = _chosen(request, proposer)
    if request.POST.get("confirmed"):
        done = actions.accept_proposals(station, stays=chosen, by=request.user, at=timezone.now())
        _tell(request, done)
        return redirect(_back(station))
    found = proposing.propose(queries.unassigned(station).filter(pk__in=chosen), station)
    tally = Counter((proposal.grid.pk, proposal.way) for _stay, proposal in found)
    lines = [
        {"grid": grid, "counts": [tally[pk, way] for way in PROPOSED], "total": sum(tally[pk, w] for w in PROPOSED)}
        for pk, grid in proposer.grids.items()
        if any(tally[pk, way] for way in PROPOSED)
    ]
    context = {
        "station": station,
        "back": _back(station),
        "lines": lines,
        "ways": [WAYS[way] for way in PROPOSED],
        "people": len(found),
        "left": len(chosen) - len(found),
        "stays": [] if request.POST.get("all") else chosen,
        "is_all": bool(request.POST.get("all")),
        "by": _way(request.POST),
        "filters": request.POST.get("filters", "")[:1000],
    }
    return render(request, "grids/accept.html", context)


@require_POST
@requires(P.GRID_ASSIGN)
@idempotent
def assign(request):
    """Put the chosen members into the grid that the user picked."""
    station = station_of(request)
    if not request.POST.get("grid"):
        toast(request, _("Choose the grid first."))
        return redirect(_back(station))
    target = get_object_or_404(
        queries.in_use().within(request.reach).filter(station=station), pk=number(request, "grid")
    )
    chosen = _chosen(request, proposing.Proposer(station))
    _tell(request, actions.assign_many(chosen, target, by=request.user, at=timezone.now()))
    return redirect(_back(station))


@require_POST
@requires(P.GRID_ASSIGN)
@idempotent
def move(request, pk):
    """Put the chosen members of a grid into another of the same station, or into none."""
    found = grid_or_404(request.reach, pk)
    stays = Stay.objects.open().filter(grid_assignments__grid=found, grid_assignments__ends_on=None)
    if request.POST.get("all"):
        form = classes.ClassFilterForm(QueryDict(request.POST.get("filters", "")[:1000]), reach=request.reach)
        people = classes.narrowed(queries.members(found), form.chosen(), timezone.localdate())
        stays = stays.filter(person__in=people.order_by().values("pk"))
    else:
        stays = stays.filter(person__in=known(request.POST.getlist("pk")))
    others = queries.in_use().within(request.reach).filter(station=found.station)
    target = None
    if request.POST.get("grid"):
        target = get_object_or_404(others, pk=number(request, "grid"))
    done = actions.move_all(list(stays), target, by=request.user, at=timezone.now())
    _tell(request, done)
    return redirect("grids:grid", pk=found.pk)


def _tell(request, done: int) -> None:
    words = ngettext("%(n)d member was moved.", "%(n)d members were moved.", done)
    toast(request, words % {"n": done})
