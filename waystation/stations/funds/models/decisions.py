"""How an entry is decided: by another person than the one who made it, once."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import pgettext_lazy


class State(models.TextChoices):
    """Where an entry stands. Only what is booked counts in a balance."""

    ENTERED = "entered", pgettext_lazy("entry", "Waiting for approval")
    BOOKED = "booked", pgettext_lazy("entry", "Booked")
    RETURNED = "returned", pgettext_lazy("entry", "Returned")


def decided_by_another(name: str, *, needing: Q | None = None) -> models.CheckConstraint:
    """Maker and checker are two people; a return has its reason; what needs no decision has none.

    `needing` are the rows that somebody decides; all of them if it is not given.
    """
    open_row = Q(state=State.ENTERED, decided_at=None, decided_by=None, decision="")
    taken = Q(decided_at__isnull=False, decided_by__isnull=False) & ~Q(decided_by=F("entered_by"))
    closed = taken & (Q(state=State.BOOKED) | Q(state=State.RETURNED) & ~Q(decision=""))
    condition = open_row | closed
    if needing is not None:
        condition = needing & condition | ~needing & Q(state=State.BOOKED, decided_at=None, decided_by=None)
    return models.CheckConstraint(name=name, condition=condition)
