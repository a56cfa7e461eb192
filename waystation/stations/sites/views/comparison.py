"""Stations side by side, by county and name and never in an order of merit."""

from __future__ import annotations

from itertools import groupby

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from waystation.organizations.access import requires
from waystation.organizations.permissions import Permission
from waystation.stations.sites import comparison as comparing
from waystation.stations.sites import ledgers
from waystation.stations.sites.forms import ComparisonFilterForm
from waystation.stations.sites.models import Station
from waystation.stations.sites.queries import stations as registers
from waystation.stations.sites.views.common import delivered, own_unit

P = Permission


def _compared(request) -> tuple[ComparisonFilterForm, list[Station], comparing.Table]:
    form = ComparisonFilterForm(request.GET or None)
    stations = registers.in_order(registers.stations_by(form.chosen()).within(request.reach))
    return form, stations, comparing.compared([one.pk for one in stations], timezone.localdate())


@requires(P.STATION_COMPARE)
@require_safe
def comparison(request):
    """Every station in reach with every column; each number says what it is out of."""
    form, stations, table = _compared(request)
    heads = [(group, len(list(members))) for group, members in groupby(table.columns, key=lambda c: str(c.group))]
    context = {
        "form": form,
        "table": table,
        "heads": heads,
        "rows": [(one, table.rows[one.pk]) for one in stations],
        "filters": request.GET.urlencode(),
        "today": timezone.localdate(),
    }
    return render(request, "sites/comparison.html", context)


@requires(P.STATION_COMPARE)
@require_safe
def export(request):
    """The same table as a spreadsheet."""
    _form, stations, table = _compared(request)
    ledger = ledgers.comparison_ledger(stations, table, unit=own_unit(request), user=request.user, at=timezone.now())
    return delivered(request, ledger, "comparison of stations")
