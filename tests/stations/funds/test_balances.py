"""Whatever happened to an account, its balances are the sums of its ledger, to the cent."""

from contextlib import suppress
from datetime import date
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import places as prefecture
from tests.stations.funds import make
from waystation.kernel.money import ZERO, amount_of
from waystation.stations.funds import actions
from waystation.stations.funds.models import Account, Appropriation, BudgetChange, BudgetLine, Expense
from waystation.stations.funds.queries import balance_of, ledger_of, lines_of
from waystation.stations.funds.queries.balances import sums_of, with_balances

pytestmark = pytest.mark.django_db
NOON = make.NOON
TITLES = ("办公", "活动", "培训")

cents = st.integers(1, 60_000_00).map(amount_of)
number = st.integers(0, 30)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("grant"), cents, st.booleans()),
        st.tuples(st.just("receive"), number),
        st.tuples(st.just("take back"), number, st.booleans()),
        st.tuples(st.just("allot"), st.integers(0, 2), cents, st.booleans()),
        st.tuples(st.just("move"), st.integers(0, 2), st.integers(0, 2), cents, st.booleans()),
        st.tuples(st.just("spend"), st.integers(0, 2), cents, st.sampled_from(["book", "return", "leave"])),
        st.tuples(st.just("decide"), number, st.booleans()),
        st.tuples(st.just("reverse"), number, st.booleans()),
    ),
    max_size=25,
)


class History:
    """Acts on one account; what is refused leaves nothing behind."""

    def __init__(self, station):
        self.station, self.maker, self.checker = station, prefecture.user(), prefecture.user()
        self.account = actions.open_account(station, 2026, by=self.maker, at=NOON)
        for title in TITLES:
            actions.add_line(self.account, title=title, by=self.maker, at=NOON)
        self.lines = list(BudgetLine.objects.filter(account=self.account).order_by("place"))

    def act(self, step):
        kind, *rest = step
        with suppress(actions.FundRefused), transaction.atomic():
            getattr(self, kind.replace(" ", "_"))(*rest)

    def _nth(self, rows, place):
        found = list(rows.order_by("pk"))
        return found[place % len(found)] if found else None

    def _settle(self, row, approve, approves, returns):
        if approve:
            approves(row, by=self.checker, at=NOON)
        else:
            returns(row, reason="不符", by=self.checker, at=NOON)

    def grant(self, amount, received):
        day = date(2026, 3, 1)
        actions.grant(
            self.station, year=2026, source="city", amount=amount, granted_on=day, document_no="1号",
            received_on=day if received else None, by=self.maker, at=NOON,
        )  # fmt: skip

    def receive(self, place):
        if row := self._nth(Appropriation.objects.all(), place):
            actions.receive(row, received_on=date(2026, 4, 1), by=self.maker, at=NOON)

    def take_back(self, place, approve):
        if row := self._nth(Appropriation.objects.all(), place):
            made = actions.reverse_grant(row, reason="收回", by=self.maker, at=NOON)
            self._settle(made, approve, actions.approve_grant_reversal, actions.return_grant_reversal)

    def allot(self, line, amount, approve):
        made = actions.propose_change(
            self.account, taker=self.lines[line], amount=amount, reason="安排", by=self.maker, at=NOON
        )
        self._settle(made, approve, actions.approve_change, actions.return_change)

    def move(self, giver, taker, amount, approve):
        made = actions.propose_change(
            self.account, giver=self.lines[giver], taker=self.lines[taker], amount=amount, reason="调剂", by=self.maker,
            at=NOON,
        )  # fmt: skip
        self._settle(made, approve, actions.approve_change, actions.return_change)

    def spend(self, line, amount, how):
        made = make.expense(self.lines[line], str(amount), by=self.maker)
        if how != "leave":
            self._settle(made, how == "book", actions.approve_expense, actions.return_expense)

    def decide(self, place, approve):
        if row := self._nth(Expense.objects.all(), place):
            self._settle(row, approve, actions.approve_expense, actions.return_expense)

    def reverse(self, place, approve):
        if row := self._nth(Expense.objects.all(), place):
            made = actions.reverse_expense(row, reason="冲销", by=self.maker, at=NOON)
            self._settle(made, approve, actions.approve_expense, actions.return_expense)


def booked(model, **which):
    """Amounts of booked rows, added in Python from the rows themselves."""
    return sum((row.amount for row in model.objects.filter(state="booked", **which)), ZERO)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps)
def test_balances_are_the_sums_of_the_ledger_after_any_history(places, history):
    with transaction.atomic():
        world = History(places["station"])
        for step in history:
            world.act(step)
        _check(world)
        transaction.set_rollback(True)


def _check(world):
    account, sums, ledger = world.account, balance_of(world.account), ledger_of(world.account)
    assert sums == sums_of(with_balances(Account.objects.filter(pk=account.pk)).get())
    assert sums.granted == booked(Appropriation)
    assert sums.received == booked(Appropriation, received_on__isnull=False) == sum((r.income for r in ledger), ZERO)
    assert sums.spent == booked(Expense) == sum((r.expense for r in ledger), ZERO)
    assert sums.balance == sums.received - sums.spent == (ledger[-1].balance if ledger else ZERO)
    assert sums.balance >= 0
    for line in lines_of(account):
        assert line.allotted == booked(BudgetChange, taker=line) - booked(BudgetChange, giver=line)
        assert line.spent == booked(Expense, line=line)
        assert 0 <= line.spent <= line.allotted
    assert sums.allotted == sum((line.allotted for line in lines_of(account)), ZERO) <= sums.granted
    assert all(isinstance(part, Decimal) for part in (sums.granted, sums.spent, sums.balance))


@pytest.mark.parametrize("rows", [1, 3])
def test_the_sums_of_many_accounts_are_one_query(places, rows, django_assert_num_queries):
    for year in range(2026, 2026 + rows):
        make.booked(make.line(make.granted(places["station"], year=year).account))

    with django_assert_num_queries(1):
        found = [sums_of(account).balance for account in with_balances(Account.objects.all())]

    assert found == [Decimal("98799.50")] * rows
