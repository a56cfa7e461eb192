"""The list of members with their dues, and the list of one branch and month."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from waystation.kernel import dated
from waystation.kernel.idempotency import idempotent
from waystation.kernel.money import ZERO
from waystation.kernel.paging import page_of
from waystation.kernel.toasts import toast
from waystation.organizations.access import Reach, requires
from waystation.organizations.models import Unit
from waystation.organizations.permissions import Permission
from waystation.stewardship.dues import actions, queries
from waystation.stewardship.dues.forms import BranchMonthForm, DuesFilterForm, SheetForm
from waystation.stewardship.dues.months import count, month_of
from waystation.stewardship.dues.queries.standing import last_over
from waystation.stewardship.dues.rules import PROMPT_MONTHS, WARN_MONTHS
from waystation.stewardship.people.models import Person

P = Permission


@dataclass
class Row:
    """A member as one row: what is owed this month and for how long nothing was recorded."""

    person: Person
    book: queries.Book
    row: queries.MonthRow
    months: int
    tone: str


def _chosen(form: DuesFilterForm) -> dict:
    form.is_valid()
    return {name: value for name, value in form.cleaned_data.items() if value}


def rows_of(people: list[Person], day: date) -> list[Row]:
    """The members with their books, in as many queries however many they are."""
    month, last = month_of(day), last_over(day)
    prompt, warn = dated.value(PROMPT_MONTHS, day), dated.value(WARN_MONTHS, day)
    books, found = queries.books_of(people), []
    for person in people:
        standing = getattr(person, "dues_standing", None)
        months = count(standing.owes_from, last) if standing else 0
        tone = "due" if months >= warn else "warn" if months >= prompt else ""
        found.append(Row(person, books[person.pk], books[person.pk].row(month), months, tone))
    return found


@requires(P.DUES_VIEW)
@require_safe
def dues_list(request):
    """Members of a branch in reach: what each owes a month, up to when it is paid, who is in arrears."""
    today = timezone.localdate()
    form = DuesFilterForm(request.GET or None, reach=request.reach)
    filters = _chosen(form) if form.is_bound else {}
    page = page_of(queries.dues_by(filters, request.reach, day=today), request.GET, by="name_key")
    reduce = Reach.of(request.user, P.DUES_REDUCE)
    context = {
        "form": form,
        "page": page,
        "rows": rows_of(page.rows, today),
        "standing": filters.get("standing", ""),
        "prompt": dated.value(PROMPT_MONTHS, today),
        "warn": dated.value(WARN_MONTHS, today),
        "may_record": bool(Reach.of(request.user, P.DUES_RECORD)),
        "may_export": bool(Reach.of(request.user, P.LEDGER_EXPORT)),
        "may_decide": bool(reduce),
        "filters": urlencode({k: v for k, v in request.GET.items() if k in form.fields and v}),
    }
    return render(request, "dues/list.html", context)


# --- the paper list of a branch and month ---------------------------------------------------------


def _own_branch(reach: Reach) -> Unit | None:
    """The branch of whoever keeps one; others choose."""
    return Unit.objects.filter(pk__in=reach.units, kind=Unit.Kind.BRANCH).order_by("path").first()


@requires(P.DUES_VIEW)
@require_http_methods(["GET", "HEAD", "POST"])
@idempotent
def branch_month(request):
    """A month of a branch in the order of its paper list: print it, and enter what was written on it."""
    month = f"{timezone.localdate():%Y-%m}"
    data = request.GET.copy()
    branches = queries.branches_of(request.reach)
    own = _own_branch(request.reach)
    if not data.get("branch") and own and branches is not None:
        data["branch"] = str(own.pk)
    asked = bool(data)  # before, nothing is missing
    data.setdefault("month", month)
    choice = BranchMonthForm(data if asked else None, month=month, reach=request.reach, branches=branches)
    context = {"choice": choice}
    if not choice.is_valid():
        return render(request, "dues/branch_month.html", context)
    branch, month = choice.cleaned_data["branch"], month_of(choice.cleaned_data["month"])
    return _sheet(request, branch, month, asked=data["branch"], context=context)


def _sheet(request, branch: Unit, month: date, *, asked: str, context: dict):
    people = list(queries.members_of(branch, request.reach)[:500])
    books = queries.books_of(people)
    rows = {pk: book.row(month) for pk, book in books.items()}
    may_record = _all_recordable(request.user, people)
    open_ones = [p for p in people if rows[p.pk].full is not None and not rows[p.pk].is_settled]
    dues = {pk: row.due for pk, row in rows.items()}
    posted = request.method == "POST"
    form = SheetForm(request.POST if posted else None, people=open_ones, branch=branch, dues=dues)
    left = []
    if posted and may_record and form.is_valid():
        given = form.cleaned_data
        done, left = actions.record_month(
            month, form.amounts(), paid_on=given["paid_on"], unit=given["unit"], by=request.user, at=timezone.now()
        )
        toast(request, ngettext("%(n)d payment is on record.", "%(n)d payments are on record.", done) % {"n": done})
        if not left:
            return redirect(f"{reverse('dues:branch-month')}?{urlencode({'branch': asked, 'month': f'{month:%Y-%m}'})}")
    controls = {p.pk: form.row(p) for p in open_ones}
    context |= {
        "branch": branch,
        "month": month,
        "form": form,
        "lines": [(p, rows[p.pk], books[p.pk].base_in(month), controls.get(p.pk)) for p in people],
        "left": left,
        "may_record": may_record,
        "today": timezone.localdate(),
        "has_open": bool(open_ones),
        "total_due": sum((row.due or ZERO for row in rows.values()), ZERO),
        "total_paid": sum((row.paid for row in rows.values()), ZERO),
    }
    return render(request, "dues/branch_month.html", context)


def _all_recordable(user, people: list[Person]) -> bool:
    """A station records for the members in its care, whatever their branch."""
    reach = Reach.of(user, P.DUES_RECORD)
    return bool(people) and all(reach.covers(p.home_path) or reach.covers(p.stay_path) for p in people)
