"""The list of accounts, the year of a station, its ledger, and the end of the year."""

from __future__ import annotations

import io

from django.core.paginator import Paginator
from django.db.models import Q, Sum
from django.http import FileResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from waystation.kernel.idempotency import idempotent
from waystation.kernel.money import ZERO
from waystation.kernel.toasts import toast
from waystation.organizations.access import Reach, requires
from waystation.organizations.permissions import Permission
from waystation.stations.funds import actions, ledgers, queries
from waystation.stations.funds.actions.exports import note_ledger
from waystation.stations.funds.forms import AccountFilterForm
from waystation.stations.funds.models import Account, Appropriation, BudgetChange, BudgetLine, Expense, State
from waystation.stations.funds.queries.balances import sums_of, with_balances
from waystation.stations.funds.views.common import account_or_404, heading, may

P = Permission
PAGE = 50
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@requires(P.FUND_VIEW)
@require_safe
def account_list(request):
    """The accounts in reach with their balances; whoever has one station lands on its year of today."""
    accounts = Account.objects.within(request.reach)
    years = list(accounts.values_list("year", flat=True).distinct().order_by("-year"))
    form = AccountFilterForm(request.GET or None, years=years)
    year = form.cleaned_data.get("year") if form.is_valid() else None
    if year:
        accounts = accounts.filter(year=year)
    rows = with_balances(accounts.select_related("station")).order_by("-year", "station__path")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    for row in page.object_list:
        row.sums = sums_of(row)
    context = {
        "page": page,
        "form": form,
        "may_grant": bool(Reach.of(request.user, P.FUND_GRANT)),
        "may_decide": bool(Reach.of(request.user, P.FUND_APPROVE)),
    }
    return render(request, "funds/list.html", context)


@requires(P.FUND_VIEW)
@require_safe
def account(request, pk):
    """A station's year: what came, how the budget divides it, what is spent, and what is left."""
    found = account_or_404(request.reach, pk)
    grants = Appropriation.objects.filter(account=found).exclude(state=State.RETURNED)
    lines = queries.lines_of(found)
    context = {
        "account": found,
        "title": heading(found),
        "sums": queries.balance_of(found),
        "lines": lines,
        "line_totals": {
            name: sum((getattr(line, name) for line in lines), ZERO)
            for name in ("allotted", "spent", "pending", "left")
        },
        "grants": grants.order_by("granted_on", "pk"),
        "changes": BudgetChange.objects.filter(account=found, state=State.ENTERED).select_related("giver", "taker"),
        "years": Account.objects.within(request.reach).filter(station=found.station).order_by("-year"),
        "may": may(request.user, found),
    }
    return render(request, "funds/account.html", context)


# --- the rows behind every number -----------------------------------------------------------------

SHOWN = {
    "all": gettext_lazy("Ledger"),
    "received": pgettext_lazy("fund", "Received"),
    "granted": pgettext_lazy("fund", "Granted"),
    "spent": pgettext_lazy("fund", "Spent"),
    "pending": pgettext_lazy("entry", "Waiting for approval"),
    "returned": pgettext_lazy("entry", "Returned"),
    "changes": gettext_lazy("Changes of the budget"),
}


@requires(P.FUND_VIEW)
@require_safe
def ledger(request, pk):
    """The rows behind a number of the account: all that is booked, or one kind, of one line or all."""
    found = account_or_404(request.reach, pk)
    shown = request.GET.get("show") if request.GET.get("show") in SHOWN else "all"
    line = _line(found, request.GET.get("line"))
    rows, total = _rows(found, shown, line)
    context = {
        "account": found,
        "title": heading(found),
        "shown": shown,
        "tabs": SHOWN,
        "line": line,
        "total": total,
        "page": Paginator(rows, PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "funds/ledger.html", context)


@requires(P.FUND_VIEW)
@require_safe
def ledger_xlsx(request, pk):
    """Everything booked in the account, as a spreadsheet to hand up."""
    found, now, stream = account_or_404(request.reach, pk), timezone.now(), io.BytesIO()
    written = ledgers.write_account(stream, found, queries.ledger_of(found), by=request.user, at=now)
    note_ledger(found.station, rows=written, by=request.user, at=now)
    stream.seek(0)
    return FileResponse(stream, as_attachment=True, filename=f"{ledgers.title(found)}.xlsx", content_type=XLSX)


def _line(found: Account, text: str | None) -> BudgetLine | None:
    """The line that the address names; none for anything else."""
    return next((one for one in BudgetLine.objects.filter(account=found) if str(one.pk) == text), None)


def _rows(found: Account, shown: str, line: BudgetLine | None):
    """The rows and their sum, which is the number that leads here."""
    if shown == "all":
        rows = queries.ledger_of(found)
        return rows, rows[-1].balance if rows else ZERO
    if shown in ("received", "granted"):
        grants = Appropriation.objects.filter(account=found, state=State.BOOKED)
        if shown == "received":
            grants = grants.filter(received_on__isnull=False)
        return grants.order_by("granted_on", "pk"), _sum(grants)
    if shown == "changes":
        changes = BudgetChange.objects.filter(account=found)
        if line:
            changes = changes.filter(Q(giver=line) | Q(taker=line))
        booked = changes.filter(state=State.BOOKED)
        total = _sum(booked.filter(taker=line) if line else booked.filter(taker__isnull=False))
        total -= _sum(booked.filter(giver=line) if line else booked.filter(giver__isnull=False))
        return changes.select_related("giver", "taker", "entered_by", "decided_by").order_by("-pk"), total
    state = {"spent": State.BOOKED, "pending": State.ENTERED, "returned": State.RETURNED}[shown]
    expenses = Expense.objects.filter(account=found, state=state)
    if line:
        expenses = expenses.filter(line=line)
    return expenses.select_related("account", "line", "entered_by", "decided_by").order_by("-number"), _sum(expenses)


def _sum(rows):
    return rows.order_by().aggregate(total=Sum("amount"))["total"] or ZERO


# --- the end of the year --------------------------------------------------------------------------


@requires(P.FUND_APPROVE)
@require_http_methods(["GET", "HEAD", "POST"])
@idempotent
def close(request, pk):
    """Close the year after everything is decided; what is left is carried over."""
    found = account_or_404(request.reach, pk)
    problem = ""
    if request.method == "POST":
        try:
            actions.close_account(found, by=request.user, at=timezone.now())
        except actions.FundRefused as refusal:
            problem = str(refusal)
        else:
            toast(request, _("The year %(year)s is closed.") % {"year": found.year})
            return redirect("funds:account", found.pk)
    context = {"account": found, "title": heading(found), "sums": queries.balance_of(found), "problem": problem}
    return render(request, "funds/close.html", context)
