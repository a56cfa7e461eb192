"""A member passes from one station to another, with everything that belongs to the stay."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests import places as make
from waystation.kernel.sealing import unseal
from waystation.organizations.models import Unit
from waystation.stations.duty.actions import open_item
from waystation.stewardship.duties import actions, queries
from waystation.stewardship.duties.actions.errors import NotAStation
from waystation.stewardship.duties.models import Duty, StayTransfer
from waystation.stewardship.grids.actions import assign
from waystation.stewardship.grids.models import GridAssignment
from waystation.stewardship.people.actions import end_stay
from waystation.stewardship.people.models import Arrival, Person, Stay

pytestmark = pytest.mark.django_db
NOW = timezone.now
DAY = timedelta(days=1)


@pytest.fixture
def receiving(places):
    """Speaks for the station of the other county."""
    return make.user("station_head", places["beside"])


def ask(stay, places, by, **more):
    asked = {"to": places["beside"], "destination": places["beside community"], "reason": "随子女迁居"}
    return actions.ask_transfer(stay, by=by, at=NOW(), **(asked | more))


def test_the_receiving_station_accepts_and_everything_passes(stay, places, officer, helper, receiving):
    proposal = actions.propose_change(
        stay,
        kind="service",
        to=places["community"],
        starts_on=timezone.localdate(),
        reason="就近",
        by=officer,
        at=NOW(),
    )
    actions.agree(proposal, side="taker", by=helper, at=NOW())
    grid = make.grid(places["station"], communities=[places["community"]])
    assign(stay, grid, by=officer, at=NOW())
    units = {"talk": "station", "dues": "branch", "service": "community", "other": "station"}
    tasks = {
        topic: open_item(
            unit=places[unit], topic=topic, title=topic, by=None, at=NOW(), bundle=f"stay:{stay.pk}", key=topic
        )
        for topic, unit in units.items()
    }

    request = ask(stay, places, officer)
    fresh = actions.accept_transfer(request, by=receiving, at=NOW())

    stay.refresh_from_db()
    request.refresh_from_db()
    today = timezone.localdate()
    assert (stay.ends_on, stay.ending, fresh.starts_on, fresh.ends_on) == (today, "moved_on", today, None)
    assert (request.state, request.new_stay, request.closed_by) == ("accepted", fresh, receiving)
    for name in ("origin_confirmed_by", "origin_confirmed_at", "station_confirmed_by", "station_confirmed_at"):
        assert getattr(fresh, name) == getattr(stay, name) is not None
    held = {kind: queries.accountable(fresh, kind, today) for kind in Duty.Kind.values}
    assert held.pop("dues") == places["branch"]
    assert held.pop("service") == places["beside community"]
    assert set(held.values()) == {places["beside"]}
    for topic, task in tasks.items():
        task.refresh_from_db()
        expected = {"dues": places["branch"], "service": places["beside community"]}.get(topic, places["beside"])
        assert (task.bundle, task.unit, task.unit_path) == (f"stay:{fresh.pk}", expected, expected.path), topic
    assert not GridAssignment.objects.filter(ends_on=None).exists()
    person = Person.objects.get(pk=stay.person_id)
    assert (person.station, person.stay_path) == (places["beside"], places["beside"].path)
    assert person.destination == places["beside community"]
    assert fresh.departure_id == stay.departure_id
    assert queries.faulty_stays().count() == 0


def test_the_register_of_the_receiving_station_has_the_arrival_with_what_is_sealed(places, officer, receiving):
    stay = make.stay(places, "王大海", phone="13900001234")

    fresh = actions.accept_transfer(ask(stay, places, officer), by=receiving, at=NOW())

    first, second = stay.arrival, Arrival.objects.get(pk=fresh.arrival_id)
    assert (second.station, second.state, second.person) == (places["beside"], "settled", stay.person)
    assert first.pk != second.pk
    assert unseal(second, "phone") == unseal(first, "phone") == "13900001234"
    assert second.phone_index == first.phone_index


def test_a_correction_made_since_is_not_undone_by_the_old_arrival(places, officer, receiving):
    stay = make.stay(places, trade="餐饮服务")
    Person.objects.filter(pk=stay.person_id).update(trade="建筑施工")

    actions.accept_transfer(ask(stay, places, officer), by=receiving, at=NOW())

    assert Person.objects.get(pk=stay.person_id).trade == "建筑施工"


def test_who_may_ask_accept_refuse_and_withdraw(stay, places, officer, secretary, receiving):
    with pytest.raises(actions.NotConcerned):
        ask(stay, places, receiving)
    with pytest.raises(actions.NotConcerned):
        ask(stay, places, secretary)
    request = ask(stay, places, officer)
    with pytest.raises(actions.AlreadyProposed):
        ask(stay, places, officer)
    with pytest.raises(actions.NotConcerned):
        actions.accept_transfer(request, by=officer, at=NOW())
    with pytest.raises(actions.NotConcerned):
        actions.withdraw_transfer(request, by=receiving, at=NOW())
    with pytest.raises(actions.ReasonMissing):
        actions.refuse_transfer(request, reason="", by=receiving, at=NOW())
    actions.refuse_transfer(request, reason="本站不在其住地", by=receiving, at=NOW())
    with pytest.raises(actions.NotOpenAnyMore):
        actions.accept_transfer(request, by=receiving, at=NOW())
    again = ask(stay, places, officer)
    assert actions.withdraw_transfer(again, by=officer, at=NOW()).state == "withdrawn"
    assert Stay.objects.get().ends_on is None


def test_a_stay_passes_only_to_another_open_station(stay, places, officer):
    Unit.objects.filter(pk=places["beside"].pk).update(closed_on=timezone.localdate())
    places["beside"].refresh_from_db()

    for unit in ("station", "community", "beside"):
        with pytest.raises(NotAStation):
            ask(stay, places, officer, to=places[unit])


def test_nobody_accepts_what_they_asked_for(stay, places, officer):
    officer = make.user("county_organiser", places["county"])
    nearby = make.station(places["origin town"], places["town"], name="叠石乡驻城党建工作站").unit
    request = ask(stay, places, officer, to=nearby, destination=None)

    with pytest.raises(actions.TwoPeople):
        actions.accept_transfer(request, by=officer, at=NOW())


def test_a_stay_that_ends_lets_the_request_lapse(stay, places, officer, receiving):
    request = ask(stay, places, officer)
    end_stay(stay, on=timezone.localdate(), ending="returned", by=officer, at=NOW())

    assert StayTransfer.objects.get().state == "lapsed"
    with pytest.raises(actions.NotOpenAnyMore):
        actions.accept_transfer(request, by=receiving, at=NOW())
