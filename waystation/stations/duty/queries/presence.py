"""Who is on duty now, and whose turn comes next."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from waystation.organizations.models import Unit
from waystation.stations.duty.models import Shift, Turn
from waystation.stations.duty.queries.gaps import Staffed, staffed
from waystation.stations.duty.queries.holding import check_in_opens

NEXT = 5


@dataclass
class Today:
    """The shifts of a station on a day, with those that were never handed over."""

    station: Unit
    shifts: list[Staffed] = field(default_factory=list)
    left_open: list[Staffed] = field(default_factory=list)

    @property
    def now_on(self) -> list[Turn]:
        """Who has checked in and not left."""
        return [turn for one in self.left_open + self.shifts for turn in one.turns if turn.is_at_desk]


def today_at(station: Unit, *, at: datetime) -> Today:
    """The station today: its shifts, older ones that still run, and one of tomorrow to which somebody has come."""
    day = timezone.localdate(at)
    rows = Shift.objects.published().filter(station=station)
    has_begun = Q(day__gt=day, opened_at__isnull=False)
    runs_on = Q(day__lt=day, opened_at__isnull=False, closed_at=None)
    rows = rows.filter(Q(day=day) | has_begun | runs_on)
    found = staffed(rows.select_related("rota", "station"))
    return Today(
        station,
        [one for one in found if one.shift.day >= day],
        [one for one in found if one.shift.day < day],
    )


def next_turns(user, *, at: datetime) -> QuerySet[Turn]:
    """The user's coming and running turns, the next first."""
    turns = Turn.objects.live().published().filter(user=user, shift__cancelled_at=None, shift__closed_at=None)
    coming = Q(shift__ends_at__gt=at) | Q(checked_in_at__isnull=False, checked_out_at=None)
    return turns.filter(coming).select_related("shift__station").order_by("starts_at", "pk")


def can_check_in(turn: Turn, *, at: datetime) -> bool:
    """Whether the person may check in at this moment, as far as time goes."""
    shift = turn.shift
    if turn.checked_in_at is not None or shift.closed_at is not None:
        return False
    is_over = shift.ends_at <= at and shift.opened_at is None
    is_far = shift.starts_at - at > timedelta(days=1)
    return not is_over and not is_far and check_in_opens(shift) <= at


def mark(turns, *, at: datetime) -> list[Turn]:
    """The turns, each with what its owner can do about it now."""
    found = list(turns)
    for turn in found:
        turn.can_check_in = can_check_in(turn, at=at)
        turn.is_soon = turn.starts_at - at < timedelta(days=1)
    return found
