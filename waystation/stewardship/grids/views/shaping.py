"""Grids made, changed and closed, and their leaders."""

from __future__ import annotations

from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from waystation.kernel.idempotency import idempotent
from waystation.kernel.toasts import toast
from waystation.organizations.access import requires
from waystation.organizations.actions import MandateRefused
from waystation.organizations.models import Unit
from waystation.organizations.permissions import Permission
from waystation.stewardship.grids import actions, areas, queries
from waystation.stewardship.grids.charting import chart
from waystation.stewardship.grids.forms import GridForm, LeaderForm, MergeForm, PartForm, SplitForm, stations_in
from waystation.stewardship.grids.models import Grid
from waystation.stewardship.grids.views.finding import grid_or_404, known, station_of

P = Permission
ENTER = require_http_methods(["GET", "HEAD", "POST"])


@requires(P.GRID_MANAGE)
@idempotent
def new(request):
    """A new grid of a station in reach."""
    station = station_of(request)
    form = GridForm(request.POST or None, request.FILES or None, station=station)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.create_grid(station=station, by=request.user, at=timezone.now(), **form.cleaned_data)
        except actions.GridRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            toast(request, _("The grid %(name)s was made.") % {"name": made.unit.name})
            return redirect("grids:grid", pk=made.pk)
    context = {"form": form, "station": station, "stations": stations_in(request.reach), **_canvas(station, None)}
    return render(request, "grids/edit.html", context)


def _canvas(station: Unit, grid: Grid | None) -> dict:
    """The map to draw on: the other grids of the station, and the outline of the county."""
    grids = list(queries.in_use().filter(station=station).order_by("code"))
    others = [one for one in grids if grid is None or one.pk != grid.pk]
    return {"chart": chart(station, grids, lambda one: "is-other"), "others": others}


