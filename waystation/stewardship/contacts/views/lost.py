"""Lost contact: who may be lost, the cases, and each step of a case."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from waystation.kernel import dated
from waystation.kernel import papers as kernel_papers
from waystation.kernel.idempotency import idempotent
from waystation.kernel.paging import page_of
from waystation.kernel.toasts import toast
from waystation.organizations.access import Reach, requires
from waystation.organizations.permissions import Permission
from waystation.stewardship.contacts import actions, papers, queries, rules
from waystation.stewardship.contacts.forms import DecisionForm, FoundForm, ReasonForm, ReportForm, StepForm
from waystation.stewardship.contacts.models import LostContact
from waystation.stewardship.contacts.queries.sections import about
from waystation.stewardship.contacts.views.common import may, named_person, powers, tabs
from waystation.stewardship.people.actions import reveal_field

P = Permission
LOST_TABS = ("searching", "suspended", "decide", "closed")


@requires(P.CONTACT_VIEW)
@require_safe
def lost_list(request):
    """Who may be lost, and the cases by their stage."""
    today, reach = timezone.localdate(), request.reach
    tab = request.GET.get("tab") if request.GET.get("tab") in LOST_TABS else ""
    rows = queries.cases_by({"tab": tab}, reach, day=today) if tab else queries.lost_prompts({}, reach, day=today)
    page = page_of(rows, request.GET) if tab else page_of(rows, request.GET, by="quiet_since")
    context = {
        "tabs": tabs(request, "lost-list"),
        "tab": tab,
        "page": page,
        "today": today,
        "months": dated.value(rules.PROMPT_MONTHS, today),
        "may": may(request, P.LEDGER_EXPORT, P.LOST_REPORT),
    }
    return render(request, "contacts/lost_list.html", context)


@requires(P.LOST_REPORT)
@require_http_methods(["GET", "HEAD", "POST"])
@idempotent
def report(request):
    """Report that contact with a member is lost."""
    person = named_person(request)
    seen = about(person, timezone.localdate())
    form = ReportForm(request.POST or None, initial={"lost_since": seen.state.quiet_since})
    if request.method == "POST" and form.is_valid():
        unit = queries.unit_for(request.user, person, P.LOST_REPORT)
        try:
            case = actions.report_lost(person, unit=unit, by=request.user, at=timezone.now(), **form.cleaned_data)
        except actions.ContactRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            toast(request, _("The search for %(name)s has begun.") % {"name": person.full_name})
            return redirect("contacts:lost", case.pk)
    return render(request, "contacts/report.html", {"form": form, "person": person, "about": seen})


def _case_or_404(reach: Reach, pk) -> LostContact:
    rows = LostContact.objects.within(reach).select_related(
        "person__home", "person__station", "unit", "reported_by", "suspended_by", "removed_by", "closed_by"
    )
    return get_object_or_404(rows, pk=pk)


def _case_page(request, case: LostContact, **more):
    """The case with the forms of what can be done next; `more` holds the one that was sent."""
    able = powers(request.user, case.person)
    context = {
        "case": case,
        "paper": papers.paper_of(case),
        "timers": queries.timers(case, day=timezone.localdate()),
        "steps": case.steps.select_related("recorded_by").order_by("searched_on", "pk"),
        "may": able | {"decide": able["decide"] and case.reported_by_id != request.user.pk},
        "is_reporter": able["decide"] and case.reported_by_id == request.user.pk,
        "step_form": StepForm(),
        "decision_form": DecisionForm(),
        "found_form": FoundForm(),
        "mistake_form": ReasonForm(),
        **more,
    }
    return render(request, "contacts/case.html", context)


@requires(P.CONTACT_VIEW)
@require_safe
def case(request, pk):
    """One case: its stage, its timers, how the member was searched for."""
    return _case_page(request, _case_or_404(request.reach, pk))


@requires(P.CONTACT_VIEW)
@require_safe
def paper(request, pk):
    """The official paper of the search as PDF. Numbers stand on it for those who may read them, on the record."""
    found, now = _case_or_404(request.reach, pk), timezone.now()
    if not papers.paper_of(found):
        raise Http404
    may_reveal = powers(request.user, found.person)["reveal"]
    if may_reveal:
        for field in papers.numbers_on(found):
            purpose = _("Registration paper of a search")
            reveal_field(found.person, field=field, purpose=purpose, by=request.user, at=now)
    draw = partial(papers.html, found, by=request.user, at=now, with_numbers=may_reveal)
    return kernel_papers.answer(request, draw, pdf=papers.pdf, name=f"search-{found.pk.hex[-10:]}.pdf")


def _act(request, pk, form, name: str, act: Callable, words: str):
    """Send one form of the case page to its action; a refusal is shown where the form stands."""
    found = _case_or_404(request.reach, pk)
    if form.is_valid():
        try:
            act(found, form.cleaned_data)
        except actions.ContactRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            toast(request, words)
            return redirect("contacts:lost", found.pk)
    return _case_page(request, found, **{name: form, "form": form})


@requires(P.LOST_REPORT)
@require_POST
@idempotent
def step(request, pk):
    """One more way of searching."""

    def act(found, given):
        actions.add_step(found, by=request.user, at=timezone.now(), **given)

    return _act(request, pk, StepForm(request.POST), "step_form", act, _("Recorded."))


@requires(P.LOST_DECIDE)
@require_POST
@idempotent
def suspend(request, pk):
    """The decision that ends stage one."""

    def act(found, given):
        actions.suspend_membership(found, by=request.user, at=timezone.now(), **given)

    form = DecisionForm(request.POST)
    return _act(request, pk, form, "decision_form", act, _("The suspension of the membership is recorded."))


@requires(P.LOST_DECIDE)
@require_POST
@idempotent
def remove(request, pk):
    """The decision that ends stage two."""

    def act(found, given):
        actions.remove_member(found, note="", by=request.user, at=timezone.now(), **given)

    form = DecisionForm(request.POST)
    return _act(request, pk, form, "decision_form", act, _("The removal is recorded; the case is closed."))


@requires(P.LOST_REPORT)
@require_POST
@idempotent
def found(request, pk):
    """The member was found."""
    form = FoundForm(request.POST)

    def act(case, given):
        actions.close_found(case, form.said, note=given["note"], by=request.user, at=timezone.now())

    return _act(request, pk, form, "found_form", act, _("Found again; the case is closed."))


@requires(P.LOST_REPORT)
@require_POST
@idempotent
def mistaken(request, pk):
    """The report was a mistake."""

    def act(case, given):
        actions.close_mistaken(case, note=given["reason"], by=request.user, at=timezone.now())

    return _act(request, pk, ReasonForm(request.POST), "mistake_form", act, _("The case is closed."))
