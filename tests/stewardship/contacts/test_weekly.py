"""The weekly five: who stands on it and why, kept for the week, and taps that come late or twice."""

import uuid
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from tests import places as make
from tests.places import NOON
from waystation.kernel import dated
from waystation.stations.duty.models import OpenItem
from waystation.stewardship.contacts import actions, rules
from waystation.stewardship.contacts.actions import Said
from waystation.stewardship.contacts.models import Contact, ContactState, WeeklyDue, WeeklyMark
from waystation.stewardship.contacts.queries import weekly
from waystation.stewardship.contacts.queries.weekly import members_of, register_reason, week_of, weekly_five
from waystation.stewardship.grids.actions import assign, unassign

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 23)  # a Monday
LONG_AGO = date(2020, 1, 1)


@pytest.fixture(autouse=True)
def own_reasons(monkeypatch):
    """Only the reasons of contact and care; those of the apps above are tested where they are."""
    above = {key for key, _find in weekly._more}
    monkeypatch.setattr(weekly, "ORDER", [key for key in weekly.ORDER if key not in above])
    monkeypatch.setattr(weekly, "_more", [])
    monkeypatch.setattr(weekly, "_WORDS", dict(weekly._WORDS))


@pytest.fixture
def grid(places):
    return make.grid(places["station"]).unit


def member(places, grid, name, *, heard=DAY, **more):
    """A member of the grid, heard of lately unless said otherwise."""
    more.setdefault("starts_on", LONG_AGO)
    more.setdefault("phone", "19900000001")
    stay = make.stay(places, name, **more)
    assign(stay, grid.grid, by=None, at=NOON)
    if heard:
        actions.log_contact(stay.person, Said("phone", "reached", heard), unit=None, by=make.user(), at=NOON)
    stay.person.refresh_from_db()
    return stay.person


def five(grid, day=DAY):
    return weekly_five(members_of(grid), day)


def test_the_weekly_list_holds_five_at_most_each_with_its_reason(places, grid):
    member(places, grid, "甲新", starts_on=date(2026, 11, 20))
    for name in ("乙无号", "己无号", "庚无号"):
        member(places, grid, name, phone="")
    member(places, grid, "丙高龄", born="1940")
    member(places, grid, "丁预备", member_kind="probationary")
    member(places, grid, "戊平常", born="1990")

    due = five(grid)

    assert len(due) == 5
    assert due[0].person.full_name == "甲新"
    assert {d.person.full_name for d in due[1:4]} == {"乙无号", "己无号", "庚无号"}
    assert due[4].person.full_name == "丙高龄"
    assert all(d.reasons for d in due)


@pytest.mark.parametrize(
    ("born", "aged"),
    [("1946", False), ("1946-11", False), ("1946-11-23", True), ("1945", True), ("", False)],
)
def test_nobody_is_called_eighty_before_they_surely_are(places, grid, born, aged):
    member(places, grid, "缪春花", born=born)

    assert bool(five(grid)) == aged


@pytest.mark.parametrize(
    ("heard", "keys"),
    [(DAY - timedelta(days=29), []), (DAY - timedelta(days=30), ["quiet"]), (date(2026, 8, 23), ["lost"])],
)
def test_the_quiet_are_seen_before_they_are_lost(places, grid, heard, keys):
    member(places, grid, "缪春花", heard=heard)

    assert [key for due in five(grid) for key, _n in due.keys] == keys


@pytest.mark.parametrize(
    ("joined", "years"), [("1990-11-23", 36), ("1990-11-29", 36), ("1990-11-30", 0), ("1990-11", 0), ("1990", 0)]
)
def test_the_day_of_joining_the_party_is_remembered_in_its_week(places, grid, joined, years):
    member(places, grid, "缪春花", joined=joined)

    assert [n for due in five(grid) for key, n in due.keys if key == "joined"] == ([years] if years else [])


def test_an_excused_member_is_due_for_a_visit_and_not_for_a_call(places, grid):
    person = member(places, grid, "缪春花", heard=date(2026, 6, 1))
    actions.excuse_member(person, reason="ill", starts_on=date(2026, 1, 1), by=None, at=NOON)

    assert [due.keys for due in five(grid)] == [[("visit", 0)]]


def test_an_app_above_adds_a_reason_of_its_own(places, grid):
    person = member(places, grid, "缪春花")
    register_reason("test-hours", lambda n: f"学时差{n}")(lambda people, day: {person.pk: 12} if day == DAY else {})

    assert [due.reasons for due in five(grid)] == [["学时差12"]]


def test_the_five_stay_the_same_within_the_week_and_renew_with_the_next(places, grid):
    person = member(places, grid, "缪春花", heard=date(2026, 6, 1))
    first = actions.prepare_week(grid, day=DAY, at=NOON)
    actions.log_contact(person, Said("phone", "reached", DAY), unit=None, by=make.user(), at=NOON)

    again = actions.prepare_week(grid, day=DAY + timedelta(days=6), at=NOON)

    assert [due.row for due in again] == [due.row for due in first]
    assert again[0].keys == first[0].keys
    assert actions.prepare_week(grid, day=DAY + timedelta(days=7), at=NOON) == []


def test_a_free_place_is_filled_and_never_a_sixth(places, grid):
    for name in "甲乙丙丁":
        member(places, grid, name, phone="")
    kept = {due.row.pk for due in actions.prepare_week(grid, day=DAY, at=NOON)}
    for name in "戊己庚":
        member(places, grid, name, phone="")

    due = actions.prepare_week(grid, day=DAY, at=NOON)

    assert [one.row.place for one in due] == [1, 2, 3, 4, 5]
    assert kept < {one.row.pk for one in due}


