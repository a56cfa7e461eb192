"""Excused members, and the home visits that are due."""

from __future__ import annotations

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from waystation.kernel import dated
from waystation.kernel.idempotency import idempotent
from waystation.kernel.paging import page_of
from waystation.kernel.sealing import Tampered
from waystation.kernel.toasts import toast
from waystation.organizations.access import Reach, requires
from waystation.organizations.permissions import Permission
from waystation.stewardship.contacts import actions, queries, rules
from waystation.stewardship.contacts.forms import (
    EndExcuseForm,
    ExcuseForm,
    PurposeForm,
    RenewForm,
    VisitFilterForm,
    chosen,
)
from waystation.stewardship.contacts.models import Excuse
from waystation.stewardship.contacts.views.common import may, named_person, powers, tabs

P = Permission
EXCUSE_TABS = ("review", "ended")


@requires(P.CONTACT_VIEW)
@require_safe
def visits(request):
    """Whom to visit at home, the longest not visited first."""
    today = timezone.localdate()
    form = VisitFilterForm(request.GET, reach=request.reach)
    rows = queries.visits_due(chosen(form), request.reach, day=today)
    context = {
        "tabs": tabs(request, "visit-list"),
        "form": form,
        "page": page_of(rows, request.GET),
        "days": dated.value(rules.VISIT_DAYS, today),
        "filters": request.GET.urlencode(),
        "may": may(request, P.CONTACT_LOG, P.LEDGER_EXPORT),
    }
    return render(request, "contacts/visits.html", context)


@requires(P.CONTACT_VIEW)
@require_safe
def excuses(request):
    """Members of whom nothing is required; those to be looked at again; those who take part again."""
    today = timezone.localdate()
    tab = request.GET.get("tab") if request.GET.get("tab") in EXCUSE_TABS else ""
    context = {
        "tabs": tabs(request, "excuse-list"),
        "tab": tab,
        "page": page_of(queries.excuses_by({"tab": tab}, request.reach, day=today), request.GET, newest_first=True),
        "review": queries.excuses_by({"tab": "review"}, request.reach, day=today).order_by()[:1000].count(),
        "today": today,
        "may": may(request, P.LEDGER_EXPORT),
    }
    return render(request, "contacts/excuses.html", context)


@requires(P.EXCUSE_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
@idempotent
def excuse_new(request):
    """Excuse one member."""
    person = named_person(request)
    form = ExcuseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.excuse_member(person, by=request.user, at=timezone.now(), **form.cleaned_data)
        except actions.ContactRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            toast(request, _("Nothing is required of %(name)s any more.") % {"name": person.full_name})
            return redirect("contacts:excuse", made.pk)
    return render(request, "contacts/excuse_new.html", {"form": form, "person": person})


def _excuse_or_404(reach: Reach, pk) -> Excuse:
    rows = Excuse.objects.within(reach).select_related("person", "granted_by", "ended_by")
    return get_object_or_404(rows, pk=pk)


def _excuse_page(request, row: Excuse, **more):
    context = {
        "row": row,
        "may": powers(request.user, row.person),
        "renew_form": RenewForm(),
        "end_form": EndExcuseForm(),
        "purpose_form": PurposeForm(),
        "today": timezone.localdate(),
        **more,
    }
    return render(request, "contacts/excuse.html", context)


@requires(P.CONTACT_VIEW)
@require_safe
def excuse(request, pk):
    """One excuse: why, since when, and when somebody looks again."""
    return _excuse_page(request, _excuse_or_404(request.reach, pk))


@requires(P.EXCUSE_MANAGE)
@require_POST
@idempotent
def excuse_renew(request, pk):
    """Somebody has looked again; it stands."""
    row, form = _excuse_or_404(request.reach, pk), RenewForm(request.POST)
    if form.is_valid():
        try:
            actions.renew_excuse(row, by=request.user, at=timezone.now(), **form.cleaned_data)
        except actions.ContactRefused as refusal:
            form.add_error("review_on", str(refusal))
        else:
            toast(request, _("Renewed."))
            return redirect("contacts:excuse", row.pk)
    return _excuse_page(request, row, renew_form=form, form=form)


@requires(P.EXCUSE_MANAGE)
@require_POST
@idempotent
def excuse_end(request, pk):
    """The member takes part again."""
    row, form = _excuse_or_404(request.reach, pk), EndExcuseForm(request.POST)
    if form.is_valid():
        try:
            actions.end_excuse(row, by=request.user, at=timezone.now(), **form.cleaned_data)
        except actions.ContactRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            toast(request, _("The excuse has ended."))
            return redirect("contacts:excuse", row.pk)
    return _excuse_page(request, row, end_form=form, form=form)


@requires(P.PERSON_REVEAL)
@require_POST
def excuse_reveal(request, pk):
    """What was said about health, for a minute, for a purpose, on the record."""
    row, form = _excuse_or_404(request.reach, pk), PurposeForm(request.POST)
    if not form.is_valid():
        raise Http404
    try:
        words = actions.open_facts(row, purpose=form.words, by=request.user, at=timezone.now())
    except Tampered:
        words = _("The value cannot be read. Tell the system administrator.")
    response = _excuse_page(request, row, shown=words or "—")
    response.headers["Refresh"] = "60"
    return response
