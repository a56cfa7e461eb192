"""Who came to no organization life for months without leave: asked why, never judged by the list."""

from datetime import date
from importlib import import_module

import pytest
from django.apps import apps
from django.urls import reverse
from django.utils import timezone

from tests import make as files
from tests import places as make
from tests.fault.conftest import together
from tests.stewardship.education import made
from tests.stewardship.education.made import Mark
from waystation.kernel import dated
from waystation.organizations.access import Reach
from waystation.organizations.permissions import Permission as P
from waystation.stewardship.contacts.models import ContactState
from waystation.stewardship.contacts.queries.log import months_before
from waystation.stewardship.education import actions, rules
from waystation.stewardship.education.queries.learning import ABSENT, LONG, learners_by
from waystation.stewardship.education.tasks import follow_excuses
from waystation.stewardship.people.actions import merge_people
from waystation.stewardship.people.models import Person
from waystation.web.desk_items import Desk, items_of

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 23)
SPRING, SUMMER, AUTUMN = date(2026, 4, 20), date(2026, 7, 20), date(2026, 11, 20)


@pytest.fixture(autouse=True)
def on_the_day(time_machine):
    time_machine.move_to(made.NOON)


@pytest.fixture
def officer(places):
    return make.user("station_officer", places["station"])


def names(officer, which=LONG, day=DAY):
    found = learners_by({"absent": which}, Reach.of(officer, P.EDUCATION_VIEW), day)
    return sorted(found.values_list("full_name", flat=True))


def roll(places, day, *present, rest=Mark.ABSENT, leave=()):
    occasion = made.occasion(places["station"], held_on=day, topic=f"{day}")
    lines = occasion.roll.filter(person__in=[person.pk for person in leave])
    actions.mark(occasion, Mark.LEAVE, lines=list(lines.values_list("pk", flat=True)), by=None, at=made.NOON)
    made.marked(occasion, *present, rest=rest)
    return actions.close_roll(occasion, by=None, at=made.NOON)


def test_only_whoever_was_absent_each_time_through_all_the_months_is_listed(places, officer):
    _never, once, excused, on_leave = made.members(places, "从未", "来过", "免除", "请假")
    made.excuse(excused)
    roll(places, SPRING, once)
    roll(places, SUMMER, leave=[on_leave])
    roll(places, AUTUMN)

    assert names(officer) == ["从未"]
    assert names(officer, ABSENT) == ["从未", "来过"], "leave in summer breaks the absence"
    assert names(officer, LONG, date(2026, 10, 1)) == [], "the roll of spring is within the six months"


def test_whoever_has_only_just_come_or_was_on_no_roll_is_not_listed(places, officer):
    made.members(places, "老党员")
    roll(places, SPRING)
    made.members(places, "新来", starts_on=date(2026, 7, 1))
    roll(places, AUTUMN)
    made.members(places, "不在册", starts_on=date(2026, 11, 22))

    assert names(officer) == ["老党员"]


def test_an_open_or_cancelled_roll_accuses_nobody(places, officer):
    made.members(places, "某人")
    roll(places, SPRING)
    made.marked(made.occasion(places["station"], held_on=AUTUMN))
    assert names(officer) == []
    cancelled = made.marked(made.occasion(places["station"], held_on=SUMMER))
    actions.cancel_occasion(cancelled, reason="下雨", by=None, at=made.NOON)
    assert names(officer) == []


def test_another_number_of_months_holds_from_its_day(places, officer):
    made.members(places, "某人")
    roll(places, SUMMER)
    roll(places, AUTUMN)
    assert names(officer) == []
    dated.set_value(rules.AWAY_LONG_MONTHS, 4, starts_on=DAY, source="文件", by=None, at=made.NOON)
    assert names(officer) == ["某人"]


def test_the_desk_leads_to_the_list_and_says_nothing_of_anybody_else(client, places, officer):
    today = timezone.localdate()
    _someone, other = made.members(places, "某人", "别人", starts_on=months_before(today, 12))
    for months in (8, 1):
        roll(places, months_before(today, months), other)
    client.force_login(officer)

    (item,) = [item for item in items_of(Desk(officer, timezone.now(), today)) if item.key == "life-absent"]
    assert item.number == 1
    page = client.get(item.url).content.decode()
    assert ("某人" in page, "别人" in page) == (True, False)
    assert "未参加且未请假" in client.get(reverse("education:learning")).content.decode()


def test_what_rolls_said_before_is_filled_by_the_update(places, officer):
    made.members(places, "从未", "来过")
    roll(places, SPRING, Person.objects.get(full_name="来过"))
    roll(places, SUMMER)
    roll(places, AUTUMN)
    before = list(ContactState.objects.order_by("pk").values())
    ContactState.objects.update(absent_since=None, absent_last_on=None)

    import_module("waystation.stewardship.education.migrations.0004_absences_so_far").fill(apps, None)

    assert list(ContactState.objects.order_by("pk").values()) == before
    assert names(officer) == ["从未"]


def test_a_correction_a_later_excuse_and_a_cancelled_roll_are_followed(places, officer):
    first, second = made.members(places, "甲", "乙")
    roll(places, SPRING)
    last = roll(places, AUTUMN)
    assert names(officer) == ["乙", "甲"]
    actions.correct_line(last.roll.get(person=first), Mark.PRESENT, reason="漏记", by=None, at=made.NOON)
    assert names(officer) == ["乙"]
    made.excuse(second, starts_on=AUTUMN)
    follow_excuses(made.NOON)
    assert names(officer) == []
    assert ContactState.objects.get(pk=second.pk).absent_since is None, "an excuse breaks the absence"
    actions.cancel_occasion(last, reason="重复登记", by=None, at=made.NOON)
    assert ContactState.objects.get(pk=first.pk).absent_last_on == SPRING


@pytest.mark.django_db(transaction=True)
def test_a_roll_closed_while_two_of_its_absent_members_become_one_file_breaks_neither_off(places):
    (kept,) = made.members(places, "林美")
    other = files.person(name="林梅")
    occasion = made.occasion(places["station"], held_on=SUMMER)
    actions.add_to_roll(occasion, [kept, other], by=None, at=made.NOON)
    made.marked(occasion)

    outcomes = together(
        lambda: actions.close_roll(occasion, by=None, at=made.NOON),
        lambda: merge_people(kept, other, by=make.user(), at=made.NOON),
    )

    assert [one for one in outcomes if isinstance(one, Exception)] == []
    state = ContactState.objects.get(pk=kept.pk)
    assert (state.absent_since, state.absent_last_on) == (SUMMER, SUMMER)
