"""Pages of hours: the list, one member's year, and what members reported."""

from __future__ import annotations

from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from waystation.kernel import dated
from waystation.kernel.idempotency import idempotent
from waystation.kernel.paging import page_of
from waystation.kernel.toasts import toast
from waystation.organizations.access import Reach, requires
from waystation.stewardship.education import actions, rules
from waystation.stewardship.education.forms import LearnerFilterForm, ReasonForm, RecordForm
from waystation.stewardship.education.models import Delivery, LearningRecord
from waystation.stewardship.education.queries.learning import (
    claims_by,
    excused_among,
    learners_by,
    records_of,
    totals_of,
    years_of,
)
from waystation.stewardship.education.queries.occasions import attended
from waystation.stewardship.education.queries.totals import by_source, is_newcomer, reminds, with_target
from waystation.stewardship.education.views.common import P, may, year_asked
from waystation.stewardship.people.actions import note_sighting
from waystation.stewardship.people.models import Person
from waystation.stewardship.people.queries import sight

Source = LearningRecord.Source


@requires(P.EDUCATION_VIEW)
@require_safe
def learning(request):
    """Members by name with the hours of a year; on request only those behind."""
    today = timezone.localdate()
    form = LearnerFilterForm(request.GET or None, reach=request.reach)
    filters = form.filters
    year = today.year if filters.get("behind") else filters.get("year") or today.year
    people = with_target(learners_by(filters, request.reach, today), today)
    page = page_of(people, request.GET, by="name_key")
    ids = [person.pk for person in page.rows]
    totals, parts, excused = totals_of(ids, year), by_source(ids, year), excused_among(ids, today)
    for person in page.rows:
        person.hours = totals.get(person.pk, 0)
        person.parts = _parts(parts.get(person.pk))
        person.is_excused = person.pk in excused
    context = {
        "page": page,
        "form": form,
        "year": year,
        "sources": [source.label for source in Source],
        "reminds": reminds(today),
        "from_month": dated.value(rules.REMIND_FROM, today),
        "target": dated.value(rules.HOURS, today),
        "claims": claims_by(request.reach).count(),
        "may": may(request.user),
        "filters": request.GET.urlencode(),
    }
    return render(request, "education/learning.html", context)


def _parts(sources) -> list[tuple]:
    found = sources.by_source if sources else {}
    return [(source.label, found.get(source.value)) for source in Source]


def _person_or_404(reach: Reach, pk) -> Person:
    people = Person.objects.living().within(reach).select_related("home", "station")
    return get_object_or_404(people, pk=pk)


@requires(P.EDUCATION_VIEW)
@require_safe
def person(request, pk):
    """One member's year: hours with the rows behind them, occasions, and study brought home."""
    found = _person_or_404(request.reach, pk)
    today = timezone.localdate()
    year = year_asked(request, today)
    seen = sight(request.user, found, request.reach)
    note_sighting(found, by=request.user, at=timezone.now(), relations=tuple(sorted(seen.relations)))
    sources = by_source([found.pk], year).get(found.pk)
    context = {
        "person": found,
        "year": year,
        "years": sorted({today.year, *years_of(found)}, reverse=True),
        "records": records_of(found, year),
        "total": totals_of([found.pk], year).get(found.pk, 0),
        "parts": [(label, hours) for label, hours in _parts(sources) if hours],
        "target": with_target(Person.objects.filter(pk=found.pk), today).get().target,
        "is_excused": found.pk in excused_among([found.pk], today),
        "newcomer": _newcomer(found, sources, today),
        "lines": attended(found, year),
        "deliveries": Delivery.objects.filter(person=found, pack__issued_on__year=year).select_related("pack", "unit"),
        "may_record": _answers(request.user, found),
        "reason_form": ReasonForm(),
    }
    return render(request, "education/person.html", context)


def _newcomer(person: Person, sources, today) -> dict | None:
    """Hours of class that somebody new in the Party has of those the rule names."""
    if not is_newcomer(person, today):
        return None
    has = sources.by_source.get(Source.CLASS, 0) if sources else 0
    return {"has": has, "of": dated.value(rules.NEWCOMER_HOURS, today)}


def _answers(user, person: Person) -> bool:
    reach = Reach.of(user, P.EDUCATION_RECORD)
    return bool(reach) and (reach.covers(person.stay_path) or reach.covers(person.home_path))


@requires(P.EDUCATION_RECORD)
@idempotent
def record_new(request, pk):
    """Enter hours that a member studied outside a roll."""
    found = _person_or_404(request.reach, pk)
    form = RecordForm(request.POST or None, initial={"learnt_on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        try:
            actions.record_study(found, by=request.user, at=timezone.now(), **form.cleaned_data)
        except actions.EducationRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            toast(request, _("The hours are entered."))
            return redirect("education:person", found.pk)
    return render(request, "education/record_new.html", {"form": form, "person": found})


def _records(reach: Reach):
    people = Person.objects.living().within(reach)
    return LearningRecord.objects.filter(person__in=people.values("pk")).select_related("person")


@require_POST
@requires(P.EDUCATION_RECORD)
@idempotent
def record_take_back(request, pk):
    """Take a mistaken record back, with a reason."""
    found = get_object_or_404(_records(request.reach), pk=pk)
    reason = request.POST.get("reason", "")[:200]
    try:
        actions.take_back_record(found, reason=reason, by=request.user, at=timezone.now())
    except actions.EducationRefused as refusal:
        toast(request, str(refusal))
    else:
        toast(request, _("Taken back; the total follows."))
    return redirect("education:person", found.person_id)


# --- what members reported ------------------------------------------------------------------------


@requires(P.EDUCATION_RECORD)
@require_safe
def claims(request):
    """What members reported and nobody has decided, the oldest first."""
    page = page_of(claims_by(request.reach), request.GET)
    return render(request, "education/claims.html", {"page": page, "may": may(request.user)})


@require_POST
@requires(P.EDUCATION_RECORD)
@idempotent
def claim_confirm(request, pk):
    """Confirm what a member reported."""
    found = get_object_or_404(_records(request.reach), pk=pk)
    try:
        actions.confirm_record(found, by=request.user, at=timezone.now())
    except actions.EducationRefused as refusal:
        toast(request, str(refusal))
    else:
        toast(request, _("Confirmed: the hours count."))
    return redirect("education:claims")


@require_POST
@requires(P.EDUCATION_RECORD)
@idempotent
def claim_refuse(request, pk):
    """Leave it out, with a reason that the member reads."""
    found = get_object_or_404(_records(request.reach), pk=pk)
    reason = request.POST.get("reason", "")[:200]
    try:
        actions.refuse_record(found, reason=reason, by=request.user, at=timezone.now())
    except actions.EducationRefused as refusal:
        toast(request, str(refusal))
    else:
        toast(request, _("Not confirmed; the member reads the reason."))
    return redirect("education:claims")
