"""Swaps by consent, and calendars of shifts."""

from __future__ import annotations

from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from waystation.kernel.idempotency import idempotent
from waystation.kernel.paging import page_of
from waystation.kernel.toasts import toast
from waystation.organizations.access import public, requires
from waystation.organizations.permissions import Permission
from waystation.stations.duty import feeds
from waystation.stations.duty.actions import feeds as feed_actions
from waystation.stations.duty.actions import turns
from waystation.stations.duty.actions.turns import SwapRefused
from waystation.stations.duty.forms import SwapFilterForm, SwapForm, colleagues_of, stations_in
from waystation.stations.duty.models import CalendarFeed, Swap, Turn
from waystation.stations.duty.queries.swapping import swaps_by
from waystation.stations.duty.views.frame import covers, station_of, tabs

P = Permission


@requires(P.SHIFT_VIEW)
@require_safe
def swap_list(request):
    """Requests to change shifts: those that wait for me, mine, and the station's."""
    form = SwapFilterForm(request.GET or None)
    state = form.cleaned_data["state"] if form.is_valid() else ""
    page = page_of(swaps_by(state, request.reach, user=request.user), request.GET, newest_first=True)
    context = {"form": form, "page": page, "tabs": tabs(request, "rota", "swap-list")}
    return render(request, "duty/swaps.html", context)


@requires(P.SHIFT_WORK)
@require_http_methods(["GET", "HEAD", "POST"])
@idempotent
def swap_new(request, pk):
    """Ask a colleague to take one's shift, or to exchange it."""
    rows = Turn.objects.live().within(request.reach).filter(user=request.user)
    turn = get_object_or_404(rows.select_related("shift__station"), pk=pk)
    now = timezone.now()
    others = (
        Turn.objects.live()
        .published()
        .filter(shift__station=turn.shift.station, shift__cancelled_at=None, starts_at__gt=now)
    )
    others = others.exclude(user=request.user).select_related("user", "shift").order_by("user__full_name", "starts_at")
    colleagues = colleagues_of(request.user, turn.shift.station, turn.shift.day)
    form = SwapForm(request.POST or None, colleagues=colleagues, turns=others)
    if request.method == "POST" and form.is_valid():
        try:
            turns.ask_swap(turn, by=request.user, at=now, **form.cleaned_data)
        except SwapRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            toast(request, _("Your colleague was asked."))
            return redirect("duty:swap-list")
    context = {
        "form": form, "title": _("Swap a shift"), "sub": f"{turn.shift} · {turn.shift.station.name}",
        "cancel": reverse("duty:shift", args=[turn.shift_id]), "submit": _("Ask"),
    }  # fmt: skip
    return render(request, "duty/form.html", context)


@requires(P.SHIFT_WORK)
@require_POST
@idempotent
def swap_answer(request, pk):
    """Accept, decline or withdraw a request; only the two people concerned."""
    concerned = Q(asked_of=request.user) | Q(asked_by=request.user)
    rows = Swap.objects.within(request.reach).filter(concerned)
    swap = get_object_or_404(rows.select_related("turn", "wanted"), pk=pk)
    answer, how = request.POST.get("answer"), {"by": request.user, "at": timezone.now()}
    try:
        if answer == "accept":
            turns.accept_swap(swap, **how)
            toast(request, _("You have taken the shift."))
        elif answer in ("declined", "withdrawn"):
            turns.decide_swap(swap, state=answer, **how)
            toast(request, _("Your answer was noted."))
    except SwapRefused as refusal:
        toast(request, str(refusal))
    return redirect("duty:swap-list")


# --- calendars --------------------------------------------------------------------------------------


@requires(P.SHIFT_VIEW)
@require_http_methods(["GET", "HEAD", "POST"])
@idempotent
def feed_list(request):
    """The user's own addresses for calendar programs; a new one by a button."""
    station = station_of(request)
    if request.method == "POST":
        whole = station if request.POST.get("of") == "station" else None
        feed_actions.open_feed(user=request.user, station=whole, at=timezone.now())
        return redirect("duty:feed-list")
    own = CalendarFeed.objects.filter(user=request.user, revoked_at=None).select_related("station", "user")
    context = {
        "feeds": [(feed, feeds.address(feed)) for feed in own.order_by("opened_at")],
        "station": station, "stations": stations_in(request.reach),
        "tabs": tabs(request, "rota", "feed-list", station),
    }  # fmt: skip
    return render(request, "duty/feeds.html", context)


@requires(P.SHIFT_VIEW)
@require_POST
@idempotent
def feed_revoke(request, pk):
    """Close one of one's own addresses."""
    feed = get_object_or_404(CalendarFeed.objects.filter(user=request.user), pk=pk)
    feed_actions.revoke_feed(feed, by=request.user, at=timezone.now())
    toast(request, _("The address answers no more."))
    return redirect("duty:feed-list")


@require_safe
@public("A calendar program holds a secret address and cannot sign in; the address can be revoked at any time.")
def feed(request, token):
    """The calendar behind a secret address."""
    found = feeds.feed_of(token)
    if found is None or (found.station_id and not covers(found.user, P.SHIFT_VIEW, found.station)):
        raise Http404
    with override(found.user.language or None):
        content = feeds.calendar(found, today=timezone.localdate())
    etag = quote_etag(feeds.fingerprint(content))
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8", headers={"ETag": etag})
    response.headers["Cache-Control"] = "private, no-cache"
    return get_conditional_response(request, etag=etag, response=response)
