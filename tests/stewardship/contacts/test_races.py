"""Several people, or one tap sent several times, at one moment: each act happens once."""

import uuid
from datetime import date
from functools import partial

import pytest

from tests import places as make
from tests.fault.conftest import together
from tests.places import NOON
from waystation.kernel import audit
from waystation.stewardship.contacts import actions
from waystation.stewardship.contacts.actions import Said
from waystation.stewardship.contacts.models import (
    Contact,
    ContactState,
    Excuse,
    LinkAnswer,
    LostContact,
    WeeklyDue,
    WeeklyLink,
    WeeklyMark,
)
from waystation.stewardship.grids.actions import assign
from waystation.stewardship.people.actions import merge_people

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
OLD, DAY = date(2026, 1, 5), date(2026, 11, 23)


@pytest.fixture
def places(transactional_db):
    return make.tree()


@pytest.fixture
def stay(places):
    return make.stay(places, starts_on=OLD, phone="")


@pytest.fixture(autouse=True)
def the_trail_stays_whole(transactional_db):
    yield
    assert audit.verify_chain() == []


def kinds(outcomes):
    return sorted(type(outcome).__name__ for outcome in outcomes)


@pytest.fixture
def due(places, stay):
    grid = make.grid(places["station"])
    assign(stay, grid, by=None, at=NOON)
    return actions.prepare_week(grid.unit, day=DAY, at=NOON)[0].row


def test_one_tap_sent_four_times_at_once_is_one_mark_and_one_contact(due):
    leader, key = make.user(), uuid.uuid4()
    tap = partial(actions.mark_due, due, key=key, outcome="phoned", tapped_at=NOON, by=leader, at=NOON)

    outcomes = together(tap, tap, tap, tap)

    assert kinds(outcomes) == ["Marked"] * 4
    assert sorted(marked.is_new for marked in outcomes) == [False, False, False, True]
    assert (WeeklyMark.objects.count(), Contact.objects.count()) == (1, 1)


def test_a_week_prepared_by_four_at_once_has_five_rows(places):
    grid = make.grid(places["station"])
    for name in "甲乙丙丁戊己庚":
        assign(make.stay(places, name, starts_on=OLD, phone=""), grid, by=None, at=NOON)
    prepare = partial(actions.prepare_week, grid.unit, day=DAY, at=NOON)

    outcomes = together(prepare, prepare, prepare, prepare)

    assert len({tuple(due.row.pk for due in outcome) for outcome in outcomes}) == 1
    assert sorted(WeeklyDue.objects.values_list("place", flat=True)) == [1, 2, 3, 4, 5]


@pytest.fixture
def link(places, stay):
    return actions.make_link(
        places["branch"], sender=places["station"], reader="夏长青", digits="27", by=make.user(), at=NOON
    ).link


def test_a_button_pressed_twice_at_once_works_once(link):
    press = partial(actions.answer_question, link, link.questions.get().pk, "talked", at=NOON)

    outcomes = together(press, press, press)

    assert kinds(outcomes) == ["ContactRefused", "ContactRefused", "LinkAnswer"]
    assert (LinkAnswer.objects.count(), Contact.objects.count()) == (1, 1)


def test_wrong_digits_tried_by_many_at_once_are_tried_five_times_and_no_more(link):
    outcomes = together(*(partial(actions.open_link, link, f"{n:02d}", at=NOON) for n in range(10)))

    assert kinds(outcomes).count("WrongDigits") == 4
    assert kinds(outcomes).count("LinkGone") == 6
    held = WeeklyLink.objects.get()
    assert (held.tries_left, held.closed_at) == (0, NOON)


def test_two_links_made_for_a_branch_at_once_leave_one_open(places, stay):
    make_one = partial(
        actions.make_link, places["branch"], sender=places["station"], reader="夏长青", digits="27", at=NOON
    )

    outcomes = together(partial(make_one, by=make.user()), partial(make_one, by=make.user()))

    assert kinds(outcomes) == ["MadeLink", "MadeLink"]
    assert WeeklyLink.objects.open().count() == 1


def test_two_reports_at_once_open_one_case(places, stay):
    report = partial(actions.report_lost, stay.person, lost_since=OLD, situation="1", unit=places["station"], at=NOON)

    outcomes = together(partial(report, by=make.user()), partial(report, by=make.user()))

    assert kinds(outcomes) == ["AlreadyReported", "LostContact"]
    assert LostContact.objects.open().count() == 1


def test_a_decision_and_a_finding_at_once_end_one_way(places, stay):
    reporter, county = make.user(), make.user()
    case = actions.report_lost(stay.person, lost_since=OLD, situation="1", unit=places["station"], by=reporter, at=NOON)
    for way in ("family", "police", "notice"):
        actions.add_step(case, way=way, searched_on=DAY, result="无", by=reporter, at=NOON)

    outcomes = together(
        partial(actions.suspend_membership, case, decided_on=DAY, document="1号", by=county, at=NOON),
        partial(actions.close_found, case, Said("phone", "reached", DAY), note="找到", by=reporter, at=NOON),
    )

    case.refresh_from_db()
    # Found first: the decision is refused. Suspended first: found after it, and the county is asked.
    assert case.state == "found"
    assert kinds(outcomes) in (["LostContact", "StageRefused"], ["LostContact", "LostContact"])
    assert Contact.objects.filter(is_real=True).count() == 1


def test_contacts_and_a_strike_at_once_leave_the_state_that_the_log_gives(stay):
    by = make.user()
    wrong = actions.log_contact(stay.person, Said("phone", "reached", DAY), unit=None, by=by, at=NOON)
    days = [date(2026, 11, n) for n in (2, 9, 16)]
    log = partial(actions.log_contact, stay.person, unit=None, by=by, at=NOON)

    outcomes = together(
        partial(actions.strike_contact, wrong, reason="错", by=by, at=NOON),
        *(partial(log, Said("phone", "reached", day)) for day in days),
    )

    assert kinds(outcomes) == ["Contact"] * 4
    assert ContactState.objects.get(pk=stay.person_id).last_real_on == date(2026, 11, 16)


def test_a_contact_written_while_its_file_is_merged_is_not_lost(places, stay):
    alias = make.departure(places, station=None).person
    alias.departures.all().delete()
    by = make.user()

    outcomes = together(
        partial(merge_people, stay.person, alias, by=by, at=NOON),
        partial(actions.log_contact, alias, Said("phone", "reached", DAY), unit=None, by=by, at=NOON),
    )

    assert kinds(outcomes) == ["Contact", "Merge"]
    assert Contact.objects.get().person == stay.person
    assert ContactState.objects.get(pk=stay.person_id).last_real_on == DAY


def test_two_excuses_at_once_are_one(stay):
    excuse = partial(actions.excuse_member, stay.person, reason="ill", starts_on=DAY, at=NOON)

    outcomes = together(partial(excuse, by=make.user()), partial(excuse, by=make.user()))

    assert kinds(outcomes) == ["AlreadyExcused", "Excuse"]
    assert Excuse.objects.count() == 1
