"""Opening hours: dated, never overlapping, with special days, and what is open at a moment."""

from contextlib import suppress
from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone, translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import places as make
from waystation.kernel.models import AuditEvent
from waystation.stations.sites import actions
from waystation.stations.sites.models import OpeningTime, Schedule, SpecialDay
from waystation.stations.sites.queries import history
from waystation.stations.sites.queries.opening import opening_of, openings, room_openings
from waystation.stations.sites.week import Week, read_day, read_week

pytestmark = pytest.mark.django_db
NOON = make.NOON  # a Monday, twelve o'clock in Fuding
TODAY = date(2026, 11, 23)
SUMMER = read_week("每天 7:30–11:30，15:00–18:30")


def at(day, clock):
    hour, minute = clock.split(":")
    return timezone.make_aware(datetime(day.year, day.month, day.day, int(hour), int(minute)))


def room(station, name="会议室"):
    return actions.open_room(
        station, opened_on=TODAY, name=name, function="office", capacity=20, equipment="", open_to="everybody",
        note="", by=None, at=NOON,
    )  # fmt: skip


def close_days(station, first, last, reason="国庆节", hours=""):
    return actions.set_special_days(
        [station], first=first, last=last, openings=read_day(hours), reason=reason, by=None, at=NOON
    )


@pytest.mark.parametrize(
    ("day", "clock", "is_open", "next_day", "next_time"),
    [
        (TODAY, "8:29", False, TODAY, "8:30"),
        (TODAY, "8:30", True, None, None),
        (TODAY, "17:29", True, None, None),
        (TODAY, "17:30", False, TODAY + timedelta(1), "8:30"),
        (date(2026, 11, 27), "20:00", False, date(2026, 11, 30), "8:30"),
        (date(2026, 11, 29), "10:00", False, date(2026, 11, 30), "8:30"),
    ],
)
def test_open_now_is_told_with_the_next_change(station, day, clock, is_open, next_day, next_time):
    state = opening_of(station, since=TODAY).state(at(day, clock))

    assert state.is_open is is_open
    assert state.next_day == next_day
    assert (state.next_time and f"{state.next_time:%-H:%M}") == next_time
    assert state.words


def test_a_station_without_hours_says_so(places):
    bare = actions.open_station(
        name="某站", kind="township", parent=places["origin town"], host_town=places["town"], by=None, at=NOON
    )

    opening = opening_of(bare, since=TODAY)

    assert (opening.state(NOON), opening.words(TODAY)) == (None, "")


def test_hours_hold_from_their_day_until_the_next_begin(station):
    actions.set_hours(station, SUMMER, starts_on=date(2027, 7, 1), by=None, at=NOON)
    actions.set_hours(station, read_week("周一 9:00–10:00"), starts_on=date(2027, 9, 1), by=None, at=NOON)

    opening = opening_of(station, since=TODAY)

    assert opening.week(date(2027, 6, 30)) == read_week("周一至周五 8:30–17:30")
    assert opening.week(date(2027, 7, 1)) == opening.week(date(2027, 8, 31)) == SUMMER
    assert opening.week(date(2027, 9, 1)) == read_week("周一 9:00–10:00")
    assert opening.week(date(2026, 11, 22)) is None


def test_hours_of_the_same_day_are_corrected_and_those_before_kept_on_record(station):
    actions.set_hours(station, SUMMER, starts_on=TODAY, by=None, at=NOON)

    assert Schedule.objects.filter(station=station).count() == 1
    assert opening_of(station, since=TODAY).week(TODAY) == SUMMER
    event = AuditEvent.objects.filter(verb="station.hours_set").order_by("-number")[0]
    assert event.facts["corrected"][0][0] == "0 08:30-17:30"
    with translation.override("en"):
        assert "Every day 7:30–11:30, 15:00–18:30" in history.told(event).what


def test_the_past_is_not_rewritten(station):
    with pytest.raises(actions.StationRefused):
        actions.set_hours(station, SUMMER, starts_on=TODAY - timedelta(1), by=None, at=NOON)


def test_hours_to_come_can_be_taken_back_and_those_in_force_cannot(station):
    coming = actions.set_hours(station, SUMMER, starts_on=TODAY + timedelta(30), by=None, at=NOON)

    actions.drop_schedule(coming, by=None, at=NOON)

    assert not Schedule.objects.filter(pk=coming.pk).exists()
    with pytest.raises(actions.StationRefused):
        actions.drop_schedule(Schedule.objects.get(station=station), by=None, at=NOON)


def test_the_database_refuses_a_second_schedule_of_a_day_and_hours_that_end_before_they_begin(station):
    held = Schedule.objects.get(station=station)
    with pytest.raises(IntegrityError), transaction.atomic():
        Schedule.objects.create(station=station, starts_on=held.starts_on, set_at=NOON)
    with pytest.raises(IntegrityError), transaction.atomic():
        Schedule.objects.create(station=station, starts_on=TODAY + timedelta(1), follows_station=True, set_at=NOON)
    with pytest.raises(IntegrityError), transaction.atomic():
        OpeningTime.objects.create(schedule=held, weekday=5, opens_at="12:00", closes_at="8:00")
    with pytest.raises(IntegrityError), transaction.atomic():
        OpeningTime.objects.create(schedule=held, weekday=7, opens_at="8:00", closes_at="12:00")


# --- special days ---------------------------------------------------------------------------------


