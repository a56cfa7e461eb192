"""Expenses: entered with a voucher, looked at, approved, returned, reversed, printed."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from waystation.kernel import files, scans
from waystation.kernel import papers as drawing
from waystation.kernel.idempotency import idempotent
from waystation.kernel.toasts import toast
from waystation.organizations.access import Reach, requires
from waystation.organizations.permissions import Permission
from waystation.stations.funds import actions, papers, queries
from waystation.stations.funds.forms import ExpenseForm, ReasonForm
from waystation.stations.funds.models import State
from waystation.stations.funds.views.common import account_or_404, expense_or_404, heading, may

P = Permission


@requires(P.FUND_ENTER)
@require_http_methods(["GET", "HEAD", "POST"])
@idempotent
def new(request, pk):
    """Enter an expense; another person approves it."""
    found = account_or_404(request.reach, pk)
    lines = queries.lines_of(found)
    form = ExpenseForm(request.POST or None, request.FILES or None, account=found, lines=lines)
    if request.method == "POST" and form.is_valid():
        made = _entered(request, found, form)
        if made is not None:
            toast(request, _("Entered as voucher %(number)s; it waits for approval.") % {"number": made.voucher_no})
            return redirect("funds:expense", made.pk)
    if form.errors and request.FILES and "voucher" not in form.errors:
        form.add_error("voucher", _("Choose the file once more: a browser does not keep it."))
    context = {"form": form, "account": found, "title": heading(found), "lines": lines}
    return render(request, "funds/expense_new.html", context)


def _entered(request, found, form):
    """The entry, or nothing and the reason on the form."""
    given = dict(form.cleaned_data)
    upload = given.pop("voucher")
    try:
        return actions.enter_expense(
            found, voucher=upload, voucher_name=upload.name, by=request.user, at=timezone.now(), **given
        )
    except files.UploadRefused as refusal:
        form.add_error("voucher", scans.refusal_words(refusal))
    except actions.LineOverspent as refusal:
        form.add_error("amount", str(refusal))
    except actions.FundRefused as refusal:
        form.add_error(None, str(refusal))
    return None


@requires(P.FUND_VIEW)
@require_safe
def expense(request, pk):
    """One expense with its voucher and its history."""
    return _page(request, expense_or_404(request.reach, pk))


def _page(request, found, *, form=None, doing="", problem=""):
    rights = may(request.user, found.account)
    own = found.entered_by_id == request.user.pk
    reversal = found.reversals.exclude(state=State.RETURNED).select_related("account").first()
    shown = found.voucher or (found.reverses and found.reverses.voucher)
    context = {
        "expense": found,
        "title": heading(found.account),
        "line": queries.line_of(found.line),
        "reversal": reversal,
        "own": own,
        "problem": problem,
        "doing": doing,
        "reason_form": form or ReasonForm(),
        "is_image": bool(shown) and scans.is_image(shown),
        "may_decide": found.state == State.ENTERED and rights["approve"] and not own,
        "may_reverse": found.state == State.BOOKED and not found.reverses_id and not reversal and rights["enter"],
    }
    return render(request, "funds/expense.html", context)


@require_POST
@requires(P.FUND_APPROVE)
@idempotent
def approve(request, pk):
    """Book the expense."""
    return _done(request, expense_or_404(request.reach, pk), actions.approve_expense, _("Booked."))


@require_POST
@requires(P.FUND_APPROVE)
@idempotent
def send_back(request, pk):
    """Return the entry to whoever made it."""
    return _with_reason(request, pk, "return", actions.return_expense, _("Returned."))


@require_POST
@requires(P.FUND_ENTER)
@idempotent
def reverse(request, pk):
    """Enter the reversal of a booked expense."""
    return _with_reason(request, pk, "reverse", actions.reverse_expense, _("The reversal waits for approval."))


def _with_reason(request, pk, doing: str, act, words: str):
    found = expense_or_404(request.reach, pk)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form=form, doing=doing)
    return _done(request, found, act, words, form.cleaned_data)


def _done(request, found, act, words: str, given: dict | None = None):
    try:
        made = act(found, by=request.user, at=timezone.now(), **(given or {}))
    except actions.FundRefused as refusal:
        return _page(request, expense_or_404(request.reach, found.pk), problem=str(refusal))
    toast(request, words)
    return redirect("funds:expense", made.pk)


# --- on paper -------------------------------------------------------------------------------------


@requires(P.FUND_VIEW)
@require_safe
def voucher(request, pk):
    """The scanned voucher: an image is shown, anything else is saved and opened outside the browser."""
    found = expense_or_404(request.reach, pk)
    if found.voucher is None:
        raise Http404
    return scans.answer(found.voucher)


@requires(P.FUND_VIEW)
@require_safe
def form(request, pk):
    """The voucher form to print, sign and file."""
    found, now = expense_or_404(request.reach, pk), timezone.now()
    try:
        content = papers.pdf(papers.expense_page(found, by=request.user, at=now))
    except drawing.NoPdf:
        return HttpResponse(papers.expense_page(found, by=request.user, at=now, without_pdf=True, request=request))
    name = f"voucher-{found.voucher_no}.pdf"
    return HttpResponse(
        content, content_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}"'}
    )


# --- the queue ------------------------------------------------------------------------------------

TABS = ("expenses", "changes", "reversals")


@requires(P.FUND_APPROVE)
@require_safe
def queue(request):
    """What waits for approval, the oldest first."""
    reach = Reach.of(request.user, P.FUND_APPROVE)
    waiting = {
        "expenses": queries.expenses_waiting(reach).select_related("account__station", "line", "entered_by"),
        "changes": queries.changes_waiting(reach).select_related("account__station", "giver", "taker", "entered_by"),
        "reversals": queries.reversals_waiting(reach).select_related("account__station", "entered_by"),
    }
    shown = request.GET.get("show") if request.GET.get("show") in TABS else "expenses"
    context = {
        "shown": shown,
        "counts": {name: rows.count() for name, rows in waiting.items()},
        "rows": waiting[shown].order_by("entered_at", "pk")[:200],
    }
    return render(request, "funds/queue.html", context)


@requires(P.FUND_ENTER)
@require_safe
def returned(request):
    """What the user entered and got back, with the reason; it is entered anew, not edited."""
    rows = queries.returned_to(request.user, request.reach, since=timezone.now())
    rows = rows.select_related("account__station", "line", "decided_by").order_by("-decided_at", "pk")[:200]
    return render(request, "funds/returned.html", {"rows": rows})
