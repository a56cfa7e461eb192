"""Whether the law of the duty sheet holds, asked of the tables themselves."""

from __future__ import annotations

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from waystation.stewardship.duties.models import Duty
from waystation.stewardship.people.models import Stay

KINDS = len(Duty.Kind.values)


def faulty_stays() -> QuerySet[Stay]:
    """Stays with a duty that nobody answers for on their first day, and so with a gap.

    There is nothing else to look for: rows have no ends, and two cannot begin on one day, so that from its
    first row on a duty has one unit every day.
    """
    begun = Count("duties__kind", distinct=True, filter=Q(duties__starts_on__lte=F("starts_on")))
    return Stay.objects.annotate(begun=begun).filter(begun__lt=KINDS)


def without_sheet() -> QuerySet[Stay]:
    """Stays that were written past their action and have no row at all."""
    return Stay.objects.filter(~Exists(Duty.objects.filter(stay=OuterRef("pk"))))
