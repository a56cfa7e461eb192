"""Pages of funds: who comes in, and what they do."""

import io
import zlib
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from tests import places as people
from tests.stations.funds import make
from waystation.kernel.models import AuditEvent
from waystation.stations.funds import actions
from waystation.stations.funds.models import Account, Appropriation, BudgetChange, Expense
from waystation.stations.funds.queries import balance_of, line_of
from waystation.web.desk_items import Desk, items_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def account(places):
    return make.granted(places["station"]).account


@pytest.fixture
def line(account):
    return make.line(account)


def page(client, name, *args, **query):
    return client.get(reverse(f"funds:{name}", args=[getattr(arg, "pk", arg) for arg in args]), query)


def send(client, name, *args, **data):
    return client.post(reverse(f"funds:{name}", args=[getattr(arg, "pk", arg) for arg in args]), data)


@pytest.mark.parametrize(
    ("role", "where", "status"),
    [
        ("station_head", "station", 200),
        ("station_officer", "station", 200),
        ("county_organiser", "county", 200),
        ("city_organiser", "city", 200),
        ("station_head", "beside", 404),
        ("county_organiser", "beside county", 404),
        ("branch_secretary", "branch", 403),
        ("grid_leader", "station", 403),
    ],
)
def test_who_sees_the_money_of_a_station(client, places, enter, account, line, role, where, status):
    entry = make.expense(line)
    if role == "grid_leader":
        enter(role, make.places.grid(places["station"]).unit)
    else:
        enter(role, places[where])

    assert page(client, "account", account).status_code == status
    assert page(client, "ledger", account).status_code == status
    assert page(client, "expense", entry).status_code == status
    assert page(client, "voucher", entry).status_code == status


@pytest.mark.parametrize(
    ("role", "where", "may_enter", "may_approve", "may_grant"),
    [
        ("station_officer", "station", 200, 403, 403),
        ("station_head", "station", 200, 403, 403),
        ("county_organiser", "county", 403, 200, 200),
        ("city_organiser", "city", 403, 403, 200),
    ],
)
def test_entering_approving_and_granting_are_three_rights(
    client, places, enter, account, line, role, where, may_enter, may_approve, may_grant
):
    enter(role, places[where])

    assert page(client, "expense-new", account).status_code == may_enter
    assert page(client, "queue").status_code == may_approve
    assert page(client, "grant-new").status_code == may_grant


def test_an_expense_goes_from_the_officer_to_the_county_and_back_to_the_ledger(client, places, enter, account, line):
    enter("station_officer", places["station"])
    upload = SimpleUploadedFile("发票.pdf", make.PDF)
    answer = send(
        client, "expense-new", account, line=line.pk, amount="1,200.50".replace(",", ""), spent_on="2026-11-20",
        payee="城关文具店", purpose="档案盒", voucher=upload,
    )  # fmt: skip
    entry = Expense.objects.get()
    assert answer.url == reverse("funds:expense", args=[entry.pk])
    assert send(client, "expense-approve", entry).status_code == 403

    enter("county_organiser", places["county"])
    assert entry.voucher_no in page(client, "queue").content.decode()
    assert send(client, "expense-approve", entry).status_code == 302

    entry.refresh_from_db()
    assert (entry.state, line_of(line).spent) == ("booked", Decimal("1200.50"))
    assert "98,799.50" in page(client, "ledger", account).content.decode()
    content = b"".join(page(client, "voucher", entry).streaming_content)
    assert content == make.PDF


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"amount": "0"}, "amount"),
        ({"amount": "1.005"}, "amount"),
        ({"amount": "10000.01"}, "amount"),
        ({"spent_on": "2036-01-01"}, "spent_on"),
        ({"payee": ""}, "payee"),
        ({"voucher": SimpleUploadedFile("发票.docx", b"PK\x03\x04")}, "voucher"),
        ({"voucher": SimpleUploadedFile("发票.png", b"not an image")}, "voucher"),
        ({"line": "1"}, "line"),
    ],
)
def test_a_wrong_entry_comes_back_with_what_was_typed(client, places, enter, account, line, wrong, field):
    enter("station_officer", places["station"])
    given = {
        "line": line.pk, "amount": "12.50", "spent_on": "2026-11-20", "payee": "城关文具店", "purpose": "档案盒",
        "voucher": SimpleUploadedFile("发票.pdf", make.PDF), **wrong,
    }  # fmt: skip

    answer = send(client, "expense-new", account, **given)

    assert answer.status_code == 200
    # A browser does not send the file again by itself, so the page asks for it.
    assert set(answer.context["form"].errors) == {field, "voucher"}
    assert "档案盒" in answer.content.decode()
    assert Expense.objects.count() == 0


