"""Balances: sums of what is booked, asked of the rows themselves each time and kept nowhere."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from waystation.kernel.money import ZERO, MoneyField
from waystation.stations.funds.models import Account, Appropriation, BudgetChange, BudgetLine, Expense, State


@dataclass(frozen=True)
class Balance:
    """The sums of an account: granted by documents, received, allotted to lines, spent, waiting for approval."""

    granted: Decimal
    received: Decimal
    allotted: Decimal
    spent: Decimal
    pending: Decimal

    @property
    def balance(self) -> Decimal:
        """What is in hand."""
        return self.received - self.spent

    @property
    def unallotted(self) -> Decimal:
        """What is granted and no line has yet."""
        return self.granted - self.allotted

    @property
    def outstanding(self) -> Decimal:
        """What is granted and has not come."""
        return self.granted - self.received


def _sum(rows: QuerySet, column: str) -> Coalesce:
    """The amounts of those rows whose `column` is the outer row, as a part of another query."""
    sums = rows.filter(**{column: OuterRef("pk")}).order_by().values(column).annotate(total=Sum("amount"))
    return Coalesce(Subquery(sums.values("total"), output_field=MoneyField()), Value(ZERO, output_field=MoneyField()))


def _booked(model) -> QuerySet:
    return model.objects.filter(state=State.BOOKED)


def with_balances(accounts: QuerySet[Account]) -> QuerySet[Account]:
    """The accounts with the sums of `Balance`, in one query; `sums_of` makes them one."""
    grants = _booked(Appropriation)
    return accounts.annotate(
        granted=_sum(grants, "account"),
        received=_sum(grants.filter(received_on__isnull=False), "account"),
        taken=_sum(_booked(BudgetChange).filter(taker__isnull=False), "account"),
        given=_sum(_booked(BudgetChange).filter(giver__isnull=False), "account"),
        spent=_sum(_booked(Expense), "account"),
        pending=_sum(Expense.objects.waiting(), "account"),
    )


def sums_of(account: Account) -> Balance:
    """The sums of an account that came from `with_balances`."""
    return Balance(account.granted, account.received, account.taken - account.given, account.spent, account.pending)


def balance_of(account: Account) -> Balance:
    """The sums of one account now."""
    return sums_of(with_balances(Account.objects.filter(pk=account.pk)).get())


def lines_of(account: Account) -> list[BudgetLine]:
    """The lines of the budget with `allotted`, `spent`, `pending` and `left`, in their order."""
    return _with_sums(BudgetLine.objects.filter(account=account))


def line_of(line: BudgetLine) -> BudgetLine:
    """One line with its sums now."""
    return _with_sums(BudgetLine.objects.filter(pk=line.pk))[0]


def _with_sums(lines: QuerySet[BudgetLine]) -> list[BudgetLine]:
    found = lines.annotate(
        taken_in=_sum(_booked(BudgetChange), "taker"),
        given_up=_sum(_booked(BudgetChange), "giver"),
        spent=_sum(_booked(Expense), "line"),
        pending=_sum(Expense.objects.waiting(), "line"),
    ).order_by("place", "pk")
    rows = list(found)
    for line in rows:
        line.allotted = line.taken_in - line.given_up
        line.left = line.allotted - line.spent
    return rows


def in_hand_of_stations(year: int, stations: Q) -> QuerySet[Account]:
    """The accounts of a year at the stations, with their sums."""
    return with_balances(Account.objects.filter(stations, year=year).select_related("station"))
