"""Functions against the city's checklist: one station, all of them, and the checklist itself."""

from __future__ import annotations

from itertools import groupby

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from waystation.kernel.idempotency import idempotent
from waystation.kernel.toasts import toast
from waystation.organizations.access import Reach, requires
from waystation.organizations.models import Unit
from waystation.organizations.permissions import Permission
from waystation.stations.sites import actions, ledgers
from waystation.stations.sites.forms import (
    ChecklistItemForm,
    EndItemForm,
    FunctionFilterForm,
    FunctionsForm,
    NewChecklistItemForm,
)
from waystation.stations.sites.models import ChecklistItem, Station
from waystation.stations.sites.queries import functions as queries
from waystation.stations.sites.queries import stations as registers
from waystation.stations.sites.views.common import delivered, own_unit, station_or_404

P = Permission
PAGE = 50


# --- one station ----------------------------------------------------------------------------------


@requires(P.STATION_VIEW)
@require_safe
def functions(request, pk):
    """The checklist with what the station says of each item; by a filter only what it lacks."""
    found, today = station_or_404(request.reach, pk), timezone.localdate()
    show = request.GET.get("show")
    items = {"lacking": queries.lacking, "overdue": queries.overdue}.get(show)
    asked = items(found, today) if items else queries.asked(today)
    page = Paginator(asked, PAGE).get_page(request.GET.get("page"))
    lines = queries.lines(found, page.object_list, today)
    context = {
        "station": found,
        "page": page,
        "show": show if items else "",
        "tabs": _tabs(request, found, show if items else ""),
        "groups": [(name, list(rows)) for name, rows in groupby(lines, lambda x: x.item.get_function_display())],
        "earlier": queries.earlier(found).exclude(superseded_at=None)[:PAGE],
        "may_edit": Reach.of(request.user, P.STATION_MANAGE).covers(found.unit.path),
    }
    return render(request, "sites/functions.html", context)


def _tabs(request, station: Station, show: str) -> list[dict]:
    today = timezone.localdate()
    counts = [
        ("", _("All that is asked"), queries.asked(today)),
        ("lacking", _("Not there yet"), queries.lacking(station, today)),
        ("overdue", _("Plan overdue"), queries.overdue(station, today)),
    ]
    return [
        {
            "label": label,
            "url": f"{request.path}?show={key}" if key else request.path,
            "is_active": key == show,
            "count": rows.count(),
        }
        for key, label, rows in counts
    ]


@requires(P.STATION_MANAGE)
@idempotent
def state(request, pk):
    """The whole checklist on one page: what the station has, plans and lacks."""
    found, today = station_or_404(request.reach, pk), timezone.localdate()
    lines = queries.lines(found, queries.asked(today), today)
    form = FunctionsForm(request.POST or None, lines=lines)
    if request.method == "POST" and form.is_valid():
        said = {item: actions.Said(*what) for item, *what in form.said()}
        try:
            actions.state_functions(found, said, by=request.user, at=timezone.now())
        except actions.FunctionRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            toast(request, _("Saved."))
            return redirect("sites:functions", pk=found.pk)
    return render(request, "sites/functions_edit.html", {"form": form, "station": found})


# --- all stations in reach ------------------------------------------------------------------------


def _stations(request, form: FunctionFilterForm):
    filters, today = form.chosen(), timezone.localdate()
    rows = registers.stations_by({key: filters.get(key) for key in ("county", "kind")}).within(request.reach)
    if filters.get("lacking") == "some":
        rows = queries.lacking_something(rows, today)
    elif filters.get("lacking") == "overdue":
        rows = queries.with_overdue(rows, today)
    return rows


@requires(P.STATION_VIEW)
@require_safe
def function_list(request):
    """Every station in reach with how much of the checklist it has, plans and lacks."""
    form, today = FunctionFilterForm(request.GET or None), timezone.localdate()
    rows = queries.with_counts(_stations(request, form), today)
    page = Paginator(registers.in_order(rows), PAGE).get_page(request.GET.get("page"))
    asked = queries.asked(today).count()
    for one in page.object_list:
        one.unstated = asked - one.stated
        one.missing = one.stated - one.present - one.planned
    context = {
        "form": form,
        "page": page,
        "asked": asked,
        "filters": request.GET.urlencode(),
        "may_ask": _keeps_checklist(request),
    }
    return render(request, "sites/function_list.html", context)


