"""Today's shift: who is there, coming to it and handing it over."""

from __future__ import annotations

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from waystation.kernel.idempotency import idempotent
from waystation.kernel.toasts import toast
from waystation.organizations.access import Reach, has_a_station, permissions_of, requires
from waystation.organizations.permissions import Permission
from waystation.stations.duty.actions import handovers
from waystation.stations.duty.actions.handovers import ItemsLeft, Settled, ShiftRefused
from waystation.stations.duty.actions.items import AlreadyDone, ItemRefused
from waystation.stations.duty.forms import CheckOutForm, item_form, stations_in
from waystation.stations.duty.models import Handover, OpenItem, Shift, Turn
from waystation.stations.duty.queries import holding, presence
from waystation.stations.duty.views.frame import at_station, covers, station_of, tabs

P = Permission
SHOWN = 60  # items of one check-out page; the rest goes to a shift by one choice
BRIEFS = 5


@requires(P.SHIFT_VIEW)
@require_safe
def today(request):
    """The station today: who is on duty, what waits, my next shifts. Units without a station have their items."""
    if P.ITEM_VIEW in permissions_of(request.user) and not has_a_station(request.user):
        return redirect("duty:item-list")
    station, now = station_of(request), timezone.now()
    day = timezone.localdate(now)
    found = presence.today_at(station, at=now)
    loose = holding.unsettled(station, at=now, day=day)
    context = {
        "station": station,
        "stations": stations_in(request.reach),
        "tabs": tabs(request, "today", "today", station),
        "today": found,
        "mine": presence.mark(presence.next_turns(request.user, at=now)[: presence.NEXT], at=now),
        "briefs": holding.unread_briefs(station),
        "recent": Handover.objects.filter(station=station, read_at__isnull=False)
        .select_related("shift", "made_by", "read_by").order_by("-made_at")[:BRIEFS],
        "loose": loose.order_by("due_key", "pk")[:10],
        "loose_number": loose.count(),
        "may_close": covers(request.user, P.ROTA_MANAGE, station) or covers(request.user, P.SHIFT_WORK, station),
        "now": now,
        "day": day,
    }  # fmt: skip
    return render(request, "duty/today.html", context)


def _own_turn(request, pk) -> Turn:
    turns = Turn.objects.live().within(request.reach).filter(user=request.user)
    return get_object_or_404(turns.select_related("shift__station", "user"), pk=pk)


@requires(P.SHIFT_WORK)
@require_http_methods(["GET", "HEAD", "POST"])
@idempotent
def check_in(request, pk):
    """Read what was left, and come to one's shift."""
    turn, now = _own_turn(request, pk), timezone.now()
    station, problem = turn.shift.station, ""
    if request.method == "POST":
        try:
            handovers.check_in(turn, read=request.POST.getlist("read"), by=request.user, at=now)
        except ShiftRefused as refusal:
            problem = str(refusal)
        else:
            toast(request, _("You have checked in to %(shift)s.") % {"shift": turn.shift})
            return redirect(at_station("duty:today", station))
    briefs = [_told(brief) for brief in holding.unread_briefs(station)]
    context = {"turn": turn, "shift": turn.shift, "briefs": briefs, "problem": problem}
    context["coming"] = holding.in_hand(turn.shift, at=now, day=timezone.localdate(now)).order_by("due_key", "pk")[:20]
    return render(request, "duty/check_in.html", context)


def _told(brief: Handover) -> dict:
    """A brief with its list: what was handed on, parked and done on that shift."""
    steps = brief.shift.steps_out.filter(at=brief.made_at).select_related("item", "to_shift").order_by("pk")
    done = OpenItem.objects.filter(
        unit=brief.station_id, done_at__gte=brief.shift.opened_at, done_at__lte=brief.made_at
    )
    return {"brief": brief, "steps": list(steps), "done": list(done.order_by("done_at", "pk")[:50])}


@requires(P.SHIFT_VIEW)
@require_safe
def brief(request, pk):
    """One hand-over as it was left."""
    rows = Handover.objects.filter(request.reach.path_q("station__path"))
    found = get_object_or_404(rows.select_related("shift", "station", "made_by", "read_by"), pk=pk)
    return render(request, "duty/brief.html", {"told": _told(found), "brief": found})


