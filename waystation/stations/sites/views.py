"""Pages of stations: the register, what everybody may read about one, and its poster."""

from __future__ import annotations

from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from waystation.kernel.idempotency import idempotent
from waystation.kernel.toasts import toast
from waystation.organizations.access import Reach, public, requires
from waystation.organizations.models import Unit
from waystation.organizations.permissions import Permission
from waystation.organizations.queries import county_of
from waystation.stations.sites import actions, coverage, reporting
from waystation.stations.sites.forms import NewStationForm, StationForm
from waystation.stations.sites.models import Station

P = Permission
# What every station does, as the city asks of them; shown on its public page.
SERVICES = (
    gettext_lazy("Registration of mobile Party members, by oneself or at the desk"),
    gettext_lazy("Questions about formal transfer, dues and the activity card"),
    gettext_lazy("Organization life, Party days and classes for members away from their village"),
    gettext_lazy("One-stop window: civil affairs, medical insurance, employment and other matters"),
    gettext_lazy("Talks, help in hardship, and a place to meet"),
)


def _open_stations():
    rows = Station.objects.filter(unit__closed_on=None)
    return rows.select_related("unit__parent", "host_town").order_by("kind", "unit__path")


@requires(P.STATION_VIEW)
@require_safe
def station_list(request):
    """The register of stations, with the people in care of those in reach."""
    stations = list(_open_stations())
    mine = [s.pk for s in stations if request.reach.covers(s.unit.path)]
    covered = coverage.covered(mine)
    manage = Reach.of(request.user, P.STATION_MANAGE)
    rows = [{"station": s, "people": covered.get(s.pk), "may_edit": manage.covers(s.unit.path)} for s in stations]
    centres = sum(s.kind == Station.Kind.COUNTY_CENTRE for s in stations)
    context = {
        "rows": rows,
        "centres": centres,
        "townships": len(stations) - centres,
        "total": sum(covered.values()),
        "may_open": any(path.count(".") <= 2 for path in manage.paths),
    }
    return render(request, "sites/list.html", context)


@require_safe
@public("Where the stations are and when they are open concerns everybody.")
def public_list(request):
    """Every station with address, hours and telephone; no sign-in."""
    return render(request, "sites/public_list.html", {"stations": _open_stations()})


@require_safe
@public("What a station does, where and when, concerns everybody.")
def station(request, pk):
    """One station as everybody may read it, with the way to report there."""
    found = get_object_or_404(_open_stations(), pk=pk)
    context = {
        "station": found,
        "communities": found.communities.select_related("parent").order_by("path"),
        "services": SERVICES,
        "token": reporting.token(found),
        "may_edit": Reach.of(request.user, P.STATION_MANAGE).covers(found.unit.path),
        "may_print": Reach.of(request.user, P.STATION_VIEW).covers(found.unit.path),
    }
    return render(request, "sites/station.html", context)


@requires(P.STATION_VIEW)
@require_safe
def poster(request, pk):
    """An A4 sheet with the QR code by which members report by themselves."""
    rows = _open_stations().within(request.reach)
    found = get_object_or_404(rows, pk=pk)
    context = {"station": found, "address": reporting.address(found)}
    return render(request, "sites/poster.html", context)


@requires(P.STATION_MANAGE)
@idempotent
def new(request):
    """Open a station; its address and hours are asked on the next page."""
    form = NewStationForm(request.POST or None, reach=request.reach)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.open_station(by=request.user, at=timezone.now(), **form.cleaned_data)
        except actions.StationRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            toast(request, _("%(name)s is open.") % {"name": made.unit.name})
            return redirect("sites:edit", pk=made.pk)
    return render(request, "sites/new.html", {"form": form})


@requires(P.STATION_MANAGE)
@idempotent
def edit(request, pk):
    """The public facts of a station."""
    found = get_object_or_404(_open_stations().within(request.reach), pk=pk)
    county = county_of(found.unit) or Unit.objects.get(parent=None)
    initial = {
        "address": found.address,
        "phone": found.phone,
        "opening_hours": found.opening_hours,
        "host_town": found.host_town_id,
        "communities": found.communities.all(),
    }
    form = StationForm(request.POST or None, county=county, station=found, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit_station(found, by=request.user, at=timezone.now(), **form.cleaned_data)
        except actions.StationRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            toast(request, _("Saved."))
            return redirect("sites:station", pk=found.pk)
    return render(request, "sites/edit.html", {"form": form, "station": found})
