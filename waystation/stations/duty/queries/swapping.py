"""Lists of swaps and of leave, by filters that live in the address."""

from __future__ import annotations

from django.db.models import QuerySet

from waystation.organizations.access import Reach
from waystation.stations.duty.models import Leave, Swap

MINE, ASKED = "mine", "by me"


def swaps_by(state: str, reach: Reach, *, user) -> QuerySet[Swap]:
    """Swaps within reach; "mine" are those that wait for the user's answer."""
    found = Swap.objects.within(reach)
    if state == MINE:
        found = found.open().filter(asked_of=user)
    elif state == ASKED:
        found = found.filter(asked_by=user)
    elif state:
        found = found.filter(state=state)
    return found.select_related("turn__shift__station", "wanted__shift", "asked_by", "asked_of")


def leaves_by(filters: dict, reach: Reach) -> QuerySet[Leave]:
    """Leave of the staff within reach."""
    found = Leave.objects.within(reach)
    if filters.get("state"):
        found = found.filter(state=filters["state"])
    return found.select_related("posting__user", "posting__station", "decided_by")
