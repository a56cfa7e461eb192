"""The log of contacts: what counts, striking out, meetings, and what is to be done next."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from tests import places as make
from tests.make import mandate as grant
from tests.places import NOON
from waystation.kernel import dated
from waystation.kernel.models import AuditEvent
from waystation.kernel.sealing import seal
from waystation.organizations.access import Reach
from waystation.organizations.permissions import Permission
from waystation.stations.duty.models import OpenItem
from waystation.stewardship.contacts import actions, rules
from waystation.stewardship.contacts.actions import Said
from waystation.stewardship.contacts.actions.states import gather_states, mend_states
from waystation.stewardship.contacts.models import Contact, ContactState
from waystation.stewardship.contacts.queries import states_by, visits_due
from waystation.stewardship.people.actions import end_stay, merge_people, return_home, transfer_stay
from waystation.stewardship.people.models import Departure, Person

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 23)


def said(channel="phone", outcome="reached", on=DAY, **more):
    return Said(channel, outcome, on, **more)


def log(person, words=None, **more):
    by = more.pop("by", None) or make.user()
    return actions.log_contact(person, words or said(), unit=None, by=by, at=NOON, **more)


def state(person):
    return ContactState.objects.get(pk=person.pk)


@pytest.fixture
def stay(places):
    return make.stay(places, starts_on=date(2026, 1, 5))


@pytest.mark.parametrize(
    ("channel", "outcome", "real"),
    [
        ("phone", "reached", True),
        ("visit", "reached", True),
        ("phone", "not_reached", False),
        ("family", "through_others", False),
        ("phone", "through_others", False),
    ],
)
def test_only_who_was_reached_in_person_was_really_contacted(stay, channel, outcome, real):
    contact = log(stay.person, said(channel, outcome))

    assert contact.is_real == real
    assert state(stay.person).last_real_on == (DAY if real else None)
    assert state(stay.person).last_any_on == DAY
    assert state(stay.person).quiet_since == (DAY if real else date(2026, 1, 5))


def test_the_channels_that_count_are_a_rule_of_the_day_of_the_contact(stay):
    dated.set_value(
        rules.REAL_CHANNELS, "visit", starts_on=date(2026, 11, 1), source="本县通知", by=make.user(), at=NOON
    )

    assert not log(stay.person, said("phone", on=date(2026, 11, 2))).is_real
    assert log(stay.person, said("phone", on=date(2026, 10, 31))).is_real


def test_a_contact_leaves_a_trace_and_names_who_spoke(places, stay):
    officer = make.user("station_officer", places["station"], name="吴志强")

    contact = log(stay.person, said(note="在泉州做工"), by=officer)

    assert (contact.spoken_by, contact.note, contact.person) == ("吴志强", "在泉州做工", stay.person)
    event = AuditEvent.objects.get(verb="contact.logged")
    assert (event.actor, event.facts["person"]) == (officer, str(stay.person_id))


def test_a_sensitive_note_is_sealed_and_each_reading_is_recorded(stay):
    contact = log(stay.person, said(note="刚做完手术", is_sensitive=True))

    assert contact.note == ""
    assert "手术" not in contact.sealed_note
    words = actions.open_sealed(contact, "sealed_note", purpose="care", by=make.user(), at=NOON)
    assert words == "刚做完手术"
    assert AuditEvent.objects.get(verb="contact.revealed").purpose == "care"


@pytest.mark.parametrize(
    ("channel", "outcome", "on"), [("family", "reached", DAY), ("phone", "reached", DAY + timedelta(days=3))]
)
def test_nobody_is_reached_through_the_family_or_in_the_future(stay, channel, outcome, on):
    with pytest.raises(actions.ContactRefused):
        log(stay.person, said(channel, outcome, on))
    assert not Contact.objects.exists()


def test_striking_out_brings_the_earlier_contact_back_and_happens_once(stay):
    first = log(stay.person, said(on=date(2026, 10, 1)))
    wrong = log(stay.person, said("visit", on=date(2026, 11, 20)))
    by = make.user()

    actions.strike_contact(wrong, reason="记错了人", by=by, at=NOON)

    assert (state(stay.person).last_real_on, state(stay.person).last_visit_on) == (first.contacted_on, None)
    wrong.refresh_from_db()
    assert (wrong.struck_by, wrong.strike_reason) == (by, "记错了人")
    with pytest.raises(actions.AlreadyStruck):
        actions.strike_contact(wrong, reason="再次", by=by, at=NOON)
    with pytest.raises(actions.ContactRefused):
        actions.strike_contact(first, reason=" ", by=by, at=NOON)


@pytest.mark.parametrize(
    "wrong",
    [
        {"strike_reason": "x"},
        {"struck_at": NOON},
        {"outcome": "not_reached"},
        {"channel": "family"},
    ],
)
def test_the_database_keeps_the_laws_of_the_log(stay, wrong):
    contact = log(stay.person)

    with pytest.raises(IntegrityError), transaction.atomic():
        Contact.objects.filter(pk=contact.pk).update(**wrong)


def test_a_meeting_is_one_entry_for_each_member(places):
    people = [make.stay(places, f"林{name}").person for name in "甲乙丙"]

    rows = actions.log_contacts(people, said("meeting"), unit=places["station"], by=make.user(), at=NOON)

    assert len({row.meeting for row in rows}) == 1
    assert {row.person_id for row in rows} == {person.pk for person in people}
    assert all(state(person).last_real_on == DAY for person in people)


def test_a_follow_up_is_an_item_of_the_unit_that_answers_until_the_next_real_contact(places, stay):
    log(stay.person, said(outcome="not_reached", follow_up_on=date(2026, 11, 30)))

    item = OpenItem.objects.open().get()
    assert (item.unit, item.due_on, item.bundle) == (places["station"], date(2026, 11, 30), f"stay:{stay.pk}")
    log(stay.person, said(outcome="not_reached"))
    assert OpenItem.objects.open().count() == 1
    log(stay.person)
    assert not OpenItem.objects.open().exists()


def test_what_a_household_needs_becomes_an_item_that_names_no_detail(places, stay):
    contact = log(stay.person, said("visit", needs="想申请大病救助", companions="社区网格员"))

    item = OpenItem.objects.open().get()
    assert (item.topic, item.link_pk) == ("service", str(contact.pk))
    assert "救助" not in item.title
    assert "救助" not in contact.needs
    actions.strike_contact(contact, reason="重复登记", by=make.user(), at=NOON)
    assert not OpenItem.objects.open().exists()


def test_the_days_are_counted_from_the_stay_and_end_with_the_absence(places, stay):
    assert (state(stay.person).is_mobile, state(stay.person).quiet_since) == (True, date(2026, 1, 5))

    end_stay(stay, on=DAY, ending="returned", by=make.user(), at=NOON)
    assert state(stay.person).is_mobile  # the departure is still open: the branch at home answers
    return_home(Departure.objects.get(person=stay.person), on=DAY, by=make.user(), at=NOON)
    assert not state(stay.person).is_mobile


def test_who_left_by_a_roster_is_gathered_by_the_round(places):
    left = make.departure(places, left="2026-03-09")
    ContactState.objects.all().delete()

    assert gather_states(NOON) == 1
    assert gather_states(NOON) == 0
    assert state(left.person).quiet_since == date(2026, 3, 9)


def test_the_list_of_the_quiet_leaves_the_excused_out_unless_asked(places):
    quiet, excused, heard = (make.stay(places, name, starts_on=date(2026, 1, 5)).person for name in ("甲", "乙", "丙"))
    actions.excuse_member(excused, reason="aged", starts_on=date(2026, 2, 1), by=None, at=NOON)
    log(heard)
    beside = make.stay(
        places, "丁", origin="beside branch", station="beside", community="beside community", starts_on=date(2026, 1, 5)
    )
    reach = Reach.of(make.user("station_officer", places["station"]), Permission.CONTACT_VIEW)

    assert [row.pk for row in states_by({}, reach, day=DAY)] == [quiet.pk]
    both = {row.pk: row.excused for row in states_by({"excused": True}, reach, day=DAY)}
    assert both == {quiet.pk: False, excused.pk: True}
    assert states_by({"days": 400}, reach, day=DAY).count() == 0
    assert beside.person.pk not in both


def test_home_visits_are_due_for_the_excused_and_for_hardship(places):
    excused, poor, plain = (make.stay(places, name, starts_on=date(2026, 1, 5)).person for name in ("甲", "乙", "丙"))
    actions.excuse_member(excused, reason="ill", starts_on=date(2026, 2, 1), by=None, at=NOON)
    seal(poor, "hardship", "低保")
    poor.save(update_fields=["hardship"])
    reach = Reach.of(make.user("station_officer", places["station"]), Permission.CONTACT_VIEW)

    def due():
        return {row.pk for row in visits_due({}, reach, day=DAY)}

    assert due() == {excused.pk, poor.pk}
    log(excused, said("phone"))
    assert due() == {excused.pk, poor.pk}
    log(excused, said("visit"))
    assert due() == {poor.pk}
    assert plain.pk not in due()
    assert excused.pk in {row.pk for row in visits_due({}, reach, day=DAY + timedelta(days=90))}


def test_a_merged_file_leads_a_new_contact_to_the_one_in_use(places, stay):
    alias = make.departure(places, "缪春花", station=None).person
    Departure.objects.filter(person=alias).delete()
    merge_people(stay.person, Person.objects.get(pk=alias.pk), by=make.user(), at=NOON)

    contact = log(Person.objects.get(pk=alias.pk))

    assert contact.person == stay.person


def test_a_stay_handed_on_takes_its_state_along(places):
    stay = make.stay(places, "缪春花", starts_on=date(2026, 1, 5))
    here, there = (
        Reach.of(make.user("station_officer", places[name]), Permission.CONTACT_VIEW) for name in ("station", "beside")
    )
    assert here.stations == (places["station"].pk,)
    assert states_by({}, here, day=DAY).exists()
    assert not states_by({}, there, day=DAY).exists()

    transfer_stay(
        stay, station=places["beside"], destination=places["beside community"], on=date(2026, 2, 1), by=None, at=NOON
    )
    assert not states_by({}, here, day=DAY).exists()
    assert [row.pk for row in states_by({}, there, day=DAY)] == [stay.person_id]


def test_only_who_holds_nothing_but_stations_is_asked_for_by_station(places):
    both = make.user("station_officer", places["station"])
    grant(both, "branch_secretary", places["branch"])
    reach = Reach.of(both, Permission.CONTACT_VIEW)
    assert reach.stations == ()
    away = make.departure(places, "雷志强", station=None).person
    actions.renew_states([away.pk])
    cared = make.stay(places, "缪春花", starts_on=date(2026, 1, 5)).person
    assert {row.pk for row in ContactState.objects.within(reach)} == {away.pk, cared.pk}


def test_a_state_of_another_station_than_that_of_the_stay_is_mended(places):
    cared, gone, away = (make.stay(places, name, starts_on=date(2026, 1, 5)) for name in ("甲", "乙", "丙"))
    end_stay(gone, on=date(2026, 2, 1), ending="returned", by=None, at=NOON)
    ContactState.objects.filter(pk=cared.person_id).update(station=places["beside"])
    ContactState.objects.filter(pk=gone.person_id).update(station=places["station"])
    ContactState.objects.filter(pk=away.person_id).update(station=None)

    assert mend_states(NOON) == 3
    assert mend_states(NOON) == 0
    here = places["station"]
    assert [state(one.person).station for one in (cared, gone, away)] == [here, None, here]
