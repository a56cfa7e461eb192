"""How somebody stands in the Party: a decision takes effect on every duty of a member at once, and deletes nobody."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from tests import places as make
from tests.places import NOON
from waystation.kernel.models import AuditEvent
from waystation.organizations.access import Reach
from waystation.organizations.permissions import Permission
from waystation.stewardship.contacts.models import ContactState
from waystation.stewardship.dues.queries.lists import dues_by, members_of
from waystation.stewardship.duties.models import Duty
from waystation.stewardship.education.queries.expecting import expected_people
from waystation.stewardship.education.queries.learning import learners_by
from waystation.stewardship.people.actions import (
    MergeRefused,
    NoMember,
    StatusRefused,
    change_status,
    merge_people,
    register_departure,
    undo_merge,
)
from waystation.stewardship.people.models import Departure, Membership, PartyStatus, Person, StatusChange, Stay
from waystation.stewardship.people.queries import people_by, sight, timeline

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 20)
PAPER = "福委组〔2026〕21号"


@pytest.fixture
def stay(places):
    return make.stay(places)


@pytest.fixture
def county(places):
    return make.user("county_organiser", places["county"])


def change(person, status, by=None, on=DAY, document=PAPER, **more):
    return change_status(person, status, decided_on=on, document=document, by=by, at=NOON, **more)


@pytest.mark.parametrize("status", ["left", "died"])
def test_whoever_is_no_member_any_more_leaves_every_duty_of_a_member_and_keeps_the_file(places, stay, status):
    person = stay.person
    change(person, status)

    person.refresh_from_db()
    ended, out = Stay.objects.get(pk=stay.pk), Departure.objects.get(person=person)
    assert (ended.ends_on, ended.ending, out.state) == (DAY, "ended", "ended")
    assert (person.station, person.stay_path, person.destination) == (None, "", None)
    assert Membership.objects.get(person=person).ends_on is not None
    assert person.home == places["branch"], "the branch keeps the file"

    reach = Reach.of(make.user("branch_secretary", places["branch"]), Permission.PERSON_VIEW)
    assert person in people_by({}, reach)
    assert [row.pk for row in people_by({"status": "ended"}, reach)] == [person.pk]
    assert not ContactState.objects.get(pk=person.pk).is_mobile
    assert not Duty.objects.filter(stay__person=person, stay__ends_on=None).exists()
    assert not expected_people(places["branch"], DAY + timedelta(days=9)).filter(pk=person.pk).exists()
    assert not learners_by({}, reach, DAY).filter(pk=person.pk).exists()
    assert not dues_by({}, reach, day=DAY).filter(pk=person.pk).exists()
    assert not members_of(places["branch"], reach).filter(pk=person.pk).exists()
    with pytest.raises(NoMember):
        register_departure(make.claim(), origin=places["branch"], person=person, by=None, at=NOON)


def test_a_suspended_member_stays_in_care_and_is_not_asked_for_hours(places, stay):
    change(stay.person, "suspended")
    assert Stay.objects.open().filter(person=stay.person).exists()
    reach = Reach.of(make.user("branch_secretary", places["branch"]), Permission.PERSON_VIEW)
    assert not learners_by({}, reach, DAY).filter(pk=stay.person_id).exists()

    change(stay.person, "normal", on=DAY + timedelta(days=1))
    assert learners_by({}, reach, DAY).filter(pk=stay.person_id).exists()


def test_the_way_back_opens_the_formal_relation_anew(places, stay):
    change(stay.person, "left")
    change(stay.person, "normal", on=DAY + timedelta(days=1))
    assert Membership.objects.get(person=stay.person, ends_on=None).branch == places["branch"]
    assert register_departure(make.claim(), origin=places["branch"], person=stay.person, by=None, at=NOON)


@pytest.mark.parametrize(
    ("first", "then"), [("normal", "normal"), ("left", "suspended"), ("left", "died"), ("died", "left")]
)
def test_what_cannot_follow_is_refused(stay, first, then):
    if first != "normal":
        change(stay.person, first)
    with pytest.raises(StatusRefused, match="“"):
        change(stay.person, then, on=DAY + timedelta(days=1))
    assert Person.objects.get(pk=stay.person_id).party_status == first


@pytest.mark.parametrize("wrong", [{"on": date(2026, 11, 30)}, {"document": "  "}])
def test_a_decision_has_a_document_and_no_day_to_come(stay, wrong):
    with pytest.raises(StatusRefused):
        change(stay.person, "suspended", **wrong)
    assert not StatusChange.objects.exists()


def test_no_change_is_dated_before_the_one_before_it(stay):
    change(stay.person, "suspended")
    with pytest.raises(StatusRefused, match="晚于"):
        change(stay.person, "normal", on=DAY - timedelta(days=1))


@pytest.mark.parametrize("row", [{"status": "normal"}, {"document": ""}])
def test_the_database_keeps_no_change_that_changes_nothing_or_names_no_document(stay, row):
    told = {"before": "normal", "status": "left", "document": PAPER} | row
    with pytest.raises(IntegrityError), transaction.atomic():
        StatusChange.objects.create(person=stay.person, decided_on=DAY, recorded_at=NOON, **told)


def test_files_of_different_standing_are_not_merged_and_no_merge_is_undone_after_a_change(places, stay):
    other = make.departure(places, "缪春花", station=None).person
    Departure.objects.filter(person=other).delete()
    change(other, "suspended")
    with pytest.raises(MergeRefused, match="党籍状态"):
        merge_people(stay.person, other, by=make.user(), at=NOON)
    change(other, "normal", on=DAY + timedelta(days=1))
    merge = merge_people(stay.person, other, by=make.user(), at=NOON)
    assert StatusChange.objects.filter(person=stay.person).count() == 2

    undo_merge(merge, by=make.user(), at=NOON)
    assert StatusChange.objects.filter(person=other).count() == 2

    merge = merge_people(stay.person, other, by=make.user(), at=NOON)
    later = NOON + timedelta(hours=1)
    change_status(stay.person, "suspended", decided_on=NOON.date(), document=PAPER, by=None, at=later)
    with pytest.raises(MergeRefused, match="党籍状态"):
        undo_merge(merge, by=make.user(), at=later)


def test_the_county_records_it_on_the_page_and_nobody_else_does(client, places, stay, county):
    address = reverse("people:status", args=[stay.person_id])
    for role, unit in (("station_officer", "station"), ("branch_secretary", "branch")):
        client.force_login(make.user(role, places[unit]))
        assert client.get(address).status_code == 403
    client.force_login(make.user("county_organiser", places["beside county"]))
    assert client.get(address).status_code == 404

    client.force_login(county)
    given = {"status": "left", "decided_on": "2026-11-20", "document": "", "idem": str(uuid4())}
    page = client.post(address, given)
    assert "2026-11-20" in page.content.decode()
    assert not StatusChange.objects.exists()
    page = client.post(address, given | {"document": PAPER, "idem": str(uuid4())}, follow=True)
    assert str(PartyStatus.LEFT.label) in page.content.decode()
    assert AuditEvent.objects.filter(verb="person.status_changed").count() == 1
    assert PAPER in client.get(address).content.decode()


def test_who_only_helps_reads_nothing_of_it_in_the_time_line(places, stay, county):
    change(stay.person, "suspended")
    for role, unit, reads in (
        ("station_officer", "station", True), ("destination_contact", "community", False),
    ):  # fmt: skip
        user = make.user(role, places[unit])
        person = Person.objects.get(pk=stay.person_id)
        told = timeline.timeline(person, sight(user, person, Reach.of(user, Permission.PERSON_VIEW))).entries
        assert any(PAPER in entry.notes for entry in told) == reads, role
