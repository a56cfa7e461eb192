"""Opening times as text: what people type, what is read back, and that nothing is lost on the way."""

from contextlib import suppress
from datetime import time

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from waystation.stations.sites.week import (
    BadHours,
    Week,
    as_facts,
    day_words,
    from_facts,
    made_day,
    read_day,
    read_days,
    read_week,
    week_words,
)

MORNING, AFTERNOON = (time(8, 30), time(12)), (time(14, 30), time(17, 30))


@st.composite
def days(draw):
    """A day with up to four openings, in the one form that a day has."""
    minutes = draw(st.lists(st.integers(0, 24 * 60 - 1), min_size=0, max_size=8, unique=True))
    marks = sorted(minutes)[: len(minutes) // 2 * 2]
    moments = [time(mark // 60, mark % 60) for mark in marks]
    return made_day(zip(moments[::2], moments[1::2], strict=True))


weeks = st.tuples(*[days()] * 7).map(Week)


@pytest.mark.parametrize(
    "text",
    [
        "8:30-12:00, 14:30-17:30",
        "08:30–12:00，14:30–17:30",
        "8：30至12：00、14：30至17：30",
        "14:30 - 17:30 8:30 - 12:00",
        "8点30-12点；14点30分—17点30分",
        "8.30~12, 14.30~17.30",
    ],
)
def test_hours_are_read_however_they_are_typed(text):
    assert read_day(text) == (MORNING, AFTERNOON)


@pytest.mark.parametrize("text", ["", "  ", "休息", "闭馆", "—", "Closed"])
def test_a_day_without_hours_is_closed(text):
    assert read_day(text) == ()


@pytest.mark.parametrize("text", ["早上", "8:30", "25:00-26:00", "8:61-9:00", "12:00-8:30", "8:00-8:00", "8-10, 9-11"])
def test_what_is_no_opening_is_refused(text):
    with pytest.raises(BadHours):
        read_day(text)


def test_openings_that_touch_are_one():
    assert read_day("8:00-12:00, 12:00-17:00") == ((time(8), time(17)),)


def test_the_day_above_can_be_repeated():
    week = read_days(["8:30-12:00", "同上", "same", "", "", "", "同上"])

    assert week.days == ((MORNING,),) * 3 + ((),) * 4


def test_the_sentences_of_the_demonstration_are_read():
    week = read_week("周一至周五 8:30–12:00，14:30–17:30；周六 9:00–11:30")

    assert week.days[:5] == ((MORNING, AFTERNOON),) * 5
    assert (week.days[5], week.days[6]) == (((time(9), time(11, 30)),), ())
    assert week.minutes == 5 * 390 + 150


@pytest.mark.parametrize("text", ["上午八点", "8:00-9:00", "周八 8:00-9:00"])
def test_a_sentence_without_a_day_is_refused(text):
    with pytest.raises(BadHours):
        read_week(text)


def test_neighbouring_days_stand_together_in_words():
    week = Week(((MORNING,),) * 5 + ((), ()))
    with translation.override("en"):
        assert week_words(week) == "Monday to Friday 8:30–12:00; closed on Saturday to Sunday"
        assert week_words(Week(((MORNING,),) * 7)) == "Every day 8:30–12:00"
        assert week_words(Week()) == "Closed all week"
    with translation.override("zh-hans"):
        assert week_words(week) == "周一至周五 8:30–12:00；周六至周日休息"


@given(weeks)
def test_the_words_of_a_week_are_read_back_as_the_same_week(week):
    with translation.override("zh-hans"):
        words = week_words(week)

    assert read_week("" if not week else words) == week


@given(days())
def test_the_words_of_a_day_are_read_back_as_the_same_day(day):
    for language in ("en", "zh-hans"):
        with translation.override(language):
            assert read_day(day_words(day)) == day


@given(weeks)
def test_a_week_survives_the_audit_trail(week):
    assert from_facts(as_facts(week)) == week


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused_and_nothing_else(text):
    for read in (read_day, read_week):
        with suppress(BadHours):
            assert read(text) is not None


@given(days())
def test_the_openings_of_a_day_are_apart_and_in_order(day):
    flat = [moment for opening in day for moment in opening]

    assert flat == sorted(set(flat))
