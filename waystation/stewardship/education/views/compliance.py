"""Pages that compare what was due with what was held."""

from __future__ import annotations

import calendar
from datetime import date

from django.core.paginator import Paginator
from django.db.models import Count
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
from waystation.stewardship.education.queries.group_life import GroupYear, Reached, group_years
from waystation.stewardship.education.queries.plans import grids_of, overview_units, quiet_branches
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
    context = {
        "year": year, "quarter": quarter, "quarters": QUARTERS, "may": may(request.user),
        "years": range(today.year, today.year - 5, -1),
    }  # fmt: skip
    quiet = quiet_branches(request.reach, year)
    if request.GET.get("branches") == "quiet":
        context["page"] = Paginator(quiet.select_related("parent"), PAGE).get_page(request.GET.get("page"))
        return render(request, "education/quiet_branches.html", context)
    page = Paginator(overview_units(request.reach, year), PAGE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    grids = _grids_below(shown, year)
    rows = [_line(sheet, first, last, grids.get(sheet.unit.pk, 0)) for sheet in sheets(shown, year, today)]
    context |= {"rows": rows, "page": page, "quiet": quiet.count()}
    return render(request, "education/overview.html", context)


def _is_new(unit: Unit, year: int) -> bool:
    """Did the unit begin within the year, so that less was asked of it?"""
    return unit.opened_on is not None and unit.opened_on > date(year, 1, 1)


def _grids_below(units: list[Unit], year: int) -> dict[int, int]:
    """How many grids each of the stations had in the year; their page lists them."""
    rows = grids_of([unit for unit in units if unit.kind == Unit.Kind.STATION], year).order_by()
    return dict(rows.values_list("parent").annotate(n=Count("pk")))


def _line(sheet: Sheet, first: int, last: int, grids: int = 0) -> dict:
    cells = sheet.cells(first, last)
    return {
        "grids": grids,
        "is_new": _is_new(sheet.unit, sheet.year),
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
    may_plan, may_record = (
        found.closed_on is None and Reach.of(request.user, permission).covers(found.path)
        for permission in (P.EDUCATION_PLAN, P.EDUCATION_RECORD)
    )
    plan = Plan.objects.filter(unit=found, year=year).first()
    context = {
        "unit": found,
        "year": year,
        "years": range(today.year, today.year - 5, -1),
        "tables": [table for table in (_table(sheet, per) for per in Per) if table["kinds"]],
        "gaps": _gaps(sheet),
        "is_new": _is_new(found, year),
        "without_committee": _without_committee(sheet, today),
        "below": [_line(one, 1, 12) for one in sheets(grids_of([found], year), year, today)],
        "groups": _groups(found, year, plan) if found.kind == Unit.Kind.STATION else [],
        "plan": plan,
        "may": may(request.user),
        "may_plan": may_plan,
        "may_record": may_record,
    }
    return render(request, "education/unit.html", context)


def _gaps(sheet: Sheet) -> list[dict]:
    """The kinds that miss something, each with its cells: twelve months of one kind are one line."""
    found: dict[str, list[Cell]] = {}
    for cell in sheet.gaps:
        found.setdefault(cell.kind.label, []).append(cell)
    return [{"words": words, "cells": cells} for words, cells in found.items()]


def _groups(station: Unit, year: int, plan: Plan | None) -> list[dict]:
    """The functional groups of a station, quarter by quarter, each number with the address of its rows."""
    return [
        {
            "group": one.group,
            "is_planned": one.is_planned,
            "cells": [_reached(one, part, plan) for part in (*one.quarters, one.whole)],
        }
        for one in group_years(station, year)
    ]


def _reached(one: GroupYear, part: Reached, plan: Plan | None) -> dict:
    period, is_whole = part.period, part is one.whole
    asked = {"unit": one.group.station_id, "group": one.group.pk, "state": "held", "since": period.starts_on}
    asked["until"] = date(period.year, period.last, calendar.monthrange(period.year, period.last)[1])
    items = {"group": one.group.pk} | ({} if is_whole else {"quarter": (period.first + 2) // 3})
    return {
        "part": part,
        "quarter": 0 if is_whole else (period.first + 2) // 3,
        "held_url": f"{reverse('education:list')}?{urlencode(asked)}",
        "planned_url": f"{reverse('education:plan', args=[plan.pk])}?{urlencode(items)}" if plan else "",
    }


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
        shown = [_shown(sheet, cell) for cell in cells]
        is_blank = not figures.held and all(one["is_blank"] for one in shown)
        rows.append({"period": period, "cells": shown, "figures": figures, "url": url, "is_blank": is_blank})
    return {"per": per.value, "kinds": [kind.label for kind, _cells in lines], "rows": rows}


def _shown(sheet: Sheet, cell: Cell) -> dict:
    url = rows_url(sheet.unit, sheet.year, cell.period.first, cell.period.last, cell.kind)
    begun = cell.period.starts_on <= timezone.localdate()
    return {
        "cell": cell,
        "label": cell.kind.label,
        "url": url,
        "is_blank": not (cell.held or (cell.required and begun)),
    }
