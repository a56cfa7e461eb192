"""Lost contact counts from the last organization life attended or dues paid."""

from datetime import UTC, date, datetime, timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import places as make
from tests.places import NOON
from tests.stewardship.dues import make as dues
from tests.stewardship.education import made
from tests.stewardship.groups import grown
from waystation.organizations.access import Reach
from waystation.organizations.permissions import Permission
from waystation.stewardship.contacts import actions as contacts
from waystation.stewardship.contacts.models import ContactState
from waystation.stewardship.contacts.queries import lost_prompts, states_by, timers, weekly_five
from waystation.stewardship.dues.actions import reverse
from waystation.stewardship.education import actions
from waystation.stewardship.groups.actions import plan_activity, record_activity
from waystation.stewardship.people.actions import merge_people, undo_merge
from waystation.stewardship.people.models import Merge, Person

pytestmark = pytest.mark.django_db
TODAY = NOON.date()
LAST_WEEK = TODAY - timedelta(days=7)
ARRIVED = date(2025, 6, 1)
LONG_AGO = date(2025, 9, 1)
NEEDED = ("family", "police", "notice")


@pytest.fixture
def person(places):
    return make.stay(places, starts_on=ARRIVED, member_kind="full").person


@pytest.fixture
def officer(places):
    return make.user("station_officer", places["station"])


@pytest.fixture
def county(places):
    return make.user("county_organiser", places["county"])


def report(person, places, by, since=LONG_AGO, at=NOON):
    return contacts.report_lost(person, lost_since=since, situation="1", unit=places["station"], by=by, at=at)


def searched(case, by):
    for way in NEEDED:
        contacts.add_step(case, way=way, searched_on=case.lost_since, result="未找到", by=by, at=NOON)
    return case


def at_meeting(places, person):
    return made.held(places["station"], person, held_on=LAST_WEEK)


def at_activity(places, person):
    stay = person.stays.get()
    group = grown.group(places, [stay, *grown.stays(places, 2, starts_on=LAST_WEEK)])
    plan = plan_activity(group, held_on=LAST_WEEK, topic="学习", by=None, at=NOON)
    said = {"topic": "学习", "place": "", "record": "讨论", "by": None, "at": NOON}
    return record_activity(plan, held_on=LAST_WEEK, attended=[grown.row(group, stay).pk], **said)


def paid_dues(places, person):
    dues.base(person)
    return dues.paid(person, first=10, paid_on=LAST_WEEK)


def prompted(by):
    return [row.pk for row in lost_prompts({}, Reach.of(by, Permission.CONTACT_VIEW), day=TODAY)]


def five(person):
    """The reasons for which a grid leader should see the member this week."""
    return {key for due in weekly_five(Person.objects.filter(pk=person.pk), TODAY) for key, _number in due.keys}


def state(person):
    return ContactState.objects.get(pk=person.pk)


@pytest.mark.parametrize("proof", [at_meeting, at_activity, paid_dues])
def test_who_attended_or_paid_last_week_is_neither_prompted_nor_reported_as_lost(places, person, officer, proof):
    assert prompted(officer) == [person.pk]
    assert "lost" in five(person)

    proof(places, person)

    assert prompted(officer) == []
    assert "lost" not in five(person)
    with pytest.raises(contacts.ContactRefused):
        report(person, places, officer)


@pytest.mark.parametrize("proof", [at_meeting, at_activity, paid_dues])
def test_who_attended_or_paid_meanwhile_is_not_suspended(places, person, officer, county, proof):
    case = searched(report(person, places, officer), officer)
    proof(places, person)

    assert timers(case, day=TODAY).heard_since == LAST_WEEK
    with pytest.raises(contacts.StageRefused):
        contacts.suspend_membership(case, decided_on=TODAY, document="1号", by=county, at=NOON)


