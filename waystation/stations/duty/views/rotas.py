"""The duty rota: a month, its shifts, and how it is drawn up."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from waystation.kernel import papers
from waystation.kernel.idempotency import idempotent
from waystation.kernel.toasts import toast
from waystation.organizations.access import requires
from waystation.organizations.permissions import Permission
from waystation.stations.duty import ledgers
from waystation.stations.duty.actions import exports, rotas, turns
from waystation.stations.duty.actions.rotas import RotaRefused
from waystation.stations.duty.actions.turns import TurnRefused
from waystation.stations.duty.forms import PutOnForm, ReasonForm, posted_here, stations_in
from waystation.stations.duty.models import Rota, Shift, Turn
from waystation.stations.duty.queries.days import month_before, month_words, next_month
from waystation.stations.duty.queries.fairness import burdens
from waystation.stations.duty.queries.gaps import candidates, reasons, staffed
from waystation.stations.duty.queries.monthly import month_of
from waystation.stations.duty.views.frame import at_station, covers, month_asked, station_of, tabs

P = Permission


@requires(P.SHIFT_VIEW)
@require_safe
def rota(request):
    """The month as a table, where it is short and why, and who bears how much."""
    station, month = station_of(request), month_asked(request)
    may_manage = covers(request.user, P.ROTA_MANAGE, station)
    found = month_of(station, month, with_drafts=may_manage)
    context = {
        "station": station,
        "stations": stations_in(request.reach),
        "tabs": tabs(request, "rota", "rota", station),
        "month": found,
        "words": month_words(month),
        "before": at_station("duty:rota", station, month_before(month)),
        "after": at_station("duty:rota", station, next_month(month)),
        "burdens": burdens(station, month) if found.rota else [],
        "why": [(one, found.why.get(one.shift.pk, [])) for one in found.short],
        "may_manage": may_manage,
        "is_over": next_month(month) <= timezone.localdate(),
        "today": timezone.localdate(),
    }
    return render(request, "duty/rota.html", context)


@requires(P.SHIFT_VIEW)
@require_safe
def rota_sheet(request):
    """The month as a spreadsheet."""
    station, month = station_of(request), month_asked(request)
    found = month_of(station, month, with_drafts=covers(request.user, P.ROTA_MANAGE, station), explains=False)
    now = timezone.now()
    exports.note_export(station, ledger="duty rota", rows=len(found.lines), by=request.user, at=now)
    content = ledgers.rota_sheet(found, by=request.user, at=now)
    return as_file(content, ledgers.XLSX, f"{ledgers.rota_title(found)}.xlsx")


@requires(P.SHIFT_VIEW)
@require_safe
def rota_paper(request):
    """The month on A4, to hang on the wall."""
    station, month = station_of(request), month_asked(request)
    found = month_of(station, month, with_drafts=covers(request.user, P.ROTA_MANAGE, station), explains=False)
    now = timezone.now()
    try:
        content = ledgers.rota_paper(found, by=request.user, at=now)
    except papers.NoPdf:
        toast(request, _("PDF files cannot be drawn on this computer; take the spreadsheet."))
        return redirect(at_station("duty:rota", station, month))
    exports.note_export(station, ledger="duty rota", rows=len(found.lines), by=request.user, at=now)
    return as_file(content, "application/pdf", f"{ledgers.rota_title(found)}.pdf", inline=True)


def as_file(content: bytes, kind: str, name: str, *, inline: bool = False) -> HttpResponse:
    """A made file with its name."""
    response = HttpResponse(content, content_type=kind)
    safe = name.replace('"', "").replace("/", "-")
    disposition = "inline" if inline else "attachment"
    response.headers["Content-Disposition"] = f'{disposition}; filename="{safe}"'
    return response


@requires(P.ROTA_MANAGE)
@require_POST
@idempotent
def make(request):
    """Let a job draw up the month."""
    station, month = station_of(request), month_asked(request)
    try:
        job = rotas.start_rota(station, month, by=request.user, at=timezone.now())
    except RotaRefused as refusal:
        toast(request, str(refusal))
        return redirect(at_station("duty:rota", station, month))
    return redirect("web:job", job.pk)


@requires(P.ROTA_MANAGE)
@require_POST
@idempotent
def publish(request, pk):
    """Tell the staff."""
    found = get_object_or_404(Rota.objects.within(request.reach).select_related("station"), pk=pk)
    try:
        rotas.publish_rota(found, by=request.user, at=timezone.now())
    except RotaRefused as refusal:
        toast(request, str(refusal))
    else:
        toast(request, _("The rota is published."))
    return redirect(at_station("duty:rota", found.station, found.month))


# --- one shift --------------------------------------------------------------------------------------


def _shift_or_404(request, pk) -> Shift:
    """A shift in reach; one of a draft only for those who draw rotas up."""
    found = get_object_or_404(Shift.objects.within(request.reach).select_related("station", "rota"), pk=pk)
    if not found.rota.is_published and not covers(request.user, P.ROTA_MANAGE, found.station):
        return get_object_or_404(Shift.objects.none(), pk=pk)
    return found


@requires(P.SHIFT_VIEW)
@require_safe
def shift(request, pk):
    """One shift: who is on it, what it lacks and why, what it holds."""
    return _shift_page(request, _shift_or_404(request, pk))


def _shift_page(request, found: Shift, *, form=None, cancel_form=None):
    may_manage = covers(request.user, P.ROTA_MANAGE, found.station)
    is_open = found.cancelled_at is None and found.closed_at is None and found.ends_at > timezone.now()
    (one,) = staffed([found])
    context = {
        "shift": found, "one": one, "why": reasons([one]).get(found.pk, []),
        "gone": found.turns.filter(removed_at__isnull=False).select_related("user").order_by("removed_at"),
        "items": found.items.filter(done_at=None).order_by("due_key", "pk")[:50],
        "candidates": candidates(found) if may_manage and is_open else [],
        "may_change": may_manage and is_open, "has_begun": found.starts_at <= timezone.now(),
        "form": form or PutOnForm(postings=posted_here(found.station, found.day)),
        "cancel_form": cancel_form or ReasonForm(), "mine": [t for t in one.turns if t.user_id == request.user.pk],
    }  # fmt: skip
    return render(request, "duty/shift.html", context)


@requires(P.ROTA_MANAGE)
@require_POST
@idempotent
def put_on(request, pk):
    """Put somebody on the shift, with a reason."""
    found = _shift_or_404(request, pk)
    form = PutOnForm(request.POST, postings=posted_here(found.station, found.day))
    if form.is_valid():
        try:
            turns.put_on(found, by=request.user, at=timezone.now(), **form.cleaned_data)
        except TurnRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            toast(request, _("%(name)s is on this shift.") % {"name": form.cleaned_data["posting"].user.full_name})
            return redirect("duty:shift", pk=found.pk)
    return _shift_page(request, found, form=form)


def _turn_or_404(request, pk) -> Turn:
    rows = Turn.objects.live().within(request.reach).select_related("shift__station", "shift__rota", "user")
    return get_object_or_404(rows, pk=pk)


@requires(P.ROTA_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
@idempotent
def take_off(request, pk):
    """Take somebody off a shift, with a reason."""
    turn = _turn_or_404(request, pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            turns.take_off(turn, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now())
        except TurnRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            toast(request, _("%(name)s is off this shift.") % {"name": turn.user.full_name})
            return redirect("duty:shift", pk=turn.shift_id)
    title = _("Take %(name)s off the shift") % {"name": turn.user.full_name}
    context = {
        "form": form,
        "title": title,
        "sub": str(turn.shift),
        "cancel": reverse("duty:shift", args=[turn.shift_id]),
    }
    return render(request, "duty/form.html", context)


@requires(P.ROTA_MANAGE)
@require_POST
@idempotent
def keep(request, pk):
    """Let the next draft keep this person here, or leave it free."""
    turn = _turn_or_404(request, pk)
    turns.keep_turn(turn, is_fixed=not turn.is_fixed, by=request.user, at=timezone.now())
    return redirect("duty:shift", pk=turn.shift_id)


@requires(P.ROTA_MANAGE)
@require_POST
@idempotent
def cancel(request, pk):
    """Keep this one shift not at all."""
    found = _shift_or_404(request, pk)
    form = ReasonForm(request.POST)
    if form.is_valid():
        try:
            rotas.cancel_shift(found, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now())
        except RotaRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            toast(request, _("The shift was cancelled."))
            return redirect(at_station("duty:rota", found.station, found.rota.month))
    return _shift_page(request, found, cancel_form=form)
