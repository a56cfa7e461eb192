"""Pages of grids: the list, one grid, its area, its leader, and who should go where."""

from __future__ import annotations

from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from waystation.kernel.idempotency import idempotent
from waystation.kernel.toasts import toast
from waystation.organizations.access import Reach, requires
from waystation.organizations.actions import MandateRefused
from waystation.organizations.models import Unit
from waystation.organizations.permissions import Permission
from waystation.organizations.queries import ancestors
from waystation.stewardship.grids import actions, queries
from waystation.stewardship.grids.forms import GridFilterForm, GridForm, LeaderForm, stations_in
from waystation.stewardship.grids.models import Grid
from waystation.stewardship.people.models import Stay
from waystation.stewardship.people.queries import page_of

P = Permission
PAGE = 50
TABS = ("community", "hand")  # of the page of members without a grid; without one it shows all


@requires(P.GRID_VIEW)
def grid_list(request):
    """Every grid in reach, the vacant ones marked; a grid leader with one grid goes there."""
    grids = queries.in_use().within(request.reach)
    form = GridFilterForm(request.GET or None, reach=request.reach)
    if form.is_valid():
        if form.cleaned_data["station"]:
            grids = grids.filter(station=form.cleaned_data["station"])
        if form.cleaned_data["vacant"]:
            grids = queries.vacant(grids, timezone.localdate())
    elif not form.is_bound and not request.reach.paths and grids.count() == 1:
        return redirect("grids:grid", pk=grids.get().pk)
    rows = queries.with_heads(grids, timezone.localdate()).order_by("unit__path")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "form": form,
        "may_manage": bool(Reach.of(request.user, P.GRID_MANAGE)),
        "may_assign": bool(Reach.of(request.user, P.GRID_ASSIGN)),
    }
    return render(request, "grids/list.html", context)


@requires(P.GRID_VIEW)
def grid(request, pk):
    """One grid: its leader, whom to see this week and why, and everybody in it."""
    found = _grid_or_404(request.reach, pk)
    day = timezone.localdate()
    people = queries.members(found)
    context = {
        "grid": found,
        "crumbs": _crumbs(found.station, request.user),
        "leaders": queries.leaders_of(found, day),
        "due": queries.weekly_five(people, day),
        "page": page_of(people.order_by(), request.GET, by="name_key"),
        "communities": found.communities.order_by("path"),
        "may_manage": Reach.of(request.user, P.GRID_MANAGE).covers(found.unit.path),
        "may_assign": Reach.of(request.user, P.GRID_ASSIGN).covers(found.unit.path),
        "others": queries.in_use().filter(station=found.station).exclude(pk=found.pk),
    }
    return render(request, "grids/grid.html", context)


def _grid_or_404(reach: Reach, pk) -> Grid:
    return get_object_or_404(queries.in_use().within(reach), pk=pk)


def _crumbs(station: Unit, user) -> list[tuple[str, str]]:
    reach = Reach.of(user, P.GRID_VIEW)
    return [(above.name, "") for above in ancestors(station) if reach.covers(above.path)]


# --- the grid itself ------------------------------------------------------------------------------


@requires(P.GRID_MANAGE)
@idempotent
def new(request):
    """A new grid of a station in reach."""
    station = _station(request)
    form = GridForm(request.POST or None, station=station)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.create_grid(station=station, by=request.user, at=timezone.now(), **form.cleaned_data)
        except actions.GridRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            toast(request, _("The grid %(name)s was made.") % {"name": made.unit.name})
            return redirect("grids:grid", pk=made.pk)
    context = {"form": form, "station": station, "stations": stations_in(request.reach)}
    return render(request, "grids/edit.html", context)


def _station(request, *, field: str = "station") -> Unit:
    """The station that the address names, else the first one in reach."""
    stations = stations_in(request.reach)
    wanted = request.GET.get(field) or request.POST.get(field)
    if wanted and not wanted.isdigit():
        raise Http404
    found = stations.filter(pk=wanted).first() if wanted else stations.first()
    if found is None:
        raise Http404
    return found


