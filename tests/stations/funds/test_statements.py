"""Statements: every figure is the sum of rows of the ledger, on the page and in the file, to the cent."""

import io
from datetime import UTC, datetime
from decimal import Decimal
from itertools import pairwise

import pytest
from django.db import transaction
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from tests import places as prefecture
from tests.stations.funds import make
from waystation.kernel.money import ZERO, amount_of
from waystation.organizations.access import Reach
from waystation.organizations.permissions import Permission
from waystation.stations.funds import actions, papers
from waystation.stations.funds.models import Account
from waystation.stations.funds.queries import balance_of, ledger_of
from waystation.stations.funds.queries.statements import statement

pytestmark = pytest.mark.django_db


def at(month, day=15, year=2026):
    return datetime(year, month, day, 4, tzinfo=UTC)


@pytest.fixture
def reach(places):
    return Reach.of(prefecture.user("city_organiser", places["city"]), Permission.FUND_VIEW)


@pytest.fixture
def year(places):
    """100,000 in March; 1,000.10 in April, 2,000.20 in June, of which one is taken back in August."""
    account = make.granted(places["station"]).account
    line, other = make.line(account, "办公", "20000"), make.line(account, "活动", "20000")
    make.booked(line, "1000.10", at=at(4))
    wrong = make.booked(other, "2000.20", at=at(6))
    actions.approve_expense(
        actions.reverse_expense(wrong, reason="重复", by=prefecture.user(), at=at(8)), by=prefecture.user(), at=at(8)
    )
    make.granted(places["station"], source="other", amount="55.55")
    return account


def cells(found) -> list[list]:
    stream = io.BytesIO()
    papers.write_xlsx(stream, found, by="经办人", at=make.NOON)
    stream.seek(0)
    return CalamineWorkbook.from_filelike(stream).get_sheet_by_index(0).to_python()


def money(value) -> Decimal:
    return Decimal(str(value)).quantize(Decimal("0.01")) if value != "" else ZERO


def test_the_statement_of_a_station_reads_back_to_the_cent(places, reach, year):
    rows = cells(statement(places["station"], 2026, reach=reach))

    assert places["station"].name in rows[0][0]
    assert rows[2][1:5] == ["项目", "收入", "支出", "结余"]
    body = {row[1]: [money(cell) for cell in row[2:5]] for row in rows[3:] if isinstance(row[0], float)}
    assert body["合计"] == [Decimal("100055.55"), Decimal("1000.10"), Decimal("99055.45")]
    assert body["合计"][2] == balance_of(year).balance == ledger_of(year)[-1].balance
    assert (body["办公"][1], body["活动"][1]) == (Decimal("1000.10"), ZERO)
    assert any("填表" in str(cell) or "制表" in str(cell) for cell in rows[-1])


def test_the_statement_of_the_city_adds_its_stations(places, reach, year):
    make.booked(make.line(make.granted(places["beside"], amount="0.07").account, "办公", "0.07"), "0.07")
    rows = cells(statement(places["city"], 2026, reach=reach))

    body = [row for row in rows[4:] if row[1]]
    stations, total = body[:-1], body[-1]
    assert [row[1] for row in stations] == [places["station"].name, places["beside"].name]
    for column in range(2, 9):
        assert money(total[column]) == sum((money(row[column]) for row in stations), ZERO)
    accounts = Account.objects.filter(year=2026)
    assert money(total[8]) == sum((balance_of(one).balance for one in accounts), ZERO)


@pytest.mark.parametrize(
    ("first", "last", "opening", "income", "spent"),
    [
        (1, 3, "0.00", "100055.55", "0.00"),
        (4, 6, "100055.55", "0.00", "3000.30"),
        (7, 12, "97055.25", "0.00", "-2000.20"),
        (1, 12, "0.00", "100055.55", "1000.10"),
    ],
)
def test_a_period_begins_with_what_was_left_before_it(places, reach, year, first, last, opening, income, spent):
    total = statement(places["station"], 2026, first=first, last=last, reach=reach).total

    assert (total.opening, total.income_total, total.spent_total) == tuple(map(Decimal, (opening, income, spent)))
    assert total.closing == Decimal(opening) + Decimal(income) - Decimal(spent)


