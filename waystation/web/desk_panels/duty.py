"""Today's shift on the desk."""

from __future__ import annotations

from collections.abc import Iterator

from waystation.organizations.access import mandates_of
from waystation.organizations.models import Unit
from waystation.organizations.permissions import Permission
from waystation.stations.duty.queries import holding, presence
from waystation.web.desk_items.core import Desk
from waystation.web.desk_panels.core import Panel, panel

NEXT = 3


@panel(Permission.SHIFT_WORK)
def shift(desk: Desk) -> Iterator[Panel]:
    """Who is on duty at the user's station, and the user's own next shifts."""
    station = next((one.unit for one in mandates_of(desk.user) if one.unit.kind == Unit.Kind.STATION), None)
    if station is None or not desk.reach(Permission.SHIFT_WORK).covers(station.path):
        return
    today = presence.today_at(station, at=desk.now)
    mine = presence.mark(presence.next_turns(desk.user, at=desk.now)[:NEXT], at=desk.now)
    if not (today.shifts or today.left_open or mine):
        return
    briefs = holding.unread_briefs(station).count() if any(turn.can_check_in for turn in mine) else 0
    yield Panel("web/panels/duty.html", {"station": station, "today": today, "mine": mine, "briefs": briefs})
