"""Opening times as people write and read them: times of a day, and seven days of a week.

Nothing here knows a database. A day is a tuple of openings, each from one time to another, in the order of
the day, none touching the next; that form is the only one, so that equal weeks are equal values.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import time
from itertools import groupby

from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy

Day = tuple[tuple[time, time], ...]

MOST_IN_A_DAY = 4
WEEKDAYS = (
    pgettext_lazy("opening hours", "Monday"),
    pgettext_lazy("opening hours", "Tuesday"),
    pgettext_lazy("opening hours", "Wednesday"),
    pgettext_lazy("opening hours", "Thursday"),
    pgettext_lazy("opening hours", "Friday"),
    pgettext_lazy("opening hours", "Saturday"),
    pgettext_lazy("opening hours", "Sunday"),
)
CLOSED_WORDS = frozenset({"", "休", "休息", "不开放", "闭馆", "关闭", "无", "-", "—", "closed"})
SAME_WORDS = frozenset({"同上", "〃", '"', "same"})
_CLOCK = r"(\d{1,2})(?:\s*[:：.点时]\s*(\d{2})?分?)?"
_OPENING = re.compile(rf"\s*{_CLOCK}\s*(?:[-–—―－~～〜至到]|to)\s*{_CLOCK}\s*")
_BETWEEN = re.compile(r"[,，、;；]|\s+(?=\d)")
_AROUND_DASH = re.compile(r"\s*([-–—―－~～〜至到]|to)\s*")
_WEEKDAY = r"(?:周|星期|礼拜)([一二三四五六日天])"
_DAYS = re.compile(rf"[\s、,，]*(?:(每天|每日|工作日|周末)|{_WEEKDAY}(?:\s*[至到\-–—~]\s*{_WEEKDAY})?)\s*[:：]?")
_CHINESE_DAYS = {"一": 0, "二": 1, "三": 2, "四": 3, "五": 4, "六": 5, "日": 6, "天": 6}


class BadHours(ValueError):
    """The text is no opening time; the sentence says why."""


@dataclass(frozen=True)
class Week:
    """The openings of Monday to Sunday."""

    days: tuple[Day, ...] = ((),) * 7

    def __post_init__(self):
        if len(self.days) != 7:
            raise ValueError("a week has seven days")

    def __bool__(self) -> bool:
        return any(self.days)

    @property
    def minutes(self) -> int:
        """How long it is open in a week."""
        return sum(_minutes(end) - _minutes(start) for day in self.days for start, end in day)


def _minutes(moment: time) -> int:
    return moment.hour * 60 + moment.minute


def made_day(openings: Iterable[tuple[time, time]]) -> Day:
    """The openings in order, those that touch made one. Refuses (BadHours) what ends before it begins or
    overlaps another, and more of them than anybody could remember."""
    joined: list[tuple[time, time]] = []
    for start, end in sorted(openings):
        if end <= start:
            raise BadHours(_("It must close after it opens: %(hours)s.") % {"hours": _span(start, end)})
        if joined and start < joined[-1][1]:
            raise BadHours(
                _("%(one)s and %(other)s overlap.") % {"one": _span(*joined[-1]), "other": _span(start, end)}
            )
        if joined and start == joined[-1][1]:
            start = joined.pop()[0]
        joined.append((start, end))
    if len(joined) > MOST_IN_A_DAY:
        raise BadHours(_("A day has at most %(most)d openings.") % {"most": MOST_IN_A_DAY})
    return tuple(joined)


# --- reading --------------------------------------------------------------------------------------


def read_day(text: str) -> Day:
    """The openings that somebody wrote for a day, such as "8:30-12:00, 14:30-17:30"; none for "closed".

    Raises BadHours.
    """
    text = text.strip()
    if text.casefold() in CLOSED_WORDS:
        return ()
    pieces = _BETWEEN.split(_AROUND_DASH.sub(r"\1", text))
    return made_day(_read_opening(piece) for piece in pieces if piece.strip())


def _read_opening(piece: str) -> tuple[time, time]:
    found = _OPENING.fullmatch(piece)
    try:
        if found is None:
            raise ValueError
        start, start_minute, end, end_minute = found.groups()
        return time(int(start), int(start_minute or 0)), time(int(end), int(end_minute or 0))
    except ValueError:
        raise BadHours(
            _("“%(text)s” is no opening time. Write it like 8:30-12:00, 14:30-17:30.") % {"text": piece.strip()}
        ) from None


def read_days(texts: Iterable[str]) -> Week:
    """The week from seven texts, Monday first; "same" (同上) repeats the day above. Raises BadHours."""
    days: list[Day] = []
    for text in texts:
        is_same = text.strip().casefold() in SAME_WORDS
        days.append(days[-1] if is_same and days else read_day("" if is_same else text))
    return Week(tuple(days))


def read_week(text: str) -> Week:
    """The week that a Chinese sentence says: 周一至周五 8:30–12:00，14:30–17:30；周六 9:00–11:30.

    A day that is not named is closed. Raises BadHours.
    """
    days: list[Day] = [()] * 7
    for clause in re.split(r"[;；\n。]", text):
        if not clause.strip():
            continue
        numbers: list[int] = []
        rest = clause
        while found := _DAYS.match(rest):
            numbers += _meant(*found.groups())
            rest = rest[found.end() :]
        if not numbers:
            raise BadHours(_("“%(text)s” names no day of the week.") % {"text": clause.strip()})
        for number in numbers:
            days[number] = read_day(rest)
    return Week(tuple(days))


def _meant(word: str | None, first: str | None, last: str | None) -> range:
    if word or not first:
        return {"工作日": range(5), "周末": range(5, 7)}.get(word or "", range(7))
    start = _CHINESE_DAYS[first]
    return range(start, (_CHINESE_DAYS[last] if last else start) + 1)


# --- writing --------------------------------------------------------------------------------------


def clock(moment: time) -> str:
    return f"{moment.hour}:{moment.minute:02d}"


def _span(start: time, end: time) -> str:
    return f"{clock(start)}–{clock(end)}"


def day_words(day: Day) -> str:
    """8:30–12:00, 14:30–17:30; or that it is closed."""
    if not day:
        return pgettext("opening hours", "closed")
    return pgettext("between two openings of a day", ", ").join(_span(start, end) for start, end in day)


def week_words(week: Week) -> str:
    """The week in words: neighbouring days with the same hours together, closed days last."""
    if not week:
        return _("Closed all week")
    runs = list(_runs(week))
    clauses = [f"{_run_words(first, last)} {day_words(day)}" for first, last, day in runs if day]
    closed = [_run_words(first, last) for first, last, day in runs if not day]
    if closed:
        clauses.append(_("closed on %(days)s") % {"days": pgettext("between days of the week", ", ").join(closed)})
    return pgettext("between days with different hours", "; ").join(clauses)


def _runs(week: Week) -> Iterator[tuple[int, int, Day]]:
    """First and last number of neighbouring days that are alike, with what they are."""
    for day, members in groupby(range(7), key=lambda number: week.days[number]):
        numbers = list(members)
        yield numbers[0], numbers[-1], day


def _run_words(first: int, last: int) -> str:
    if (first, last) == (0, 6):
        return _("Every day")
    if first == last:
        return str(WEEKDAYS[first])
    return pgettext("days of the week", "%(first)s to %(last)s") % {"first": WEEKDAYS[first], "last": WEEKDAYS[last]}


# --- keeping --------------------------------------------------------------------------------------


def as_facts(week: Week) -> list[list[str]]:
    """The week as plain text in any language, for the audit trail."""
    return [[f"{start:%H:%M}-{end:%H:%M}" for start, end in day] for day in week.days]


def from_facts(facts: list[list[str]]) -> Week:
    """The week that `as_facts` wrote."""
    return Week(tuple(made_day(_read_opening(text) for text in day) for day in facts))
