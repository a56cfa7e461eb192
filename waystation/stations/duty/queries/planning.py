"""A month of a station as a question to the solver."""

from __future__ import annotations

from datetime import datetime

from waystation.stations.duty.models import Posting, Rota, Shift, Turn
from waystation.stations.duty.queries.days import days_between, next_month
from waystation.stations.duty.queries.fairness import KINDS, burdens, places_needed
from waystation.stations.duty.queries.fitting import Limits, is_away, people_around
from waystation.stations.duty.solving import SCALE, Busy, Question, Slot, Worker


def question_of(rota: Rota, *, at: datetime, seconds: float) -> tuple[Question, dict[object, Posting]]:
    """The question, and the postings by the keys of its workers.

    Shifts that have begun are no slots: whoever was on them is merely busy then. A turn of somebody who has
    leave meanwhile is not counted, so that another is sought.
    """
    station, after = rota.station, next_month(rota.month)
    days = days_between(station, rota.month, after)
    shifts = list(Shift.objects.kept().filter(rota=rota).order_by("starts_at", "name", "pk"))
    slots = [_slot(shift, days[shift.day]) for shift in shifts if shift.starts_at > at]
    postings = list(
        Posting.objects.filter(station=station).touching(rota.month, after).select_related("user").order_by("pk")
    )
    people = people_around({posting.user_id for posting in postings}, rota.month, after)
    shares = {one.user.pk: _shares(one) for one in burdens(station, rota.month, needed=places_needed(shifts, days))}
    done = _begun(shifts, days, at)
    keys = {slot.key for slot in slots}
    kept = _kept(rota, keys)
    workers = [
        _worker(posting, people[posting.user_id], keys, kept, _less(shares[posting.user_id], done, posting))
        for posting in postings
    ]
    limits = Limits.on(rota.month)
    question = Question(slots, workers, limits.rest, limits.running, seconds)
    return question, {posting.pk: posting for posting in postings}


def _slot(shift: Shift, day) -> Slot:
    return Slot(
        shift.pk, shift.day, shift.starts_at, shift.ends_at, shift.staff, frozenset(shift.windows), day.is_weekend,
        day.is_holiday,
    )  # fmt: skip


def _shares(burden) -> dict[str, int]:
    """What falls to the person in tenths, less what they did too much before."""
    return {kind: round(SCALE * (burden.fair[kind] - burden.carried[kind])) for kind in KINDS}


def _begun(shifts: list[Shift], days, at: datetime) -> dict[tuple, int]:
    """What each posting has done in this month already, by kind."""
    found: dict = {}
    past = {shift.pk: shift for shift in shifts if shift.starts_at <= at}
    for turn in Turn.objects.live().filter(shift__in=past):
        day = days[past[turn.shift_id].day]
        for kind, counts in zip(KINDS, (True, day.is_weekend, day.is_holiday), strict=True):
            found[turn.posting_id, kind] = found.get((turn.posting_id, kind), 0) + counts
    return found


def _less(shares: dict[str, int], done: dict, posting: Posting) -> dict[str, int]:
    return {kind: share - SCALE * done.get((posting.pk, kind), 0) for kind, share in shares.items()}


def _kept(rota: Rota, keys: set) -> set[tuple]:
    """The places that stay as they are: set by hand or by consent, and all of them once published."""
    turns = Turn.objects.live().filter(shift__in=keys)
    if not rota.is_published:
        turns = turns.filter(is_fixed=True)
    return set(turns.values_list("posting", "shift"))


def _worker(posting: Posting, person, keys: set, kept: set, shares: dict[str, int]) -> Worker:
    counted = {
        span.shift for span in person.spans
        if (posting.pk, span.shift) in kept and not is_away(person, posting.pk, span.day)
    }  # fmt: skip
    busy = [
        Busy(span.day, span.starts_at, span.ends_at, span.posting == posting.pk)
        for span in person.spans
        if span.shift not in counted and (span.shift not in keys or (posting.pk, span.shift) in kept)
    ]
    windows = frozenset(posting.windows)

    def may(slot: Slot) -> bool:
        if not posting.holds_on(slot.day) or is_away(person, posting.pk, slot.day):
            return False
        return not slot.windows or bool(slot.windows & windows)

    return Worker(posting.pk, windows, posting.most_week, posting.most_month, may, busy, counted, shares)
