"""The register of stations, the page of one, what was changed about it, and its poster."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from waystation.kernel.idempotency import idempotent
from waystation.kernel.toasts import toast
from waystation.organizations.access import Reach, requires
from waystation.organizations.permissions import Permission
from waystation.stations.sites import actions, coverage, ledgers, reporting
from waystation.stations.sites.forms import NewStationForm, StationFilterForm, StationForm
from waystation.stations.sites.models import Station
from waystation.stations.sites.queries import functions, history
from waystation.stations.sites.queries import stations as registers
from waystation.stations.sites.queries.opening import opening_of, openings
from waystation.stations.sites.queries.rooms import rooms_of
from waystation.stations.sites.views.common import delivered, own_unit, station_or_404

P = Permission
PAGE = 50


def _registered(form: StationFilterForm, now):
    """The stations that the filters find, with their hours and whether they are open."""
    filters = form.chosen()
    stations = registers.in_order(registers.stations_by(filters))
    hours = openings(stations, since=timezone.localdate(now))
    states = {station.pk: hours[station.pk].state(now) for station in stations}
    if filters.get("open") == registers.NOW:
        stations = [one for one in stations if states[one.pk] and states[one.pk].is_open]
    return stations, hours, states


@requires(P.STATION_VIEW)
@require_safe
def station_list(request):
    """The register of stations, with the people covered by those in reach."""
    form = StationFilterForm(request.GET or None)
    stations, _hours, states = _registered(form, timezone.now())
    mine = [one.pk for one in stations if request.reach.covers(one.unit.path)]
    covered = coverage.covered(mine)
    manage = Reach.of(request.user, P.STATION_MANAGE)
    sees = Reach.of(request.user, P.PERSON_VIEW).caring
    rows = [
        {
            "station": one,
            "people": covered.get(one.pk),
            "state": states[one.pk],
            "may_edit": one.unit.closed_on is None and manage.covers(one.unit.path),
            "may_open_people": sees.covers(one.unit.path),
        }
        for one in stations
    ]
    centres = sum(one.kind == Station.Kind.COUNTY_CENTRE for one in stations)
    context = {
        "form": form,
        "rows": rows,
        "centres": centres,
        "townships": len(stations) - centres,
        "total": coverage.people_in_all(mine),
        "counties": _by_county(stations, mine, sees),
        "may_open": any(path.count(".") <= 2 for path in manage.paths),
        "has_own": bool(mine),
        "query": request.GET.urlencode(),
    }
    return render(request, "sites/list.html", context)


@requires(P.STATION_VIEW)
@require_safe
def export(request):
    """The register that the filters show, as a spreadsheet; what is missing only where the user is responsible."""
    now = timezone.now()
    stations, hours, _states = _registered(StationFilterForm(request.GET or None), now)
    mine = [one for one in stations if one.unit.closed_on is None and request.reach.covers(one.unit.path)]
    missing = functions.missing_of(mine, timezone.localdate(now))
    ledger = ledgers.register_ledger(stations, hours, missing, unit=own_unit(request), user=request.user, at=now)
    return delivered(request, ledger, "register of stations")


def _by_county(stations: list[Station], mine: list[int], sees: Reach) -> list[dict]:
    """The people of each county once, where somebody answers for several counties."""
    places = {one.county.pk: one.county for one in stations if one.pk in mine}
    if len(places) < 2:
        return []
    people = coverage.by_county(mine)
    return [
        {
            "county": county,
            "stations": sum(one.county.pk == pk for one in stations),
            "people": people.get(pk, 0),
            "may_open_people": sees.covers(county.path),
        }
        for pk, county in places.items()
    ]


@requires(P.STATION_VIEW)
@require_safe
def station(request, pk):
    """One station as officers see it: what everybody may read and, in reach, what it has and lacks."""
    found = get_object_or_404(Station.objects.with_places(), pk=pk)
    path, today = found.unit.path, timezone.localdate()
    is_mine, is_closed = request.reach.covers(path), found.unit.closed_on is not None
    hours = opening_of(found, since=today)
    context = {
        "station": found,
        "is_closed": is_closed,
        "communities": found.communities.select_related("parent").order_by("path"),
        "state": None if is_closed else hours.state(timezone.now()),
        "hours": hours.words(today),
        "coming_weeks": hours.coming_weeks(today),
        "specials": hours.coming_specials(today),
        "token": reporting.token(found),
        "is_mine": is_mine,
        "may_edit": not is_closed and Reach.of(request.user, P.STATION_MANAGE).covers(path),
        "rooms": rooms_of(found),
    }
    if is_mine:
        lines = functions.lines(found, functions.asked(today), today)
        absent = [line for line in lines if not line.is_present]
        context |= {
            "asked": len(lines),
            "present": len(lines) - len(absent),
            "absent": absent,
            "people": coverage.covered([found.pk])[found.pk],
            "may_open_people": Reach.of(request.user, P.PERSON_VIEW).caring.covers(path),
            "changes": [history.told(event) for event in history.events_of(found)[:5]],
        }
    return render(request, "sites/station.html", context)


@requires(P.STATION_VIEW)
@require_safe
def changes(request, pk):
    """Everything that was changed about a station: when, by whom, and what it was before."""
    found = get_object_or_404(Station.objects.within(request.reach).with_places(), pk=pk)
    page = Paginator(history.events_of(found), PAGE).get_page(request.GET.get("page"))
    context = {"station": found, "page": page, "changes": [history.told(event) for event in page.object_list]}
    return render(request, "sites/changes.html", context)


@requires(P.STATION_VIEW)
@require_safe
def poster(request, pk):
    """An A4 sheet with the QR code by which members report by themselves."""
    found = station_or_404(request.reach, pk)
    today = timezone.localdate()
    context = {
        "station": found,
        "hours": opening_of(found, since=today).words(today),
        "address": reporting.address(found),
    }
    return render(request, "sites/poster.html", context)


@requires(P.STATION_MANAGE)
@idempotent
def new(request):
    """Open a station; its address and hours are asked on the next pages."""
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
    found = station_or_404(request.reach, pk)
    initial = {
        **{name: getattr(found, name) for name in ("address", "phone", "other_phone", "hours_note", "services")},
        "host_town": found.host_town_id,
        "communities": found.communities.all(),
    }
    form = StationForm(request.POST or None, county=found.county, station=found, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit_station(found, by=request.user, at=timezone.now(), **form.cleaned_data)
        except actions.StationRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            toast(request, _("Saved."))
            return redirect("sites:station", pk=found.pk)
    return render(request, "sites/edit.html", {"form": form, "station": found})
