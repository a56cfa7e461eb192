"""What waits for the yes of another person."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import QuerySet

from waystation.organizations.access import Reach
from waystation.organizations.models import Unit
from waystation.stations.funds.models import Account, Appropriation, BudgetChange, Expense, State

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


def own_source(reach: Reach) -> str:
    """The source that whoever has this reach speaks for."""
    source = Appropriation.Source
    return source.CITY if "city_organiser" in reach.roles else source.COUNTY


def granted_from(source: str, year: int) -> QuerySet[Appropriation]:
    """What stands granted from a source in a year: nothing that was taken back."""
    rows = Appropriation.objects.filter(account__year=year, source=source, reverses=None, state=State.BOOKED)
    return rows.exclude(reversals__state=State.BOOKED)


def stations_without(reach: Reach, source: str, year: int) -> QuerySet[Unit]:
    """Open stations that have nothing from a source in a year whose account is not closed."""
    closed = Account.objects.filter(year=year, closed_at__isnull=False)
    stations = Unit.objects.within(reach).stations()
    has = granted_from(source, year).values("account__station")
    return stations.exclude(pk__in=has).exclude(pk__in=closed.values("station"))


def returned_to(user, reach: Reach, *, since: datetime) -> QuerySet[Expense]:
    """Entries of the user that came back in the last month."""
    own = Expense.objects.within(reach).filter(entered_by=user, state=State.RETURNED)
    return own.filter(decided_at__gt=since - TOLD)
