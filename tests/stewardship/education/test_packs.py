"""Study brought home: to excused members, by the unit that answers, once."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from tests import places as make
from tests.fault.conftest import together
from tests.stewardship.education import made
from tests.stewardship.education.made import DAY, NOON
from waystation.stations.duty.models import OpenItem
from waystation.stewardship.education import actions
from waystation.stewardship.education.actions import errors, packs
from waystation.stewardship.education.models import Delivery, LearningRecord, Pack, YearTotal
from waystation.stewardship.people.actions import return_home

pytestmark = pytest.mark.django_db


def issue(places, **more):
    more = {"title": "第四季度学习包", "materials": "党章\n学习读本\n", "due_on": date(2026, 12, 10)} | more
    return actions.issue_pack(unit=places["station"], issued_on=DAY, by=None, at=NOON, **more)


def deliver(delivery, **more):
    more = {"carrier": "何秀梅", "delivered_on": DAY, "hours": Decimal(2)} | more
    return actions.deliver(delivery, by=None, at=NOON, **more)


@pytest.fixture
def old(places):
    made.members(places, "林美")
    (person,) = made.members(places, "王老")
    made.excuse(person)
    return person


def test_a_pack_goes_to_every_excused_member_and_on_the_list_of_who_answers(places, old):
    pack = issue(places)

    delivery = pack.deliveries.get()
    assert (delivery.person, delivery.unit, delivery.state) == (old, places["station"], "due")
    item = OpenItem.objects.open().get(key=delivery.item_key)
    assert (item.unit, item.due_on, item.bundle) == (places["station"], date(2026, 12, 10), f"stay:{delivery.stay_id}")
    assert pack.materials_list == ["党章", "学习读本"]


def test_without_an_excused_member_there_is_no_pack(places):
    made.members(places, "林美")
    with pytest.raises(errors.NobodyExcused):
        issue(places)
    assert Pack.objects.count() == 0


def test_bringing_it_gives_the_hours_and_finishes_the_item(places, old):
    delivery = issue(places).deliveries.get()

    done = deliver(delivery, feedback="希望多些大字读物")

    assert (done.state, done.carrier, done.record.source, done.record.hours) == ("delivered", "何秀梅", "brought", 2)
    assert YearTotal.objects.get(person=old).hours == 2
    assert OpenItem.objects.open().count() == 0
    with pytest.raises(errors.AlreadyClosed):
        deliver(delivery)
    with pytest.raises(errors.AlreadyClosed):
        actions.call_off(delivery, reason="x", by=None, at=NOON)


def test_hours_are_not_needed_and_have_limits(places, old):
    delivery = issue(places).deliveries.get()
    with pytest.raises(errors.HoursOutOfLimits):
        deliver(delivery, hours=Decimal(13))
    with pytest.raises(errors.InTheFuture):
        deliver(delivery, delivered_on=date(2026, 11, 24))
    assert deliver(delivery, hours=None).record is None
    assert LearningRecord.objects.count() == 0


def test_it_is_called_off_with_a_reason(places, old):
    delivery = issue(places).deliveries.get()
    with pytest.raises(errors.ReasonMissing):
        actions.call_off(delivery, reason=" ", by=None, at=NOON)
    assert actions.call_off(delivery, reason="住院", by=None, at=NOON).state == "called_off"
    assert OpenItem.objects.open().count() == 0


def test_a_member_excused_later_is_added_once(places, old):
    pack = issue(places)
    (late,) = made.members(places, "李老")
    stays = [late.stays.get(), old.stays.get()]
    assert actions.plan_deliveries(pack, stays, by=None, at=NOON) == 1
    assert actions.plan_deliveries(pack, stays, by=None, at=NOON) == 0
    row = pack.deliveries.first()
    again = {"pack": pack, "stay": row.stay, "person": row.person, "unit": row.unit, "unit_path": row.unit_path}
    with pytest.raises(IntegrityError), transaction.atomic():
        Delivery.objects.create(due_on=DAY, **again)


def test_when_the_stay_ends_nothing_waits_for_the_member(places, old):
    delivery = issue(places).deliveries.get()
    return_home(old.departures.get(), on=DAY, by=None, at=NOON)
    delivery.refresh_from_db()
    assert (delivery.state, OpenItem.objects.open().count()) == ("called_off", 0)


@pytest.mark.django_db(transaction=True)
def test_two_who_bring_one_pack_at_one_moment_give_the_hours_once(places, old):
    delivery = issue(places).deliveries.get()
    outcomes = together(*(lambda: deliver(delivery) for _n in range(2)))
    assert sorted(type(one).__name__ for one in outcomes) == ["AlreadyClosed", "Delivery"]
    assert YearTotal.objects.get(person=old).hours == 2


def test_who_brings_it_is_the_unit_of_the_duty_sheet(places, old, monkeypatch):
    monkeypatch.setattr(packs, "accountable", lambda stay, kind, day: make.grid(places["station"]).unit)
    delivery = issue(places).deliveries.get()
    assert delivery.unit.kind == "grid"
    assert OpenItem.objects.open().get(key=delivery.item_key).unit == delivery.unit
