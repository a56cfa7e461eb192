"""A month's rota: what it keeps, what it leaves open and why, and who bears how much."""

from datetime import date, time, timedelta
from fractions import Fraction

import pytest
from django.utils import timezone

from tests import places as make
from tests.stations.duty import rows
from tests.stations.duty.judge import faults_of
from waystation.kernel import jobs
from waystation.kernel.models import AuditEvent
from waystation.stations.duty.actions import rotas, turns
from waystation.stations.duty.actions.items import hand_item
from waystation.stations.duty.actions.postings import edit_posting, end_posting, enter_leave
from waystation.stations.duty.models import CalendarDay, FormerLimit, OpenItem, Rota, Shift, Turn
from waystation.stations.duty.queries.fairness import Burden, burdens
from waystation.stations.duty.queries.gaps import reasons, staffed

pytestmark = pytest.mark.django_db


@pytest.fixture
def station(places):
    rows.pattern(places["station"], "上午")
    rows.pattern(places["station"], "下午", time(14, 30), time(17, 30))
    return places["station"]


def shifts(station, month=rows.MONTH):
    return list(Shift.objects.kept().filter(station=station, rota__month=month).order_by("starts_at"))


def test_the_month_is_staffed_evenly(station):
    for _number in range(3):
        rows.posting(station)

    rota = rows.rota(station)

    found = staffed(shifts(station))
    assert (len(found), [one.shift for one in found if one.is_short]) == (46, [])
    counts = sorted(burden.done["shifts"] for burden in burdens(station, rota.month))
    assert (sum(counts), counts[-1] - counts[0] <= 1) == (46, True)
    assert faults_of(station) == []


@pytest.mark.parametrize(
    ("carried", "shown"), [("-0.04", "0.0"), ("0", "0.0"), ("0.05", "+0.1"), ("-0.06", "-0.1"), ("-10", "-10.0")]
)
def test_a_balance_that_rounds_to_nothing_has_no_sign(carried, shown):
    burden = Burden(user=None, posting=None)
    burden.carried["shifts"] = Fraction(carried)

    assert (burden.figures["carried"], burden.figures["balance"]) == (shown, shown)


def test_the_same_question_gives_the_same_rota(station):
    for _number in range(3):
        rows.posting(station)
    rota = rows.rota(station, publish=False)
    first = set(Turn.objects.values_list("shift", "posting", "pk"))

    rotas.make_rota(rota, by=None, at=rows.BEFORE, seconds=rows.SECONDS)

    assert set(Turn.objects.values_list("shift", "posting", "pk")) == first


def test_holidays_rest_and_make_up_days_work(station):
    rows.posting(station)
    rotas.set_day(station=None, day=date(2026, 12, 7), kind="holiday", name="试放", by=None, at=rows.BEFORE)
    for day, works_as in ((date(2026, 12, 12), 0), (date(2026, 12, 13), 5)):
        rotas.set_day(station=station, day=day, kind="working", works_as=works_as, name="调休", by=None, at=rows.BEFORE)
    rows.rota(station)

    kept = {shift.day for shift in shifts(station)}
    assert (date(2026, 12, 7) in kept, date(2026, 12, 12) in kept, date(2026, 12, 13) in kept) == (False, True, False)


def test_the_stations_own_calendar_goes_first(station):
    rows.posting(station)
    day = date(2026, 12, 7)
    rotas.set_day(station=None, day=day, kind="holiday", name="试放", by=None, at=rows.BEFORE)
    rotas.set_day(station=station, day=day, kind="working", works_as=0, name="照常", by=None, at=rows.BEFORE)
    rows.rota(station)

    assert day in {shift.day for shift in shifts(station)}


def test_the_general_calendar_knows_the_year_it_came_with():
    days = CalendarDay.objects.filter(station=None)
    assert (days.filter(kind="holiday").count(), days.filter(kind="working").count()) == (33, 6)


def test_what_cannot_be_staffed_is_a_gap_with_the_reason_in_words(places):
    station = places["station"]
    rows.pattern(station, staff=2, windows=["insurance"])
    rows.posting(station, windows=["party", "insurance"])
    other = rows.posting(station, windows=["party"])
    enter_leave(other, starts_on=date(2026, 12, 7), ends_on=date(2026, 12, 8), by=make.user(), at=rows.BEFORE)
    rows.rota(station)

    short = {one.shift.day: one for one in staffed(shifts(station)) if one.is_short}
    why = reasons(short.values())

    assert len(short) == 23  # one of two is missing every day: the second may not open the window
    assert short[date(2026, 12, 7)].lacks == ["缺1人"]
    assert why[short[date(2026, 12, 7)].shift.pk] == ["1人：当天请假"]
    assert why[short[date(2026, 12, 8)].shift.pk] == ["1人：不能开本班次的任何窗口"]


