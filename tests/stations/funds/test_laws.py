"""The laws of a station's money, by those who try to break them."""

from datetime import date
from decimal import Decimal
from importlib import import_module

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from tests import places
from tests.stations.funds import make
from waystation.kernel import audit, files
from waystation.kernel.models import AuditEvent
from waystation.stations.funds import actions
from waystation.stations.funds.models import Account, Appropriation, BudgetChange, BudgetLine, Expense
from waystation.stations.funds.queries import balance_of, ledger_of, line_of

pytestmark = pytest.mark.django_db
NOON = make.NOON


@pytest.fixture
def account(places):
    return make.granted(places["station"]).account


@pytest.fixture
def line(account):
    return make.line(account)


def refused(error, act, *args, **how):
    with pytest.raises(error), transaction.atomic():
        act(*args, **{"by": places.user(), "at": NOON, **how})


# --- grants ---------------------------------------------------------------------------------------


def test_granted_money_counts_as_received_from_the_day_it_came(places):
    grant = make.granted(places["station"], received=False)
    before = balance_of(grant.account)
    actions.receive(grant, received_on=date(2026, 4, 2), by=make.places.user(), at=NOON)
    after = balance_of(grant.account)

    assert (before.granted, before.received, before.balance) == (100_000, 0, 0)
    assert (after.received, after.balance, after.outstanding) == (100_000, 100_000, 0)


def test_the_day_of_receipt_is_entered_once(account):
    refused(
        actions.AlreadyDecided,
        lambda **k: actions.receive(account.appropriations.get(), received_on=date(2026, 5, 1), **k),
    )


@pytest.mark.parametrize(("source", "document"), [("city", ""), ("county", ""), ("carried", "1号")])
def test_money_from_above_has_a_document_and_nothing_is_carried_by_hand(places, source, document):
    refused(
        actions.FundRefused, actions.grant, places["station"], year=2026, source=source,
        amount=Decimal(1), granted_on=date(2026, 1, 1), document_no=document,
    )  # fmt: skip


def test_the_grant_of_the_year_is_given_to_each_station_once(places):
    both = [places["station"], places["beside"]]
    make.granted(places["station"])
    how = {
        "year": 2026, "source": "city", "amount": Decimal(100_000), "granted_on": date(2026, 3, 1),
        "document_no": "宁委组〔2026〕1号", "by": make.places.user(), "at": NOON,
    }  # fmt: skip

    assert actions.grant_to_all(both, **how) == 1
    assert actions.grant_to_all(both, **how) == 0
    assert Appropriation.objects.filter(source="city").count() == 2


def test_a_grant_is_taken_back_by_two_people_and_given_anew(places, account):
    grant, officer = account.appropriations.get(), make.places.user()
    reversal = actions.reverse_grant(grant, reason="文件重复录入", by=officer, at=NOON)
    refused(actions.SamePerson, lambda **k: actions.approve_grant_reversal(reversal, **k), by=officer)
    refused(actions.AlreadyReversed, lambda **k: actions.reverse_grant(grant, reason="又一次", **k))
    actions.approve_grant_reversal(reversal, by=make.places.user(), at=NOON)

    sums = balance_of(account)
    assert (sums.granted, sums.received, sums.balance) == (0, 0, 0)
    assert [row.amount for row in (r.entry for r in ledger_of(account))] == [100_000, -100_000]


def test_a_grant_that_is_allotted_or_spent_stays(account, line):
    reversal = actions.reverse_grant(account.appropriations.get(), reason="收回", by=places.user(), at=NOON)

    refused(actions.NotEnoughGranted, lambda **k: actions.approve_grant_reversal(reversal, **k))


def test_a_returned_reversal_leaves_everything_as_it_was_and_may_be_asked_again(account):
    grant = account.appropriations.get()
    reversal = actions.reverse_grant(grant, reason="收回", by=places.user(), at=NOON)
    refused(actions.FundRefused, lambda **k: actions.return_grant_reversal(reversal, reason=" ", **k))
    actions.return_grant_reversal(reversal, reason="款项无误", by=places.user(), at=NOON)

    assert balance_of(account).granted == 100_000
    assert actions.reverse_grant(grant, reason="再次收回", by=places.user(), at=NOON).state == "entered"


# --- the budget -----------------------------------------------------------------------------------


def test_nothing_is_allotted_that_is_not_granted(account):
    line = actions.add_line(account, title="场地", amount=Decimal("100000.01"), by=places.user(), at=NOON)

    refused(actions.NotEnoughGranted, lambda **k: actions.approve_change(line.taken.get(), **k))
    assert line_of(line).allotted == 0


def test_a_line_gives_only_what_it_has_not_spent(account, line):
    make.booked(line, "4000.00")
    other = make.line(account, "活动", "500")
    too_much, enough = (
        actions.propose_change(
            account, giver=line, taker=other, amount=Decimal(sum_), reason="活动增加", by=places.user(), at=NOON
        )
        for sum_ in ("6000.01", "6000.00")
    )  # fmt: skip

    refused(actions.LineOverspent, lambda **k: actions.approve_change(too_much, **k))
    actions.approve_change(enough, by=places.user(), at=NOON)
    assert (line_of(line).left, line_of(other).allotted) == (0, Decimal("6500.00"))


