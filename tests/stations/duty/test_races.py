"""Two people at one moment: one wins, and no item slips through a closing shift."""

from datetime import date
from functools import partial

import pytest

from tests import places as make
from tests.fault.conftest import together
from tests.stations.duty import rows
from waystation.kernel import audit
from waystation.kernel.models import AuditEvent
from waystation.stations.duty.actions.handovers import ItemsLeft, check_in, close_shift
from waystation.stations.duty.actions.items import hand_item
from waystation.stations.duty.actions.postings import PostingRefused, open_posting
from waystation.stations.duty.actions.turns import accept_swap, ask_swap, put_on
from waystation.stations.duty.models import Handover, OpenItem, Posting, Shift, Swap, Turn
from waystation.stations.duty.queries.holding import unsettled

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
DAY = date(2026, 12, 7)
NINE, NOON = rows.moment(DAY, 9), rows.moment(DAY, 12)


@pytest.fixture
def station(db):
    return make.tree()["station"]


@pytest.fixture(autouse=True)
def the_trail_stays_whole(db):
    yield
    assert audit.verify_chain() == []


def running(station, user_posting, day=DAY):
    shift = rows.shift(station, day, users=[user_posting])
    turn = shift.turns.get()
    check_in(turn, by=turn.user, at=rows.moment(day, 9))
    return shift


@pytest.mark.parametrize("_round", range(6))
def test_an_item_opened_during_check_out_never_slips(station, _round):
    posting = rows.posting(station)
    shift = running(station, posting)

    closed, item = together(
        partial(close_shift, shift, by=posting.user, at=NOON),
        partial(rows.item, station, at=NOON),
    )

    assert isinstance(item, OpenItem)
    shift.refresh_from_db()
    opened = AuditEvent.objects.get(verb="item.opened").number
    if isinstance(closed, Handover):
        # The trail is the order of things: the item came after the shift had closed, and waits for the next.
        assert AuditEvent.objects.get(verb="shift.closed").number < opened
        assert list(unsettled(station, at=NOON, day=DAY)) == [item]
    else:
        assert (type(closed), shift.closed_at) == (ItemsLeft, None)


@pytest.mark.parametrize("_round", range(3))
def test_an_item_is_not_handed_to_a_shift_that_closes_meanwhile(station, _round):
    one, two = rows.posting(station), rows.posting(station)
    closing = running(station, one)
    rows.shift(station, DAY, 14, 17, name="下午", users=[two])
    later = Shift.objects.get(name="下午")
    item = rows.item(station)

    together(
        partial(close_shift, closing, rest_to=later, by=one.user, at=NOON),
        partial(hand_item, item, to=closing, by=two.user, at=NOON),
    )

    item.refresh_from_db()
    closing.refresh_from_db()
    assert closing.closed_at is not None
    assert item.shift == later


def test_a_shift_is_closed_once(station):
    posting = rows.posting(station)
    shift = running(station, posting)

    act = partial(close_shift, shift, by=posting.user, at=NOON)
    outcomes = together(act, act)

    assert sorted(type(one).__name__ for one in outcomes) == ["Handover", "ShiftRefused"]
    assert Handover.objects.count() == 1


def test_of_two_who_accept_one_shift_at_once_one_wins(station):
    giver, one, two = (rows.posting(station) for _number in range(3))
    shift = rows.shift(station, DAY, users=[giver])
    turn = shift.turns.get()
    swaps = [ask_swap(turn, of=posting.user, by=giver.user, at=rows.BEFORE) for posting in (one, two)]

    outcomes = together(
        partial(accept_swap, swaps[0], by=one.user, at=rows.BEFORE),
        partial(accept_swap, swaps[1], by=two.user, at=rows.BEFORE),
    )

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Swap", "SwapRefused"]
    assert Turn.objects.live().filter(shift=shift).count() == 1
    assert sorted(Swap.objects.values_list("state", flat=True)) == ["accepted", "lapsed"]


def test_two_who_accept_exchanges_of_the_same_two_turns_do_it_once(station):
    one, two = rows.posting(station), rows.posting(station)
    early = rows.shift(station, DAY, users=[one])
    late = rows.shift(station, DAY, 14, 17, name="下午", users=[two])
    forth = ask_swap(early.turns.get(), of=two.user, wanted=late.turns.get(), by=one.user, at=rows.BEFORE)
    back = ask_swap(late.turns.get(), of=one.user, wanted=early.turns.get(), by=two.user, at=rows.BEFORE)

    outcomes = together(
        partial(accept_swap, forth, by=two.user, at=rows.BEFORE),
        partial(accept_swap, back, by=one.user, at=rows.BEFORE),
    )

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Swap", "SwapRefused"]
    assert Turn.objects.live().get(shift=early).posting == two
    assert Turn.objects.live().get(shift=late).posting == one


def test_nobody_is_put_on_two_shifts_of_one_time_at_two_stations(station):
    beside = make.station(station.parent, make.unit("山前街道", "town", station.parent), name="另一个站").unit
    here = rows.posting(station)
    there = rows.posting(beside, here.user)
    first, second = rows.shift(station, DAY, 9, 12), rows.shift(beside, DAY, 10, 13)

    outcomes = together(
        partial(put_on, first, here, reason="排", by=None, at=rows.BEFORE),
        partial(put_on, second, there, reason="排", by=None, at=rows.BEFORE),
    )

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Turn", "TurnRefused"]
    assert Turn.objects.live().count() == 1


def test_of_two_postings_of_one_user_at_once_one_stands(station):
    user = make.user()
    act = partial(
        open_posting, station=station, user=user, kind="sent", windows=[], most_week=3, most_month=9,
        by=None, at=rows.BEFORE,
    )  # fmt: skip

    outcomes = together(
        partial(act, starts_on=DAY), partial(act, starts_on=date(2026, 10, 1), ends_on=date(2027, 1, 1))
    )

    assert sum(isinstance(outcome, PostingRefused) for outcome in outcomes) == 1
    assert Posting.objects.count() == 1
