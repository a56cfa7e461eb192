"""The ledger of an account: everything booked in the order of its days, with the balance after each row."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from waystation.kernel.money import ZERO
from waystation.stations.funds.models import Account, Appropriation, Expense, State


@dataclass
class Row:
    """One row: money that came in or went out on a day. `entry` is the appropriation or the expense."""

    day: date
    entry: Appropriation | Expense
    income: Decimal
    expense: Decimal
    balance: Decimal = ZERO

    @property
    def is_income(self) -> bool:
        return isinstance(self.entry, Appropriation)

    @property
    def is_carried(self) -> bool:
        return self.is_income and self.entry.source == Appropriation.Source.CARRIED

    @property
    def is_reversal(self) -> bool:
        return self.entry.reverses_id is not None


def ledger_of(account: Account) -> list[Row]:
    """Every booked row of the account; the balance of the last one is that of the account."""
    return running(rows_of([account]))


def rows_of(accounts: Iterable[Account]) -> list[Row]:
    """Everything booked in the accounts, by day and then in the order of entering."""
    accounts = list(accounts)
    grants = Appropriation.objects.filter(account__in=accounts, state=State.BOOKED, received_on__isnull=False)
    spent = Expense.objects.booked().filter(account__in=accounts)
    rows = [
        Row(one.received_on, one, one.amount, ZERO)
        for one in grants.select_related("account__station", "entered_by", "decided_by")
    ]
    rows += [
        Row(one.booked_on, one, ZERO, one.amount)
        for one in spent.select_related("account__station", "line", "entered_by", "decided_by")
    ]
    return sorted(rows, key=lambda row: (row.day, not row.is_income, row.entry.entered_at, row.entry.pk))


def running(rows: list[Row], *, opening: Decimal = ZERO) -> list[Row]:
    """The rows with the balance after each."""
    balance = opening
    for row in rows:
        balance += row.income - row.expense
        row.balance = balance
    return rows