def test_who_proposed_a_change_does_not_approve_it(account):
    head = places.user()
    line = actions.add_line(account, title="场地", amount=Decimal(10), by=head, at=NOON)

    refused(actions.SamePerson, lambda **k: actions.approve_change(line.taken.get(), **k), by=head)


@pytest.mark.parametrize("lines", [("same", "same"), (None, None), ("foreign", None)])
def test_a_change_is_between_two_lines_of_one_budget(places, account, line, lines):
    foreign = make.line(make.granted(places["beside"]).account)
    giver, taker = ({"same": line, "foreign": foreign, None: None}[name] for name in lines)

    refused(
        actions.FundRefused,
        lambda **k: actions.propose_change(account, giver=giver, taker=taker, amount=Decimal(1), reason="错误", **k),
    )


def test_a_budget_has_each_title_once(account, line):
    refused(actions.FundRefused, lambda **k: actions.add_line(account, title=line.title, **k))


# --- expenses -------------------------------------------------------------------------------------


def test_an_expense_counts_when_another_person_approved_it(account, line):
    officer, head = places.user(), places.user()
    entry = make.expense(line, "1200.50", by=officer)
    assert (balance_of(account).spent, line_of(line).pending) == (0, Decimal("1200.50"))
    refused(actions.SamePerson, lambda **k: actions.approve_expense(entry, **k), by=officer)

    actions.approve_expense(entry, by=head, at=NOON)

    assert (line_of(line).left, balance_of(account).balance) == (Decimal("8799.50"), Decimal("98799.50"))
    assert (entry.state, entry.decided_by, entry.booked_on) == ("booked", head, timezone.localdate(NOON))
    assert set(AuditEvent.objects.filter(object_pk=str(entry.pk)).values_list("verb", flat=True)) == {
        "expense.entered", "expense.booked",
    }  # fmt: skip


def test_an_expense_is_decided_once(line):
    entry = make.booked(line)

    refused(actions.AlreadyDecided, lambda **k: actions.approve_expense(entry, **k))
    refused(actions.AlreadyDecided, lambda **k: actions.return_expense(entry, reason="退回", **k))


def test_a_return_has_a_reason_and_books_nothing(account, line):
    entry = make.expense(line)
    refused(actions.FundRefused, lambda **k: actions.return_expense(entry, reason="", **k))
    actions.return_expense(entry, reason="发票抬头不符", by=places.user(), at=NOON)

    assert (entry.state, entry.decision, balance_of(account).spent) == ("returned", "发票抬头不符", 0)


def test_no_line_overspends_to_the_cent(line):
    make.booked(line, "9999.99")
    with pytest.raises(actions.LineOverspent):
        make.expense(line, "0.02")

    assert make.booked(line, "0.01").state == "booked"
    assert line_of(line).left == 0


def test_two_entries_that_fit_alone_do_not_fit_together(line):
    one, other = make.expense(line, "6000"), make.expense(line, "6000")
    actions.approve_expense(one, by=places.user(), at=NOON)

    refused(actions.LineOverspent, lambda **k: actions.approve_expense(other, **k))


def test_money_that_has_not_come_is_not_spent(places):
    account = make.granted(places["station"], received=False).account
    entry = make.expense(make.line(account), "100")

    refused(actions.NotEnoughReceived, lambda **k: actions.approve_expense(entry, **k))


def test_a_reversal_is_a_row_of_its_own_and_gives_the_line_its_money_back(account, line):
    entry = make.booked(line, "1200.50")
    reversal = actions.reverse_expense(entry, reason="重复报销", by=places.user(), at=NOON)
    assert line_of(line).spent == Decimal("1200.50")
    refused(actions.AlreadyReversed, lambda **k: actions.reverse_expense(entry, reason="又一次", **k))
    actions.approve_expense(reversal, by=places.user(), at=NOON)

    assert (line_of(line).spent, balance_of(account).balance) == (0, 100_000)
    assert [row.expense for row in ledger_of(account) if not row.is_income] == [Decimal("1200.50"), Decimal("-1200.50")]
    assert (entry.number, reversal.number) == (1, 2)
    refused(actions.FundRefused, lambda **k: actions.reverse_expense(reversal, reason="再冲", **k))


def test_what_is_not_booked_is_not_reversed(line):
    refused(actions.FundRefused, lambda **k: actions.reverse_expense(make.expense(line), reason="冲销", **k))


@pytest.mark.parametrize(("name", "content"), [("发票.exe", make.PDF), ("发票.png", make.PDF), ("发票.pdf", b"")])
def test_a_voucher_is_an_image_or_a_pdf(line, name, content):
    with pytest.raises(files.UploadRefused):
        make.expense(line, name=name, content=content)

    assert Expense.objects.count() == 0


