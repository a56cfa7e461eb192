"""Lost contact: two stages in their order, each by somebody else than who reported."""

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, transaction

from tests import places as make
from tests.places import NOON
from waystation.kernel.models import AuditEvent
from waystation.organizations.access import Reach
from waystation.organizations.permissions import Permission
from waystation.stations.duty.models import OpenItem
from waystation.stewardship.contacts import actions
from waystation.stewardship.contacts.actions import Said
from waystation.stewardship.contacts.models import Contact, LostContact
from waystation.stewardship.contacts.queries import cases_by, lost_prompts, states_by, timers
from waystation.stewardship.contacts.queries.log import months_before
from waystation.stewardship.contacts.queries.lost import to_decide
from waystation.stewardship.people.actions import change_status
from waystation.stewardship.people.models import Person

pytestmark = pytest.mark.django_db
SINCE = date(2026, 3, 1)


def at(year, month, day):
    return datetime(year, month, day, 4, tzinfo=UTC)


@pytest.fixture
def person(places):
    return make.stay(places, starts_on=date(2025, 6, 1)).person


@pytest.fixture
def reporter(places):
    return make.user("station_officer", places["station"])


@pytest.fixture
def county(places):
    return make.user("county_organiser", places["county"])


@pytest.fixture
def case(places, person, reporter):
    return actions.report_lost(
        person, lost_since=SINCE, situation="1", unit=places["station"], by=reporter, at=at(2026, 7, 1)
    )


def search(case, *ways, by):
    for way in ways:
        actions.add_step(case, way=way, searched_on=date(2026, 7, 2), result="未找到", by=by, at=at(2026, 7, 2))


def suspend(case, by, day=date(2026, 9, 10)):
    when = at(day.year, day.month, day.day)
    return actions.suspend_membership(case, decided_on=day, document="霞委组〔2026〕9号", by=by, at=when)


def remove(case, by, day=date(2028, 9, 11)):
    when = at(day.year, day.month, day.day)
    return actions.remove_member(case, decided_on=day, document="霞委组〔2028〕3号", note="", by=by, at=when)


def test_the_timer_only_prompts_and_a_report_takes_the_member_off_the_list(places, person, reporter):
    reach = Reach.of(reporter, Permission.CONTACT_VIEW)

    assert [row.pk for row in lost_prompts({}, reach, day=date(2026, 3, 1))] == [person.pk]
    assert not LostContact.objects.exists()
    actions.report_lost(person, lost_since=SINCE, situation="1", unit=places["station"], by=reporter, at=NOON)
    assert not lost_prompts({}, reach, day=date(2026, 11, 23)).exists()
    assert cases_by({"tab": "searching"}, reach, day=date(2026, 11, 23)).count() == 1


def test_a_report_opens_one_case_with_an_item_to_search(places, person, reporter, case):
    assert (case.state, case.reported_by) == ("searching", reporter)
    assert OpenItem.objects.open().get().topic == "lost"
    with pytest.raises(actions.AlreadyReported):
        actions.report_lost(person, lost_since=SINCE, situation="1", unit=places["station"], by=reporter, at=NOON)


def test_a_report_too_early_or_against_the_log_is_refused(places, person, reporter):
    with pytest.raises(actions.TooEarly) as refusal:
        actions.report_lost(
            person, lost_since=SINCE, situation="1", unit=places["station"], by=reporter, at=at(2026, 5, 31)
        )
    assert refusal.value.first == date(2026, 6, 1)
    actions.log_contact(person, Said("phone", "reached", date(2026, 4, 1)), unit=None, by=reporter, at=at(2026, 4, 1))
    with pytest.raises(actions.ContactRefused):
        actions.report_lost(
            person, lost_since=SINCE, situation="1", unit=places["station"], by=reporter, at=at(2026, 8, 1)
        )


def test_the_membership_is_suspended_after_six_months_and_three_ways_of_searching(case, reporter, county):
    search(case, "family", "police", "police", by=reporter)
    with pytest.raises(actions.StageRefused):
        suspend(case, county)
    search(case, "community", by=reporter)
    with pytest.raises(actions.TooEarly):
        suspend(case, county, date(2026, 8, 31))

    done = suspend(case, county, date(2026, 9, 1))

    assert (done.state, done.suspended_by, done.closed_on) == ("suspended", county, None)
    assert AuditEvent.objects.filter(verb="lost.suspended").count() == 1
    with pytest.raises(actions.StageRefused):
        suspend(case, county)


def test_whoever_reported_never_decides(places, person, county):
    own = actions.report_lost(
        person, lost_since=SINCE, situation="1", unit=places["station"], by=county, at=at(2026, 7, 1)
    )
    search(own, "family", "police", "community", by=county)

    with pytest.raises(actions.SameReporter):
        suspend(own, county)


def test_stage_two_lasts_two_years_and_never_comes_before_stage_one(case, reporter, county):
    with pytest.raises(actions.StageRefused):
        remove(case, county)
    search(case, "family", "police", "notice", by=reporter)
    suspend(case, county)
    with pytest.raises(actions.TooEarly):
        remove(case, county, date(2028, 9, 9))
    with pytest.raises(actions.SameReporter):
        remove(case, reporter)

    done = remove(case, county, date(2028, 9, 10))

    assert (done.state, done.closed_on) == ("removed", date(2028, 9, 10))
    assert not OpenItem.objects.open().filter(topic="lost").exists()
    person = Person.objects.get(pk=case.person_id)
    assert (person.party_status, person.stay_path) == ("left", "")
    reach = Reach.of(reporter, Permission.CONTACT_VIEW)
    assert not lost_prompts({}, reach, day=date(2028, 9, 11)).exists()
    assert not states_by({}, reach, day=date(2028, 9, 11)).exists()
    with pytest.raises(actions.StageRefused):
        search(case, "police", by=reporter)


