"""The staff of a station and its leave."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from waystation.kernel.idempotency import idempotent
from waystation.kernel.paging import page_of
from waystation.kernel.toasts import toast
from waystation.organizations.access import Reach, requires
from waystation.organizations.permissions import Permission
from waystation.stations.duty import ledgers
from waystation.stations.duty.actions import exports
from waystation.stations.duty.actions import postings as actions
from waystation.stations.duty.actions.postings import LeaveRefused, PostingRefused
from waystation.stations.duty.forms import (
    EndForm,
    LeaveFilterForm,
    LeaveForm,
    PostingForm,
    PostingTermsForm,
    ReasonForm,
    stations_in,
)
from waystation.stations.duty.models import Leave, Posting, Turn
from waystation.stations.duty.queries.swapping import leaves_by
from waystation.stations.duty.views.frame import at_station, covers, station_of, tabs
from waystation.stations.duty.views.rotas import as_file

P = Permission
PAGE = 50


def _posted(request, station):
    """The postings that the list shows, and whether they are those that are over."""
    rows, day = Posting.objects.filter(station=station).select_related("user"), timezone.localdate()
    is_past = request.GET.get("past") == "1"
    rows = rows.filter(ends_on__lte=day) if is_past else rows.exclude(ends_on__lte=day)
    return rows.order_by("-starts_on", "pk"), is_past


@requires(P.SHIFT_VIEW)
@require_safe
def posting_list(request):
    """Who is posted to the station, now and before."""
    station = station_of(request)
    rows, is_past = _posted(request, station)
    context = {
        "station": station, "stations": stations_in(request.reach), "is_past": is_past,
        "page": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "tabs": tabs(request, "staff", "posting-list", station),
        "may_manage": covers(request.user, P.POSTING_MANAGE, station),
        "may_export": covers(request.user, P.LEDGER_EXPORT, station),
    }  # fmt: skip
    return render(request, "duty/postings.html", context)


@requires(P.LEDGER_EXPORT)
@require_safe
def posting_export(request):
    """The postings of the list as a spreadsheet, of a station whose staff the user may see."""
    station, now = station_of(request, Reach.of(request.user, P.SHIFT_VIEW, also=P.LEDGER_EXPORT)), timezone.now()
    rows, _is_past = _posted(request, station)
    content, written = ledgers.postings_sheet(station, rows, by=request.user, at=now)
    exports.note_export(station, ledger="station staff", rows=written, by=request.user, at=now)
    return as_file(content, ledgers.XLSX, _("Staff") + f"-{station.name}-{timezone.localdate(now):%Y%m%d}.xlsx")


@requires(P.POSTING_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
@idempotent
def posting_new(request):
    """Post somebody to the station."""
    station = station_of(request)
    form = PostingForm(request.POST or None, station=station, initial={"most_week": 5, "most_month": 22})
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.open_posting(station=station, by=request.user, at=timezone.now(), **form.cleaned_data)
        except PostingRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            toast(request, _("%(name)s is posted here.") % {"name": made.user.full_name})
            return redirect(at_station("duty:posting-list", station))
    context = {
        "form": form, "title": _("New posting"), "sub": station.name, "station": station,
        "cancel": at_station("duty:posting-list", station),
    }  # fmt: skip
    return render(request, "duty/form.html", context)


def _posting_or_404(request, pk) -> Posting:
    return get_object_or_404(Posting.objects.within(request.reach).select_related("user", "station"), pk=pk)


@requires(P.POSTING_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
@idempotent
def posting_edit(request, pk):
    """What the person may open, and how often the person comes."""
    found = _posting_or_404(request, pk)
    initial = {name: getattr(found, name) for name in ("windows", "most_week", "most_month", "sent_by")}
    form = PostingTermsForm(request.POST or None, initial=initial)
    back = at_station("duty:posting-list", found.station)
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit_posting(found, by=request.user, at=timezone.now(), **form.cleaned_data)
        except PostingRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            toast(request, _("Saved."))
            return redirect(back)
    context = {"form": form, "title": _("Edit the posting"), "sub": found.user.full_name, "cancel": back}
    return render(request, "duty/form.html", context)


@requires(P.POSTING_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
@idempotent
def posting_end(request, pk):
    """End a posting."""
    found = _posting_or_404(request, pk)
    form = EndForm(request.POST or None, initial={"last_day": timezone.localdate()})
    back = at_station("duty:posting-list", found.station)
    if request.method == "POST" and form.is_valid():
        try:
            actions.end_posting(found, ends_on=form.ends_on, by=request.user, at=timezone.now())
        except PostingRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            toast(request, _("The posting ends."))
            return redirect(back)
    context = {"form": form, "title": _("End the posting"), "sub": found.user.full_name, "cancel": back}
    return render(request, "duty/form.html", context)


# --- leave ------------------------------------------------------------------------------------------


@requires(P.SHIFT_VIEW)
@require_safe
def leave_list(request):
    """Leave of the staff, the newest first."""
    form = LeaveFilterForm(request.GET or None)
    filters = form.cleaned_data if form.is_valid() else {}
    page = page_of(leaves_by(filters, request.reach), request.GET, newest_first=True)
    manage = Reach.of(request.user, P.ROTA_MANAGE)
    for leave in page.rows:
        is_own = leave.posting.user_id == request.user.pk
        leave.may_decide = leave.state == Leave.State.ASKED and not is_own and manage.covers(leave.posting.station.path)
        leave.may_withdraw = is_own and leave.state in (Leave.State.ASKED, Leave.State.GRANTED)
    context = {
        "form": form, "page": page, "tabs": tabs(request, "staff", "leave-list"),
        "may_ask": _own_postings(request).exists(), "may_enter": bool(manage),
    }  # fmt: skip
    return render(request, "duty/leaves.html", context)


def _own_postings(request):
    day = timezone.localdate()
    postings = Posting.objects.filter(user=request.user).exclude(ends_on__lte=day)
    return postings.select_related("user", "station").order_by("starts_on")


@requires(P.SHIFT_WORK)
@require_http_methods(["GET", "HEAD", "POST"])
@idempotent
def leave_ask(request):
    """Ask for leave oneself."""
    return _leave_form(request, _own_postings(request), actions.ask_leave, _("Ask for leave"))


@requires(P.ROTA_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
@idempotent
def leave_enter(request):
    """Write down leave for somebody of the staff, granted with it."""
    day = timezone.localdate()
    postings = Posting.objects.within(request.reach).exclude(ends_on__lte=day).exclude(user=request.user)
    postings = postings.select_related("user", "station").order_by("station__path", "user__full_name")
    return _leave_form(request, postings, actions.enter_leave, _("Enter leave"))


def _leave_form(request, postings, act, title):
    form = LeaveForm(request.POST or None, postings=postings)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            act(given["posting"], reason=given["reason"], by=request.user, at=timezone.now(), **form.days)
        except LeaveRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            toast(request, _("Saved."))
            return redirect("duty:leave-list")
    return render(request, "duty/form.html", {
        "form": form, "title": title, "sub": "", "cancel": reverse("duty:leave-list"),
    })  # fmt: skip


@requires(P.ROTA_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
@idempotent
def leave_decide(request, pk):
    """Grant leave, or refuse it with a reason."""
    rows = Leave.objects.within(request.reach).select_related("posting__user", "posting__station")
    leave = get_object_or_404(rows, pk=pk)
    form = ReasonForm(request.POST or None)
    grants = request.POST.get("answer") == "grant"
    if request.method == "POST" and (grants or form.is_valid()):
        note = "" if grants else form.cleaned_data["reason"]
        try:
            actions.decide_leave(leave, grants=grants, note=note, by=request.user, at=timezone.now())
        except LeaveRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            toast(request, _("Saved."))
            return redirect("duty:leave-list")
    turns = Turn.objects.live().filter(
        posting=leave.posting, shift__day__gte=leave.starts_on, shift__day__lt=leave.ends_on
    )
    context = {"leave": leave, "form": form, "turns": turns.select_related("shift").order_by("starts_at")}
    return render(request, "duty/leave.html", context)


@requires(P.SHIFT_WORK)
@require_POST
@idempotent
def leave_withdraw(request, pk):
    """Take one's own leave back."""
    leave = get_object_or_404(Leave.objects.within(request.reach).filter(posting__user=request.user), pk=pk)
    try:
        actions.withdraw_leave(leave, by=request.user, at=timezone.now())
    except LeaveRefused as refusal:
        toast(request, str(refusal))
    return redirect("duty:leave-list")
