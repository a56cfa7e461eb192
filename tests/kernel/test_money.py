"""Money is exact, and its capitals say what the figures say."""

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waystation.kernel.money import MoneyField, NotMoney, amount_of, cents_of, in_capitals, rounded

WRITTEN = {
    "0": "零元整", "0.05": "伍分", "0.50": "伍角整", "1.05": "壹元零伍分", "10": "壹拾元整", "105": "壹佰零伍元整",
    "1680.32": "壹仟陆佰捌拾元叁角贰分", "10500": "壹万零伍佰元整", "100000": "壹拾万元整", "100001": "壹拾万零壹元整",
    "107000.53": "壹拾万柒仟元伍角叁分", "100000000": "壹亿元整", "100050000": "壹亿零伍万元整",
    "-12.30": "负壹拾贰元叁角整", "6007.14": "陆仟零柒元壹角肆分", "20000020": "贰仟万零贰拾元整",
}  # fmt: skip
DIGITS = {digit: value for value, digit in enumerate("零壹贰叁肆伍陆柒捌玖")}
PLACES = {"拾": 10, "佰": 100, "仟": 1000}


def read(text: str) -> int:
    """Cents that capitals say, read from left to right."""
    whole, _yuan, rest = text.partition("元") if "元" in text else ("", "", text)
    total = group = digit = 0
    for sign in whole:
        if sign in DIGITS:
            digit = DIGITS[sign]
        elif sign in PLACES:
            group, digit = group + digit * PLACES[sign], 0
        else:
            factor = {"万": 10**4, "亿": 10**8}[sign]
            total, group, digit = (
                (total + group + digit) * factor if sign == "亿" else total + (group + digit) * factor,
                0,
                0,
            )
    cents = (total + group + digit) * 100
    for sign, following in pairwise(rest):
        cents += {"角": 10, "分": 1}.get(following, 0) * DIGITS.get(sign, 0)
    return cents


@pytest.mark.parametrize(("amount", "words"), WRITTEN.items())
def test_capitals_are_written_as_on_a_voucher(amount, words):
    assert in_capitals(Decimal(amount)) == words


@given(st.integers(0, 10**12))
def test_capitals_say_the_same_as_the_figures(cents):
    assert read(in_capitals(amount_of(cents))) == cents


@given(st.integers(-(10**14), 10**14))
def test_an_amount_goes_to_cents_and_back_unchanged(cents):
    assert cents_of(amount_of(cents)) == cents


@pytest.mark.parametrize("wrong", [0.1, Decimal("0.001"), Decimal("1.995")])
def test_fractions_and_parts_of_a_cent_are_refused(wrong):
    with pytest.raises(NotMoney):
        MoneyField().get_prep_value(wrong)


def test_half_a_cent_is_rounded_up():
    assert (rounded(Decimal("0.005")), rounded(Decimal("2.0149"))) == (Decimal("0.01"), Decimal("2.01"))