def test_a_return_needs_a_reason_and_shows_it_to_whoever_entered(client, places, enter, account, line):
    officer = enter("station_officer", places["station"])
    entry = make.expense(line, by=officer)
    enter("county_organiser", places["county"])
    assert send(client, "expense-return", entry).context["reason_form"].errors
    send(client, "expense-return", entry, reason="发票抬头不符")

    client.force_login(officer)
    assert "发票抬头不符" in page(client, "returned").content.decode()
    items = {item.key: item.number for item in items_of(_desk(officer))}
    assert items["funds-returned"] == 1


def _desk(user):
    return Desk(user, timezone.now(), timezone.localdate())


def test_the_desk_counts_what_the_queue_shows(client, places, enter, account, line):
    make.expense(line)
    make.expense(line)
    county = enter("county_organiser", places["county"])

    items = {item.key: item for item in items_of(_desk(county))}

    assert items["funds-expenses"].number == 2 == len(client.get(items["funds-expenses"].url).context["rows"])


def test_the_county_does_not_decide_on_what_it_proposed_itself(client, places, enter, account):
    county = enter("county_organiser", places["county"])
    send(client, "line-new", account, title="活动", amount="100")
    change = BudgetChange.objects.get()
    assert change.entered_by == county

    answer = send(client, "change-approve", change)

    assert answer.status_code == 200
    assert answer.context["problem"]
    change.refresh_from_db()
    assert change.state == "entered"


def test_a_budget_is_proposed_by_the_head_and_approved_by_the_county(client, places, enter, account, line):
    enter("station_head", places["station"])
    send(client, "line-new", account, title="活动", amount="100")
    other = account.lines.get(title="活动")
    send(client, "change-new", account, giver=line.pk, taker=other.pk, amount="50.50", reason="增加活动")
    enter("county_organiser", places["county"])
    for change in BudgetChange.objects.filter(state="entered"):
        assert page(client, "change", change).status_code == 200
        assert send(client, "change-approve", change).status_code == 302

    assert (line_of(line).allotted, line_of(other).allotted) == (Decimal("9949.50"), Decimal("150.50"))


def test_the_city_grants_to_all_and_a_station_enters_the_day_of_receipt(client, places, enter):
    enter("city_organiser", places["city"])
    form = page(client, "grant-all").context["form"]
    assert form.fields["amount"].initial == 100_000
    given = {"year": 2026, "source": "city", "amount": "100000", "document_no": "1号", "granted_on": "2026-03-01"}
    assert send(client, "grant-all", **given).status_code == 302
    assert Account.objects.count() == 2

    enter("station_officer", places["station"])
    grant = Appropriation.objects.get(account__station=places["station"])
    assert send(client, "grant-receive", grant, received_on="2026-04-01").status_code == 302
    assert balance_of(grant.account).balance == 100_000


