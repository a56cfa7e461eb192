"""Random histories: every open item keeps exactly one holder, every rota its hard rules, every swap its people."""

from contextlib import suppress
from datetime import date, time, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import places as make
from tests.stations.duty import rows
from tests.stations.duty.judge import faults_of
from waystation.stations.duty.actions import finish_item, move_items
from waystation.stations.duty.actions.handovers import (
    ItemsLeft,
    Settled,
    ShiftRefused,
    check_in,
    close_shift,
    return_missed,
)
from waystation.stations.duty.actions.items import AlreadyDone, ItemRefused, hand_item, park_item, take_item
from waystation.stations.duty.actions.postings import LeaveRefused, enter_leave
from waystation.stations.duty.actions.rotas import RotaRefused, cancel_shift, make_rota
from waystation.stations.duty.actions.turns import SwapRefused, TurnRefused, accept_swap, ask_swap, take_off
from waystation.stations.duty.models import Handover, OpenItem, Rota, Shift, Turn
from waystation.stations.duty.queries.gaps import staffed

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
MONDAY = date(2026, 12, 7)
REFUSALS = (
    AlreadyDone, ItemRefused, ItemsLeft, LeaveRefused, RotaRefused, ShiftRefused, SwapRefused, TurnRefused,
)  # fmt: skip
examples = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


# --- items and hand-overs ---------------------------------------------------------------------------

ACTS = ("open", "finish", "hand", "park", "take", "come", "close", "close over", "miss", "move", "off", "cancel")


@given(acts=st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 5), st.integers(0, 5)), max_size=30))
@examples
def test_every_history_leaves_each_open_item_with_one_holder(places, acts):
    with transaction.atomic():
        history = History(places)
        for act, one, other in acts:
            history.do(act, one, other)
            history.check()
        transaction.set_rollback(True)


