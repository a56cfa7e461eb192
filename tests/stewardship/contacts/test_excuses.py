"""Excused members: granted, renewed, ended; one at a time."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from tests import places as make
from tests.places import NOON
from waystation.kernel import dated
from waystation.kernel.models import AuditEvent
from waystation.organizations.access import Reach
from waystation.organizations.permissions import Permission
from waystation.stewardship.contacts import actions, rules
from waystation.stewardship.contacts.forms import RenewForm
from waystation.stewardship.contacts.models import Excuse
from waystation.stewardship.contacts.queries import excuses_by, is_excused
from waystation.stewardship.people.models import Person

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 23)


@pytest.fixture
def person(places):
    return make.stay(places).person


def excuse(person, starts_on=date(2026, 2, 1), **more):
    return actions.excuse_member(person, reason="aged", starts_on=starts_on, by=make.user(), at=NOON, **more)


def test_an_excuse_is_looked_at_again_after_the_time_of_the_rule(person):
    row = excuse(person, facts="中风后行动不便")

    assert row.review_on == date(2027, 2, 1)
    assert "中风" not in row.facts
    actions.renew_excuse(row, review_on=date(2027, 6, 1), by=make.user(), at=NOON)
    assert Excuse.objects.get().review_on == date(2027, 6, 1)
    with pytest.raises(actions.ContactRefused):
        actions.renew_excuse(row, review_on=DAY, by=make.user(), at=NOON)


def test_a_changed_time_takes_effect_from_its_day(person):
    today, now = timezone.localdate(), timezone.now()
    for days, starts_on in ((180, today), (90, today + timedelta(days=1))):
        dated.set_value(rules.REVIEW_DAYS, days, starts_on=starts_on, source="本地办法", by=None, at=now)

    assert RenewForm()["review_on"].value() == today + timedelta(days=180)
    assert excuse(person, today - timedelta(days=1)).review_on == today + timedelta(days=364)
    Excuse.objects.all().delete()
    assert excuse(person, today + timedelta(days=1)).review_on == today + timedelta(days=91)


def test_a_second_excuse_is_refused_until_the_first_has_ended(person):
    row = excuse(person)
    with pytest.raises(actions.AlreadyExcused):
        excuse(person)

    actions.end_excuse(row, ends_on=DAY, reason="身体好转", by=make.user(), at=NOON)

    assert excuse(person, DAY).pk != row.pk
    with pytest.raises(actions.ContactRefused):
        actions.end_excuse(row, ends_on=DAY, reason="再次", by=make.user(), at=NOON)
    assert [e.verb for e in AuditEvent.objects.filter(verb__startswith="excuse.").order_by("number")] == [
        "excuse.granted",
        "excuse.ended",
        "excuse.granted",
    ]


def test_excused_is_a_condition_of_the_day(person):
    row = excuse(person)
    actions.end_excuse(row, ends_on=DAY, reason="身体好转", by=make.user(), at=NOON)

    def excused(day):
        return Person.objects.filter(is_excused(day), pk=person.pk).exists()

    assert [excused(day) for day in (date(2026, 1, 31), date(2026, 2, 1), DAY - timedelta(days=1), DAY)] == [
        False,
        True,
        True,
        False,
    ]


def test_those_to_be_reviewed_are_found(places, person):
    excuse(person, date(2025, 11, 1))
    reach = Reach.of(make.user("station_officer", places["station"]), Permission.CONTACT_VIEW)

    assert excuses_by({"tab": "review"}, reach, day=DAY).count() == 1
    assert excuses_by({"tab": "review"}, reach, day=date(2026, 10, 1)).count() == 0
    assert excuses_by({"tab": "ended"}, reach, day=DAY).count() == 0


def test_the_database_keeps_an_ending_with_its_reason(person):
    row = excuse(person)

    with pytest.raises(IntegrityError), transaction.atomic():
        Excuse.objects.filter(pk=row.pk).update(ends_on=DAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        Excuse.objects.create(
            person=person, recorded_for=person, reason="ill", starts_on=DAY, review_on=DAY, granted_at=NOON
        )
