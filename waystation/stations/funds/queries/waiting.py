"""What waits for the yes of another person."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import QuerySet

from waystation.organizations.access import Reach
from waystation.stations.funds.models import Appropriation, BudgetChange, Expense, State

PATH = "account__station__path"
TOLD = timedelta(days=30)  # how long a return is shown to whoever made the entry


def expenses_waiting(reach: Reach) -> QuerySet[Expense]:
    """Expenses and their reversals that nobody has decided on."""
    return Expense.objects.within(reach).waiting()


def changes_waiting(reach: Reach) -> QuerySet[BudgetChange]:
    """Changes of budgets that nobody has decided on."""
    return BudgetChange.objects.filter(reach.path_q(PATH), state=State.ENTERED)


def reversals_waiting(reach: Reach) -> QuerySet[Appropriation]:
    """Appropriations that somebody wants to take back."""
    return Appropriation.objects.filter(reach.path_q(PATH), state=State.ENTERED)


def returned_to(user, reach: Reach, *, since: datetime) -> QuerySet[Expense]:
    """Entries of the user that came back in the last month."""
    own = Expense.objects.within(reach).filter(entered_by=user, state=State.RETURNED)
    return own.filter(decided_at__gt=since - TOLD)