class History:
    """Six half days, two people who take turns, and a clock that goes on by half an hour at each act."""

    def __init__(self, places):
        self.station, self.branch = places["station"], places["branch"]
        self.postings = [rows.posting(self.station), rows.posting(self.station)]
        self.shifts = [
            rows.shift(
                self.station, MONDAY + timedelta(days=number // 2), 9 + 5 * (number % 2), 12 + 5 * (number % 2),
                name=("上午", "下午")[number % 2], users=[self.postings[number % 2]],
            )
            for number in range(6)
        ]  # fmt: skip
        self.now = rows.moment(MONDAY, 8.5)

    def do(self, act, one, other):
        self.now += timedelta(minutes=30)
        items = list(OpenItem.objects.order_by("opened_at", "pk"))
        item = items[one % len(items)] if items else None
        shift = Shift.objects.get(pk=self.shifts[other].pk)
        with suppress(*REFUSALS), transaction.atomic():
            self._do(act, item, shift, one)

    def _do(self, act, item, shift, number):
        how = {"by": None, "at": self.now}
        if act == "open":
            rows.item(self.station, at=self.now, bundle=f"stay:{number}")
        elif act == "come":
            self._come(shift)
        elif act == "close":
            later = self.shifts[(self.shifts.index(shift) + 1) % 6]
            close_shift(shift, rest_to=later, **how)
        elif act == "close over":
            close_shift(shift, settled=[Settled(item, outcome="好")] if item else [], **how)
        elif act == "miss":
            return_missed(at=self.now)
        elif act == "move":
            move_items(f"stay:{number}", to=self.branch if number % 2 else self.station, **how)
        elif act == "off":
            for turn in shift.turns.filter(removed_at=None):
                take_off(turn, reason="调", **how)
        elif act == "cancel":
            cancel_shift(shift, reason="停", **how)
        elif item is not None:
            self._one(act, item, shift, how)

    def _one(self, act, item, shift, how):
        if act == "finish":
            finish_item(item, outcome="好", **how)
        elif act == "hand":
            hand_item(item, to=shift, **how)
        elif act == "park":
            park_item(item, until=shift.day, **how)
        elif act == "take":
            take_item(item, **how)

    def _come(self, shift):
        for turn in shift.turns.filter(removed_at=None):
            read = [brief.pk for brief in Handover.objects.filter(read_at=None)]
            check_in(turn, read=read, by=turn.user, at=self.now)

    def check(self):
        for item in OpenItem.objects.select_related("shift"):
            held = [place for place in (item.shift_id, item.parked_until) if place is not None]
            assert len(held) <= (0 if item.done_at else 1)
            if item.shift is not None:
                assert (item.shift.closed_at, item.shift.cancelled_at) == (None, None)
                assert item.shift.station_id == item.unit_id
                assert item.shift.turns.filter(removed_at=None).exists()
        for brief in Handover.objects.select_related("shift"):
            assert brief.shift.closed_at == brief.made_at
            if brief.made_at == self.now:
                self._nothing_loose(brief.shift)

    def _nothing_loose(self, shift):
        for item in OpenItem.objects.filter(unit=self.station, done_at=None).select_related("shift"):
            waits = item.parked_until is not None and item.parked_until > shift.day
            kept = item.shift is not None and (item.shift.opened_at is not None or item.shift.ends_at > self.now)
            assert waits or kept, "a shift closed over an orphan"


# --- rotas ------------------------------------------------------------------------------------------

postings = st.lists(
    st.fixed_dictionaries(
        {
            "windows": st.sets(st.sampled_from(rows.WINDOWS), max_size=4),
            "most_week": st.integers(1, 6),
            "most_month": st.integers(6, 20),
            "starts": st.integers(-20, 10),
            "leave": st.none() | st.tuples(st.integers(0, 25), st.integers(1, 9)),
        }
    ),
    min_size=1,
    max_size=4,
)
patterns = st.lists(
    st.tuples(
        st.sampled_from([(8, 12), (13, 17), (9, 15), (17, 22), (6, 9)]),
        st.sets(st.integers(0, 6), min_size=1),
        st.integers(1, 2),
        st.sets(st.sampled_from(rows.WINDOWS), max_size=2),
    ),
    min_size=1,
    max_size=3,
    unique_by=lambda one: one[0],
)


@given(people=postings, kept=patterns, again=st.booleans())
@settings(parent=examples, max_examples=15)
def test_every_rota_keeps_the_hard_rules(places, people, kept, again):
    with transaction.atomic():
        station = places["station"]
        for number, ((begins, ends), weekdays, staff, windows) in enumerate(kept):
            rows.pattern(
                station, f"班{number}", time(begins), time(ends), weekdays=weekdays, staff=staff, windows=windows
            )
        for one in people:
            _post(station, one)
        rota = rows.rota(station, publish=False, seconds=0.1)
        if again:
            _change_something(station)
            make_rota(rota, by=None, at=rows.BEFORE, seconds=0.1)

        assert faults_of(station) == []
        _gaps_are_told(station)
        transaction.set_rollback(True)


def _post(station, one):
    posting = rows.posting(
        station, windows=one["windows"], most_week=one["most_week"], most_month=one["most_month"],
        starts_on=rows.MONTH + timedelta(days=one["starts"]),
    )  # fmt: skip
    if one["leave"]:
        first = rows.MONTH + timedelta(days=one["leave"][0])
        days = {"starts_on": first, "ends_on": first + timedelta(days=one["leave"][1])}
        with suppress(LeaveRefused):  # before the posting begins
            enter_leave(posting, by=make.user(), at=rows.BEFORE - timedelta(minutes=1), **days)


def _change_something(station):
    turn = Turn.objects.live().first()
    if turn is not None:
        take_off(turn, reason="换", by=None, at=rows.BEFORE)


def _gaps_are_told(station):
    for one in staffed(Shift.objects.kept().filter(station=station)):
        if len(one.turns) < one.shift.staff:
            assert one.is_short
            assert one.lacks


# --- swaps ------------------------------------------------------------------------------------------


@given(
    acts=st.lists(
        st.tuples(st.integers(0, 9), st.integers(0, 2), st.none() | st.integers(0, 9), st.booleans()), max_size=20
    )
)
@examples
def test_every_history_of_swaps_keeps_the_shifts_staffed(places, acts):
    with transaction.atomic():
        station = places["station"]
        postings = [rows.posting(station, most_week=5) for _number in range(3)]
        days = [MONDAY + timedelta(days=number) for number in range(5)]
        shifts = [
            rows.shift(station, day, hour, hour + 3, name=name, users=[postings[(number + hour) % 3]])
            for number, day in enumerate(days)
            for hour, name in ((9, "上午"), (14, "下午"))
        ]
        before = Rota.objects.count()
        for place, person, wanted, says_yes in acts:
            _swap(shifts, postings[person], place, wanted, says_yes)
            assert faults_of(station) == []
            assert [shift.turns.filter(removed_at=None).count() for shift in shifts] == [1] * 10
        assert Rota.objects.count() == before
        transaction.set_rollback(True)


def _swap(shifts, posting, place, wanted, says_yes):
    turn = shifts[place].turns.get(removed_at=None)
    other = shifts[wanted].turns.get(removed_at=None) if wanted is not None else None
    with suppress(SwapRefused), transaction.atomic():
        swap = ask_swap(turn, of=posting.user, wanted=other, by=turn.user, at=rows.BEFORE)
        if says_yes:
            accept_swap(swap, by=posting.user, at=rows.BEFORE)