def test_what_is_booked_after_the_year_belongs_to_its_last_month(places, reach, year):
    make.booked(year.lines.get(title="办公"), "3.00", at=at(1, year=2027))

    assert statement(places["station"], 2026, first=12, reach=reach).total.spent_total == 3


def test_what_was_carried_over_is_no_income_of_the_new_year(places, reach, year):
    actions.close_account(year, by=prefecture.user(), at=at(12))
    total = statement(places["station"], 2027, reach=reach).total

    assert (total.opening, total.income_total, total.closing) == (Decimal("99055.45"), 0, Decimal("99055.45"))


def test_a_county_states_only_its_own_stations(places, year):
    county = Reach.of(prefecture.user("county_organiser", places["beside county"]), Permission.FUND_VIEW)

    assert [row.station for row in statement(places["city"], 2026, reach=county).rows] == [places["beside"]]


entries = st.lists(st.tuples(st.integers(1, 12), st.integers(1, 300_000), st.booleans()), max_size=12)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(entries, st.lists(st.integers(1, 12), max_size=3, unique=True))
def test_any_year_cut_anywhere_adds_up_to_the_ledger(places, reach, spent, cuts):
    with transaction.atomic():
        account = make.granted(places["station"], amount="90000").account
        line = make.line(account, "办公", "90000")
        for month, cents, reverses in spent:
            made = make.booked(line, str(amount_of(cents)), at=at(month))
            if reverses:
                reversal = actions.reverse_expense(made, reason="冲", by=prefecture.user(), at=at(month))
                actions.approve_expense(reversal, by=prefecture.user(), at=at(min(12, month + 1)))
        edges = [0, *sorted(set(cuts) - {12}), 12]
        parts = [
            statement(places["station"], 2026, first=low + 1, last=high, reach=reach).total
            for low, high in pairwise(edges)
        ]
        assert all(before.closing == after.opening for before, after in pairwise(parts))
        assert sum((part.spent_total for part in parts), ZERO) == balance_of(account).spent
        assert parts[-1].closing == ledger_of(account)[-1].balance
        transaction.set_rollback(True)


# --- pages ----------------------------------------------------------------------------------------


def test_the_page_shows_the_figures_of_the_file(client, places, enter, year):
    enter("station_head", places["station"])
    answer = client.get(reverse("funds:statement"), {"year": 2026})

    assert answer.context["statement"].unit == places["station"]
    assert "99,055.45" in answer.content.decode()


@pytest.mark.parametrize("query", [{"unit": "x"}, {"first": "9", "last": "3"}, {"year": "1999"}, {"first": "13"}])
def test_a_wrong_period_is_told_and_exported_nowhere(client, places, enter, year, query):
    enter("station_head", places["station"])

    assert client.get(reverse("funds:statement"), query).context["statement"] is None
    assert client.get(reverse("funds:statement-xlsx"), query).status_code == 404


def test_a_station_states_no_other(client, places, enter, year):
    enter("station_head", places["beside"])

    answer = client.get(reverse("funds:statement"), {"unit": places["station"].pk})
    assert answer.context["statement"] is None
    assert client.get(reverse("funds:statement-pdf"), {"unit": places["station"].pk}).status_code == 404


@pytest.mark.pdf
@pytest.mark.parametrize("unit", ["station", "city"])
def test_a_statement_is_drawn_as_a_pdf(client, places, enter, year, unit):
    enter("city_organiser", places["city"])

    answer = client.get(reverse("funds:statement-pdf"), {"unit": places[unit].pk, "year": 2026})

    assert answer.content[:5] == b"%PDF-"