def test_a_desk_counts_the_stations_without_the_money_of_the_year(client, places, enter):
    today = timezone.localdate()
    city = enter("city_organiser", places["city"])
    county = people.user("county_organiser", places["county"])

    def waiting(user):
        return {one.key: one.number for one in items_of(Desk(user, timezone.now(), today))}.get("funds-to-grant", 0)

    assert (waiting(city), waiting(county)) == (2, 1)
    assert len(page(client, "grant-all").context["page"].object_list) == 2
    given = {"source": "city", "amount": "100000", "document_no": "1号", "granted_on": f"{today}"}
    send(client, "grant-all", year=today.year, **given)
    assert (waiting(city), waiting(county)) == (0, 1)

    grant = Appropriation.objects.get(account__station=places["station"])
    actions.reverse_grant(grant, reason="拨错", by=city, at=timezone.now())
    assert waiting(city) == 0, "asked to be taken back, and not yet taken back"


def test_the_county_match_follows_the_rule_in_force(client, places, enter):
    enter("county_organiser", places["county"])

    form = page(client, "grant-new").context["form"]

    assert (form.fields["source"].initial, form.fields["amount"].initial) == ("county", 100_000)
    answer = send(
        client, "grant-new", station=places["beside"].pk, year=2026, source="county", amount="1", document_no="1",
        granted_on="2026-03-01",
    )  # fmt: skip
    assert "station" in answer.context["form"].errors


def test_an_appropriation_is_reversed_with_a_reason_and_approved_by_the_county(client, places, enter, account):
    grant = account.appropriations.get()
    enter("city_organiser", places["city"])
    assert send(client, "grant-reverse", grant).context["reason_form"].errors
    send(client, "grant-reverse", grant, reason="重复录入")
    reversal = Appropriation.objects.get(reverses=grant)
    assert send(client, "grant-approve", reversal).status_code == 403
    enter("county_organiser", places["county"])
    send(client, "grant-approve", reversal)

    assert balance_of(account).granted == 0


def test_a_booked_expense_is_reversed_by_two_people(client, places, enter, account, line):
    entry = make.booked(line)
    enter("station_officer", places["station"])
    send(client, "expense-reverse", entry, reason="重复报销")
    reversal = Expense.objects.get(reverses=entry)
    assert reversal.voucher_no in page(client, "expense", entry).content.decode()
    enter("county_organiser", places["county"])
    send(client, "expense-approve", reversal)

    assert line_of(line).spent == 0


@pytest.mark.parametrize("shown", ["all", "received", "granted", "spent", "pending", "returned", "changes", "nonsense"])
def test_every_number_of_the_year_opens_its_rows(client, places, enter, account, line, shown):
    make.booked(line, "30.30")
    make.expense(line, "12.00")
    actions.return_expense(make.expense(line, "7.00"), reason="不符", by=make.places.user(), at=make.NOON)
    enter("station_head", places["station"])
    sums = balance_of(account)
    expected = {
        "all": sums.balance, "received": sums.received, "granted": sums.granted, "spent": sums.spent,
        "pending": sums.pending, "returned": Decimal("7.00"), "changes": sums.allotted,
    }  # fmt: skip

    answer = page(client, "ledger", account, show=shown)

    assert answer.context["total"] == expected.get(shown, sums.balance)
    if shown in ("spent", "pending", "changes"):
        own = page(client, "ledger", account, show=shown, line=line.pk).context
        assert own["total"] == getattr(line_of(line), {"changes": "allotted"}.get(shown, shown))


def test_the_year_is_closed_by_the_county(client, places, enter, account, line):
    waiting = make.expense(line)
    enter("county_organiser", places["county"])
    assert send(client, "account-close", account).context["problem"]
    actions.return_expense(waiting, reason="不符", by=make.places.user(), at=make.NOON)
    assert send(client, "account-close", account).status_code == 302

    answer = page(client, "account", account)
    assert answer.status_code == 200
    assert not any(answer.context["may"].values())


def _png() -> bytes:
    def chunk(kind, data):
        return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")

    head = (1).to_bytes(4, "big") * 2 + bytes([8, 0, 0, 0, 0])
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")