def test_leave_granted_later_shows_as_a_gap_and_is_filled_by_another(station):
    first, second = rows.posting(station), rows.posting(station)
    rota = rows.rota(station)
    turn = Turn.objects.filter(posting=first).earliest("starts_at")
    day = turn.shift.day
    enter_leave(first, starts_on=day, ends_on=day + timedelta(days=1), by=make.user(), at=rows.BEFORE)
    assert next(one.shift.day for one in staffed(shifts(station)) if one.is_short) == day
    before = set(Turn.objects.live().values_list("pk", flat=True))

    rotas.make_rota(rota, by=None, at=rows.BEFORE, seconds=rows.SECONDS)

    # A published rota keeps everybody who is on it; the other is put beside.
    assert before < set(Turn.objects.live().values_list("pk", flat=True))
    (found,) = staffed([turn.shift])
    assert ([t.posting for t in found.present], found.missing) == ([second], 0)
    assert faults_of(station) == []


def test_a_new_draft_keeps_what_was_set_by_hand(station):
    postings = [rows.posting(station) for _number in range(3)]
    rota = rows.rota(station, publish=False)
    shift = shifts(station)[5]
    held = shift.turns.get()
    free = next(posting for posting in postings if posting.pk != held.posting_id)
    turns.take_off(held, reason="换人", by=None, at=rows.BEFORE)
    put = turns.put_on(shift, free, reason="换人", by=None, at=rows.BEFORE)

    rotas.make_rota(rota, by=None, at=rows.BEFORE, seconds=rows.SECONDS)

    assert [turn.pk for turn in shift.turns.filter(removed_at=None)] == [put.pk]
    assert AuditEvent.objects.filter(verb__in=["turn.put_on", "turn.taken_off"]).count() == 2


def test_a_hand_change_needs_a_reason_and_keeps_the_hard_rules(station):
    posting = rows.posting(station)
    rows.rota(station)
    shift = Turn.objects.earliest("starts_at").shift
    with pytest.raises(turns.TurnRefused):
        turns.take_off(shift.turns.get(), reason=" ", by=None, at=rows.BEFORE)
    with pytest.raises(turns.TurnRefused):
        turns.put_on(shift, posting, reason="加", by=None, at=rows.BEFORE)
    away = rows.posting(station)
    enter_leave(away, starts_on=shift.day, ends_on=date(2026, 12, 31), by=make.user(), at=rows.BEFORE)
    with pytest.raises(turns.TurnRefused):
        turns.put_on(shift, away, reason="加", by=None, at=rows.BEFORE)
    with pytest.raises(turns.TurnRefused):
        turns.put_on(shift, rows.posting(station), reason="加", by=None, at=shift.ends_at)


def test_the_balance_of_past_months_is_evened_out(station):
    """Who did everything in November, because the other came only then, does less in December."""
    old = rows.posting(station)
    rows.rota(station, date(2026, 11, 1), at=rows.BEFORE - timedelta(days=30))
    new = rows.posting(station)
    rows.rota(station)

    done = {burden.posting.pk: burden.done["shifts"] for burden in burdens(station, rows.MONTH)}
    assert done[old.pk] < done[new.pk]
    assert sum(burden.carried["shifts"] for burden in burdens(station, rows.MONTH)) == 0


OCTOBER = date(2026, 10, 1)
NEEDED = {"shifts": 12, "weekends": 0, "holidays": 0}


def shares(station, month=OCTOBER):
    """Who has a part in the month, and what would be a fair one."""
    return {burden.user.pk: burden.fair["shifts"] for burden in burdens(station, month)}


@pytest.fixture
def october(station):
    """Two people with equal shares of a published month of ten shifts."""
    staff = [rows.posting(station), rows.posting(station)]
    for day in range(1, 11):
        rows.shift(station, OCTOBER.replace(day=day), users=[staff[day % 2]])
    assert shares(station) == {one.user_id: 5 for one in staff}
    return staff


def test_a_past_month_is_weighed_with_the_postings_of_that_month(station, october):
    """Who left or came later changes nothing in it."""
    gone, stays = october
    end_posting(gone, ends_on=date(2026, 11, 1), by=None, at=rows.BEFORE)
    rows.posting(station, starts_on=date(2026, 11, 1))
    rows.posting(station, starts_on=date(2026, 11, 26))

    assert shares(station) == {gone.user_id: 5, stays.user_id: 5}
    carried = {one.user.pk: one.carried["shifts"] for one in burdens(station, date(2026, 11, 1))}
    assert carried[stays.user_id] == 0
    assert gone.user_id not in carried


def test_the_months_before_are_carried_by_as_many_questions_as_none(station, october, django_assert_max_num_queries):
    first, second = october
    rows.shift(station, date(2026, 11, 2), users=[first])
    with django_assert_max_num_queries(8):
        december = burdens(station, rows.MONTH, needed=NEEDED)
    assert {one.user.pk: one.carried["shifts"] for one in december} == {
        first.user_id: Fraction(1, 2), second.user_id: Fraction(-1, 2),
    }  # fmt: skip
    with django_assert_max_num_queries(8):
        burdens(station, OCTOBER)


