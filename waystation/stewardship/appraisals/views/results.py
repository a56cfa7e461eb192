"""Notices of results, the yearly figures, and ledgers of them."""

from __future__ import annotations

import io
from urllib.parse import urlencode

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from waystation.kernel import papers
from waystation.kernel.idempotency import idempotent
from waystation.kernel.paging import page_of
from waystation.kernel.toasts import toast
from waystation.organizations.access import Reach, mandates_of, requires
from waystation.stewardship.appraisals import ledgers, notices
from waystation.stewardship.appraisals.actions.noticing import note_paper, receive_notice
from waystation.stewardship.appraisals.actions.reading import note_export
from waystation.stewardship.appraisals.forms.rounds import MemberFilterForm, YearForm
from waystation.stewardship.appraisals.models import AppraisalRound, ResultNotice
from waystation.stewardship.appraisals.queries import members
from waystation.stewardship.appraisals.queries import rounds as queries
from waystation.stewardship.appraisals.queries.notices import letters_to_receive, notices_by, number_of
from waystation.stewardship.appraisals.views.common import DOCX, XLSX, P, covers, download, round_or_404


@requires(P.APPRAISAL_VIEW)
@require_safe
def notice_list(request, pk):
    """The notices of a round in reach: numbers, whether they arrived, and the papers."""
    held = round_or_404(request, pk)
    page = page_of(notices_by({"round": held.pk}, request.reach), request.GET)
    return render(request, "appraisals/notices.html", {"round": held, "page": _shown(page, request.user)})


def _shown(page, user):
    """The notices with their numbers, and what the user may do with each."""
    receives, helps, reads = (
        Reach.of(user, permission) for permission in (P.APPRAISAL_SCORE_ORIGIN, P.PERSON_CORRECT, P.PERSON_REVEAL)
    )
    for row in page.rows:
        row.number, one = number_of(row), row.appraisal
        row.may_receive = receives.covers(row.origin_path) if one is None else _near(helps, one)
        row.may_read = one is None or _near(reads, one)
    return page


def _near(reach: Reach, one) -> bool:
    return reach.covers(one.station_path) or reach.covers(one.origin_path)


@requires(P.APPRAISAL_SCORE_ORIGIN)
@require_safe
def letters(request):
    """The letters to origins in reach that nobody has noted as received, of all rounds."""
    page = page_of(letters_to_receive(request.reach).select_related("issuer", "origin", "appraisal"), request.GET)
    return render(request, "appraisals/notices.html", {"page": _shown(page, request.user)})


@requires(P.APPRAISAL_VIEW)
@require_safe
def notice_paper(request, pk, form):
    """A notice as Word or PDF. Whoever may not read the texts gets none."""
    notice = get_object_or_404(notices_by({}, request.reach), pk=pk)
    if form not in ("docx", "pdf"):
        raise Http404
    if notice.appraisal and not covers(request.user, P.PERSON_REVEAL, notice.appraisal):
        raise Http404
    note_paper(notice, form=form, by=request.user, at=timezone.now())
    name = notices.file_name(notice)
    if form == "docx":
        return download(notices.word(notice), f"{name}.docx", DOCX)
    try:
        return download(notices.pdf(notice), f"{name}.pdf", "application/pdf")
    except papers.NoPdf:
        toast(request, _("PDF files cannot be drawn on this computer."))
        return redirect("appraisals:notice-list", notice.round_id)


@require_POST
@requires(P.APPRAISAL_SCORE_ORIGIN)
@idempotent
def letter_received(request, pk):
    """The origin notes that the letter arrived."""
    rows = ResultNotice.objects.filter(request.reach.path_q("origin_path"), kind="origin")
    notice = get_object_or_404(rows, pk=pk)
    receive_notice(notice, by=request.user, at=timezone.now())
    toast(request, _("Noted as received."))
    return redirect("appraisals:notice-list", notice.round_id)


@require_POST
@requires(P.APPRAISAL_VIEW)
@idempotent
def feedback_received(request, pk):
    """The feedback was handed to the member at the desk."""
    rows = notices_by({"kind": "member"}, request.reach)
    notice = get_object_or_404(rows, pk=pk)
    if not covers(request.user, P.PERSON_CORRECT, notice.appraisal):
        raise Http404
    receive_notice(notice, on_behalf=True, by=request.user, at=timezone.now())
    toast(request, _("Noted as received."))
    return redirect("appraisals:notice-list", notice.round_id)


# --- figures --------------------------------------------------------------------------------------


def _years(reach) -> list[int]:
    rows = AppraisalRound.objects.within(reach).exclude(state="withdrawn")
    return list(rows.order_by("-year").values_list("year", flat=True).distinct())


@requires(P.APPRAISAL_VIEW)
@require_safe
def figures(request):
    """Grades by station of a year; each figure opens its rows."""
    form = YearForm(request.GET or None)
    years = _years(request.reach)
    year = (form.is_valid() and form.cleaned_data["year"]) or (years[0] if years else timezone.localdate().year)
    rows = list(queries.figures(year, request.reach))
    for row in rows:
        row["cells"] = [(row[name], _opening(year, row["station"], **filters)) for name, filters in COLUMNS]
    total = [sum(row[name] for row in rows) for name, _filters in COLUMNS]
    bases = {name: sum(row[name] for row in rows) for name in ("base", "excellent_in_base")}
    context = {
        "form": form,
        "year": year,
        "years": years,
        "rows": rows,
        "total": [(number, _opening(year, **filters)) for number, (_name, filters) in zip(total, COLUMNS, strict=True)],
        "bases": bases,
    }
    return render(request, "appraisals/figures.html", context)


COLUMNS = (
    ("members", {}),
    ("excellent", {"grade": "excellent"}),
    ("qualified", {"grade": "qualified"}),
    ("basic", {"grade": "basic"}),
    ("unqualified", {"grade": "unqualified"}),
    ("undecided", {"what": "undecided"}),
    ("probationary", {"what": "probationary"}),
    ("excused", {"what": "excused"}),
)


def _opening(year: int, station=None, **filters) -> str:
    given = {"year": year, **({"station": station} if station else {}), **filters}
    return f"{reverse('appraisals:member-list')}?{urlencode(given)}"


def _own_unit(request):
    return next(m.unit for m in mandates_of(request.user) if m.unit_id in request.reach.units)


def _sheet(request, write, *args):
    """A ledger written by `write(stream, …)`, taken out on the record."""
    stream, now, unit = io.BytesIO(), timezone.now(), _own_unit(request)
    title, rows = write(stream, *args, unit=unit, user=request.user, at=now)
    note_export(rows=rows, unit_path=unit.path, by=request.user, at=now)
    return download(stream.getvalue(), f"{title}-{timezone.localdate(now):%Y%m%d}.xlsx", XLSX)


@requires(P.APPRAISAL_VIEW)
@require_safe
def figures_ledger(request):
    """The figures of a year as a spreadsheet."""
    form = YearForm(request.GET or None)
    year = (form.is_valid() and form.cleaned_data["year"]) or timezone.localdate().year
    return _sheet(request, ledgers.write_figures, year, list(queries.figures(year, request.reach)))


@requires(P.APPRAISAL_VIEW)
@require_safe
def member_ledger(request):
    """The members that the filters of the list find, as a spreadsheet. A sealed round gives no score."""
    form = MemberFilterForm(request.GET or None, reach=request.reach)
    filters = form.cleaned_data if form.is_valid() else {}
    rows = members.appraisals_by(filters, request.reach, day=timezone.localdate())
    return _sheet(request, ledgers.write_members, rows.order_by("station_path", "person__name_key", "pk"))
