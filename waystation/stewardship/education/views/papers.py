"""Papers of a meeting to print: the sheet to sign in and the record. It is recorded who took them."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from waystation.kernel import papers as kernel_papers
from waystation.kernel.toasts import toast
from waystation.organizations.access import requires
from waystation.stewardship.education import papers
from waystation.stewardship.education.models import Occasion, Plan, PlanItem
from waystation.stewardship.education.views.common import P, sees_reasons
from waystation.stewardship.people.actions import note_export


def _occasion_or_404(request, pk) -> Occasion:
    rows = Occasion.objects.within(request.reach).exclude(state=Occasion.State.CANCELLED)
    return get_object_or_404(rows.select_related("unit"), pk=pk)


@require_POST
@requires(P.EDUCATION_RECORD)
def sign_in(request, pk):
    """The sheet on which those expected at an occasion sign."""
    found = _occasion_or_404(request, pk)
    meeting = papers.meeting_of(found)
    return _sheet(request, meeting, found.unit_path) or redirect("education:occasion", found.pk)


@require_POST
@requires(P.EDUCATION_RECORD)
def item_sign_in(request, pk):
    """The sheet for an item of a plan, before anything about it is entered."""
    rows = PlanItem.objects.filter(plan__in=Plan.objects.within(request.reach), dropped_at=None)
    found = get_object_or_404(rows.select_related("plan__unit", "grid"), pk=pk)
    meeting = papers.planned_meeting(found)
    return _sheet(request, meeting, found.plan.unit_path) or redirect("education:item", found.pk)


def _sheet(request, meeting: papers.Meeting, path: str) -> HttpResponse | None:
    """The sheet as a file, or nothing but a word to the user if it has too many names."""
    if len(meeting.names) > papers.MOST_NAMES:
        words = _("A sign-in sheet has at most %(most)d names. Meet by grids or by groups instead.")
        toast(request, words % {"most": papers.MOST_NAMES})
        return None
    now = timezone.now()
    _note(request, "education.sign_in", len(meeting.names), path, now)

    def draw(**more) -> str:
        return papers.sign_in_html(meeting, by=request.user, at=now, **more)

    return kernel_papers.answer(request, draw, pdf=papers.pdf, name="sign-in.pdf")


@require_POST
@requires(P.EDUCATION_RECORD)
def record(request, pk):
    """The record of a meeting with the names of its roll, to be signed by chair and recorder."""
    found, now = _occasion_or_404(request, pk), timezone.now()
    said = papers.record_of(found, with_reasons=sees_reasons(request.user, found.unit_path))
    _note(
        request,
        "education.record",
        sum(len(said[key]) for key in ("present", "also", "leave", "absent", "open")),
        found.unit_path,
        now,
    )

    def draw(**more) -> str:
        return papers.record_html(said, by=request.user, at=now, **more)

    return kernel_papers.answer(request, draw, pdf=papers.pdf, name=f"record-{found.held_on:%Y%m%d}.pdf")


def _note(request, ledger: str, rows: int, path: str, at) -> None:
    note_export(by=request.user, at=at, ledger=ledger, rows=rows, fields=(), purpose="", unit_path=path)