def test_a_posting_counts_for_the_days_of_the_month_on_which_it_held(station, october):
    first, _second = october
    half = rows.posting(station, starts_on=date(2026, 10, 17), ends_on=date(2026, 10, 27))

    assert shares(station)[half.user_id] / shares(station)[first.user_id] == Fraction(10, 31)


def test_another_limit_holds_from_the_day_of_its_change(station, october):
    more, same = october
    change = {"windows": rows.FULL, "most_week": 3, "sent_by": "", "by": None}
    edit_posting(more, most_month=13, at=rows.BEFORE, **change)

    assert shares(station) == {more.user_id: 5, same.user_id: 5}
    december = {one.user.pk: one.fair["shifts"] for one in burdens(station, rows.MONTH, needed=NEEDED)}
    assert december == {more.user_id: 4, same.user_id: 8}

    edit_posting(more, most_month=26, at=rows.BEFORE, **change)  # taken back on the same day
    assert FormerLimit.objects.get().most_month == 26
    assert shares(station) == {more.user_id: 5, same.user_id: 5}


def test_a_month_in_which_a_limit_changed_is_weighed_day_by_day(station, october):
    less, same = october
    edit_posting(
        less, windows=rows.FULL, most_week=3, most_month=13, sent_by="", by=None,
        at=rows.moment(date(2026, 10, 17), 9),
    )  # fmt: skip

    # Sixteen days at 26 and fifteen at 13, against thirty-one at 26.
    assert shares(station)[less.user_id] / shares(station)[same.user_id] == Fraction(16 * 26 + 15 * 13, 31 * 26)


def test_shifts_that_leave_the_pattern_are_cancelled_and_their_items_return(station):
    rows.posting(station)
    rota = rows.rota(station)
    shift = Turn.objects.earliest("starts_at").shift
    item = rows.item(station)
    hand_item(item, to=shift, by=None, at=rows.BEFORE)
    rotas.set_day(station=station, day=shift.day, kind="holiday", name="停电", by=None, at=rows.BEFORE)

    rotas.make_rota(rota, by=None, at=rows.BEFORE, seconds=rows.SECONDS)

    shift.refresh_from_db()
    assert (shift.cancelled_at, OpenItem.objects.get().shift) == (rows.BEFORE, None)
    assert {turn.removed_at for turn in shift.turns.all()} == {rows.BEFORE}


def test_a_single_shift_is_cancelled_with_a_reason(station):
    rows.posting(station)
    rows.rota(station)
    shift = shifts(station)[0]
    with pytest.raises(rotas.RotaRefused):
        rotas.cancel_shift(shift, reason="", by=None, at=rows.BEFORE)

    rotas.cancel_shift(shift, reason="停电", by=None, at=rows.BEFORE)

    with pytest.raises(rotas.RotaRefused):
        rotas.cancel_shift(shift, reason="停电", by=None, at=rows.BEFORE)
    assert shift not in shifts(station)


def test_the_job_draws_up_the_rota_once(station, time_machine):
    time_machine.move_to(rows.BEFORE)
    head = make.user("station_head", station)
    now = timezone.now()
    with pytest.raises(rotas.RotaRefused):
        rotas.start_rota(station, rows.MONTH, by=head, at=now)
    rows.posting(station)

    job = rotas.start_rota(station, date(2026, 12, 15), by=head, at=now)
    with pytest.raises(rotas.RotaRefused):
        rotas.start_rota(station, rows.MONTH, by=head, at=now)
    done = jobs.run_inline(job)

    rota = Rota.objects.get()
    assert (done.state, done.result["added"], rota.made_by, rota.job) == ("done", 26, head, None)
    assert done.result["url"] == f"/duty/rota/?station={station.pk}&month=2026-12"


def test_a_rota_is_published_once_and_after_it_is_made(station):
    rows.posting(station)
    rota = Rota.objects.create(station=station, month=rows.MONTH)
    with pytest.raises(rotas.RotaRefused):
        rotas.publish_rota(rota, by=None, at=rows.BEFORE)
    rows.rota(station)
    with pytest.raises(rotas.RotaRefused):
        rotas.publish_rota(rota, by=None, at=rows.BEFORE)
    assert not Turn.objects.filter(published_at=None).exists()


def test_patterns_hold_for_days_and_end_once(station):
    with pytest.raises(rotas.RotaRefused):
        rows.pattern(station, "上午")
    with pytest.raises(rotas.RotaRefused):
        rows.pattern(station, "夜", time(22), time(6))
    with pytest.raises(rotas.RotaRefused):
        rows.pattern(station, "空", weekdays=[])
    pattern = station.shift_patterns.get(name="上午")
    assert pattern.last_day is None
    rotas.end_pattern(pattern, ends_on=date(2026, 12, 15), by=None, at=rows.BEFORE)
    assert pattern.last_day == date(2026, 12, 14)
    with pytest.raises(rotas.RotaRefused):
        rotas.end_pattern(pattern, ends_on=date(2026, 12, 16), by=None, at=rows.BEFORE)
    rows.posting(station)
    rows.rota(station)
    assert max(shift.day for shift in shifts(station) if shift.name == "上午") == date(2026, 12, 14)