@requires(P.GRID_MANAGE)
@idempotent
def edit(request, pk):
    """Name, code and area of a grid."""
    found = _grid_or_404(request.reach, pk)
    initial = {
        "name": found.unit.name,
        "code": found.code,
        "area": found.area,
        "communities": found.communities.all(),
    }
    form = GridForm(request.POST or None, station=found.station, grid=found, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit_grid(found, by=request.user, at=timezone.now(), **form.cleaned_data)
        except actions.GridRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            toast(request, _("Saved."))
            return redirect("grids:grid", pk=found.pk)
    context = {"form": form, "grid": found, "station": found.station}
    return render(request, "grids/edit.html", context)


@require_POST
@requires(P.GRID_MANAGE)
def close(request, pk):
    """Close an empty grid."""
    found = _grid_or_404(request.reach, pk)
    try:
        now = timezone.now()
        actions.close_grid(found, on=timezone.localdate(), by=request.user, at=now)
    except actions.GridRefused as refusal:
        toast(request, str(refusal))
        return redirect("grids:grid", pk=found.pk)
    toast(request, _("The grid %(name)s was closed.") % {"name": found.unit.name})
    return redirect("grids:list")


# --- its leader -----------------------------------------------------------------------------------


@requires(P.GRID_MANAGE)
@idempotent
def leader(request, pk):
    """Name the leader of a grid from a day on."""
    found = _grid_or_404(request.reach, pk)
    form = LeaderForm(request.POST or None, grid=found, by=request.user)
    if request.method == "POST" and form.is_valid():
        user, starts_on = form.cleaned_data["user"], form.cleaned_data["starts_on"]
        try:
            actions.set_leader(found, user=user, starts_on=starts_on, by=request.user, at=timezone.now())
        except MandateRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            words = {"name": user.full_name, "grid": found.unit.name}
            toast(request, _("%(name)s leads %(grid)s.") % words)
            return redirect("grids:grid", pk=found.pk)
    leaders = queries.leaders_of(found, timezone.localdate())
    return render(request, "grids/leader.html", {"form": form, "grid": found, "leaders": leaders})


@require_POST
@requires(P.GRID_MANAGE)
def vacate(request, pk):
    """End the term of the leader from today on."""
    found = _grid_or_404(request.reach, pk)
    actions.vacate(found, ends_on=timezone.localdate(), by=request.user, at=timezone.now())
    toast(request, _("%(grid)s is vacant now.") % {"grid": found.unit.name})
    return redirect("grids:grid", pk=found.pk)


# --- who goes where -------------------------------------------------------------------------------


@requires(P.GRID_ASSIGN)
def proposals(request):
    """Members in care without a grid: those whose community says where, and the rest."""
    station = _station(request)
    waiting = queries.with_proposals(queries.unassigned(station), station)
    tab = request.GET.get("by") if request.GET.get("by") in TABS else ""
    counts = waiting.aggregate(
        proposed=Count("pk", filter=Q(proposed_grid__isnull=False)),
        rest=Count("pk", filter=Q(proposed_grid__isnull=True)),
    )
    rows = waiting.filter(proposed_grid__isnull=tab == "hand") if tab else waiting
    rows = rows.select_related("person", "destination", "person__home__parent")
    grids = {grid.pk: grid for grid in queries.in_use().filter(station=station)}
    page = page_of(rows, request.GET)
    for stay in page.rows:
        stay.grid = grids.get(stay.proposed_grid)
    context = {
        "station": station,
        "stations": stations_in(request.reach),
        "page": page,
        "all": sum(counts.values()),
        "proposed": counts["proposed"],
        "by_hand": counts["rest"],
        "total": {"hand": counts["rest"], "community": counts["proposed"]}.get(tab, sum(counts.values())),
        "tab": tab,
        "grids": list(grids.values()),
    }
    return render(request, "grids/proposals.html", context)


@require_POST
@requires(P.GRID_ASSIGN)
@idempotent
def accept(request):
    """Put the chosen members, or all, into the grids proposed for them."""
    station = _station(request)
    chosen = None if request.POST.get("all") else request.POST.getlist("pk")
    done = actions.accept_proposals(station, stays=_known(chosen), by=request.user, at=timezone.now())
    _tell(request, done)
    return redirect(f"{reverse('grids:proposals')}?station={station.pk}")


@require_POST
@requires(P.GRID_ASSIGN)
@idempotent
def assign(request):
    """Put the chosen members into the grid that the user picked."""
    station = _station(request)
    if not request.POST.get("grid"):
        toast(request, _("Choose the grid first."))
        return redirect(f"{reverse('grids:proposals')}?station={station.pk}")
    target = get_object_or_404(
        queries.in_use().within(request.reach).filter(station=station), pk=_number(request, "grid")
    )
    chosen = request.POST.getlist("pk")
    if request.POST.get("all"):
        rows = queries.with_proposals(queries.unassigned(station), station)
        if request.POST.get("by") in TABS:
            rows = rows.filter(proposed_grid__isnull=request.POST["by"] == "hand")
        chosen = list(rows.values_list("pk", flat=True))
    _tell(request, actions.assign_many(_known(chosen), target, by=request.user, at=timezone.now()))
    return redirect(f"{reverse('grids:proposals')}?station={station.pk}")


@require_POST
@requires(P.GRID_ASSIGN)
@idempotent
def move(request, pk):
    """Put the chosen members of a grid into another of the same station, or into none."""
    found = _grid_or_404(request.reach, pk)
    stays = Stay.objects.open().filter(grid_assignments__grid=found, grid_assignments__ends_on=None)
    if not request.POST.get("all"):
        stays = stays.filter(person__in=_known(request.POST.getlist("pk")))
    others = queries.in_use().within(request.reach).filter(station=found.station)
    target = None
    if request.POST.get("grid"):
        target = get_object_or_404(others, pk=_number(request, "grid"))
    done = actions.move_all(stays, target, by=request.user, at=timezone.now())
    _tell(request, done)
    return redirect("grids:grid", pk=found.pk)


def _tell(request, done: int) -> None:
    words = ngettext("%(n)d member was moved.", "%(n)d members were moved.", done)
    toast(request, words % {"n": done})


def _known(ids: list[str] | None) -> list[UUID] | None:
    """The ids that are ids at all; None stands for everybody."""
    if ids is None:
        return None
    found = []
    for text in ids:
        try:
            found.append(UUID(str(text)))
        except ValueError:
            continue
    return found


def _number(request, name: str) -> int:
    text = request.POST.get(name, "")
    if not text.isdigit():
        raise Http404
    return int(text[:18])