@requires(P.SHIFT_WORK)
@require_POST
@idempotent
def leave_desk(request, pk):
    """Check out while colleagues stay on the shift."""
    turn = _own_turn(request, pk)
    try:
        handovers.leave_desk(turn, by=request.user, at=timezone.now())
    except ShiftRefused as refusal:
        toast(request, str(refusal))
        return redirect("duty:check-out", pk=turn.shift_id)
    toast(request, _("You have checked out; your colleagues keep the shift."))
    return redirect(at_station("duty:today", turn.shift.station))


# --- handing over -----------------------------------------------------------------------------------


@requires(P.SHIFT_WORK)
@require_http_methods(["GET", "HEAD", "POST"])
@idempotent
def check_out(request, pk):
    """Settle every open item of the station, write the brief, and close the shift."""
    shift = get_object_or_404(Shift.objects.kept().within(request.reach).select_related("station"), pk=pk)
    now = timezone.now()
    _refuse_strangers(request, shift, now)
    shifts = holding.takers(shift.station, at=now, besides=shift).prefetch_related("turns__user")[:100]
    shifts = (
        Shift.objects.filter(pk__in=[one.pk for one in shifts]).prefetch_related("turns__user").order_by("starts_at")
    )
    posted = request.method == "POST"
    form = CheckOutForm(request.POST if posted else None, shifts=shifts, initial={"rest_to": shifts.first()})
    held = holding.in_hand(shift, at=now, day=timezone.localdate(now)).order_by("due_key", "pk")
    rows = [(item, item_form(request.POST, item.pk, shifts) if posted else None) for item in held[:SHOWN]]
    problem = ""
    if posted and form.is_valid() and all(one is None or one.is_valid() for _item, one in rows):
        problem = _closed(request, shift, form, rows, now)
        if not problem:
            toast(request, _("The shift is closed and handed over."))
            return redirect(at_station("duty:today", shift.station))
    context = {
        "shift": shift, "form": form, "rows": rows, "number": held.count(), "shown": SHOWN, "shifts": shifts,
        "problem": problem, "others": _others(request, shift), "mine": _mine(request, shift),
        "bad": [item for item, one in rows if one is not None and one.errors],
    }  # fmt: skip
    return render(request, "duty/check_out.html", context)


def _refuse_strangers(request, shift: Shift, now) -> None:
    """Whoever is on the shift closes it; once it is over, any colleague may; the head always."""
    on = shift.turns.filter(user=request.user, removed_at=None).exists()
    if not (on or shift.ends_at <= now or Reach.of(request.user, P.ROTA_MANAGE).covers(shift.station.path)):
        raise Http404


def _closed(request, shift: Shift, form: CheckOutForm, rows, now) -> str:
    """Close the shift; the sentence that says why not, if it cannot be closed."""
    settled = [_settled(item, one.cleaned_data) for item, one in rows if one is not None]
    try:
        handovers.close_shift(shift, settled=settled, by=request.user, at=now, **form.cleaned_data)
    except (ItemsLeft, ShiftRefused, ItemRefused) as refusal:
        return str(refusal)
    except AlreadyDone:
        return _("One of these items has been finished meanwhile. Look at the list again.")
    return ""


def _settled(item: OpenItem, given: dict) -> Settled:
    act = given["act"]
    return Settled(
        item,
        outcome=given["outcome"] if act == "finish" else "",
        to=given["to"] if act == "hand" else None,
        until=given["until"] if act == "park" else None,
        note=given["note"],
    )


def _others(request, shift: Shift) -> list[Turn]:
    turns = shift.turns.filter(removed_at=None, checked_in_at__isnull=False, checked_out_at=None)
    return list(turns.exclude(user=request.user).select_related("user"))


def _mine(request, shift: Shift) -> Turn | None:
    turns = shift.turns.filter(removed_at=None, checked_in_at__isnull=False, checked_out_at=None)
    return turns.filter(user=request.user).first()
