"""The member's own pages: what is asked of me, what is proposed, what I answer, how it ended."""

from __future__ import annotations

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from waystation.kernel.idempotency import idempotent
from waystation.kernel.toasts import toast
from waystation.organizations.access import requires
from waystation.stewardship.appraisals.actions.assessing import hand_in
from waystation.stewardship.appraisals.actions.deciding import reply
from waystation.stewardship.appraisals.actions.errors import AppraisalRefused
from waystation.stewardship.appraisals.actions.noticing import receive_notice
from waystation.stewardship.appraisals.forms.members import ReplyForm, SheetForm
from waystation.stewardship.appraisals.models import Appraisal, Assessment, ResultNotice
from waystation.stewardship.appraisals.queries import members
from waystation.stewardship.appraisals.queries.notices import number_of
from waystation.stewardship.appraisals.queries.rounds import published_for
from waystation.stewardship.appraisals.views.common import FORM, P
from waystation.stewardship.appraisals.views.members import text_of
from waystation.stewardship.people.models import Person


def _mine_or_404(request) -> Person:
    person = Person.objects.living().filter(user=request.user).first()
    if person is None:
        raise Http404
    return person


@requires(P.FILE_OWN)
@require_safe
def mine(request):
    """My rounds, what I still have to hand in, and what waits for my answer."""
    person = _mine_or_404(request)
    waiting = Assessment.objects.filter(assessor=person, handed_in_at=None, round__state="scoring")
    own = Appraisal.objects.filter(person=person).select_related("round", "notice")
    context = {
        "person": person,
        "rounds": [(held, held.criteria.order_by("order")) for held in published_for(person, timezone.localdate())],
        "waiting": waiting.select_related("round", "person").defer("sheet"),
        "own": [(row, _open(row)) for row in own.order_by("-round__year")],
    }
    return render(request, "appraisals/mine.html", context)


def _open(row: Appraisal) -> bool:
    """Whether the member may answer today."""
    waits = row.round.state == "replies" and row.replied_at is None and not row.grade
    return waits and row.reply_until is not None and timezone.localdate() <= row.reply_until


@requires(P.FILE_OWN)
@require_http_methods(FORM)
@idempotent
def assess(request, pk):
    """Assess myself, or another member whom I was drawn to assess."""
    person = _mine_or_404(request)
    rows = Assessment.objects.filter(assessor=person).select_related("round", "person").defer("sheet")
    row = get_object_or_404(rows, pk=pk)
    form = SheetForm(request.POST or None, appraisal_round=row.round)
    if request.method == "POST" and form.is_valid():
        try:
            hand_in(row, form.sheet(), by=request.user, at=timezone.now())
        except AppraisalRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            toast(request, _("Handed in and sealed: %(name)s") % {"name": row.person.full_name})
            return redirect("appraisals:mine")
    takes = row.round.state == "scoring" and row.handed_in_at is None
    context = {"row": row, "round": row.round, "form": form, "takes": takes}
    return render(request, "appraisals/mine_assess.html", context)


@requires(P.FILE_OWN)
@require_http_methods(FORM)
@idempotent
def result(request, pk):
    """What is proposed about me and why, my answer, and at the end the grade."""
    person = _mine_or_404(request)
    rows = Appraisal.objects.filter(person=person, reply_until__isnull=False).select_related("round", "notice")
    one = get_object_or_404(rows, pk=pk)
    form = ReplyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            reply(one, by=request.user, at=timezone.now(), **form.said())
        except AppraisalRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            toast(request, _("Your answer is recorded."))
            return redirect("appraisals:my-result", one.pk)
    notice = getattr(one, "notice", None)
    context = {
        "one": one,
        "round": one.round,
        "form": form,
        "is_open": _open(one),
        "arithmetic": members.arithmetic(one),
        "proposal_reason": text_of(one, "proposal_reason"),
        "reply": text_of(one, "reply"),
        "decision_reason": text_of(one, "decision_reason"),
        "notice": notice,
        "number": number_of(notice) if notice else "",
    }
    return render(request, "appraisals/mine_result.html", context)


@require_POST
@requires(P.FILE_OWN)
@idempotent
def received(request, pk):
    """I have read the notice of my result."""
    person = _mine_or_404(request)
    notice = get_object_or_404(ResultNotice.objects.filter(appraisal__person=person), pk=pk)
    receive_notice(notice, by=request.user, at=timezone.now())
    toast(request, _("Noted: you have read it."))
    if notice.appraisal.reply_until is None:
        return redirect("appraisals:mine")
    return redirect("appraisals:my-result", notice.appraisal_id)