def test_a_holiday_closes_and_a_working_saturday_opens(station):
    close_days(station, TODAY + timedelta(1), TODAY + timedelta(3))
    close_days(station, TODAY + timedelta(5), TODAY + timedelta(5), "调休上班", "9:00-11:30")

    opening = opening_of(station, since=TODAY)

    assert opening.state(at(TODAY, "18:00")).next_day == TODAY + timedelta(4)
    assert opening.state(at(TODAY + timedelta(5), "10:00")).is_open
    with translation.override("en"):
        assert [run.words for run in opening.coming_specials(TODAY)] == [
            "2026-11-24 to 2026-11-26: closed (国庆节)",
            "2026-11-28: 9:00–11:30 (调休上班)",
        ]


@pytest.mark.parametrize(
    ("first", "last"),
    [(TODAY - timedelta(1), TODAY), (TODAY + timedelta(2), TODAY), (TODAY, TODAY + timedelta(31))],
)
def test_special_days_are_days_to_come_in_order_and_a_month_at_most(station, first, last):
    with pytest.raises(actions.StationRefused):
        close_days(station, first, last)


def test_a_special_day_is_not_overwritten_and_nothing_is_entered_halfway(station, beside):
    close_days(station, TODAY + timedelta(3), TODAY + timedelta(3))

    with pytest.raises(actions.StationRefused, match="国庆节"):
        actions.set_special_days(
            [beside, station], first=TODAY + timedelta(2), last=TODAY + timedelta(4), openings=(), reason="台风",
            by=None, at=NOON,
        )  # fmt: skip

    assert not SpecialDay.objects.filter(reason="台风").exists()


def test_the_database_holds_one_special_day_in_force(station):
    (row,) = close_days(station, TODAY, TODAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        SpecialDay.objects.create(station=station, day=row.day, reason="再来一次", set_at=NOON)


def test_a_special_day_taken_back_leaves_the_usual_hours_and_stays_on_record(station):
    (row,) = close_days(station, TODAY, TODAY)

    actions.withdraw_special_day(row, by=None, at=NOON)
    actions.withdraw_special_day(row, by=None, at=NOON)
    close_days(station, TODAY, TODAY, "停电")

    assert SpecialDay.objects.filter(station=station, day=TODAY).count() == 2
    assert AuditEvent.objects.filter(verb="station.special_day_withdrawn").count() == 1
    with pytest.raises(actions.StationRefused):
        actions.withdraw_special_day(row, by=None, at=NOON + timedelta(days=2))


# --- rooms ----------------------------------------------------------------------------------------


def test_a_room_is_open_with_its_station_until_it_has_hours_of_its_own(station):
    one, other = room(station), room(station, "阅览室")
    own = read_week("周六至周日 9:00–17:00")
    actions.set_hours(station, own, starts_on=TODAY + timedelta(1), room=other, by=None, at=NOON)
    actions.set_hours(station, SUMMER, starts_on=TODAY + timedelta(5), by=None, at=NOON)
    actions.set_hours(
        station, Week(), starts_on=TODAY + timedelta(9), room=other, follows_station=True, by=None, at=NOON
    )

    of_station = opening_of(station, since=TODAY)
    hours = room_openings([one, other], of_station)

    assert hours[one.pk] is of_station
    usual = read_week("周一至周五 8:30–17:30")
    weeks = [hours[other.pk].week(TODAY + timedelta(days)) for days in (0, 1, 8, 9)]
    assert weeks == [usual, own, own, SUMMER]


def test_the_hours_of_all_stations_cost_the_same_few_questions(station, beside, django_assert_num_queries):
    close_days(station, TODAY, TODAY + timedelta(3))
    close_days(beside, TODAY, TODAY + timedelta(3), hours="9:00-10:00")

    with django_assert_num_queries(4):
        openings([station, beside], since=TODAY)


# --- any history ----------------------------------------------------------------------------------

steps = st.lists(st.tuples(st.integers(0, 20), st.sampled_from(["week", "special", "withdraw", "drop"])), max_size=12)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=25)
@given(steps)
def test_whatever_is_set_each_day_has_one_set_of_hours(station, steps):
    with transaction.atomic():
        for away, what in steps:
            day = TODAY + timedelta(days=away)
            with suppress(actions.StationRefused):
                _do(station, what, day)
        opening = opening_of(station, since=TODAY)
        for away in range(21):
            day = TODAY + timedelta(days=away)
            assert Schedule.objects.filter(station=station, starts_on=day).count() <= 1
            assert SpecialDay.objects.filter(station=station, day=day, is_withdrawn=False).count() <= 1
            hours = opening.on(day)
            assert hours == tuple(sorted(hours))
            state = opening.state(at(day, "12:00"))
            assert state.is_open == any(start.hour <= 11 and end.hour > 12 for start, end in hours)
        transaction.set_rollback(True)


def _do(station, what, day):
    if what == "week":
        actions.set_hours(station, SUMMER, starts_on=day, by=None, at=NOON)
    elif what == "special":
        close_days(station, day, day, hours="9:00-13:00")
    elif what == "withdraw":
        for row in SpecialDay.objects.filter(station=station, day=day):
            actions.withdraw_special_day(row, by=None, at=NOON)
    else:
        for row in Schedule.objects.filter(station=station, starts_on=day):
            actions.drop_schedule(row, by=None, at=NOON)
