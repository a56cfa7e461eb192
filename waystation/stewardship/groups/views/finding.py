"""What several pages of groups need: the group or the station that an address names."""

from __future__ import annotations

from django.http import Http404
from django.shortcuts import get_object_or_404

from waystation.organizations.access import Reach
from waystation.organizations.models import Unit
from waystation.stewardship.groups.forms import stations_in
from waystation.stewardship.groups.models import FunctionalGroup


def group_or_404(reach: Reach, pk) -> FunctionalGroup:
    """A group that the user may see: of a station in reach, or with a member whose home is in reach."""
    rows = FunctionalGroup.objects.within(reach).select_related("station", "community")
    return get_object_or_404(rows, pk=pk)


def managed_or_404(reach: Reach, pk) -> FunctionalGroup:
    """An open group of a station in reach."""
    rows = FunctionalGroup.objects.open().filter(reach.path_q("station_path"))
    return get_object_or_404(rows.select_related("station", "community"), pk=pk)


def station_of(request) -> Unit:
    """The station that the address names, else the first one in reach."""
    stations = stations_in(request.reach)
    wanted = request.GET.get("station") or request.POST.get("station")
    if wanted and not wanted.isdigit():
        raise Http404
    found = stations.filter(pk=wanted[:18]).first() if wanted else stations.first()
    if found is None:
        raise Http404
    return found
