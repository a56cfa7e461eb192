"""Which shifts a station keeps, and which days are not what their weekday says."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from waystation.kernel.idempotency import idempotent
from waystation.kernel.toasts import toast
from waystation.organizations.access import Reach, requires
from waystation.organizations.permissions import Permission
from waystation.stations.duty.actions import rotas
from waystation.stations.duty.actions.rotas import RotaRefused
from waystation.stations.duty.forms import CalendarDayForm, EndForm, PatternForm, stations_in
from waystation.stations.duty.models import CalendarDay, ShiftPattern
from waystation.stations.duty.views.frame import at_station, covers, station_of, tabs

P = Permission
PAGE = 50


@requires(P.SHIFT_VIEW)
@require_safe
def pattern_list(request):
    """The shifts that the station keeps."""
    station, day = station_of(request), timezone.localdate()
    rows = list(ShiftPattern.objects.filter(station=station).exclude(ends_on__lte=day).order_by("begins", "name"))
    for pattern in rows:
        pattern.day_words = "、".join(str(WEEKDAYS_ABBR[number]) for number in pattern.weekdays)
    context = {
        "station": station, "stations": stations_in(request.reach), "rows": rows,
        "tabs": tabs(request, "rota", "pattern-list", station),
        "may_manage": covers(request.user, P.ROTA_MANAGE, station),
    }  # fmt: skip
    return render(request, "duty/patterns.html", context)


@requires(P.ROTA_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
@idempotent
def pattern_new(request):
    """Keep another shift."""
    station = station_of(request)
    form = PatternForm(request.POST or None, initial={"starts_on": timezone.localdate(), "weekdays": range(5)})
    back = at_station("duty:pattern-list", station)
    if request.method == "POST" and form.is_valid():
        try:
            rotas.add_pattern(station=station, by=request.user, at=timezone.now(), **form.cleaned_data)
        except RotaRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            toast(request, _("Saved."))
            return redirect(back)
    context = {"form": form, "title": _("New shift to keep"), "sub": station.name, "cancel": back, "station": station}
    return render(request, "duty/form.html", context)


@requires(P.ROTA_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
@idempotent
def pattern_end(request, pk):
    """Keep a shift no more."""
    found = get_object_or_404(ShiftPattern.objects.within(request.reach).select_related("station"), pk=pk)
    form = EndForm(request.POST or None, initial={"last_day": timezone.localdate()})
    back = at_station("duty:pattern-list", found.station)
    if request.method == "POST" and form.is_valid():
        try:
            rotas.end_pattern(found, ends_on=form.ends_on, by=request.user, at=timezone.now())
        except RotaRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            toast(request, _("Saved."))
            return redirect(back)
    return render(
        request, "duty/form.html", {"form": form, "title": _("End the shift"), "sub": found.name, "cancel": back}
    )


# --- the calendar -----------------------------------------------------------------------------------


@requires(P.RULE_VIEW)
@require_safe
def calendar(request):
    """Holidays and make-up days: those of everywhere, and those of the stations in reach."""
    shown = Reach.of(request.user, P.SHIFT_VIEW)
    manage = Reach.of(request.user, P.ROTA_MANAGE)
    everywhere = bool(Reach.of(request.user, P.RULE_MANAGE))
    stations = stations_in(shown) if shown else []
    rows = CalendarDay.objects.filter(Q(station=None) | Q(station__in=stations)) if shown else (
        CalendarDay.objects.filter(station=None)
    )  # fmt: skip
    page = Paginator(rows.select_related("station").order_by("-day", "pk"), PAGE).get_page(request.GET.get("page"))
    for row in page.object_list:
        row.weekday = WEEKDAYS[row.day.weekday()]
        row.worked_as = WEEKDAYS[row.works_as] if row.works_as is not None else ""
        row.may_drop = manage.covers(row.station.path) if row.station_id else everywhere
    context = {
        "page": page, "tabs": tabs(request, "rota", "calendar"), "may_set": bool(manage),
        "may_set_everywhere": everywhere,
    }  # fmt: skip
    return render(request, "duty/calendar.html", context)


@requires(P.ROTA_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
@idempotent
def day_set(request):
    """A day of one station."""
    return _day_form(request, station_of(request))


@requires(P.RULE_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
@idempotent
def day_set_everywhere(request):
    """A day of the general calendar."""
    return _day_form(request, None)


def _day_form(request, station):
    form = CalendarDayForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            rotas.set_day(station=station, by=request.user, at=timezone.now(), **form.cleaned_data)
        except RotaRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            toast(request, _("Saved."))
            return redirect("duty:calendar")
    sub = station.name if station else _("Holds for every station.")
    context = {"form": form, "title": _("A holiday or a make-up day"), "sub": sub, "cancel": reverse("duty:calendar")}
    return render(request, "duty/form.html", {**context, "station": station})


@requires(P.ROTA_MANAGE)
@require_POST
@idempotent
def day_drop(request, pk):
    """Take a day of one station out of its calendar."""
    rows = CalendarDay.objects.filter(request.reach.path_q("station__path"))
    rotas.drop_day(get_object_or_404(rows.select_related("station"), pk=pk), by=request.user, at=timezone.now())
    return redirect("duty:calendar")


@requires(P.RULE_MANAGE)
@require_POST
@idempotent
def day_drop_everywhere(request, pk):
    """Take a day out of the general calendar."""
    row = get_object_or_404(CalendarDay.objects.filter(station=None), pk=pk)
    rotas.drop_day(row, by=request.user, at=timezone.now())
    return redirect("duty:calendar")
