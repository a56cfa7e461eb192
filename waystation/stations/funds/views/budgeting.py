"""The budget of a year: lines, and changes that another person approves."""

from __future__ import annotations

from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from waystation.kernel.idempotency import idempotent
from waystation.kernel.toasts import toast
from waystation.organizations.access import requires
from waystation.organizations.permissions import Permission
from waystation.stations.funds import actions, queries
from waystation.stations.funds.forms import ChangeForm, LineForm, ReasonForm
from waystation.stations.funds.models import State
from waystation.stations.funds.views.common import account_or_404, change_or_404, heading, may

P = Permission


@requires(P.FUND_BUDGET)
@require_http_methods(["GET", "HEAD", "POST"])
@idempotent
def line_new(request, pk):
    """Add a line to the budget; its allotment waits for approval."""
    found = account_or_404(request.reach, pk)
    form = LineForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_line(found, by=request.user, at=timezone.now(), **form.cleaned_data)
        except actions.FundRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            toast(request, _("The line is added; its amount waits for approval."))
            return redirect("funds:account", found.pk)
    context = {
        "form": form,
        "account": found,
        "title": heading(found),
        "sums": queries.balance_of(found),
        "page_title": _("New budget line"),
    }
    return render(request, "funds/budget_form.html", context)


@requires(P.FUND_BUDGET)
@require_http_methods(["GET", "HEAD", "POST"])
@idempotent
def change_new(request, pk):
    """Propose to allot more to a line, to move money between two, or to give some back."""
    found = account_or_404(request.reach, pk)
    form = ChangeForm(request.POST or None, account=found)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.propose_change(found, by=request.user, at=timezone.now(), **form.cleaned_data)
        except actions.FundRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            toast(request, _("The change waits for approval."))
            return redirect("funds:change", made.pk)
    context = {
        "form": form,
        "account": found,
        "title": heading(found),
        "sums": queries.balance_of(found),
        "lines": queries.lines_of(found),
        "page_title": _("Change the budget"),
    }
    return render(request, "funds/budget_form.html", context)


@requires(P.FUND_VIEW)
@require_safe
def change(request, pk):
    """One change of the budget and what is said of it."""
    return _page(request, change_or_404(request.reach, pk))


def _page(request, found, *, form=None, problem=""):
    own = found.entered_by_id == request.user.pk
    context = {
        "change": found,
        "title": heading(found.account),
        "sums": queries.balance_of(found.account),
        "giver": queries.line_of(found.giver) if found.giver else None,
        "taker": queries.line_of(found.taker) if found.taker else None,
        "own": own,
        "problem": problem,
        "reason_form": form or ReasonForm(),
        "may_decide": found.state == State.ENTERED and may(request.user, found.account)["approve"] and not own,
    }
    return render(request, "funds/change.html", context)


@require_POST
@requires(P.FUND_APPROVE)
@idempotent
def approve(request, pk):
    """Let the change hold."""
    return _decided(request, change_or_404(request.reach, pk), actions.approve_change, _("The change holds."))


@require_POST
@requires(P.FUND_APPROVE)
@idempotent
def send_back(request, pk):
    """Return the change with the reason."""
    found = change_or_404(request.reach, pk)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form=form)
    return _decided(request, found, actions.return_change, _("Returned."), form.cleaned_data)


def _decided(request, found, act, words: str, given: dict | None = None):
    try:
        act(found, by=request.user, at=timezone.now(), **(given or {}))
    except actions.FundRefused as refusal:
        return _page(request, change_or_404(request.reach, found.pk), problem=str(refusal))
    toast(request, words)
    return redirect("funds:change", found.pk)
