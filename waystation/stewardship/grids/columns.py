"""What grids add to the comparison of stations."""

from __future__ import annotations

from datetime import date

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from waystation.stations.sites import comparison
from waystation.stations.sites.comparison import Share
from waystation.stewardship.grids import queries


def _vacant_url(station: int) -> str:
    return f"{reverse('grids:list')}?{urlencode({'station': station, 'vacant': 'on'})}"


@comparison.register(
    "grids.vacant",
    _("Vacant"),
    group=_("Grids"),
    meaning=_("Grids that nobody leads today, out of all grids of the station"),
    opens=_vacant_url,
    order=35,
)
def vacant(stations: list[int], day: date) -> dict[int, Share]:
    rows = queries.with_vacancy(queries.in_use().filter(station__in=stations), day).order_by().values("station")
    counted = rows.annotate(all=Count("pk"), without=Count("pk", filter=Q(is_vacant=True)))
    return {row["station"]: Share(row["without"], row["all"]) for row in counted}
