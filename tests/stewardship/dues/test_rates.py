"""What is owed is exactly what the table says, at every boundary."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.stewardship.dues import make
from waystation.kernel.money import amount_of, cents_of
from waystation.stewardship.dues import actions
from waystation.stewardship.dues.months import count, plus, span
from waystation.stewardship.dues.queries import book_of, tables
from waystation.stewardship.dues.rates import DECLARED, Bracket, Category, NotATable, NotInTable, Rates, check

NOON = make.NOON
INCOME = ("wage", "salary", "business")


@pytest.mark.parametrize("category", INCOME)
@pytest.mark.parametrize(
    ("income", "due"),
    [
        ("0.00", "0.00"), ("0.01", "0.00"), ("1.00", "0.01"), ("3000.00", "15.00"), ("3000.01", "30.00"),
        ("3001.00", "30.01"), ("5000.00", "50.00"), ("5000.01", "75.00"), ("10000.00", "150.00"),
        ("10000.01", "200.00"), ("10000.25", "200.01"), ("25000.00", "500.00"),
    ],
)  # fmt: skip
def test_the_rate_of_the_bracket_is_taken_of_the_whole_income(category, income, due):
    assert DECLARED.due(category, income=Decimal(income)) == Decimal(due)


@pytest.mark.parametrize(
    ("income", "due"), [("5000.00", "25.00"), ("5000.01", "50.00"), ("0.00", "0.00"), ("12000.00", "120.00")]
)
def test_the_retired_have_two_rates(income, due):
    assert DECLARED.due("retired", income=Decimal(income)) == Decimal(due)


@pytest.mark.parametrize("category", ["student", "jobless", "relief"])
def test_who_has_no_wage_owes_a_fixed_amount(category):
    assert DECLARED.due(category) == Decimal("0.20")


@pytest.mark.parametrize(
    ("agreed", "due"),
    [(None, "0.20"), ("0.10", "0.20"), ("0.20", "0.20"), ("0.50", "0.50"), ("1.00", "1.00"), ("2.00", "1.00")],
)
def test_a_farmer_owes_what_the_branch_agreed_within_the_limits(agreed, due):
    assert DECLARED.due("farmer", agreed=Decimal(agreed) if agreed else None) == Decimal(due)


def test_a_category_that_the_table_does_not_know_is_not_guessed():
    with pytest.raises(NotInTable):
        Rates(date(2026, 1, 1), "", ()).due("wage", income=Decimal(1))


def exactly(income: Decimal) -> Decimal:
    """The rule in other words: the whole income by its rate, to the cent, half a cent up."""
    points = 50 if income <= 3000 else 100 if income <= 5000 else 150 if income <= 10000 else 200
    cents = Fraction(cents_of(income) * points, 10_000)
    return amount_of(int(cents + Fraction(1, 2)))


@given(st.sampled_from(INCOME), st.integers(0, 10_000_000).map(amount_of))
def test_every_income_owes_exactly_what_the_rule_says(category, income):
    assert DECLARED.due(category, income=income) == exactly(income)


shares = st.lists(st.integers(1, 2_000_000), min_size=0, max_size=5, unique=True).map(sorted)
points = st.integers(0, 1000)


@given(shares, st.data(), st.integers(0, 3_000_000))
def test_of_any_table_exactly_one_row_holds_for_any_income(limits, data, cents):
    edges = [0, *limits]
    rows = [
        Bracket("wage", amount_of(low), amount_of(high) if high else None, data.draw(points))
        for low, high in zip(edges, [*limits, None], strict=True)
    ]
    others = [Bracket(one, least=Decimal("0.20"), most=Decimal("0.20")) for one in Category.values if one != "wage"]
    check([*rows, *others])

    income = amount_of(cents)
    holding = [row for row in rows if row.holds(income)]

    assert len(holding) == 1
    table = Rates(date(2026, 1, 1), "", (*rows, *others))
    share = Fraction(cents * holding[0].basis_points, 10_000)
    assert table.due("wage", income=income) == amount_of(int(share + Fraction(1, 2)))


@pytest.mark.parametrize(
    "rows",
    [
        [("0", "3000", 50), ("3000.01", None, 100)],
        [("0", "3000", 50), ("2000", None, 100)],
        [("1", None, 50)],
        [("0", "3000", 50)],
        [],
    ],
)
def test_a_table_with_a_gap_or_an_overlap_is_none(rows):
    wage = [Bracket("wage", Decimal(low), Decimal(high) if high else None, rate) for low, high, rate in rows]
    rest = [one for one in DECLARED.brackets if one.category != "wage"]

    with pytest.raises(NotATable, match="wage"):
        check([*wage, *rest])


def test_the_declared_table_is_a_table():
    check(list(DECLARED.brackets))


# --- tables in time -------------------------------------------------------------------------------


def doubled():
    return [
        Bracket(one.category, one.over, one.up_to, one.basis_points and one.basis_points * 2, one.least, one.most)
        for one in DECLARED.brackets
    ]


@pytest.mark.django_db
def test_a_month_is_reckoned_by_the_table_in_force_in_it(places):
    person = make.places.stay(places).person
    make.base(person)
    actions.adopt_rates(doubled(), starts_on=make.month(7), source="某号文", by=None, at=NOON)

    book = book_of(person)

    assert [book.due(make.month(number)) for number in (6, 7)] == [Decimal("40.00"), Decimal("80.00")]
    assert tables().on(date(1990, 1, 1)) == DECLARED


@pytest.mark.django_db
def test_a_table_is_refused_with_a_gap_and_twice_in_a_month():
    adopt = {"starts_on": date(2027, 1, 15), "source": "某号文", "by": None, "at": NOON}
    actions.adopt_rates(doubled(), **adopt)

    with pytest.raises(actions.DuesRefused):
        actions.adopt_rates(doubled(), **adopt)
    with pytest.raises(actions.DuesRefused, match=r"."):
        actions.adopt_rates(doubled()[1:], **{**adopt, "starts_on": date(2028, 1, 1)})


# --- months ---------------------------------------------------------------------------------------

months = st.dates(date(1950, 1, 1), date(2090, 12, 31)).map(lambda day: day.replace(day=1))


@given(months, st.integers(-600, 600))
def test_months_are_added_and_taken_away(month, number):
    moved = plus(month, number)

    assert (moved.day, plus(moved, -number)) == (1, month)
    assert len(list(span(month, moved))) == count(month, moved) == max(0, number + 1)
