"""What hangs on a station with functional groups."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.db.models import Q
from django.utils.translation import ngettext

from waystation.organizations import closing
from waystation.organizations.models import Unit
from waystation.stewardship.groups.models import FunctionalGroup, GroupLeader


@closing.register
def groups(unit: Unit, on: date) -> Iterator[tuple[int, str]]:
    """Open groups of the station or of the community, and who leads one."""
    open_ones = FunctionalGroup.objects.filter(Q(station=unit) | Q(community=unit), closed_on=None)
    n = open_ones.count()
    yield n, ngettext("%(n)d open functional group", "%(n)d open functional groups", n) % {"n": n}
    n = GroupLeader.objects.filter(group__in=open_ones, ends_on=None).count()
    yield n, ngettext("%(n)d leader of a functional group", "%(n)d leaders of functional groups", n) % {"n": n}
