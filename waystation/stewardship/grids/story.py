"""The part of a person's time line that the grids know."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from waystation.stewardship.grids.models import GridAssignment
from waystation.stewardship.people.models import Person
from waystation.stewardship.people.queries import timeline
from waystation.stewardship.people.queries.sights import Sight


@timeline.register
def tell(person: Person, sight: Sight) -> Iterator[timeline.Entry]:
    """Each time the member came into a grid, and each time the member left one."""
    rows = GridAssignment.objects.filter(person=person).select_related("grid__unit", "grid__station", "assigned_by")
    for row in rows:
        names = {"grid": row.grid.unit.name, "station": row.grid.station.name}
        yield timeline.Entry(
            row.assigned_at,
            _("Put into %(grid)s of %(station)s") % names,
            [str(row.assigned_by or "")],
            about=f"grid:{row.pk}",
            url=reverse("grids:grid", args=[row.grid_id]),
        )
        if row.ends_on is not None:
            midnight = datetime.combine(row.ends_on, datetime.min.time())
            yield timeline.Entry(
                timezone.make_aware(midnight), _("Left %(grid)s of %(station)s") % names,
                tone="plain",
            )  # fmt: skip