def test_a_found_member_returns_and_the_contact_is_in_the_log(case, reporter):
    words = Said("phone", "reached", date(2026, 8, 1))

    done = actions.close_found(case, words, note="在福州务工", by=reporter, at=at(2026, 8, 1))

    assert (done.state, done.closed_on) == ("found", date(2026, 8, 1))
    assert Contact.objects.get().is_real
    assert not OpenItem.objects.open().exists()


def test_found_after_the_suspension_asks_the_county_about_the_membership(places, case, reporter, county):
    search(case, "family", "police", "notice", by=reporter)
    suspend(case, county)

    actions.close_found(case, Said("phone", "reached", date(2026, 10, 1)), note="找到", by=reporter, at=at(2026, 10, 1))

    assert OpenItem.objects.open().get().unit == places["county"]
    change_status(
        case.person, "normal", decided_on=date(2026, 10, 3), document="恢复", by=county, at=at(2026, 10, 3)
    )  # fmt: skip
    assert not OpenItem.objects.open().exists(), "the answer closes the question"


def test_who_was_only_heard_of_is_not_found(case, reporter):
    with pytest.raises(actions.ContactRefused):
        actions.close_found(
            case, Said("family", "through_others", date(2026, 8, 1)), note="听说", by=reporter, at=at(2026, 8, 1)
        )


def test_nobody_is_suspended_who_was_reached_meanwhile(case, reporter, county):
    search(case, "family", "police", "notice", by=reporter)
    actions.log_contact(
        case.person, Said("wechat", "reached", date(2026, 8, 1)), unit=None, by=reporter, at=at(2026, 8, 1)
    )

    assert timers(case, day=date(2026, 9, 2)).heard_since is not None
    with pytest.raises(actions.StageRefused):
        suspend(case, county)


def test_a_mistake_is_closed_with_its_reason(case, reporter):
    with pytest.raises(actions.ContactRefused):
        actions.close_mistaken(case, note="", by=reporter, at=NOON)

    assert actions.close_mistaken(case, note="同名弄错", by=reporter, at=NOON).state == "mistaken"


def test_cases_wait_for_a_decision_when_their_time_has_come(case, reporter, county):
    reach = Reach.of(county, Permission.LOST_DECIDE)

    assert not to_decide(reach, day=date(2026, 8, 31)).exists()
    assert to_decide(reach, day=date(2026, 9, 1)).get() == case
    search(case, "family", "police", "notice", by=reporter)
    suspend(case, county)
    assert not to_decide(reach, day=date(2028, 9, 9)).exists()
    assert to_decide(reach, day=date(2028, 9, 10)).get() == case


def _laws(case, reporter, county):
    whole = {"suspended_on": date(2026, 9, 1), "suspended_at": NOON, "suspension_document": "x"}
    return {
        "no suspension without a decision": {"state": "suspended"},
        "no removal without a suspension": {
            "state": "removed", "removed_on": date(2028, 9, 1), "removed_at": NOON, "removed_by": county,
            "removal_document": "x", "closed_on": date(2028, 9, 1), "closed_at": NOON, "closed_by": county,
            "closing_note": "x",
        },
        "the reporter suspends": {"state": "suspended", "suspended_by": reporter, **whole},
        "suspended without a document": {
            "state": "suspended", "suspended_by": county, **whole, "suspension_document": "",
        },
        "closed without a note": {
            "state": "found", "closed_on": date(2026, 9, 1), "closed_at": NOON, "closed_by": county,
        },
        "removed before suspended": {
            "state": "removed", "suspended_by": county, **whole, "removed_on": date(2026, 8, 1), "removed_at": NOON,
            "removed_by": county, "removal_document": "x", "closed_on": date(2028, 9, 1), "closed_at": NOON,
            "closed_by": county, "closing_note": "x",
        },
    }  # fmt: skip


def test_the_database_keeps_the_stages_in_order(case, reporter, county):
    for wrong in _laws(case, reporter, county).values():
        with pytest.raises(IntegrityError), transaction.atomic():
            LostContact.objects.filter(pk=case.pk).update(**wrong)
    with pytest.raises(IntegrityError), transaction.atomic():
        LostContact.objects.create(
            person=case.person, recorded_for=case.person, situation="1", lost_since=SINCE, unit=case.unit,
            reported_at=NOON, reported_by=reporter,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2026, 8, 31), 6, date(2026, 2, 28)),
        (date(2024, 8, 31), 6, date(2024, 2, 29)),
        (date(2026, 1, 15), 3, date(2025, 10, 15)),
        (date(2026, 1, 31), -1, date(2026, 2, 28)),
        (date(2026, 11, 23), 24, date(2024, 11, 23)),
    ],
)
def test_months_are_counted_by_the_calendar(day, months, then):
    assert months_before(day, months) == then
