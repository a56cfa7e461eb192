"""The rounds of education."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from waystation.kernel import dated, jobs
from waystation.stewardship.contacts.models import Excuse
from waystation.stewardship.education import actions, rules


def follow_excuses(at: datetime) -> int:
    """Excuses granted these days for days before: the rolls of those days follow; returns how many lines."""
    today = timezone.localdate(at)
    since = at - timedelta(days=dated.value(rules.EXCUSE_DAYS, today))
    fresh = Excuse.objects.filter(granted_at__gte=since, starts_on__lt=today)
    return sum(
        actions.renew_excuses(excuse.person, since=excuse.starts_on, at=at)
        for excuse in fresh.select_related("person").order_by("pk")
    )


jobs.every(6 * 3600, "planned occasions near")(actions.open_items_near)
jobs.every(6 * 3600, "rolls follow excuses")(follow_excuses)
