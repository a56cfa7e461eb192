"""Where a member stands, reckoned from the rows; `DuesStanding` keeps the answer for lists."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from waystation.stewardship.dues.months import month_of, plus
from waystation.stewardship.dues.queries.books import Book


@dataclass(frozen=True)
class Reckoned:
    """Since when dues are owed, up to which month something is settled, and the month after it."""

    since: date
    settled_to: date | None
    owes_from: date


def reckon(book: Book) -> Reckoned | None:
    """The standing that follows from a book; None without a base.

    Settled is a month for which a payment is recorded, whatever its amount, or which is exempt. Holes before
    the last settled month interrupt nothing: they stand on the member's own page.
    """
    if book.since is None:
        return None
    ends = [entry.last_month for entry in book.entries]
    ends += [
        plus(one.ends_on, -1) for one in book.reductions if one.kind == one.Kind.EXEMPT and one.ends_on > one.starts_on
    ]
    settled = max(ends, default=None)
    following = max(book.since, plus(settled, 1)) if settled else book.since
    return Reckoned(book.since, settled, following)


def last_over(day: date) -> date:
    """The last month that is over on the day: only such a month can be in arrears."""
    return plus(month_of(day), -1)
