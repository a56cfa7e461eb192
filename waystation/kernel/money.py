"""Money: whole cents in the database, exact decimals in Python, never a binary fraction."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

CENT = Decimal("0.01")
ZERO = Decimal("0.00")
MOST = Decimal("9999999999.99")


class NotMoney(TypeError):
    """A binary fraction, or less than a cent, was given where an exact sum of money is wanted."""


def cents_of(amount: Decimal | int) -> int:
    """The amount as whole cents. Raises NotMoney rather than rounding."""
    if isinstance(amount, float):
        raise NotMoney("Money is never a binary fraction.")
    cents = Decimal(amount) * 100
    if cents != cents.to_integral_value():
        raise NotMoney(f"{amount} has parts of a cent.")
    return int(cents)


def amount_of(cents: int) -> Decimal:
    """Whole cents as an amount with two places."""
    return (Decimal(int(cents)) / 100).quantize(CENT)


def rounded(amount: Decimal) -> Decimal:
    """To the cent, half a cent up: how a share or a rate of an amount becomes money."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


class MoneyField(models.Field):
    """An amount in yuan. The column holds whole cents, so that both databases add and compare exactly."""

    description = _("Amount of money")

    def get_internal_type(self):
        return "BigIntegerField"

    def from_db_value(self, value, expression, connection):
        return None if value is None else amount_of(value)

    def to_python(self, value):
        if value is None or isinstance(value, Decimal):
            return value
        try:
            return amount_of(cents_of(value))
        except (ArithmeticError, NotMoney, ValueError):
            raise ValidationError(_("This is not an amount of money.")) from None

    def get_prep_value(self, value):
        value = super().get_prep_value(value)
        return None if value is None else cents_of(value)


_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿", "万亿")


def in_capitals(amount: Decimal) -> str:
    """The amount in the capital numerals of vouchers and receipts, such as 壹万零伍佰元整."""
    cents = cents_of(abs(amount))
    yuan, jiao, fen = cents // 100, cents // 10 % 10, cents % 10
    words = _whole(yuan) + "元" if yuan else ""
    if not jiao and not fen:
        words = (words or "零元") + "整"
    else:
        words += _DIGITS[jiao] + "角" if jiao else ("零" if yuan else "")
        words += _DIGITS[fen] + "分" if fen else "整"
    return f"负{words}" if amount < 0 else words


def _whole(number: int) -> str:
    """A positive whole number in capital numerals, by groups of four digits."""
    groups = []
    while number:
        groups.append(number % 10_000)
        number //= 10_000
    words, gap = "", False
    for place in range(len(groups) - 1, -1, -1):
        group = groups[place]
        if not group:
            gap = bool(words)
            continue
        if words and (gap or group < 1000):
            words += "零"
        words += _of_group(group) + _GROUPS[place]
        gap = False
    return words


def _of_group(group: int) -> str:
    words, gap = "", False
    for place in (3, 2, 1, 0):
        digit = group // 10**place % 10
        if not digit:
            gap = bool(words)
            continue
        words += ("零" if gap else "") + _DIGITS[digit] + _PLACES[place]
        gap = False
    return words
