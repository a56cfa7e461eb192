"""What learning adds to the weekly five of a grid: members behind with their hours of the year."""

from __future__ import annotations

import math
from datetime import date
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import ngettext

from waystation.stewardship.contacts.queries import register_reason
from waystation.stewardship.education.queries.totals import behind, reminds
from waystation.stewardship.people.models import Person

HOURS = "hours"


def words(hours: int) -> str:
    """The sentence why: what is missing of the share of the year that is over (条例 2019, art. 20: 32 hours a year)."""
    said = ngettext("Study: %(n)d hour less than is due by now", "Study: %(n)d hours less than are due by now", hours)
    return said % {"n": hours}


@register_reason(HOURS, words)
def hours_low(people: QuerySet[Person], day: date) -> dict[UUID, int]:
    """Who is behind with the hours, and by how many; nobody before the month of the rule, never who is excused."""
    if not reminds(day):
        return {}
    rows = behind(people.order_by(), day).values_list("pk", "target", "months", "year_hours")
    return {pk: math.ceil(target * months / 12 - float(hours)) for pk, target, months, hours in rows}
