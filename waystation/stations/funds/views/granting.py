"""Appropriations: recorded one by one or for all stations, received, taken back."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from waystation.kernel.idempotency import idempotent
from waystation.kernel.toasts import toast
from waystation.organizations.access import requires
from waystation.organizations.permissions import Permission
from waystation.stations.funds import actions, queries
from waystation.stations.funds.forms import DayForm, GrantAllForm, GrantForm, ReasonForm, stations_in
from waystation.stations.funds.models import Appropriation, State
from waystation.stations.funds.views.common import grant_or_404, heading, may

P = Permission
PAGE = 50


@requires(P.FUND_GRANT)
@require_http_methods(["GET", "HEAD", "POST"])
@idempotent
def new(request):
    """Record an appropriation to one station."""
    initial = {"station": request.GET.get("station")} if request.GET.get("station", "").isdigit() else None
    form = GrantForm(request.POST or None, reach=request.reach, initial=initial)
    if request.method == "POST" and form.is_valid():
        station = form.cleaned_data.pop("station")
        try:
            made = actions.grant(station, by=request.user, at=timezone.now(), **form.cleaned_data)
        except actions.FundRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            toast(request, _("The appropriation is recorded."))
            return redirect("funds:account", made.account_id)
    return render(request, "funds/grant_new.html", {"form": form})


@requires(P.FUND_GRANT)
@require_http_methods(["GET", "HEAD", "POST"])
@idempotent
def new_for_all(request):
    """Record the grant of the year for every station in reach that has none yet."""
    form = GrantAllForm(request.POST or None, reach=request.reach)
    stations = stations_in(request.reach)
    if request.method == "POST" and form.is_valid():
        done = actions.grant_to_all(stations, by=request.user, at=timezone.now(), **form.cleaned_data)
        words = ngettext("Recorded for %(n)d station.", "Recorded for %(n)d stations.", done)
        toast(request, words % {"n": done})
        return redirect("funds:list")
    year, source = timezone.localdate().year, queries.own_source(request.reach)
    lacking = queries.stations_without(request.reach, source, year)
    context = {
        "form": form,
        "year": year,
        "source": Appropriation.Source(source).label,
        "page": Paginator(lacking, PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "funds/grant_all.html", context)


@requires(P.FUND_VIEW)
@require_safe
def grant(request, pk):
    """One appropriation, or the reversal of one, and what can be done with it."""
    return _page(request, grant_or_404(request.reach, pk))


def _page(request, found, *, form=None, doing="", problem=""):
    rights = may(request.user, found.account)
    reversal = found.reversals.exclude(state=State.RETURNED).first()
    booked = found.state == State.BOOKED and found.reverses_id is None and reversal is None
    own = found.entered_by_id == request.user.pk
    context = {
        "grant": found,
        "title": heading(found.account),
        "reversal": reversal,
        "own": own,
        "problem": problem,
        "doing": doing,
        "day_form": form if doing == "receive" else DayForm(),
        "reason_form": form if doing in ("reverse", "return") else ReasonForm(),
        "may_receive": booked and found.received_on is None and (rights["enter"] or rights["grant"]),
        "may_reverse": booked and found.source != found.Source.CARRIED and rights["grant"],
        "may_decide": found.state == State.ENTERED and rights["approve"] and not own,
    }
    return render(request, "funds/grant.html", context)


@require_POST
@requires(P.FUND_VIEW)
@idempotent
def receive(request, pk):
    """Enter the day on which the money came: the station's officers, or whoever granted it."""
    found = grant_or_404(request.reach, pk)
    form = DayForm(request.POST)
    rights = may(request.user, found.account)
    if not (rights["enter"] or rights["grant"]):
        return _page(request, found, problem=_("The station, or whoever granted the money, enters the day."))
    if not form.is_valid():
        return _page(request, found, form=form, doing="receive")
    return _done(request, found, actions.receive, _("The day is entered."), form.cleaned_data)


@require_POST
@requires(P.FUND_GRANT)
@idempotent
def reverse(request, pk):
    """Ask that the appropriation be taken back."""
    found = grant_or_404(request.reach, pk)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form=form, doing="reverse")
    return _done(request, found, actions.reverse_grant, _("The reversal waits for approval."), form.cleaned_data)


@require_POST
@requires(P.FUND_APPROVE)
@idempotent
def approve(request, pk):
    """Take the appropriation back."""
    return _done(request, grant_or_404(request.reach, pk), actions.approve_grant_reversal, _("Booked."))


@require_POST
@requires(P.FUND_APPROVE)
@idempotent
def send_back(request, pk):
    """Leave the appropriation as it is."""
    found = grant_or_404(request.reach, pk)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form=form, doing="return")
    return _done(request, found, actions.return_grant_reversal, _("Returned."), form.cleaned_data)


def _done(request, found, act, words: str, given: dict | None = None):
    """Do it and go to the page of what came of it; a refusal is shown on the page it came from."""
    try:
        made = act(found, by=request.user, at=timezone.now(), **(given or {}))
    except actions.FundRefused as refusal:
        return _page(request, grant_or_404(request.reach, found.pk), problem=str(refusal))
    toast(request, words)
    return redirect("funds:grant", made.pk)