@pytest.mark.parametrize("proof", [at_meeting, at_activity, paid_dues])
def test_who_attended_or_paid_after_the_suspension_is_not_removed(places, person, officer, county, proof):
    case = searched(report(person, places, officer), officer)
    contacts.suspend_membership(case, decided_on=TODAY, document="1号", by=county, at=NOON)
    proof(places, person)

    later = datetime(2028, 12, 1, 4, tzinfo=UTC)
    with pytest.raises(contacts.StageRefused):
        contacts.remove_member(case, decided_on=later.date(), document="2号", note="", by=county, at=later)


def test_who_attended_before_contact_was_lost_may_be_suspended(places, person, officer, county):
    made.held(places["station"], person, held_on=LONG_AGO)

    case = searched(report(person, places, officer), officer)

    assert timers(case, day=TODAY).heard_since is None
    assert contacts.suspend_membership(case, decided_on=TODAY, document="1号", by=county, at=NOON).state == "suspended"


def test_attendance_is_real_contact_and_dues_are_not(places, person, officer):
    reach = Reach.of(officer, Permission.CONTACT_VIEW)
    paid_dues(places, person)

    assert state(person).last_real_on is None
    assert state(person).last_paid_on == LAST_WEEK
    assert states_by({}, reach, day=TODAY).get().pk == person.pk

    at_meeting(places, person)

    assert (state(person).last_real_on, state(person).quiet_since) == (LAST_WEEK, LAST_WEEK)
    assert not states_by({}, reach, day=TODAY).exists()


def test_an_open_roll_and_absence_say_nothing(places, person, officer):
    made.marked(made.occasion(places["station"], held_on=LAST_WEEK), person)
    made.held(places["station"], held_on=LAST_WEEK, topic="党课")

    assert prompted(officer) == [person.pk]


def test_a_corrected_or_cancelled_roll_and_a_reversed_payment_are_followed(places, person, officer):
    occasion = at_meeting(places, person)
    line = occasion.roll.get()
    actions.correct_line(line, made.Mark.ABSENT, reason="错记", by=officer, at=NOON)
    assert (state(person).last_real_on, state(person).quiet_since) == (None, ARRIVED)
    actions.correct_line(line, made.Mark.PRESENT, reason="本人到会", by=officer, at=NOON)
    assert state(person).last_real_on == LAST_WEEK
    actions.cancel_occasion(occasion, reason="重复登记", by=officer, at=NOON)
    assert state(person).last_real_on is None

    entry = paid_dues(places, person)
    reverse(entry, reason="错记", by=officer, at=NOON)
    assert state(person).last_paid_on is None
    assert prompted(officer) == [person.pk]


@pytest.mark.parametrize("proof", [at_meeting, at_activity, paid_dues])
def test_the_days_follow_the_file_into_a_merge_and_out_of_it(places, person, officer, proof):
    proof(places, person)
    other = make.departure(places, "缪春花", station=None).person
    other.departures.all().delete()

    merge_people(other, person, by=officer, at=NOON)
    assert state(other).heard_on == LAST_WEEK
    assert state(person).heard_on is None

    undo_merge(Merge.objects.get(), by=officer, at=NOON)
    assert state(person).heard_on == LAST_WEEK
    assert state(other).heard_on is None


def test_many_are_asked_for_in_as_many_questions_as_one(places, officer):
    people = made.members(places, *(f"缪春{number}" for number in "一二三四五六七八"))
    made.held(places["station"], *people, held_on=LAST_WEEK)

    def questions(who):
        with CaptureQueriesContext(connection) as asked:
            contacts.renew_states(row.pk for row in who)
        return len(asked)

    assert questions(people) == questions(people[:1])


def test_what_was_on_record_before_is_counted_after_the_update(places, person, officer):
    at_meeting(places, person)
    at_activity(places, person)
    paid_dues(places, person)
    kept = ContactState.objects.filter(pk=person.pk)
    before = kept.values().get()
    kept.update(last_real_on=None, last_any_on=None, last_paid_on=None, quiet_since=ARRIVED)

    import_module("waystation.stewardship.education.migrations.0002_days_of_life").fill(apps, None)

    assert kept.values().get() == before
