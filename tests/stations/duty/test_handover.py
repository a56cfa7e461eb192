"""The baton: a shift opens with its brief read, and closes over no item that rests nowhere."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from tests import places as make
from tests.stations.duty import rows
from waystation.kernel import audit
from waystation.kernel.models import AuditEvent
from waystation.stations.duty.actions import finish_item, move_items
from waystation.stations.duty.actions.handovers import (
    BriefUnread,
    ItemsLeft,
    Settled,
    ShiftRefused,
    check_in,
    close_shift,
    leave_desk,
    return_missed,
)
from waystation.stations.duty.actions.items import (
    AlreadyDone,
    ItemRefused,
    hand_item,
    park_item,
    take_item,
)
from waystation.stations.duty.models import Handover, ItemStep, OpenItem, Shift
from waystation.stations.duty.queries.presence import today_at

pytestmark = pytest.mark.django_db
DAY = date(2026, 12, 7)
NINE, NOON, TWO, FIVE = (rows.moment(DAY, hour) for hour in (9, 12, 14, 17))


@pytest.fixture
def desk(places):
    """A morning with one officer and an afternoon with another."""
    station = places["station"]
    one, two = rows.posting(station), rows.posting(station)
    morning = rows.shift(station, DAY, 9, 12, users=[one])
    afternoon = rows.shift(station, DAY, 14, 17, name="下午", users=[two])
    return {"station": station, "one": one, "two": two, "morning": morning, "afternoon": afternoon}


def come(shift, *, at, read=()):
    turn = shift.turns.get(removed_at=None)
    return check_in(turn, read=read, by=turn.user, at=at)


def test_a_shift_closes_when_every_item_rests_somewhere(desk):
    done, handed, parked = (rows.item(desk["station"], title) for title in ("办结", "移交", "搁置"))
    come(desk["morning"], at=NINE)
    settled = [
        Settled(done, outcome="已回访"),
        Settled(handed, to=desk["afternoon"], note="下午再打"),
        Settled(parked, until=date(2026, 12, 10)),
    ]

    made = close_shift(desk["morning"], settled=settled, note="一切正常", by=desk["one"].user, at=NOON)

    desk["morning"].refresh_from_db()
    assert (desk["morning"].closed_at, made.note) == (NOON, "一切正常")
    for item in (done, handed, parked):
        item.refresh_from_db()
    assert (done.outcome, handed.shift, parked.parked_until) == ("已回访", desk["afternoon"], date(2026, 12, 10))
    steps = set(ItemStep.objects.values_list("item", "kind", "from_shift", "note"))
    assert steps == {
        (handed.pk, "handed", desk["morning"].pk, "下午再打"),
        (parked.pk, "parked", desk["morning"].pk, ""),
    }
    assert AuditEvent.objects.filter(verb="shift.closed").count() == 1
    assert audit.verify_chain() == []


def test_no_shift_closes_over_an_orphan(desk):
    kept, orphan = rows.item(desk["station"]), rows.item(desk["station"], "无人接")
    come(desk["morning"], at=NINE)

    with pytest.raises(ItemsLeft) as refusal:
        close_shift(desk["morning"], settled=[Settled(kept, outcome="好")], by=desk["one"].user, at=NOON)

    assert refusal.value.number == 1
    kept.refresh_from_db()
    desk["morning"].refresh_from_db()
    assert (kept.done_at, desk["morning"].closed_at, Handover.objects.count()) == (None, None, 0)
    close_shift(desk["morning"], rest_to=desk["afternoon"], by=desk["one"].user, at=NOON)
    assert set(OpenItem.objects.values_list("shift", flat=True)) == {desk["afternoon"].pk}
    orphan.refresh_from_db()
    assert orphan.shift == desk["afternoon"]


def test_what_the_closing_shift_holds_and_what_was_parked_until_today_counts(desk):
    rows.item(desk["station"], "早班的")
    come(desk["morning"], at=NINE)
    mine, back = OpenItem.objects.get(), rows.item(desk["station"], "到期")
    hand_item(mine, to=desk["morning"], by=None, at=NINE)
    park_item(back, until=DAY, by=None, at=rows.BEFORE)

    with pytest.raises(ItemsLeft) as refusal:
        close_shift(desk["morning"], by=desk["one"].user, at=NOON)

    assert refusal.value.number == 2


def test_the_items_of_other_units_do_not_hold_a_shift_up(desk, places):
    rows.item(places["beside"])
    rows.item(places["branch"])
    come(desk["morning"], at=NINE)

    close_shift(desk["morning"], by=desk["one"].user, at=NOON)


def test_the_next_shift_reads_the_brief_before_it_begins(desk):
    come(desk["morning"], at=NINE)
    made = close_shift(desk["morning"], note="钥匙在抽屉", by=desk["one"].user, at=NOON)

    with pytest.raises(BriefUnread):
        come(desk["afternoon"], at=TWO)
    come(desk["afternoon"], at=TWO, read=[str(made.pk)])

    made.refresh_from_db()
    assert (made.read_by, made.read_on_shift) == (desk["two"].user, desk["afternoon"])


def test_only_the_own_turn_in_its_time_and_once(desk):
    turn = desk["morning"].turns.get()
    for by, at in (
        (desk["two"].user, NINE),
        (desk["one"].user, NINE - timedelta(minutes=61)),
        (desk["one"].user, NOON),
    ):
        with pytest.raises(ShiftRefused):
            check_in(turn, by=by, at=at)
    check_in(turn, by=desk["one"].user, at=NINE - timedelta(minutes=60))
    with pytest.raises(ShiftRefused):
        check_in(turn, by=desk["one"].user, at=NINE)
    with pytest.raises(ShiftRefused):
        close_shift(desk["afternoon"], by=desk["two"].user, at=TWO)


def test_one_leaves_while_a_colleague_stays_and_the_last_closes(places):
    station = places["station"]
    one, two = rows.posting(station), rows.posting(station)
    shift = rows.shift(station, DAY, users=[one, two])
    rows.item(station)
    first, second = shift.turns.get(posting=one), shift.turns.get(posting=two)
    for turn in (first, second):
        check_in(turn, by=turn.user, at=NINE)

    leave_desk(first, by=one.user, at=NOON)

    with pytest.raises(ShiftRefused):
        leave_desk(second, by=two.user, at=NOON)
    with pytest.raises(ItemsLeft):
        close_shift(shift, by=two.user, at=NOON)


def test_an_item_is_handed_only_to_a_shift_that_will_be_kept(desk, places):
    item = rows.item(desk["station"])
    empty = rows.shift(desk["station"], DAY + timedelta(days=1))
    over = desk["morning"]
    other = rows.shift(places["beside"], DAY, users=[rows.posting(places["beside"])])
    for shift, at in ((empty, NINE), (over, NOON), (other, NINE)):
        with pytest.raises(ItemRefused):
            hand_item(item, to=shift, by=None, at=at)
    with pytest.raises(ItemRefused):
        park_item(item, until=DAY, by=None, at=NINE)

    finish_item(item, outcome="好", by=None, at=NINE)
    with pytest.raises(AlreadyDone):
        hand_item(item, to=desk["afternoon"], by=None, at=NINE)
    with pytest.raises(AlreadyDone):
        park_item(item, until=DAY + timedelta(days=1), by=None, at=NINE)
    with pytest.raises(AlreadyDone):
        take_item(item, by=None, at=NINE)


def test_the_items_of_a_shift_to_which_nobody_came_return(desk):
    item = rows.item(desk["station"])
    hand_item(item, to=desk["morning"], by=None, at=NINE)

    assert return_missed(at=NOON - timedelta(minutes=1)) == 0
    assert return_missed(at=NOON) == 1

    item.refresh_from_db()
    assert item.shift is None


def test_a_missed_shift_does_not_hide_an_item_from_the_next_check_out(desk):
    hand_item(rows.item(desk["station"]), to=desk["morning"], by=None, at=NINE)
    come(desk["afternoon"], at=TWO)

    with pytest.raises(ItemsLeft):
        close_shift(desk["afternoon"], by=desk["two"].user, at=FIVE)


def test_items_that_move_to_another_unit_leave_the_shift(desk, places):
    item = rows.item(desk["station"], bundle="stay:1")
    hand_item(item, to=desk["morning"], by=None, at=NINE)
    parked = rows.item(desk["station"], "搁置", bundle="stay:1")
    park_item(parked, until=DAY + timedelta(days=9), by=None, at=NINE)

    assert move_items("stay:1", to=places["branch"], by=None, at=NINE) == 2

    assert set(OpenItem.objects.values_list("unit", "shift", "parked_until")) == {(places["branch"].pk, None, None)}


def test_the_database_itself_keeps_items_away_from_closed_shifts(desk):
    item = rows.item(desk["station"])
    come(desk["morning"], at=NINE)
    hand_item(item, to=desk["morning"], by=None, at=NINE)
    mine = Shift.objects.filter(pk=desk["morning"].pk)

    with pytest.raises(IntegrityError), transaction.atomic():
        mine.update(closed_at=NOON)
    take_item(item, by=None, at=NINE)
    mine.update(closed_at=NOON)
    with pytest.raises(IntegrityError), transaction.atomic():
        OpenItem.objects.filter(pk=item.pk).update(shift=desk["morning"])


@pytest.mark.parametrize(
    "values",
    [
        {"parked_until": DAY, "shift": True},
        {"done_at": NINE, "outcome": "好", "shift": True},
        {"done_at": NINE, "outcome": "好", "parked_until": DAY},
    ],
)
def test_the_database_lets_an_item_rest_in_one_place_only(desk, values):
    item = rows.item(desk["station"])
    if values.get("shift"):
        values = {**values, "shift": desk["morning"]}

    with pytest.raises(IntegrityError), transaction.atomic():
        OpenItem.objects.filter(pk=item.pk).update(**values)


def test_items_without_a_day_stand_last(places):
    late, early = rows.item(places["station"], "无期限"), rows.item(places["station"], "有期限", due_on=DAY)

    assert list(OpenItem.objects.order_by("due_key")) == [early, late]
    make.user()


def test_who_comes_before_midnight_to_a_shift_after_it_is_seen_at_once(desk):
    early = rows.shift(desk["station"], date(2026, 12, 9), 0, 6, name="值守", users=[desk["one"]])
    evening = rows.moment(date(2026, 12, 8), 23) + timedelta(minutes=10)
    assert today_at(desk["station"], at=evening).shifts == []

    come(early, at=evening)

    today = today_at(desk["station"], at=evening)
    assert [one.shift for one in today.shifts] == [early]
    assert [turn.user for turn in today.now_on] == [desk["one"].user]