def test_whoever_leaves_the_grid_gives_the_place_up_unless_something_was_marked(places, grid):
    gone, marked = member(places, grid, "甲", phone=""), member(places, grid, "乙", phone="")
    due = {one.person.pk: one.row for one in actions.prepare_week(grid, day=DAY, at=NOON)}
    mark(due[marked.pk])
    for person in (gone, marked):
        unassign(person.stays.get(), by=None, at=NOON)

    assert [one.person for one in actions.prepare_week(grid, day=DAY, at=NOON)] == [marked]


@pytest.mark.parametrize("wrong", [{"place": 6}, {"place": 0}])
def test_the_database_keeps_five_places(places, grid, wrong):
    member(places, grid, "甲", phone="")
    row = actions.prepare_week(grid, day=DAY, at=NOON)[0].row

    with pytest.raises(IntegrityError), transaction.atomic():
        WeeklyDue.objects.filter(pk=row.pk).update(**wrong)


def mark(row, outcome="phoned", *, key=None, by=None, tapped_at=NOON, at=NOON):
    return actions.mark_due(
        row, key=key or uuid.uuid4(), outcome=outcome, tapped_at=tapped_at, by=by or make.user(), at=at
    )


@pytest.fixture
def row(places, grid):
    member(places, grid, "缪春花", heard=date(2026, 6, 1))
    return actions.prepare_week(grid, day=DAY, at=NOON)[0].row


@pytest.mark.parametrize(
    ("outcome", "channel", "real"),
    [
        ("phoned", "phone", True), ("met", "met", True), ("visited", "visit", True), ("not_reached", "phone", False),
    ],
)  # fmt: skip
def test_a_tap_writes_the_contact_of_its_day(row, outcome, channel, real):
    tapped_at = NOON - timedelta(hours=1)

    mark(row, outcome, tapped_at=tapped_at)

    contact = Contact.objects.get(source="five")
    assert (contact.channel, contact.is_real, contact.unit) == (channel, real, row.grid)
    assert contact.contacted_on == timezone.localdate(tapped_at)
    row.refresh_from_db()
    assert row.outcome == outcome


def test_a_plan_is_no_contact_and_a_need_is_an_item_of_whoever_answers_for_service(places, row):
    mark(row, "planned")
    mark(row, "needs_help")

    assert not Contact.objects.filter(source="five").exists()
    assert OpenItem.objects.open().get().unit == places["station"]


def test_the_same_key_again_changes_nothing_and_says_so(row):
    key, leader = uuid.uuid4(), make.user()
    first = mark(row, key=key, by=leader)

    again = mark(row, key=key, by=leader)

    assert (first.is_new, again.is_new) == (True, False)
    assert (WeeklyMark.objects.count(), Contact.objects.filter(source="five").count()) == (1, 1)
    for other in ({"outcome": "met"}, {"by": make.user()}):
        with pytest.raises(actions.ContactRefused):
            mark(row, **{"key": key, "by": leader, **other})


def test_a_late_tap_does_not_overrule_a_newer_one_and_both_are_kept(row):
    mark(row, "phoned", by=make.user(name="吴志强"), tapped_at=NOON)

    late = mark(row, "not_reached", tapped_at=NOON - timedelta(hours=3))

    row.refresh_from_db()
    assert (row.outcome, row.marks.count()) == ("phoned", 2)
    assert "吴志强" in late.words


def test_a_tap_too_old_or_of_a_member_who_left_is_refused_in_words(row):
    with pytest.raises(actions.ContactRefused, match="缪春花"):
        mark(row, tapped_at=NOON - timedelta(days=15))
    unassign(row.person.stays.get(), by=None, at=NOON)
    with pytest.raises(actions.ContactRefused, match="缪春花"):
        mark(row)


def test_how_old_a_tap_may_be_is_a_rule_of_the_day_of_the_tap(row):
    dated.set_value(rules.TAP_DAYS, 2, starts_on=date(2026, 11, 20), source="县委通知", by=None, at=NOON)

    with pytest.raises(actions.ContactRefused, match="缪春花"):
        mark(row, tapped_at=NOON - timedelta(days=3))
    assert mark(row, tapped_at=NOON - timedelta(days=2)).is_new
    assert mark(row, tapped_at=NOON - timedelta(days=4)).is_new  # tapped before the rule changed


@pytest.mark.parametrize(("starts_on", "days"), [(DAY, 1), (DAY + timedelta(days=1), 3)])
def test_within_how_many_days_a_station_helps_is_a_rule_of_the_day(row, starts_on, days):
    dated.set_value(rules.HELP_DAYS, 1, starts_on=starts_on, source="县委通知", by=None, at=NOON)

    mark(row, "needs_help")

    assert OpenItem.objects.open().get().due_on == timezone.localdate(NOON) + timedelta(days=days)


def test_the_page_shows_the_five_before_they_are_kept(places, grid):
    member(places, grid, "甲", phone="")

    assert [due.row for due in week_of(grid, DAY)] == [None]
    actions.prepare_week(grid, day=DAY, at=NOON)
    assert week_of(grid, DAY)[0].row.place == 1


def test_the_number_of_questions_does_not_grow_with_the_grid(places, grid, django_assert_num_queries):
    member(places, grid, "甲", phone="")
    with django_assert_num_queries(9):
        five(grid)
    for name in "乙丙丁":
        member(places, grid, name, phone="", heard=date(2026, 6, 1))
    assert ContactState.objects.count() == 4
    with django_assert_num_queries(9):
        five(grid)
