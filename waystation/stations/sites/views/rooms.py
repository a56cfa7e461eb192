"""Rooms and facilities of a station."""

from __future__ import annotations

from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from waystation.kernel.idempotency import idempotent
from waystation.kernel.toasts import toast
from waystation.organizations.access import Reach, requires
from waystation.organizations.permissions import Permission
from waystation.stations.sites import actions
from waystation.stations.sites.forms import CloseRoomForm, NewRoomForm, RoomForm
from waystation.stations.sites.models import Room
from waystation.stations.sites.queries import history
from waystation.stations.sites.queries.opening import opening_of, room_openings
from waystation.stations.sites.queries.rooms import in_order, with_own_hours
from waystation.stations.sites.views.common import station_or_404

P = Permission


@requires(P.STATION_VIEW)
@require_safe
def rooms(request, pk):
    """The rooms of a station, with their hours; closed ones below."""
    found, today = station_or_404(request.reach, pk), timezone.localdate()
    held = in_order(Room.objects.filter(station=found))
    in_use = [room for room in held if room.closed_on is None]
    hours, own = room_openings(in_use, opening_of(found, since=today)), with_own_hours(in_use, today)
    context = {
        "station": found,
        "rows": [{"room": r, "hours": hours[r.pk].words(today), "follows": r.pk not in own} for r in in_use],
        "closed": [room for room in held if room.closed_on is not None],
        "places": sum(room.capacity or 0 for room in in_use),
        "may_edit": Reach.of(request.user, P.STATION_MANAGE).covers(found.unit.path),
    }
    return render(request, "sites/rooms.html", context)


@requires(P.STATION_VIEW)
@require_safe
def room(request, pk):
    """One room with everything that was changed about it."""
    found = get_object_or_404(Room.objects.within(request.reach).select_related("station__unit"), pk=pk)
    today = timezone.localdate()
    opening = room_openings([found], opening_of(found.station, since=today))[found.pk]
    context = {
        "room": found,
        "station": found.station,
        "hours": opening.words(today),
        "follows": not with_own_hours([found], today),
        "coming_weeks": opening.coming_weeks(today),
        "changes": [history.told(event) for event in history.events_of_room(found)[: history.SHOWN]],
        "may_edit": Reach.of(request.user, P.STATION_MANAGE).covers(found.station.unit.path),
    }
    return render(request, "sites/room.html", context)


@requires(P.STATION_MANAGE)
@idempotent
def new(request, pk):
    """Another room of a station."""
    found = station_or_404(request.reach, pk)
    form = NewRoomForm(request.POST or None, today=timezone.localdate())
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.open_room(found, by=request.user, at=timezone.now(), **form.cleaned_data)
        except actions.RoomRefused as refusal:
            form.add_error("name", str(refusal))
        else:
            toast(request, _("%(name)s was added.") % {"name": made.name})
            return redirect("sites:rooms", pk=found.pk)
    return render(request, "sites/room_edit.html", {"form": form, "station": found})


def _managed(request, pk, *, in_use: bool = True) -> Room:
    rooms = Room.objects.within(request.reach).filter(station__unit__closed_on=None, closed_on__isnull=in_use)
    return get_object_or_404(rooms.select_related("station__unit"), pk=pk)


@requires(P.STATION_MANAGE)
@idempotent
def edit(request, pk):
    """The facts of a room."""
    found = _managed(request, pk)
    initial = {name: getattr(found, name) for name in RoomForm.base_fields}
    form = RoomForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit_room(found, by=request.user, at=timezone.now(), **form.cleaned_data)
        except actions.RoomRefused as refusal:
            form.add_error("name", str(refusal))
        else:
            toast(request, _("Saved."))
            return redirect("sites:room", pk=found.pk)
    return render(request, "sites/room_edit.html", {"form": form, "station": found.station, "room": found})


@requires(P.STATION_MANAGE)
@idempotent
def close(request, pk):
    """Close a room for good; the message that follows takes it back."""
    found = _managed(request, pk)
    form = CloseRoomForm(request.POST or None, today=timezone.localdate())
    if request.method == "POST" and form.is_valid():
        try:
            actions.close_room(found, by=request.user, at=timezone.now(), **form.cleaned_data)
        except actions.RoomRefused as refusal:
            form.add_error("on", str(refusal))
        else:
            undo = reverse("sites:room-reopen", args=[found.pk])
            toast(request, _("%(name)s is closed.") % {"name": found.name}, undo=undo)
            return redirect("sites:rooms", pk=found.station_id)
    return render(request, "sites/room_close.html", {"form": form, "station": found.station, "room": found})


@require_POST
@requires(P.STATION_MANAGE)
@idempotent
def reopen(request, pk):
    """Take the closing of a room back."""
    found = _managed(request, pk, in_use=False)
    try:
        actions.reopen_room(found, by=request.user, at=timezone.now())
    except actions.RoomRefused as refusal:
        toast(request, str(refusal))
    else:
        toast(request, _("%(name)s is in use again.") % {"name": found.name})
    return redirect("sites:rooms", pk=found.station_id)
