"""The rounds of education."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from waystation.kernel import jobs
from waystation.stewardship.contacts.models import Excuse
from waystation.stewardship.education import actions

LOOKED_BACK = timedelta(days=8)


def follow_excuses(at: datetime) -> int:
    """Excuses granted these days for days before: the rolls of those days follow; returns how many lines."""
    fresh = Excuse.objects.filter(granted_at__gte=at - LOOKED_BACK, starts_on__lt=timezone.localdate(at))
    return sum(
        actions.renew_excuses(excuse.person, since=excuse.starts_on, at=at)
        for excuse in fresh.select_related("person").order_by("pk")
    )


jobs.every(6 * 3600, "planned occasions near")(actions.open_items_near)
jobs.every(6 * 3600, "rolls follow excuses")(follow_excuses)
