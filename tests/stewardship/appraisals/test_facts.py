"""The facts beside a member: what the apps below wrote down in the year, each with the address of its rows."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import translation

from tests import places as make
from tests.stewardship.dues import make as paying
from tests.stewardship.education import made as teaching
from tests.stewardship.groups import grown
from waystation.stewardship.appraisals import facts, known_facts
from waystation.stewardship.education.actions import close_roll, name_same
from waystation.stewardship.groups import actions as grouping

pytestmark = pytest.mark.django_db
YEAR = (date(2026, 1, 1), date(2027, 1, 1))
Mark = teaching.Mark


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def person(places):
    return make.stay(places, starts_on=date(2025, 12, 1), member_kind="full").person


def told(query, person, period=YEAR) -> list[str]:
    return [fact.text for fact in query([person.pk], *period).get(person.pk, [])]


def test_the_rolls_of_the_year_say_how_often_the_member_was_there(places, person):
    station = places["station"]
    assert told(known_facts.rolls, person) == []
    for day in (3, 4):
        teaching.held(station, person, held_on=date(2026, 3, day))
    teaching.held(station, held_on=date(2026, 4, 3))
    on_leave = teaching.marked(teaching.occasion(station, held_on=date(2026, 5, 3)), rest=Mark.LEAVE)
    close_roll(on_leave, by=None, at=teaching.NOON)
    teaching.held(station, held_on=date(2025, 12, 31))  # of another year
    teaching.occasion(station, held_on=date(2026, 6, 3))  # its roll is open

    assert told(known_facts.rolls, person) == ["4 occasions: present 2, on leave 1, absent 1"]
    assert told(known_facts.rolls, person, (date(2026, 1, 1), date(2026, 4, 3))) == [
        "2 occasions: present 2, on leave 0, absent 0"
    ]
    (fact,) = known_facts.rolls([person.pk], *YEAR)[person.pk]
    assert fact.url == reverse("education:person", args=[person.pk]) + "?year=2026"


def test_an_occasion_that_nobody_asked_of_an_excused_member_is_no_absence(places, person):
    teaching.excuse(person)
    teaching.held(places["station"], held_on=date(2026, 3, 3))

    assert told(known_facts.rolls, person) == []


def test_the_very_same_occasion_on_two_rolls_counts_once(places, person):
    day = date(2026, 3, 3)
    first = teaching.held(places["station"], held_on=day)
    second = teaching.marked(teaching.occasion(places["branch"], held_on=day), person)
    name_same(second, first, by=None, at=teaching.NOON)
    close_roll(second, by=None, at=teaching.NOON)

    assert told(known_facts.rolls, person) == ["1 occasion: present 1, on leave 0, absent 0"]


def test_the_dues_say_the_month_and_what_is_missing_and_no_amount(person):
    period = (date(2026, 1, 1), date(2026, 7, 15))
    assert told(known_facts.dues, person, period) == []
    paying.base(person, starts_on=date(2026, 2, 1))
    assert told(known_facts.dues, person, period) == [
        "nothing on record for 5 months that are over: 2026-02, 2026-03, 2026-04, 2026-05, 2026-06"
    ]
    paying.paid(person, "40.00", 2, 2)
    paying.paid(person, "80.00", 4, 5)

    said = told(known_facts.dues, person, period)
    assert said == ["settled to 2026-05", "nothing on record for 2 months that are over: 2026-03, 2026-06"]
    assert "40" not in "".join(said)
    paying.reduced(person, "exempt", 3, 6)
    assert told(known_facts.dues, person, period) == ["settled to 2026-06"]


def test_the_dues_of_months_to_come_are_not_missing(person):
    paying.base(person, starts_on=date(2026, 1, 1))

    assert told(known_facts.dues, person, (date(2050, 1, 1), date(2051, 1, 1))) == []


def test_the_activities_of_a_group_open_it_as_long_as_the_member_is_in_it(places, person):
    stay = person.stays.get()
    group = grown.group(places, [stay, *grown.stays(places, 2)])
    row = grown.row(group, stay)
    for number, attended in enumerate(([row.pk], [row.pk], [])):
        activity = grouping.plan_activity(group, held_on=make.NOON.date(), topic="学", by=None, at=make.NOON)
        grouping.record_activity(
            activity, held_on=make.NOON.date(), topic=f"学{number}", place="", record="", attended=attended, by=None,
            at=make.NOON,
        )  # fmt: skip

    (fact,) = known_facts.group_activities([person.pk], *YEAR)[person.pk]
    assert fact.text.startswith("餐饮服务功能党小组: took part 2 times, last on ")
    assert fact.url == reverse("groups:group", args=[group.pk])
    assert told(known_facts.group_activities, person, (date(2025, 1, 1), date(2026, 1, 1))) == []

    grouping.remove_members(group, [row.pk], by=None, at=make.NOON)
    (fact,) = known_facts.group_activities([person.pk], *YEAR)[person.pk]
    assert fact.url == reverse("people:file", args=[person.pk])


@pytest.mark.parametrize(
    ("role", "where", "missing"),
    [
        ("station_officer", "station", set()),
        ("branch_secretary", "branch", set()),
        ("grid_leader", "grid", {known_facts.dues, known_facts.group_activities}),
        ("branch_secretary", "other branch", {known_facts.rolls, known_facts.dues, known_facts.group_activities}),
    ],
)
def test_each_kind_is_told_to_who_may_see_its_rows(places, person, role, where, missing):
    places["grid"] = make.grid(places["station"]).unit
    user = make.user(role, places[where])
    if role == "grid_leader":
        type(person).objects.filter(pk=person.pk).update(stay_path=places["grid"].path)
        person.refresh_from_db()
    seen = {one.query for one in facts._seen(person, user)}

    asked = {known_facts.rolls, known_facts.dues, known_facts.group_activities}
    assert asked - seen == missing


def test_many_members_are_as_few_questions_as_one(places, django_assert_num_queries):
    people = teaching.members(places, "甲", "乙", "丙")
    teaching.held(places["station"], *people, held_on=date(2026, 3, 3))
    for query, number in ((known_facts.rolls, 1), (known_facts.dues, 4), (known_facts.group_activities, 2)):
        with django_assert_num_queries(number):
            query([one.pk for one in people], *YEAR)