def test_an_expense_of_another_stations_line_is_refused(places, line):
    foreign = make.granted(places["beside"]).account

    refused(
        actions.FundRefused, actions.enter_expense, foreign, line=line, amount=Decimal(1),
        spent_on=date(2026, 5, 1), payee="某店", purpose="某物", voucher=None, voucher_name="",
    )  # fmt: skip


# --- the year -------------------------------------------------------------------------------------


def test_a_closed_year_carries_its_rest_over_and_takes_nothing_more(account, line):
    make.booked(line, "1000.25")
    waiting = make.expense(line, "5")
    refused(actions.FundRefused, lambda **k: actions.close_account(account, **k))
    actions.return_expense(waiting, reason="明年再报", by=places.user(), at=NOON)
    actions.close_account(account, by=places.user(), at=NOON)

    following = Account.objects.get(year=2027)
    assert balance_of(following).balance == Decimal("98999.75") == balance_of(account).balance
    with pytest.raises(actions.AccountClosed):
        make.expense(line, "1")
    with pytest.raises(actions.AccountClosed):
        make.granted(account.station)


def test_a_year_with_money_that_has_not_come_is_not_closed(places):
    account = make.granted(places["station"], received=False).account

    refused(actions.FundRefused, lambda **k: actions.close_account(account, **k))


# --- what the database itself refuses -------------------------------------------------------------


def in_vain(act):
    with pytest.raises(DatabaseError), transaction.atomic():
        act()


def test_the_database_keeps_what_is_booked(account, line):
    entry = make.booked(line)
    rows = Expense.objects.filter(pk=entry.pk)

    in_vain(lambda: rows.update(amount=Decimal(1)))
    in_vain(lambda: rows.update(payee="别人"))
    in_vain(lambda: rows.update(state="entered", decided_at=None, decided_by=None, booked_on=None))
    in_vain(lambda: rows.update(decision="改"))
    in_vain(lambda: rows._raw_delete(rows.db))
    grants = Appropriation.objects.filter(account=account)
    in_vain(lambda: grants.update(amount=Decimal(1)))
    in_vain(lambda: grants.update(received_on=date(2026, 1, 1)))
    in_vain(lambda: grants._raw_delete(grants.db))
    changes = BudgetChange.objects.filter(account=account)
    in_vain(lambda: changes.update(amount=Decimal(1)))
    in_vain(lambda: changes.update(state="returned", decision="改"))
    in_vain(lambda: changes._raw_delete(changes.db))
    assert audit.verify_chain() == []


def test_the_database_keeps_maker_and_checker_apart(account, line):
    entry, officer = make.expense(line), places.user()
    rows = Expense.objects.filter(pk=entry.pk)
    how = {"state": "booked", "decided_at": NOON, "booked_on": NOON.date()}

    in_vain(lambda: rows.update(decided_by=entry.entered_by, **how))
    in_vain(lambda: rows.update(state="booked"))
    in_vain(lambda: rows.update(**how))
    in_vain(lambda: rows.update(state="returned", decided_at=NOON, decided_by=officer))
    assert rows.update(decided_by=officer, **how) == 1


def test_the_database_takes_no_expense_without_voucher_and_no_second_reversal(account, line):
    entry = make.booked(line)
    base = {
        "account": account, "line": line, "spent_on": NOON.date(), "payee": "某店", "purpose": "某物",
        "entered_at": NOON, "entered_by": places.user(),
    }  # fmt: skip

    in_vain(lambda: Expense.objects.create(number=90, amount=Decimal(1), **base))
    in_vain(lambda: Expense.objects.create(number=91, amount=Decimal(0), voucher=entry.voucher, **base))
    in_vain(lambda: Expense.objects.create(number=1, amount=Decimal(1), voucher=entry.voucher, **base))
    in_vain(lambda: Expense.objects.create(number=92, amount=Decimal(-1), reverses=entry, reason="", **base))
    actions.reverse_expense(entry, reason="冲销", by=places.user(), at=NOON)
    in_vain(lambda: Expense.objects.create(number=93, amount=-entry.amount, reverses=entry, reason="再冲", **base))


def test_every_guard_stands_in_the_database(db):
    migration = import_module("waystation.stations.funds.migrations.0002_what_is_booked_stays")
    question = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'",
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(question)
        present = {name for (name,) in cursor.fetchall()}

    wanted = {name for guard in migration.GUARDS for name in guard.triggers(connection.vendor)}
    assert wanted <= present


def test_a_year_is_one_account_a_station(places, account):
    assert actions.open_account(places["station"], 2026, by=None, at=NOON) == account
    with pytest.raises(IntegrityError), transaction.atomic():
        Account.objects.create(station=places["station"], year=2026, opened_at=NOON)


def test_lines_keep_their_order(account):
    titles = ["办公", "活动", "培训"]
    for title in titles:
        make.line(account, title, "100")

    assert list(BudgetLine.objects.order_by("place").values_list("title", flat=True)) == titles
