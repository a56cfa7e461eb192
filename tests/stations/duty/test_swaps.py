"""Swaps by consent: both keep the rules, and the shift keeps its people."""

from datetime import date, timedelta

import pytest

from tests import places as make
from tests.stations.duty import rows
from tests.stations.duty.judge import faults_of
from waystation.stations.duty.actions.postings import enter_leave
from waystation.stations.duty.actions.turns import SwapRefused, accept_swap, ask_swap, decide_swap, take_off
from waystation.stations.duty.models import Swap, Turn

pytestmark = pytest.mark.django_db
DAY = date(2026, 12, 7)
NOW = rows.BEFORE


@pytest.fixture
def two(places):
    station = places["station"]
    one, other = rows.posting(station), rows.posting(station)
    monday = rows.shift(station, DAY, users=[one])
    friday = rows.shift(station, DAY + timedelta(days=4), users=[other])
    return {"station": station, "one": one, "other": other, "monday": monday, "friday": friday}


def on(shift):
    return list(shift.turns.filter(removed_at=None).values_list("posting", flat=True))


def ask(two, **more):
    return ask_swap(two["monday"].turns.get(), of=two["other"].user, by=two["one"].user, at=NOW, **more)


def test_a_shift_is_given_away_only_when_the_other_says_yes(two):
    swap = ask(two)
    assert on(two["monday"]) == [two["one"].pk]

    accept_swap(swap, by=two["other"].user, at=NOW)

    assert on(two["monday"]) == [two["other"].pk]
    gone = Turn.objects.get(posting=two["one"])
    assert (gone.removed_at, gone.sequence) == (NOW, 1)
    assert faults_of(two["station"]) == []


def test_an_exchange_changes_both(two):
    swap = ask(two, wanted=two["friday"].turns.get())

    accept_swap(swap, by=two["other"].user, at=NOW)

    assert (on(two["monday"]), on(two["friday"])) == ([two["other"].pk], [two["one"].pk])


def test_two_may_exchange_shifts_of_one_day_that_each_could_not_take_beside_the_own(places):
    station = places["station"]
    one, other = rows.posting(station), rows.posting(station)
    early = rows.shift(station, DAY, 9, 12, users=[one])
    late = rows.shift(station, DAY, 11, 15, name="中班", users=[other])
    with pytest.raises(SwapRefused):
        ask_swap(early.turns.get(), of=other.user, by=one.user, at=NOW)

    swap = ask_swap(early.turns.get(), of=other.user, wanted=late.turns.get(), by=one.user, at=NOW)
    accept_swap(swap, by=other.user, at=NOW)

    assert (on(early), on(late)) == ([other.pk], [one.pk])


def test_the_rules_are_asked_again_at_the_yes(two):
    swap = ask(two)
    days = {"starts_on": DAY, "ends_on": DAY + timedelta(days=1)}
    enter_leave(two["other"], by=make.user(), at=NOW, **days)

    with pytest.raises(SwapRefused):
        accept_swap(swap, by=two["other"].user, at=NOW)

    assert on(two["monday"]) == [two["one"].pk]


def test_only_those_concerned_decide_and_only_once(two):
    swap = ask(two)
    with pytest.raises(SwapRefused):
        accept_swap(swap, by=two["one"].user, at=NOW)
    with pytest.raises(SwapRefused):
        decide_swap(swap, state="declined", by=two["one"].user, at=NOW)
    decide_swap(swap, state="declined", by=two["other"].user, at=NOW)
    with pytest.raises(SwapRefused):
        accept_swap(swap, by=two["other"].user, at=NOW)
    with pytest.raises(SwapRefused):
        decide_swap(swap, state="withdrawn", by=two["one"].user, at=NOW)


def test_a_request_is_refused_that_nobody_could_grant(two, places):
    stranger = make.user()
    turn = two["monday"].turns.get()
    refused = [
        {"of": two["one"].user, "by": two["one"].user},
        {"of": stranger, "by": two["one"].user},
        {"of": two["other"].user, "by": two["other"].user},
        {"of": two["other"].user, "by": two["one"].user, "wanted": turn},
    ]
    for given in refused:
        with pytest.raises(SwapRefused):
            ask_swap(turn, at=NOW, **given)
    with pytest.raises(SwapRefused):
        ask_swap(turn, of=two["other"].user, by=two["one"].user, at=two["monday"].starts_at)
    ask(two)
    with pytest.raises(SwapRefused):
        ask(two)


def test_other_requests_about_the_turn_are_overtaken(two):
    third = rows.posting(two["station"])
    first = ask(two)
    second = ask_swap(two["monday"].turns.get(), of=third.user, by=two["one"].user, at=NOW)

    accept_swap(first, by=two["other"].user, at=NOW)

    second.refresh_from_db()
    assert second.state == Swap.State.LAPSED
    with pytest.raises(SwapRefused):
        accept_swap(second, by=third.user, at=NOW)


def test_a_turn_taken_off_overtakes_the_request(two):
    swap = ask(two)
    take_off(two["monday"].turns.get(), reason="停班", by=None, at=NOW)

    swap.refresh_from_db()
    assert swap.state == Swap.State.LAPSED


def test_a_swap_never_leaves_a_window_without_anybody(places):
    station = places["station"]
    one = rows.posting(station, windows=["party", "insurance"])
    other = rows.posting(station, windows=["party"])
    shift = rows.shift(station, DAY, windows=["party", "insurance"], users=[one])

    with pytest.raises(SwapRefused):
        ask_swap(shift.turns.get(), of=other.user, by=one.user, at=NOW)
