"""Pages that compare what was due with what was held."""

from __future__ import annotations

import calendar
from datetime import date

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from waystation.kernel import dated
from waystation.organizations.access import Reach, requires
from waystation.organizations.models import Unit
from waystation.stewardship.education import rules
from waystation.stewardship.education.models import Kind, Plan
from waystation.stewardship.education.queries.compliance import Cell, Sheet, sheets
from waystation.stewardship.education.queries.frequencies import Per
from waystation.stewardship.education.queries.plans import overview_units
from waystation.stewardship.education.views.common import P, holder_or_404, may, number, year_asked

PAGE = 50
QUARTERS = (1, 2, 3, 4)


def rows_url(unit: Unit, year: int, first: int, last: int, kind: str = "") -> str:
    """The list of the very occasions that a number counts."""
    until = date(year, last, calendar.monthrange(year, last)[1])
    asked = {"unit": unit.pk, "state": "held", "since": date(year, first, 1), "until": until, "whole": "on"}
    if kind:
        asked["kind"] = kind
    return f"{reverse('education:list')}?{urlencode(asked)}"


@requires(P.EDUCATION_VIEW)
@require_safe
def overview(request):
    """The units in reach in the order of the tree, for a year or one of its quarters."""
    today = timezone.localdate()
    year = year_asked(request, today)
    quarter = number(request.GET.get("quarter", ""), default=0)
    if quarter not in (0, *QUARTERS):
        raise Http404
    first, last = (3 * quarter - 2, 3 * quarter) if quarter else (1, 12)
    page = Paginator(overview_units(request.reach), PAGE).get_page(request.GET.get("page"))
    shown = [_line(sheet, first, last) for sheet in sheets(page.object_list, year, today)]
    context = {
        "rows": shown, "page": page, "year": year, "quarter": quarter, "quarters": QUARTERS, "may": may(request.user),
        "years": range(today.year, today.year - 5, -1),
    }  # fmt: skip
    return render(request, "education/overview.html", context)


def _line(sheet: Sheet, first: int, last: int) -> dict:
    cells = sheet.cells(first, last)
    return {
        "unit": sheet.unit,
        "required": sum(cell.required for cell in cells if cell.is_over),
        "met": sum(min(cell.held, cell.required) for cell in cells if cell.is_over),
        "gaps": sum(cell.gap for cell in cells),
        "figures": sheet.figures(first, last),
        "url": rows_url(sheet.unit, sheet.year, first, last),
    }


@requires(P.EDUCATION_VIEW)
@require_safe
def unit(request, pk):
    """One unit's year: monthly, quarterly and yearly occasions, the figures of the rolls, and the gaps."""
    found = holder_or_404(request.reach, pk)
    today = timezone.localdate()
    year = year_asked(request, today)
    (sheet,) = sheets([found], year, today)
    below = Unit.objects.active().filter(parent=found, kind=Unit.Kind.GRID).order_by("path")
    context = {
        "unit": found,
        "year": year,
        "years": range(today.year, today.year - 5, -1),
        "tables": [table for table in (_table(sheet, per) for per in Per) if table["kinds"]],
        "gaps": [{"cell": cell, "words": cell.kind.label} for cell in sheet.gaps],
        "without_committee": _without_committee(sheet, today),
        "below": [_line(one, 1, 12) for one in sheets(below, year, today)],
        "plan": Plan.objects.filter(unit=found, year=year).first(),
        "may": may(request.user),
        "may_plan": Reach.of(request.user, P.EDUCATION_PLAN).covers(found.path),
        "may_record": Reach.of(request.user, P.EDUCATION_RECORD).covers(found.path),
    }
    return render(request, "education/unit.html", context)


def _without_committee(sheet: Sheet, today: date) -> int | None:
    """From how many full members on a branch has a committee, if this one has too few for it."""
    if sheet.unit.kind != Unit.Kind.BRANCH or any(kind == Kind.COMMITTEE for kind, _cells in sheet.lines):
        return None
    return dated.value(rules.COMMITTEE_LEAST, today)


def _table(sheet: Sheet, per: Per) -> dict:
    """The kinds of one rhythm as columns, its periods as rows, each number with the address of its rows."""
    lines = [(kind, cells) for kind, cells in sheet.lines if cells and cells[0].per == per]
    rows = []
    for cells in zip(*(cells for _kind, cells in lines), strict=True):
        period = cells[0].period
        figures = sheet.figures(period.first, period.last)
        url = rows_url(sheet.unit, sheet.year, period.first, period.last)
        rows.append({"period": period, "cells": [_shown(sheet, c) for c in cells], "figures": figures, "url": url})
    return {"per": per.value, "kinds": [kind.label for kind, _cells in lines], "rows": rows}


def _shown(sheet: Sheet, cell: Cell) -> dict:
    url = rows_url(sheet.unit, sheet.year, cell.period.first, cell.period.last, cell.kind)
    return {"cell": cell, "label": cell.kind.label, "url": url}
