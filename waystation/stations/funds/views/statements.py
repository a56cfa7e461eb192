"""Statements of a station, a county or the city: on the page, as a spreadsheet, as a PDF."""

from __future__ import annotations

import io

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from waystation.kernel import papers as drawing
from waystation.organizations.access import requires
from waystation.organizations.models import Unit
from waystation.organizations.permissions import Permission
from waystation.stations.funds import papers
from waystation.stations.funds.actions.exports import note_statement
from waystation.stations.funds.forms import KINDS, StatementForm
from waystation.stations.funds.models import Account
from waystation.stations.funds.queries.statements import Statement, statement

P = Permission
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _years(reach) -> list[int]:
    """The years with accounts in reach, and this one."""
    held = set(Account.objects.within(reach).values_list("year", flat=True).distinct())
    return sorted(held | {timezone.localdate().year}, reverse=True)


def _asked(request) -> tuple[StatementForm, Statement | None]:
    """The statement that the address asks for: by default this year of one's own unit."""
    years = _years(request.reach)
    data = request.GET.copy()
    own = Unit.objects.within(request.reach).filter(kind__in=KINDS).order_by("path").first()
    for name, usual in (("unit", own and own.pk), ("year", years[0]), ("first", 1), ("last", 12)):
        if not data.get(name) and usual:
            data[name] = str(usual)
    form = StatementForm(data, reach=request.reach, years=years)
    if not form.is_valid():
        return form, None
    given = form.cleaned_data
    found = statement(given["unit"], given["year"], first=given["first"], last=given["last"], reach=request.reach)
    return form, found


@requires(P.FUND_VIEW)
@require_safe
def page(request):
    """The statement on the page; each station leads to its own."""
    form, found = _asked(request)
    context = {"form": form, "statement": found}
    if found is not None:
        months = {"year": found.year, "first": found.first, "last": found.last}
        context |= {
            "title": papers.title(found),
            "lines": papers.lines(found) if found.is_of_one_station else [],
            "sources": [papers.Source(source).label for source in papers.INCOME],
            "query": urlencode({"unit": found.unit.pk, **months}),
            "months": urlencode(months),
        }
    return render(request, "funds/statement.html", context)


def _wanted(request) -> Statement:
    _form, found = _asked(request)
    if found is None:
        raise Http404
    return found


@requires(P.FUND_VIEW)
@require_safe
def xlsx(request):
    """The statement as a spreadsheet."""
    found, now, stream = _wanted(request), timezone.now(), io.BytesIO()
    rows = papers.write_xlsx(stream, found, by=request.user, at=now)
    note_statement(found.unit, year=found.year, rows=rows, form="xlsx", by=request.user, at=now)
    stream.seek(0)
    return FileResponse(stream, as_attachment=True, filename=f"{papers.title(found)}.xlsx", content_type=XLSX)


@requires(P.FUND_VIEW)
@require_safe
def pdf(request):
    """The statement as a PDF; where none can be drawn, the page says so and can be printed itself."""
    found, now = _wanted(request), timezone.now()
    try:
        content = papers.pdf(papers.statement_page(found, by=request.user, at=now))
    except drawing.NoPdf:
        return redirect(f"{reverse('funds:statement')}?{request.GET.urlencode()}")
    note_statement(found.unit, year=found.year, rows=len(found.rows), form="pdf", by=request.user, at=now)
    name = f"statement-{found.unit.pk}-{found.year}.pdf"
    return HttpResponse(
        content, content_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}"'}
    )
