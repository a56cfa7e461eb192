"""The record of a consultation is one side's word until the origin has confirmed it or kept silent for days."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from tests import places as make
from tests.stewardship.appraisals import rounds as make_round
from tests.stewardship.appraisals.rounds import OPENED
from waystation.kernel.models import AuditEvent
from waystation.kernel.sealing import unseal
from waystation.organizations.access import Reach
from waystation.organizations.permissions import Permission
from waystation.stewardship.appraisals.actions import consulting, deciding, errors
from waystation.stewardship.appraisals.models import Appraisal, Consultation
from waystation.stewardship.appraisals.queries.members import What, appraisals_by

pytestmark = pytest.mark.django_db


@pytest.fixture
def one(places):
    """A member over whom the sides are a grade apart; they have talked, and the record is written."""
    make.stay(places)
    found = make_round.unsealed(places["station"], station=95, origin=80).appraisals.get()
    make_round.consult(found)
    found.refresh_from_db()
    return found


def propose(one, at=OPENED):
    return deciding.propose(one, grade="qualified", by=make.user(), at=at)


def answer(one, agrees=True, text="", by=None, at=OPENED):
    return consulting.answer_consultation(one, agrees=agrees, text=text, by=by or make.user(), at=at)


def test_nothing_is_proposed_before_the_origin_has_confirmed(one):
    with pytest.raises(errors.OriginHasNotConfirmed):
        propose(one)
    record = answer(one, text="属实")
    assert unseal(record, "answer") == "属实"
    with pytest.raises(errors.NotInThisState):
        answer(one, agrees=False, text="改口")
    assert propose(one).proposed_grade == "qualified"


def test_silence_for_the_days_of_the_rule_lets_people_go_on_and_decides_nothing(one):
    with pytest.raises(errors.OriginHasNotConfirmed):
        propose(one, OPENED + timedelta(days=5))
    late = OPENED + timedelta(days=6)
    one.refresh_from_db()
    assert one.proposed_grade == ""
    propose(one, late)
    with pytest.raises(errors.NotInThisState):  # it comes too late
        answer(one, agrees=False, text="不实", at=late)


def test_after_an_objection_they_talk_anew_and_the_objection_is_kept(one):
    with pytest.raises(errors.WordNeeded):
        answer(one, agrees=False)
    answer(one, agrees=False, text="当天未通知我方")
    one.refresh_from_db()

    with pytest.raises(errors.ConsultationNeeded):
        propose(one, OPENED + timedelta(days=99))
    with pytest.raises(IntegrityError), transaction.atomic():
        Appraisal.objects.filter(pk=one.pk).update(
            grade="qualified", decided_on=OPENED.date(), decided_at=OPENED, decided_by=make.user(),
            reply_until=OPENED.date() - timedelta(days=1),
        )  # fmt: skip
    make_round.agreed(one)
    one.refresh_from_db()
    assert propose(one).proposed_grade == "qualified"
    assert sorted(one.consultations.values_list("agrees", flat=True)) == [False, True]


def test_nobody_answers_the_own_record_or_speaks_for_both_sides(one):
    record = one.consultation
    for by in (record.recorded_by, one.station_scorer):
        with pytest.raises(errors.RecorderAnswers):
            answer(one, by=by)
    answered = {"answered_at": OPENED, "answered_by": make.user()}
    for change in (
        {**answered, "agrees": True, "answered_by": record.recorded_by},
        {**answered, "agrees": False},  # no word
        {"agrees": True},
        answered,
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Consultation.objects.filter(pk=record.pk).update(**change)


def test_of_the_records_of_a_member_one_stands(one):
    with pytest.raises(errors.NotInThisState):
        make_round.consult(one)
    again = one.consultation
    again.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        Consultation(
            appraisal=one, held_on=again.held_on, station_people="甲", origin_people="乙", text=again.text,
            conclusion="basic", recorded_at=OPENED,
        ).save(force_insert=True)  # fmt: skip


@pytest.mark.parametrize(("where", "number"), [("branch", 1), ("other branch", 0)])
def test_the_origin_finds_what_it_has_to_confirm(places, one, where, number):
    reach = Reach.of(make.user("branch_secretary", places[where]), Permission.APPRAISAL_VIEW)
    found = appraisals_by({"what": What.UNCONFIRMED}, reach, day=OPENED.date())

    assert found.count() == number
    answer(one)
    assert found.count() == 0


def test_the_origin_reads_the_record_that_it_answers_and_the_reading_is_recorded(client, places, one):
    # The clock of pages is the wall's: the record is of today.
    one.consultations.update(recorded_at=timezone.now())
    client.force_login(make.user("branch_secretary", places["branch"]))
    address = reverse("appraisals:consult-answer", args=[one.pk])

    page = client.get(address)

    assert "双方充分交换意见" in page.content.decode()
    assert (page.context["waits"], page.context["until"]) == (True, timezone.localdate() + timedelta(days=5))
    (read,) = AuditEvent.objects.filter(verb="appraisal.read")
    assert read.fields == ["consultation"]
    assert client.post(address, {"answer": "object", "text": ""}).context["form"].errors
    assert client.post(address, {"answer": "confirm"}).status_code == 302
    assert AuditEvent.objects.filter(verb="appraisal.read").count() == 2  # the form that was shown again, too
    late = client.get(address)
    assert not late.context["waits"]
    assert b"<textarea" not in late.content
    again = client.post(address, {"answer": "object", "text": "改口"})
    assert again.context["form"].non_field_errors()[0] in again.content.decode()


def test_who_wrote_the_record_is_not_asked_to_answer_it(client, places, one):
    client.force_login(make.user("branch_secretary", places["other branch"]))
    address = reverse("appraisals:consult-answer", args=[one.pk])
    assert client.get(address).status_code == 404
    county = make.user("county_organiser", places["county"])
    one.consultations.update(recorded_by=county)
    client.force_login(county)
    assert not client.get(address).context["waits"]
