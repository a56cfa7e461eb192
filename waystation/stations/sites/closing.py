"""What hangs on a unit in which or for which a station works."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.db.models import Q
from django.utils.translation import ngettext

from waystation.organizations import closing
from waystation.organizations.models import Unit
from waystation.stations.sites.models import Station


@closing.register
def stations(unit: Unit, on: date) -> Iterator[tuple[int, str]]:
    """Open stations that stand in the town or serve the community."""
    rows = Station.objects.filter(Q(host_town=unit) | Q(communities=unit), unit__closed_on=None)
    n = rows.order_by().values("pk").distinct().count()
    yield n, ngettext("%(n)d station there or serving it", "%(n)d stations there or serving it", n) % {"n": n}
