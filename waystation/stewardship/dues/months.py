"""Months, each as its first day: dues are owed, paid and settled by the month."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date


def month_of(day: date) -> date:
    """The month that a day lies in."""
    return day.replace(day=1)


def plus(month: date, months: int) -> date:
    """The month so many months later, or earlier."""
    number = month.year * 12 + month.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)


def span(first: date, last: date) -> Iterator[date]:
    """The months from the first to the last, both included."""
    while first <= last:
        yield first
        first = plus(first, 1)


def count(first: date, last: date) -> int:
    """How many months lie from the first to the last, both included; none if the last is earlier."""
    return max(0, (last.year - first.year) * 12 + last.month - first.month + 1)
