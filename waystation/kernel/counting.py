"""Many counts in one question to the database."""

from __future__ import annotations

import threading
import time
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

COUNTED = 1000  # more than so many rows of a list, or of a task of a desk, are not counted
LARGE, KEPT_FOR = 20_000, 60  # rows, seconds
AT_ONCE = 5_000  # rows: no act for many takes more
MANY = COUNTED + AT_ONCE  # after such an act more than a thousand are left


class Counted(int):
    """A number of rows that is counted up to `COUNTED` and one more, which says "1,000+"."""

    def __format__(self, how: str) -> str:
        return format(int(self), how) if self <= COUNTED else f"{format(COUNTED, how)}+"

    def __str__(self) -> str:
        return format(self, "")


@dataclass(frozen=True)
class Question:
    """The text of a query with its parameters; without text where no row can fulfil its conditions.

    Of a question that is not `whole` no more rows are counted than one above `COUNTED`.
    """

    text: str
    parameters: tuple
    whole: bool = True

    @classmethod
    def of(cls, rows: QuerySet, *, whole: bool = True) -> Question:
        try:
            sql = rows.order_by().values("pk").query.get_compiler(connection=connection).as_sql()
        except EmptyResultSet:
            sql = "", ()
        return cls(*sql, whole)

    def number(self, most: int) -> str:
        """An expression for the number of rows, or of `most` of them."""
        if self.whole:
            return f"(SELECT COUNT(*) FROM ({self.text}) asked)"  # noqa: S608 - the ORM wrote it
        return f"(SELECT COUNT(*) FROM (SELECT 1 FROM ({self.text}) asked LIMIT {int(most)}) counted)"  # noqa: S608


def counts_of(asked: dict[str, QuerySet], *, whole: bool = True) -> dict[str, int]:
    """The number of rows of each query, all by one question; `Counted` unless they are counted to the end."""
    numbers = counted_together([(Question.of(rows, whole=whole),) for rows in asked.values()])
    return dict(zip(asked, numbers if whole else map(Counted, numbers), strict=True))


def counted(questions: Sequence[Question], *, most: int | None = None) -> list[int]:
    """The number of rows of each question, all by one; at `most` so many, unless it is whole.

    They are put together as text: as subqueries of one another, Django would copy and resolve each of them
    twice, which took longer than the counting does.
    """
    put = [one for one in questions if one.text]
    if not put:
        return [0] * len(questions)
    columns = ", ".join(one.number(COUNTED + 1 if most is None else most) for one in put)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns}", [given for one in put for given in one.parameters])
        numbers = iter(cursor.fetchone())
    return [next(numbers) if one.text else 0 for one in questions]


class Lately:
    """Answers that are not asked for again before `KEPT_FOR` seconds have passed."""

    MOST = 512

    def __init__(self) -> None:
        self._kept: dict[Hashable, tuple[object, float]] = {}
        self._lock = threading.Lock()

    def get(self, key: Hashable):
        """The answer, or None."""
        answer, at = self._kept.get(key, (None, 0.0))
        return answer if time.monotonic() - at < KEPT_FOR else None

    def keep(self, key: Hashable, answer) -> None:
        with self._lock:
            while len(self._kept) >= self.MOST:
                self._kept.pop(next(iter(self._kept)))
            self._kept[key] = answer, time.monotonic()

    def clear(self) -> None:
        with self._lock:
            self._kept.clear()


_lately = Lately()  # the numbers of many rows: to count these takes longer than the rest of a page
_not_many = Lately()  # where more than a thousand were found and no more than `MANY`


def counted_together(groups: Sequence[tuple[Question, ...]]) -> list[int]:
    """The number of rows of each group of questions, all by one; very large ones as `Lately` has them."""
    known = {group: number for group in groups if (number := _lately.get(group)) is not None}
    asked = [group for group in groups if group not in known]
    numbers = iter(counted([one for group in asked for one in group]))
    for group in asked:
        known[group] = sum(next(numbers) for _one in group)
        _keep(group, known[group])
    return [known[group] for group in groups]


def counted_in_turn(questions: tuple[Question, ...], *, most: int) -> int:
    """The number of rows of some questions, one after the other until there are so many."""
    total = 0
    for one in questions:
        total += counted([one], most=most - total)[0]
        if total >= most:
            break
    return total


def counted_for_list(pieces: Sequence[QuerySet]) -> int:
    """How many rows the pieces have together, and no more than one above `COUNTED`."""
    questions = tuple(Question.of(piece, whole=False) for piece in pieces)
    number = _lately.get(questions)
    if number is None:
        number = counted_in_turn(questions, most=COUNTED + 1)
        _keep(questions, number)
    return number


def _keep(group: tuple[Question, ...], number: int) -> None:
    """Keep the number if there are many rows: "more than a thousand" only where it stays true for a while."""
    if all(one.whole for one in group):
        if number > LARGE:
            _lately.keep(group, number)
    elif number > COUNTED and not _not_many.get(group):
        if counted_in_turn(group, most=MANY + 1) > MANY:
            _lately.keep(group, number)
        else:
            _not_many.keep(group, True)
