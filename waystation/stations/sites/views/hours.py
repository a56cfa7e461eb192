"""Pages on which the hours of stations and rooms are set."""

from __future__ import annotations

from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from waystation.kernel.idempotency import idempotent
from waystation.kernel.toasts import toast
from waystation.organizations.access import requires
from waystation.organizations.permissions import Permission
from waystation.stations.sites import actions
from waystation.stations.sites.forms import HoursForm, RoomHoursForm, SpecialDaysForm
from waystation.stations.sites.models import Room, Schedule, SpecialDay, Station
from waystation.stations.sites.queries.opening import opening_of, room_openings
from waystation.stations.sites.queries.rooms import with_own_hours
from waystation.stations.sites.views.common import station_or_404

P = Permission


@requires(P.STATION_MANAGE)
@idempotent
def hours(request, pk):
    """The week of a station, from a day on; hours that are still to come can be taken back."""
    found, today = station_or_404(request.reach, pk), timezone.localdate()
    opening = opening_of(found, since=today)
    form = HoursForm(request.POST or None, week=opening.week(today), today=today)
    if request.method == "POST" and form.is_valid() and _set(form, found, by=request.user):
        toast(request, _("Saved."))
        return redirect("sites:station", pk=found.pk)
    context = {
        "form": form,
        "station": found,
        "now": opening.words(today),
        "coming": _coming(Schedule.objects.filter(station=found, room=None), dict(opening.coming_weeks(today))),
    }
    return render(request, "sites/hours.html", context)


@requires(P.STATION_MANAGE)
@idempotent
def room_hours(request, pk):
    """The week of a room: with its station, or its own."""
    rooms = Room.objects.in_use().within(request.reach).select_related("station__unit")
    room, today = get_object_or_404(rooms, pk=pk), timezone.localdate()
    opening = room_openings([room], opening_of(room.station, since=today))[room.pk]
    follows = not with_own_hours([room], today)
    week = None if follows else opening.week(today)
    form = RoomHoursForm(request.POST or None, week=week, today=today, initial={"follows_station": follows})
    if request.method == "POST" and form.is_valid() and _set(form, room.station, room=room, by=request.user):
        toast(request, _("Saved."))
        return redirect("sites:rooms", pk=room.station_id)
    context = {
        "form": form,
        "station": room.station,
        "room": room,
        "now": opening.words(today),
        "coming": _coming(Schedule.objects.filter(room=room), dict(opening.coming_weeks(today))),
    }
    return render(request, "sites/hours.html", context)


def _set(form: HoursForm, station: Station, *, room: Room | None = None, by) -> bool:
    """Whether the hours were set; a refusal stands on the form."""
    given = form.cleaned_data
    follows = bool(given.get("follows_station"))
    try:
        actions.set_hours(
            station,
            given["week"],
            starts_on=given["starts_on"],
            room=room,
            follows_station=follows,
            by=by,
            at=timezone.now(),
        )
    except actions.StationRefused as refusal:
        form.add_error("starts_on", str(refusal))
        return False
    return True


def _coming(schedules, words: dict) -> list[tuple[Schedule, str]]:
    """The schedules that have not begun, each in words."""
    rows = schedules.filter(starts_on__gt=timezone.localdate()).order_by("starts_on")
    return [(row, words.get(row.starts_on, "")) for row in rows]


@require_POST
@requires(P.STATION_MANAGE)
@idempotent
def drop(request, pk):
    """Take back hours that have not begun."""
    rows = Schedule.objects.filter(station__in=Station.objects.in_use().within(request.reach))
    schedule = get_object_or_404(rows.select_related("station", "room"), pk=pk)
    try:
        actions.drop_schedule(schedule, by=request.user, at=timezone.now())
    except actions.StationRefused as refusal:
        toast(request, str(refusal))
    else:
        toast(request, _("The hours were taken back."))
    if schedule.room_id:
        return redirect("sites:room-hours", pk=schedule.room_id)
    return redirect("sites:hours", pk=schedule.station_id)


@requires(P.STATION_MANAGE)
@idempotent
def special_days(request, pk):
    """Closed days and days with other hours, of this station or of several in reach at once."""
    found, today = station_or_404(request.reach, pk), timezone.localdate()
    mine = Station.objects.in_use().within(request.reach).select_related("unit").order_by("unit__path")
    form = SpecialDaysForm(request.POST or None, stations=mine, own=found)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.set_special_days(**form.cleaned_data, by=request.user, at=timezone.now())
        except actions.StationRefused as refusal:
            form.add_error("first", str(refusal))
        else:
            words = ngettext("%(n)d day was entered.", "%(n)d days were entered.", len(made))
            toast(request, words % {"n": len(made)})
            return redirect("sites:special-days", pk=found.pk)
    context = {
        "form": form,
        "station": found,
        "runs": opening_of(found, since=today).coming_specials(today),
    }
    return render(request, "sites/special_days.html", context)


@require_POST
@requires(P.STATION_MANAGE)
@idempotent
def withdraw_special(request, pk):
    """Let the week's hours hold on a day again."""
    rows = SpecialDay.objects.filter(station__in=Station.objects.in_use().within(request.reach))
    special = get_object_or_404(rows.select_related("station"), pk=pk)
    try:
        actions.withdraw_special_day(special, by=request.user, at=timezone.now())
    except actions.StationRefused as refusal:
        toast(request, str(refusal))
    else:
        toast(request, _("The usual hours hold on that day again."))
    return redirect("sites:special-days", pk=special.station_id)
