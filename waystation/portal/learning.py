"""A member's own learning: this year's hours, and reporting study at home."""

from __future__ import annotations

from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from waystation.kernel import dated
from waystation.kernel.idempotency import idempotent
from waystation.kernel.toasts import toast
from waystation.organizations.access import requires
from waystation.organizations.permissions import Permission
from waystation.portal.learning_forms import StudyForm
from waystation.portal.mine import my_person_or_404
from waystation.stewardship.education import actions, rules
from waystation.stewardship.education.queries.learning import excused_among, records_of, totals_of, years_of

P = Permission


@requires(P.FILE_OWN)
@require_safe
def learning(request):
    """My hours of a year with the rows behind them, and what became of my reports."""
    person, today = my_person_or_404(request), timezone.localdate()
    text = request.GET.get("year") or str(today.year)
    years = sorted({today.year, *years_of(person)}, reverse=True)
    if text not in map(str, years):
        raise Http404
    year = int(text)
    context = {
        "year": year,
        "years": years,
        "records": records_of(person, year),
        "total": totals_of([person.pk], year).get(person.pk, 0),
        "target": dated.value(rules.HOURS, today),
        "is_excused": person.pk in excused_among([person.pk], today),
    }
    return render(request, "portal/learning.html", context)


@requires(P.FILE_OWN)
@idempotent
def report(request):
    """Report study at home or online; the station confirms it."""
    person = my_person_or_404(request)
    form = StudyForm(request.POST or None, initial={"learnt_on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        try:
            actions.report_study(person, by=request.user, at=timezone.now(), **form.cleaned_data)
        except actions.EducationRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            toast(request, _("Reported. A colleague confirms it; then the hours count."))
            return redirect("portal:learning")
    return render(request, "portal/learning_new.html", {"form": form})
