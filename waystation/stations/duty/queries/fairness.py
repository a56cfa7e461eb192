"""Who bears how much of a station's shifts, and how much would be fair.

The share of shifts follows what a posting allows and the days the person could come; weekends and holidays
follow those days alone. Postings, leave and limits are taken as they stood on each day, so that a posting that
ended or changed later leaves the months before as they were. What somebody did above or below the share in the
months before is carried over.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from django.db.models import QuerySet

from waystation.kernel import dated
from waystation.organizations.models import Unit
from waystation.stations.duty import rules
from waystation.stations.duty.models import FormerLimit, Leave, Posting, Rota, Shift, Turn
from waystation.stations.duty.queries.days import Day, days_between, first_of_month, month_before, next_month
from waystation.stations.duty.solving import HOLIDAYS, SHIFTS, WEEKENDS

KINDS = (SHIFTS, WEEKENDS, HOLIDAYS)


@dataclass
class Burden:
    """One person's part in a month: what they have, what would be fair, and what comes from before."""

    user: object
    posting: Posting
    done: dict[str, int] = field(default_factory=lambda: dict.fromkeys(KINDS, 0))
    fair: dict[str, Fraction] = field(default_factory=lambda: dict.fromkeys(KINDS, Fraction(0)))
    carried: dict[str, Fraction] = field(default_factory=lambda: dict.fromkeys(KINDS, Fraction(0)))

    def balance(self, kind: str) -> Fraction:
        """Above (or below) the fair share, with what was carried over."""
        return self.done[kind] - self.fair[kind] + self.carried[kind]

    @property
    def figures(self) -> dict[str, str]:
        """The numbers about shifts as a table shows them, to a tenth."""
        return {
            "fair": f"{float(self.fair[SHIFTS]):.1f}",
            "carried": _signed(self.carried[SHIFTS]),
            "balance": _signed(self.balance(SHIFTS)),
        }


def _signed(shifts: Fraction) -> str:
    """To a tenth, with its sign; what rounds to nothing has none."""
    text = f"{float(shifts):+.1f}"
    return text if text.strip("+-0.") else "0.0"


@dataclass
class _Records:
    """What stands about the staff of a station over some months: postings, leave, former limits and turns held."""

    days: dict[date, Day]
    postings: list[Posting]
    leaves: dict[object, list[tuple[date, date]]]
    limits: dict[object, list[tuple[date, int]]]
    turns: dict[date, list[tuple[object, date]]]  # by month: who and when

    @classmethod
    def of(cls, station: Unit, first: date, after: date) -> _Records:
        """Those from `first` until, but not on, `after`: as many questions for any number of months."""
        postings = Posting.objects.filter(station=station).touching(first, after).select_related("user")
        turns = defaultdict(list)
        for user, day in _turns(station, first, after).values_list("user", "shift__day"):
            turns[first_of_month(day)].append((user, day))
        return cls(
            days_between(station, first, after),
            list(postings.order_by("starts_on", "pk")),
            _leaves(station, first, after),
            _former_limits(station, first),
            turns,
        )


def burdens(station: Unit, month: date, *, needed: dict[str, int] | None = None) -> list[Burden]:
    """Everybody of the staff in the month; `needed` are the places to fill, by default those filled."""
    past = _months_carried(station, month)
    records = _Records.of(station, min([*past, month]), next_month(month))
    found = _month(records, month, needed)
    for pk, carried in _carried(records, past).items():
        if pk in found:
            found[pk].carried = carried
    return sorted(found.values(), key=lambda one: (one.user.full_name, str(one.user.pk)))


def _months_carried(station: Unit, month: date) -> list[date]:
    """The published months before, as far back as the rule carries."""
    first = month
    for _number in range(dated.value(rules.CARRY_MONTHS, month)):
        first = month_before(first)
    rotas = Rota.objects.filter(station=station, state=Rota.State.PUBLISHED, month__gte=first, month__lt=month)
    return list(rotas.values_list("month", flat=True))


def _carried(records: _Records, past: Iterable[date]) -> dict:
    """The balance of each person over the months before."""
    balance: dict = defaultdict(lambda: dict.fromkeys(KINDS, Fraction(0)))
    for month in past:
        for pk, burden in _month(records, month, None).items():
            for kind in KINDS:
                balance[pk][kind] += burden.done[kind] - burden.fair[kind]
    return balance


def _month(records: _Records, month: date, needed: dict[str, int] | None) -> dict[object, Burden]:
    after = next_month(month)
    days = [day for day in records.days if month <= day < after]
    found, weights = {}, {}
    for posting in records.postings:
        if posting.starts_on >= after or (posting.ends_on is not None and posting.ends_on <= month):
            continue
        burden = found.setdefault(posting.user_id, Burden(posting.user, posting))
        burden.posting = posting
        away = records.leaves.get(posting.pk, ())
        there = [day for day in days if posting.holds_on(day) and not any(first <= day < last for first, last in away)]
        allowed = sum(_limit(posting, records.limits.get(posting.pk, ()), day) for day in there)
        share, most = weights.get(posting.user_id, (0, 0))
        weights[posting.user_id] = (share + len(there), most + allowed)
    for user, day in records.turns.get(month, ()):
        if user in found:
            count(found[user].done, records.days[day])
    _share_out(found, weights, needed or _sum(found.values()))
    return found


def _leaves(station: Unit, first: date, after: date) -> dict:
    found = defaultdict(list)
    for leave in Leave.objects.granted().filter(posting__station=station).touching(first, after):
        found[leave.posting_id].append((leave.starts_on, leave.ends_on))
    return found


def _former_limits(station: Unit, first: date) -> dict:
    """What postings allowed a month until a day after `first`, by posting, the earliest first."""
    found = defaultdict(list)
    for row in FormerLimit.objects.filter(posting__station=station, until__gt=first).order_by("until"):
        found[row.posting_id].append((row.until, row.most_month))
    return found


def _limit(posting: Posting, former: Iterable[tuple[date, int]], day: date) -> int:
    """How many shifts a month the posting allowed on the day."""
    return next((most for until, most in former if day < until), posting.most_month)


def _turns(station: Unit, first: date, after: date) -> QuerySet[Turn]:
    turns = Turn.objects.live().filter(shift__station=station, shift__day__gte=first, shift__day__lt=after)
    return turns.filter(shift__cancelled_at=None)


def count(kinds: dict[str, int], day: Day) -> None:
    """Count a turn on the day under every kind that it is."""
    kinds[SHIFTS] += 1
    kinds[WEEKENDS] += day.is_weekend
    kinds[HOLIDAYS] += day.is_holiday


def _sum(burdens: Iterable[Burden]) -> dict[str, int]:
    total = dict.fromkeys(KINDS, 0)
    for one in burdens:
        for kind in KINDS:
            total[kind] += one.done[kind]
    return total


def _share_out(found: dict[object, Burden], weights: dict, total: dict[str, int]) -> None:
    for kind in KINDS:
        column = 1 if kind == SHIFTS else 0
        whole = sum(weights[pk][column] for pk in found)
        for pk, burden in found.items():
            if whole:
                burden.fair[kind] = Fraction(total[kind] * weights[pk][column], whole)


def places_needed(shifts: Iterable[Shift], days: dict[date, Day]) -> dict[str, int]:
    """How many places of each kind the shifts have."""
    total = dict.fromkeys(KINDS, 0)
    for shift in shifts:
        for _place in range(shift.staff):
            count(total, days[shift.day])
    return total