def test_an_image_is_shown_and_a_pdf_is_saved(client, places, enter, account, line):
    image, paper = make.expense(line, content=_png(), name="发票.png"), make.expense(line)
    enter("station_officer", places["station"])

    shown, saved = page(client, "voucher", image), page(client, "voucher", paper)

    assert (shown["Content-Type"], shown["Content-Disposition"].split(";")[0]) == ("image/png", "inline")
    assert saved["Content-Disposition"].startswith("attachment")
    assert "<img" in page(client, "expense", image).content.decode()
    assert shown["X-Content-Type-Options"] == "nosniff"


@pytest.mark.pdf
def test_the_voucher_form_is_a_pdf(client, places, enter, account, line):
    entry = make.booked(line)
    enter("station_officer", places["station"])

    answer = page(client, "expense-form", entry)

    assert (answer["Content-Type"], answer.content[:5]) == ("application/pdf", b"%PDF-")


def test_a_form_sent_twice_enters_once(client, places, enter, account, line):
    enter("station_officer", places["station"])
    key = "019ab000-0000-7000-8000-000000000001"
    for _time in range(2):
        given = {
            "line": line.pk, "amount": "12.50", "spent_on": "2026-11-20", "payee": "某店", "purpose": "某物",
            "voucher": SimpleUploadedFile("发票.pdf", make.PDF), "idem": key,
        }  # fmt: skip
        assert send(client, "expense-new", account, **given).status_code == 302

    assert Expense.objects.count() == 1


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_and_the_year_ask_the_same_questions_however_many_rows(
    client, places, enter, account, line, rows, django_assert_max_num_queries
):
    for number in range(rows):
        make.booked(make.line(account, f"第{number}项", "1300"))
    enter("station_head", places["station"])

    with django_assert_max_num_queries(24):
        assert page(client, "account", account).status_code == 200
    with django_assert_max_num_queries(16):
        assert page(client, "list").status_code == 200
    with django_assert_max_num_queries(20):
        assert page(client, "ledger", account).status_code == 200


def test_the_ledger_is_taken_out_as_it_stands_to_the_cent(client, places, enter, account, line):
    spent = make.booked(line, "1200.55")
    make.booked(line, "0.07")
    back = actions.reverse_expense(spent, reason="重复入账", by=make.places.user(), at=timezone.now())
    actions.approve_expense(back, by=make.places.user(), at=timezone.now())
    enter("station_officer", places["station"])

    shown = page(client, "ledger", account)
    content = io.BytesIO(b"".join(page(client, "ledger-xlsx", account).streaming_content))

    rows = CalamineWorkbook.from_filelike(content).get_sheet_by_index(0).to_python()
    total = next(row for row in rows if row[4] == "合计")
    rows = [[Decimal(f"{cell or 0:.2f}") for cell in row[5:8]] for row in rows if isinstance(row[0], float)]
    booked = shown.context["page"].object_list
    assert rows == [[row.income, row.expense, row.balance] for row in booked]
    assert f"{total[5]:.2f}" == str(sum(row.income for row in booked))
    assert f"{total[6]:.2f}" == str(sum(row.expense for row in booked))
    assert f"{total[7]:.2f}" == str(shown.context["total"])
    assert reverse("funds:ledger-xlsx", args=[account.pk]) in shown.content.decode()
    assert AuditEvent.objects.get(verb="ledger.exported").facts == {"ledger": "fund account", "rows": len(booked)}


@pytest.mark.parametrize(("role", "where", "status"), [
    ("station_head", "beside", 404), ("county_organiser", "beside county", 404), ("branch_secretary", "branch", 403),
])  # fmt: skip
def test_no_stranger_takes_the_ledger_out(client, places, enter, account, role, where, status):
    enter(role, places[where])

    assert page(client, "ledger-xlsx", account).status_code == status


def test_exports_stand_in_the_trail(client, places, enter, account):
    enter("station_officer", places["station"])

    content = b"".join(page(client, "statement-xlsx", unit=places["station"].pk, year=2026).streaming_content)

    assert io.BytesIO(content).read(2) == b"PK"
    assert AuditEvent.objects.get(verb="statement.exported").facts["year"] == 2026