@requires(P.STATION_VIEW)
@require_safe
def functions_export(request):
    """The functions of the stations that the filters find, as a spreadsheet in the usual form."""
    stations = registers.in_order(_stations(request, FunctionFilterForm(request.GET or None)))
    items = list(queries.asked(timezone.localdate()))
    ledger = ledgers.functions_ledger(stations, items, unit=own_unit(request), user=request.user, at=timezone.now())
    return delivered(request, ledger, "station functions")


# --- the checklist --------------------------------------------------------------------------------


def _keeps_checklist(request) -> bool:
    """Whether the user may say what is asked of every station: who manages stations in the whole city."""
    root = Unit.objects.filter(parent=None).values_list("path", flat=True).first()
    return root is not None and Reach.of(request.user, P.STATION_MANAGE).covers(root)


def _must_keep_checklist(request) -> None:
    if not _keeps_checklist(request):
        raise PermissionDenied(P.STATION_MANAGE)


@requires(P.STATION_VIEW)
@require_safe
def checklist(request):
    """What the city asks every station to have, now, from a day to come, and until when."""
    today = timezone.localdate()
    rows = ChecklistItem.objects.order_by("position", "pk")
    context = {
        "items": [item for item in rows if item.ends_on is None or item.ends_on > today],
        "ended": [item for item in rows if item.ends_on is not None and item.ends_on <= today],
        "today": today,
        "may_ask": _keeps_checklist(request),
    }
    return render(request, "sites/checklist.html", context)


@requires(P.STATION_MANAGE)
@idempotent
def item_new(request):
    """Something more that every station shall have."""
    _must_keep_checklist(request)
    form = NewChecklistItemForm(request.POST or None, initial={"starts_on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_item(by=request.user, at=timezone.now(), **form.cleaned_data)
        except actions.FunctionRefused as refusal:
            form.add_error("title", str(refusal))
        else:
            toast(request, _("Saved."))
            return redirect("sites:checklist")
    return render(request, "sites/item_edit.html", {"form": form})


@requires(P.STATION_MANAGE)
@idempotent
def item_edit(request, pk):
    """Put the wording of an item right."""
    _must_keep_checklist(request)
    item = get_object_or_404(ChecklistItem, pk=pk)
    initial = {name: getattr(item, name) for name in ChecklistItemForm.base_fields}
    form = ChecklistItemForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit_item(item, by=request.user, at=timezone.now(), **form.cleaned_data)
        except actions.FunctionRefused as refusal:
            form.add_error("title", str(refusal))
        else:
            toast(request, _("Saved."))
            return redirect("sites:checklist")
    return render(request, "sites/item_edit.html", {"form": form, "item": item})


@requires(P.STATION_MANAGE)
@idempotent
def item_end(request, pk):
    """Ask for an item no more from a day on."""
    _must_keep_checklist(request)
    item = get_object_or_404(ChecklistItem, pk=pk)
    form = EndItemForm(request.POST or None, initial={"ends_on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        try:
            actions.end_item(item, by=request.user, at=timezone.now(), **form.cleaned_data)
        except actions.FunctionRefused as refusal:
            form.add_error("ends_on", str(refusal))
        else:
            toast(request, _("Saved."))
            return redirect("sites:checklist")
    return render(request, "sites/item_edit.html", {"form": form, "item": item, "ends": True})


@require_POST
@requires(P.STATION_MANAGE)
@idempotent
def adopt(request):
    """Begin with the usual checklist."""
    _must_keep_checklist(request)
    try:
        made = actions.adopt_usual_checklist(
            starts_on=timezone.localdate(), source="", by=request.user, at=timezone.now()
        )
    except actions.FunctionRefused as refusal:
        toast(request, str(refusal))
    else:
        toast(request, _("The checklist has %(n)d items. Change them as the city wants.") % {"n": len(made)})
    return redirect("sites:checklist")