@requires(P.GRID_MANAGE)
@idempotent
def edit(request, pk):
    """Name, code and area of a grid."""
    found = grid_or_404(request.reach, pk)
    initial = {
        "name": found.unit.name,
        "code": found.code,
        "area": found.area,
        "communities": found.communities.all(),
        "address_words": found.address_words,
        "trades": found.trades,
        "drawn": areas.as_text(found.drawn),
    }
    form = GridForm(request.POST or None, request.FILES or None, station=found.station, grid=found, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit_grid(found, by=request.user, at=timezone.now(), **form.cleaned_data)
        except actions.GridRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            toast(request, _("Saved."))
            return redirect("grids:grid", pk=found.pk)
    context = {"form": form, "grid": found, "station": found.station, **_canvas(found.station, found)}
    return render(request, "grids/edit.html", context)


@require_POST
@requires(P.GRID_MANAGE)
def close(request, pk):
    """Close an empty grid."""
    found = grid_or_404(request.reach, pk)
    try:
        now = timezone.now()
        actions.close_grid(found, on=timezone.localdate(), by=request.user, at=now)
    except actions.GridRefused as refusal:
        toast(request, str(refusal))
        return redirect("grids:grid", pk=found.pk)
    toast(request, _("The grid %(name)s was closed.") % {"name": found.unit.name})
    return redirect("grids:list")


@requires(P.GRID_MANAGE)
@idempotent
def leader(request, pk):
    """Name the leader of a grid from a day on."""
    found = grid_or_404(request.reach, pk)
    form = LeaderForm(request.POST or None, grid=found, by=request.user)
    if request.method == "POST" and form.is_valid():
        user = form.cleaned_data["user"]
        term = {name: form.cleaned_data[name] for name in ("starts_on", "ends_on")}
        try:
            actions.set_leader(found, user=user, **term, by=request.user, at=timezone.now())
        except (MandateRefused, actions.GridRefused) as refusal:
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
    found = grid_or_404(request.reach, pk)
    actions.vacate(found, ends_on=timezone.localdate(), by=request.user, at=timezone.now())
    toast(request, _("%(grid)s is vacant now.") % {"grid": found.unit.name})
    return redirect("grids:grid", pk=found.pk)


# --- split and merge ------------------------------------------------------------------------------

SHOWN_MEMBERS = 200


def _sent_again(request) -> list[tuple[str, str]]:
    """What was sent, to be sent again with the yes."""
    left_out = {"csrfmiddlewaretoken", "idem", "confirmed", "change"}
    return [(name, value) for name, values in request.POST.lists() if name not in left_out for value in values]


def _plan(form: PartForm, communities, **more) -> actions.Plan:
    return actions.Plan(communities=tuple(communities), **form.cleaned_data, **more)


@requires(P.GRID_MANAGE)
@ENTER
@idempotent
def split(request, pk):
    """Make two grids of one: their names, which communities and which members go into the second."""
    found = grid_or_404(request.reach, pk)
    sent = request.POST or None
    forms = {
        "first": PartForm(sent, prefix="first", initial={"name": found.unit.name, "area": found.area}),
        "second": PartForm(sent, prefix="second"),
        "form": SplitForm(sent, grid=found),
    }
    picked = known(request.POST.getlist("stay"))
    context = {"grid": found, "picked": [str(pk) for pk in picked], **forms}
    are_valid = [form.is_valid() for form in forms.values()]  # each, so that each shows its errors
    if all(are_valid):
        parts = _parts(found, forms["form"], picked)
        if request.POST.get("confirmed"):
            try:
                made = _split(request, found, forms, picked)
            except (MandateRefused, actions.GridRefused) as refusal:
                forms["form"].add_error(None, str(refusal))
            else:
                toast(request, _("%(grid)s became two grids.") % {"grid": found.unit.name})
                return redirect("grids:grid", pk=made[0].pk)
        elif not request.POST.get("change"):
            return render(request, "grids/split_preview.html", {**context, **parts, "sent": _sent_again(request)})
    context["people"] = queries.members(found)[:SHOWN_MEMBERS]
    context["is_cut"] = len(context["people"]) == SHOWN_MEMBERS
    context["suggested"] = queries.free_codes(found.station, 2)
    return render(request, "grids/split.html", context)


def _parts(found: Grid, form: SplitForm, picked: list) -> dict:
    """How many members would come into each of the two."""
    near = [unit.pk for unit in form.cleaned_data["communities"]]
    total = found.assignments.filter(ends_on=None).count()
    second = queries.going(found, near, picked).count()
    return {"to_first": total - second, "to_second": second, "near": form.cleaned_data["communities"]}


def _split(request, found: Grid, forms: dict, picked: list):
    given = forms["form"].cleaned_data
    second = list(given["communities"])
    first = found.communities.exclude(pk__in=[unit.pk for unit in second])
    leads_second = {"first": False, "second": True, "none": None}[given["leader"]]
    stays = queries.going(found, [], picked).values_list("stay", flat=True)
    return actions.split_grid(
        found, _plan(forms["first"], first), _plan(forms["second"], second), to_second=list(stays),
        leads_second=leads_second, by=request.user, at=timezone.now(),
    )  # fmt: skip


@requires(P.GRID_MANAGE)
@ENTER
@idempotent
def merge(request, pk):
    """Make one grid of two of the station, with the members and communities of both."""
    found = grid_or_404(request.reach, pk)
    sent = request.POST or None
    plan, form = PartForm(sent, prefix="plan", initial={"area": found.area}), MergeForm(sent, grid=found)
    if sent and plan.is_valid() and form.is_valid():
        other = form.cleaned_data["other"]
        if not request.POST.get("confirmed"):
            counts = {"here": queries.members(found).count(), "there": queries.members(other).count()}
            context = {"grid": found, "plan": plan, "form": form, "other": other, "sent": _sent_again(request)}
            return render(request, "grids/merge_preview.html", {**context, **counts})
        try:
            made = _merge(request, found, other, plan, form)
        except (MandateRefused, actions.GridRefused) as refusal:
            form.add_error(None, str(refusal))
        else:
            toast(request, _("The two grids are %(name)s now.") % {"name": made.unit.name})
            return redirect("grids:grid", pk=made.pk)
    context = {"grid": found, "plan": plan, "form": form, "suggested": queries.free_codes(found.station, 1)}
    return render(request, "grids/merge.html", context)


def _merge(request, found: Grid, other: Grid, plan: PartForm, form: MergeForm) -> Grid:
    communities = list(found.communities.all()) + list(other.communities.all())
    try:
        drawn = areas.together([grid.drawn for grid in (found, other) if grid.drawn])
    except areas.BadArea:
        drawn = None  # nothing drawn, or areas apart: the new one is drawn by hand
    words = {
        name: "、".join(part for grid in (found, other) for part in parts(grid))[:200]
        for name, parts in (("address_words", lambda g: g.address_parts), ("trades", lambda g: g.trade_parts))
    }
    leader_of = {"this": found, "other": other}.get(form.cleaned_data["leader"])
    return actions.merge_grids(
        (found, other), _plan(plan, communities, drawn=drawn, **words), leader_of=leader_of, by=request.user,
        at=timezone.now(),
    )  # fmt: skip
