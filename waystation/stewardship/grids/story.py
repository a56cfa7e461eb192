"""The part of a person's time line that the grids know."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from waystation.kernel.days import midnight
from waystation.kernel.templatetags.ui import zh_date
from waystation.organizations.permissions import Permission
from waystation.stewardship.grids.models import GridAssignment
from waystation.stewardship.people.models import Person
from waystation.stewardship.people.queries import asides, timeline
from waystation.stewardship.people.queries.sights import Sight


@timeline.register
def tell(person: Person, sight: Sight) -> Iterator[timeline.Entry]:
    """Each time the member came into a grid, and each time the member left one.

    The origin may not open a grid but is told who looks after its member; the destination needs neither.
    """
    if not sight.cares:
        return
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
            yield timeline.Entry(
                midnight(row.ends_on), _("Left %(grid)s of %(station)s") % names,
                tone="plain",
            )  # fmt: skip


@asides.register
def grid_now(person: Person, sight: Sight) -> asides.Aside | None:
    """The grid of a member in care, or that there is none yet."""
    if not sight.cares or not person.station_id:
        return None
    rows = GridAssignment.objects.filter(person=person, ends_on=None).select_related("grid__unit", "grid__station")
    lines = [
        asides.Line(
            row.grid.unit.name,
            _("since %(day)s") % {"day": zh_date(row.starts_on)},
            reverse("grids:grid", args=[row.grid_id]),
            Permission.GRID_VIEW,
        )
        for row in rows
    ]
    return asides.Aside(_("Grid"), lines, _("In no grid: the station itself cares."))
