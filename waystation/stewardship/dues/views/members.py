"""The dues of one member: the year, what was paid, by what it is reckoned, and what is asked in hardship."""

from __future__ import annotations

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from waystation.kernel.idempotency import idempotent
from waystation.kernel.money import ZERO
from waystation.kernel.toasts import toast
from waystation.organizations.access import requires
from waystation.organizations.permissions import Permission
from waystation.stewardship.dues import actions, queries
from waystation.stewardship.dues.forms import BaseForm, ReasonForm, RecordForm, ReductionForm
from waystation.stewardship.dues.models import DuesBase, DuesEntry, DuesReduction
from waystation.stewardship.dues.months import count, month_of
from waystation.stewardship.dues.queries.standing import last_over
from waystation.stewardship.dues.views.common import answering, covers, person_or_404

P = Permission
YEARS = range(2000, 2101)


@requires(P.DUES_VIEW)
@require_safe
def person(request, pk):
    """A year of a member, month by month, with everything on record."""
    found, today = person_or_404(request.reach, pk), timezone.localdate()
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdigit() and int(asked) in YEARS else today.year
    return render(request, "dues/person.html", _context(request, found, year, today))


def _context(request, found, year: int, today) -> dict:
    book = queries.book_of(found)
    rows = book.year(year)
    standing = getattr(found, "dues_standing", None)
    owed = [row for row in rows if row.month <= month_of(today)]
    entries = DuesEntry.objects.filter(person=found).select_related("unit", "recorded_by")
    return {
        "person": found,
        "year": year,
        "years": sorted({today.year, year, *_years(book, today)}, reverse=True),
        "rows": rows,
        "total_due": sum((row.due or ZERO for row in rows), ZERO),
        "total_paid": sum((row.paid for row in rows), ZERO),
        "difference": sum((row.difference for row in owed), ZERO),
        "entries": entries.prefetch_related("reversals").order_by("-paid_on", "-pk"),
        "bases": DuesBase.objects.filter(person=found).select_related("recorded_by").order_by("-starts_on", "-pk"),
        "reductions": DuesReduction.objects.filter(person=found).order_by("-starts_on", "-pk"),
        "answering": answering(found, today),
        "months": count(standing.owes_from, last_over(today)) if standing else 0,
        "unsettled": book.unsettled(last_over(today))[-24:],
        "has_base": bool(book.bases),
        "may_record": covers(request.user, P.DUES_RECORD, found),
        "reason_form": ReasonForm(),
        "today": today,
    }


def _years(book, today) -> list[int]:
    """The years from the first base, and of every payment."""
    first = min([book.since or today, *(entry.first_month for entry in book.entries)])
    return list(range(first.year, today.year + 1))


def _recordable_or_404(request, pk):
    found = person_or_404(request.reach, pk)
    if not covers(request.user, P.DUES_RECORD, found):
        raise Http404
    return found


@requires(P.DUES_RECORD)
@require_http_methods(["GET", "HEAD", "POST"])
@idempotent
def record(request, pk):
    """Record a payment that was received on paper. No money is taken here."""
    found, today = _recordable_or_404(request, pk), timezone.localdate()
    book = queries.book_of(found)
    month = _next(found, today)
    initial = {"amount": book.due(month), "first_month": month, "last_month": month}
    form = RecordForm(request.POST or None, person=found, accountable=answering(found, today), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.record(found, by=request.user, at=timezone.now(), **form.cleaned_data)
        except actions.DuesRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            toast(request, _("The payment is on record."))
            return redirect("dues:person", found.pk)
    return render(request, "dues/record.html", {"form": form, "person": found, "due": book.due(month), "month": month})


def _next(found, today):
    """The month that is to be paid next."""
    standing = getattr(found, "dues_standing", None)
    return standing.owes_from if standing else month_of(today)


@requires(P.DUES_RECORD)
@require_http_methods(["GET", "HEAD", "POST"])
@idempotent
def base_new(request, pk):
    """Set by what the dues of a member are reckoned from a month on."""
    found = _recordable_or_404(request, pk)
    form = BaseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_base(found, by=request.user, at=timezone.now(), **form.cleaned_data)
        except actions.DuesRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            toast(request, _("The base is set."))
            return redirect("dues:person", found.pk)
    rates = queries.tables().on(month_of(timezone.localdate()))
    return render(request, "dues/base_new.html", {"form": form, "person": found, "rates": rates})


@requires(P.DUES_RECORD)
@require_http_methods(["GET", "HEAD", "POST"])
@idempotent
def reduction_new(request, pk):
    """Ask that a member in hardship pay less or nothing; the committee above decides."""
    found = _recordable_or_404(request, pk)
    month = month_of(timezone.localdate())
    form = ReductionForm(request.POST or None, initial={"starts_on": month, "kind": "lower"})
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.ask_reduction(found, by=request.user, at=timezone.now(), **form.cleaned_data)
        except actions.DuesRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            toast(request, _("The request waits for approval."))
            return redirect("dues:reduction", made.pk)
    return render(request, "dues/reduction_new.html", {"form": form, "person": found})


# --- taking back ----------------------------------------------------------------------------------


def _with_reason(request, found, act, words: str, template: str, context: dict):
    """Do it with the reason that was written; ask for it on a page of its own where it is missing."""
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            act(by=request.user, at=timezone.now(), **form.cleaned_data)
        except actions.DuesRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            toast(request, words)
            return redirect("dues:person", found.pk)
    return render(request, template, {"form": form, "person": found, **context})


@requires(P.DUES_RECORD)
@require_http_methods(["GET", "HEAD", "POST"])
@idempotent
def reverse_entry(request, pk):
    """Reverse a wrong row of the ledger by another row."""
    entry = get_object_or_404(DuesEntry.objects.select_related("unit"), pk=pk)
    found = _recordable_or_404(request, entry.person_id)
    return _with_reason(
        request, found, lambda **how: actions.reverse(entry, **how), _("The row is reversed."), "dues/reverse.html",
        {"entry": entry},
    )  # fmt: skip


@requires(P.DUES_RECORD)
@require_POST
@idempotent
def base_withdraw(request, pk):
    """Withdraw a wrong base; the one before holds again."""
    base = get_object_or_404(DuesBase, pk=pk)
    found = _recordable_or_404(request, base.person_id)
    return _with_reason(
        request, found, lambda **how: actions.withdraw_base(base, **how), _("The base is withdrawn."),
        "dues/withdraw.html", {"base": base},
    )  # fmt: skip
