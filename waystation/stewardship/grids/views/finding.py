"""What several pages of grids need: the grid or the station that an address names, and ids out of a form."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404

from waystation.organizations.access import Reach
from waystation.organizations.models import Unit
from waystation.stewardship.grids import queries
from waystation.stewardship.grids.forms import stations_in
from waystation.stewardship.grids.models import Grid


def grid_or_404(reach: Reach, pk) -> Grid:
    """An open grid in reach."""
    return get_object_or_404(queries.in_use().within(reach), pk=pk)


def any_grid_or_404(reach: Reach, pk) -> Grid:
    """A grid in reach, open or closed: what was is still to be read."""
    return get_object_or_404(Grid.objects.select_related("unit", "station").within(reach), pk=pk)


def station_of(request, *, field: str = "station") -> Unit:
    """The station that the address names, else the first one in reach."""
    stations = stations_in(request.reach)
    wanted = request.GET.get(field) or request.POST.get(field)
    if wanted and not wanted.isdigit():
        raise Http404
    found = stations.filter(pk=wanted).first() if wanted else stations.first()
    if found is None:
        raise Http404
    return found


def known(ids: list[str] | None) -> list[UUID] | None:
    """The ids that are ids at all; None stands for everybody."""
    if ids is None:
        return None
    found = []
    for text in ids:
        try:
            found.append(UUID(str(text)))
        except ValueError:
            continue
    return found


def number(request, name: str) -> int:
    text = request.POST.get(name, "")
    if not text.isdigit():
        raise Http404
    return int(text[:18])
