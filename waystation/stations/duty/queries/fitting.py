"""Whether somebody may be on a shift: the hard rules, asked of the rows and not of the solver.

Hand changes, swaps and what the solver proposes all come through here before they are written.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from waystation.kernel import dated
from waystation.stations.duty import rules
from waystation.stations.duty.models import Leave, Posting, Shift, Turn
from waystation.stations.duty.queries.days import first_of_month, next_month

AROUND = timedelta(days=14)  # so far before and after a month its turns can matter


@dataclass(frozen=True)
class Limits:
    """The general numbers of a day."""

    rest: timedelta
    running: int

    @classmethod
    def on(cls, day: date) -> Limits:
        return cls(timedelta(hours=dated.value(rules.REST_HOURS, day)), dated.value(rules.DAYS_RUNNING, day))


@dataclass(frozen=True)
class Span:
    """A turn as the rules see it: when, and by which posting."""

    shift: object
    posting: object
    day: date
    starts_at: datetime
    ends_at: datetime


@dataclass
class Person:
    """What is known of one user around a month: leave a posting, and every turn at any station."""

    spans: list[Span] = field(default_factory=list)
    leaves: dict[object, list[tuple[date, date]]] = field(default_factory=dict)


def people_around(users: Iterable, first: date, after: date) -> dict[object, Person]:
    """The users with their granted leave and live turns from two weeks before `first` to two weeks after."""
    ids = list(users)
    found = {pk: Person() for pk in ids}
    edge_first, edge_after = first - AROUND, after + AROUND
    turns = Turn.objects.live().filter(user__in=ids, shift__day__gte=edge_first, shift__day__lt=edge_after)
    for turn in turns.select_related("shift").order_by("starts_at"):
        found[turn.user_id].spans.append(span_of(turn.shift, turn.posting_id))
    _add_leaves(found, edge_first, edge_after)
    return found


def leaves_around(users: Iterable, first: date, after: date) -> dict[object, Person]:
    """The users with their granted leave between two days, and nothing else."""
    found = {pk: Person() for pk in users}
    _add_leaves(found, first, after)
    return found


def _add_leaves(people: dict[object, Person], first: date, after: date) -> None:
    leaves = Leave.objects.granted().filter(posting__user__in=list(people)).touching(first, after)
    for leave in leaves.select_related("posting"):
        held = people[leave.posting.user_id].leaves
        held.setdefault(leave.posting_id, []).append((leave.starts_on, leave.ends_on))


def around_shifts(user, shifts: Iterable[Shift]) -> Person:
    """What is known of a user around some shifts."""
    days = [shift.day for shift in shifts]
    first, after = first_of_month(min(days)), next_month(max(days))
    return people_around([user.pk], first, after)[user.pk]


def span_of(shift: Shift, posting) -> Span:
    return Span(shift.pk, posting, shift.day, shift.starts_at, shift.ends_at)


def is_away(person: Person, posting, day: date) -> bool:
    """Whether the person has leave on the day."""
    return any(starts <= day < ends for starts, ends in person.leaves.get(posting, ()))


def refusal(
    shift: Shift, posting: Posting, person: Person, limits: Limits, *, without: Iterable = ()
) -> str:  # fmt: skip
    """Why the person may not be on the shift, in a sentence; empty if they may.

    `without` are shifts that the person gives up at the same moment.
    """
    left = set(without)
    spans = [span for span in person.spans if span.shift not in left and span.shift != shift.pk]
    checks = (
        _not_here(shift, posting, person),
        _no_window(shift, posting),
        _no_time(shift, spans, limits),
        _full(shift, posting, spans),
        _too_long(shift, spans, limits),
    )
    return next((words for words in checks if words), "")


def _not_here(shift: Shift, posting: Posting, person: Person) -> str:
    if posting.station_id != shift.station_id or not posting.holds_on(shift.day):
        return _("not posted at the station that day")
    return _("on leave that day") if is_away(person, posting.pk, shift.day) else ""


def _no_window(shift: Shift, posting: Posting) -> str:
    if shift.windows and not set(shift.windows) & set(posting.windows):
        return _("may open none of the windows of this shift")
    return ""


def _no_time(shift: Shift, spans: list[Span], limits: Limits) -> str:
    for span in spans:
        if span.starts_at < shift.ends_at and shift.starts_at < span.ends_at:
            return _("on another shift at that time")
        if span.day != shift.day:
            apart = max(shift.starts_at - span.ends_at, span.starts_at - shift.ends_at)
            if apart < limits.rest:
                return _("without the rest between two days")
    return ""


def _full(shift: Shift, posting: Posting, spans: list[Span]) -> str:
    own = [span.day for span in spans if span.posting == posting.pk]
    weeks = Counter(week_of(day) for day in own)
    months = Counter(first_of_month(day) for day in own)
    if weeks[week_of(shift.day)] >= posting.most_week:
        return _("has the most shifts of a week already")
    if months[first_of_month(shift.day)] >= posting.most_month:
        return _("has the most shifts of a month already")
    return ""


def week_of(day: date) -> date:
    """The Monday of the day's week."""
    return day - timedelta(days=day.weekday())


def _too_long(shift: Shift, spans: list[Span], limits: Limits) -> str:
    days = {span.day for span in spans} | {shift.day}
    length, before, after = 1, shift.day - timedelta(days=1), shift.day + timedelta(days=1)
    while before in days:
        length, before = length + 1, before - timedelta(days=1)
    while after in days:
        length, after = length + 1, after + timedelta(days=1)
    return _("on duty too many days one after the other") if length > limits.running else ""
