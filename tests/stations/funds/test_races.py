"""Two officers at one moment on one account: the row of the account decides, on both databases."""

from decimal import Decimal
from functools import partial

import pytest

from tests import places as prefecture
from tests.fault.conftest import together
from tests.stations.funds import make
from waystation.kernel import audit
from waystation.stations.funds import actions
from waystation.stations.funds.models import Appropriation, Expense
from waystation.stations.funds.queries import balance_of, line_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def account(places):
    return make.granted(places["station"]).account


@pytest.fixture(autouse=True)
def the_trail_stays_whole(db):
    yield
    assert audit.verify_chain() == []


def kinds(outcomes):
    return sorted(type(outcome).__name__ for outcome in outcomes)


def approve(entry):
    return partial(actions.approve_expense, entry, by=prefecture.user(), at=make.NOON)


def test_of_two_approvals_that_overspend_a_line_one_passes(account):
    line = make.line(account, amount="10000")
    entries = [make.expense(line, "6000") for _ in range(2)]

    assert kinds(together(*map(approve, entries))) == ["Expense", "LineOverspent"]
    assert line_of(line).left == Decimal("4000.00")


def test_of_two_approvals_on_two_lines_that_spend_more_than_came_one_passes(places):
    account = make.granted(places["station"], amount="100").account
    make.granted(places["station"], amount="10000", received=False)
    entries = [make.expense(make.line(account, title, "80"), "60") for title in ("办公", "活动")]

    assert kinds(together(*map(approve, entries))) == ["Expense", "NotEnoughReceived"]
    assert balance_of(account).balance == 40


def test_one_entry_approved_twice_at_one_moment_is_booked_once(account):
    entry = make.expense(make.line(account))

    assert kinds(together(approve(entry), approve(entry))) == ["AlreadyDecided", "Expense"]
    assert balance_of(account).spent == entry.amount


def test_an_approval_and_a_change_never_take_the_same_money(account):
    line, other = make.line(account, amount="1000"), make.line(account, "活动", "1")
    entry = make.expense(line, "700")
    change = actions.propose_change(
        account, giver=line, taker=other, amount=Decimal("700"), reason="调剂", by=prefecture.user(), at=make.NOON
    )

    outcomes = together(approve(entry), partial(actions.approve_change, change, by=prefecture.user(), at=make.NOON))

    assert kinds(outcomes) in (["Expense", "LineOverspent"], ["BudgetChange", "LineOverspent"])
    assert line_of(line).left == 300


def test_one_entry_reversed_twice_at_one_moment_is_reversed_once(account):
    entry = make.booked(make.line(account))
    reverse = [
        partial(actions.reverse_expense, entry, reason="冲销", by=prefecture.user(), at=make.NOON) for _ in range(2)
    ]

    assert kinds(together(*reverse)) == ["AlreadyReversed", "Expense"]
    assert Expense.objects.filter(reverses=entry).count() == 1


def test_vouchers_entered_at_one_moment_have_two_numbers(account):
    line = make.line(account)
    users = [prefecture.user() for _ in range(3)]

    together(*(partial(make.expense, line, "1", by=user) for user in users))

    assert sorted(Expense.objects.values_list("number", flat=True)) == [1, 2, 3]


def test_the_grant_of_the_year_given_twice_at_one_moment_is_given_once(places):
    how = {
        "year": 2026, "source": "city", "amount": Decimal(100_000), "granted_on": make.NOON.date(), "document_no": "1",
        "at": make.NOON,
    }  # fmt: skip
    acts = [partial(actions.grant_to_all, [places["station"]], by=prefecture.user(), **how) for _ in range(2)]

    assert sorted(map(str, together(*acts))) == ["0", "1"]
    assert Appropriation.objects.count() == 1
