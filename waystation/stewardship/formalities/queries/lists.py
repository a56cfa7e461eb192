"""The lists of transfers and of activity cards, as pages, desks and ledgers ask for them."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from waystation.organizations.access import Reach
from waystation.stewardship.formalities.models import ActivityCard, Transfer
from waystation.stewardship.formalities.queries.cards import due, window_of

# The three lists that the national system shows, and the rest.
TO_RECEIVE, RECEIPT_DUE, ON_WAY, CLOSED = "receive", "overdue", "way", "closed"


def transfers_by(filters: dict, reach: Reach, day: date) -> QuerySet[Transfer]:
    """Transfers in reach by list ("receive", "overdue", "way", "closed" or everything) and name or letter no."""
    rows = Transfer.objects.within(reach)
    which = filters.get("tab")
    if which == TO_RECEIVE:
        rows = rows.open().to_be_received_in(reach).exclude(to=None)
    elif which == RECEIPT_DUE:
        rows = rows.overdue(day)
    elif which == ON_WAY:
        rows = rows.open()
    elif which == CLOSED:
        rows = rows.exclude(state=Transfer.State.ISSUED)
    if filters.get("q"):
        rows = rows.filter(Q(person__name_key__startswith=filters["key"]) | Q(number=filters["q"]))
    return rows.select_related("person", "origin", "to", "issued_by")


def cards_by(filters: dict, reach: Reach, day: date) -> QuerySet[ActivityCard]:
    """Activity cards in reach by list ("due", "closed" or the valid ones) and name or number."""
    rows = ActivityCard.objects.within(reach)
    which = filters.get("tab")
    if which == "due":
        rows = due(rows, window_of(day))
    elif which == CLOSED:
        rows = rows.exclude(state=ActivityCard.State.VALID)
    else:
        rows = rows.valid()
    if filters.get("q"):
        rows = rows.filter(Q(person__name_key__startswith=filters["key"]) | Q(number=filters["q"]))
    return rows.select_related("person__station", "branch")
