"""Handing in an assessment: for the station, for the origin, for a member at the desk."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from waystation.kernel.idempotency import idempotent
from waystation.kernel.paging import page_of
from waystation.kernel.toasts import toast
from waystation.organizations.access import requires
from waystation.stewardship.appraisals import facts
from waystation.stewardship.appraisals.actions.assessing import hand_in
from waystation.stewardship.appraisals.actions.errors import AppraisalRefused
from waystation.stewardship.appraisals.forms.members import SheetForm
from waystation.stewardship.appraisals.models import Assessment
from waystation.stewardship.appraisals.queries.rounds import due_assessments
from waystation.stewardship.appraisals.views.common import FORM, P, covers
from waystation.stewardship.appraisals.views.members import period_of

Side = Assessment.Side


def _due(request, side: str, title: str):
    rows = due_assessments(side, request.reach)
    context = {"page": page_of(rows, request.GET), "title": title, "score": f"appraisals:score-{side}"}
    return render(request, "appraisals/due.html", context)


@requires(P.APPRAISAL_SCORE_STATION)
@require_safe
def due_station(request):
    """What the station still has to hand in."""
    return _due(request, Side.STATION, _("To be assessed by the station"))


@requires(P.APPRAISAL_SCORE_ORIGIN)
@require_safe
def due_origin(request):
    """What the origin still has to hand in."""
    return _due(request, Side.ORIGIN, _("To be assessed by the origin"))


_RELATED = ("round__unit", "person", "assessor", "appraisal__station", "appraisal__origin", "appraisal__person")


def _assessment(rows, pk) -> Assessment:
    return get_object_or_404(rows.select_related(*_RELATED).defer("sheet"), pk=pk)


@requires(P.APPRAISAL_SCORE_STATION)
@require_http_methods(FORM)
@idempotent
def score_station(request, pk):
    """The station assesses a member in its care."""
    rows = Assessment.objects.filter(request.reach.path_q("unit_path"), side=Side.STATION)
    return _scored(request, _assessment(rows, pk))


@requires(P.APPRAISAL_SCORE_ORIGIN)
@require_http_methods(FORM)
@idempotent
def score_origin(request, pk):
    """The origin assesses a member who left."""
    rows = Assessment.objects.filter(request.reach.path_q("unit_path"), side=Side.ORIGIN)
    return _scored(request, _assessment(rows, pk))


@requires(P.APPRAISAL_VIEW)
@require_http_methods(FORM)
@idempotent
def hand_in_for(request, pk):
    """Enter what a member wrote on paper or said at the desk; it is recorded who entered it."""
    reach = request.reach
    near = reach.path_q("appraisal__station_path") | reach.path_q("appraisal__origin_path")
    row = _assessment(Assessment.objects.filter(near, side__in=[Side.SELF, Side.MUTUAL]), pk)
    if not covers(request.user, P.PERSON_CORRECT, row.appraisal):
        raise PermissionDenied(P.PERSON_CORRECT)
    return _scored(request, row, on_behalf=True)


def _scored(request, row: Assessment, *, on_behalf: bool = False):
    """The form, or only "handed in": what was written is not shown again, not even to its writer."""
    form = SheetForm(request.POST or None, appraisal_round=row.round)
    if request.method == "POST" and form.is_valid():
        try:
            hand_in(row, form.sheet(), on_behalf=on_behalf, by=request.user, at=timezone.now())
        except AppraisalRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            toast(request, _("Handed in and sealed: %(name)s") % {"name": row.person.full_name})
            return _onward(request, row, on_behalf)
    context = {
        "row": row,
        "round": row.round,
        "form": form,
        "on_behalf": on_behalf,
        "facts": facts.facts_of(row.person, *period_of(row.round.year), user=request.user),
        "takes": row.round.state == "scoring" and row.handed_in_at is None,
    }
    return render(request, "appraisals/score.html", context)


def _onward(request, row: Assessment, on_behalf: bool):
    """To the next member who waits for the same side, else to the list."""
    if on_behalf:
        return redirect("appraisals:member", row.appraisal_id)
    following = due_assessments(row.side, request.reach).filter(round=row.round_id).order_by("pk").first()
    if following is None:
        return redirect("appraisals:list")
    return redirect(f"appraisals:score-{row.side}", following.pk)
