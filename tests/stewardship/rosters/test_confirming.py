import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from tests.stewardship.rosters.bring_in import (
    ARRIVAL_HEAD,
    ORIGIN_HEAD,
    bring_in,
    csv,
    run_matcher,
    small_county,
    user,
)
from waystation.kernel.models import AuditEvent
from waystation.kernel.sealing import unseal
from waystation.stewardship.people.actions import cancel_departure, refuse_arrival, register_arrival, return_home
from waystation.stewardship.people.actions.errors import NotConfirmed
from waystation.stewardship.people.actions.stays import Confirmation, open_stay
from waystation.stewardship.people.claims import Claim
from waystation.stewardship.people.identity import read_phones
from waystation.stewardship.people.models import Arrival, Departure, Person, Stay
from waystation.stewardship.rosters.actions import matching
from waystation.stewardship.rosters.actions.confirming import (
    ORIGIN,
    STATION,
    NotOpenAnyMore,
    NotYours,
    OverrideRefused,
    SamePerson,
    confirm_in_bulk,
    confirm_pair,
    override_side,
    reject_pair,
    reopen_pair,
    withdraw_confirmation,
)
from waystation.stewardship.rosters.models import MatchCandidate, MatchRun

pytestmark = pytest.mark.django_db

DEPARTED = [
    "陈丽,女,1985-08-12,350982198508120020,福鼎市叠石乡竹阳党支部,13900006624,2021-02,桐山街道",
    "林建国,男,1970-01-01,350982197001010012,叠石乡庙边党支部,13700000913,2020/5/1,山前街道",
    "钟阿妹,女,1966-04-11,350982196604110026,叠石乡车头党支部,13600000111,2019-01,城区",
]
ARRIVED = [
    "陈　丽,女,1985年8月,,13900006624,福鼎市桐山街道富民社区18号,叠石乡,2021-03",
    "林建国,男,1970-01-01,350982197001010215,18600007741,桐城街道,叠石乡,2020-06",
    "雷少英,女,1990-02-02,,15800001828,桐城街道,佳阳乡,2022-01",
]


@pytest.fixture
def place():
    place = small_county()
    bring_in(place, "departures", csv(ORIGIN_HEAD, *DEPARTED))
    bring_in(place, "arrivals", csv(ARRIVAL_HEAD, *ARRIVED), "arrival.csv")
    run_matcher()
    return place


def pair(name="陈丽"):
    return MatchCandidate.objects.get(departure__name_key=name, arrival__isnull=False)


def now():
    return timezone.now()


def test_the_rows_fall_into_their_lanes(place):
    lanes = {(c.lane, (c.departure or c.arrival).name_key) for c in MatchCandidate.objects.open()}

    assert ("matched", "陈丽") in lanes
    assert ("only_departed", "钟阿妹") in lanes
    assert ("only_arrived", "雷少英") in lanes
    assert ("matched", "林建国") not in lanes  # a namesake born the same day, with another valid ID number


def test_two_confirmations_open_a_stay_and_complete_the_file(place):
    assert confirm_pair(pair(), side=ORIGIN, by=place.origin_user, at=now()) is None
    stay = confirm_pair(pair(), side=STATION, by=place.station_user, at=now())

    person = Person.objects.get(name_key="陈丽")
    assert (stay.person, person.station, person.stay_path) == (person, place.station, place.station.path)
    assert unseal(person, "address") == "福鼎市桐山街道富民社区18号"
    assert person.home.name == "竹阳党支部"
    assert Departure.objects.get(person=person).state == "departed"
    assert Arrival.objects.get(person=person).state == "settled"
    told = AuditEvent.objects.filter(verb__in=["pair.confirmed", "stay.opened"]).order_by("number")
    assert [event.verb for event in told] == ["pair.confirmed", "pair.confirmed", "stay.opened"]


def test_nobody_confirms_for_both_sides(place):
    confirm_pair(pair(), side=ORIGIN, by=place.origin_user, at=now())
    with pytest.raises(SamePerson):
        confirm_pair(pair(), side=STATION, by=place.origin_user, at=now())
    assert Stay.objects.count() == 0


def test_a_confirmation_is_taken_back_by_who_gave_it_until_the_other_side_agrees(place):
    confirm_pair(pair(), side=ORIGIN, by=place.origin_user, at=now())
    with pytest.raises(NotYours):
        withdraw_confirmation(pair(), by=place.station_user, at=now())
    withdraw_confirmation(pair(), by=place.origin_user, at=now())

    assert (pair().origin_confirmed_at, pair().origin_confirmed_by) == (None, None)
    assert confirm_pair(pair(), side=STATION, by=place.station_user, at=now()) is None
    assert confirm_pair(pair(), side=ORIGIN, by=place.origin_user, at=now()) is not None
    with pytest.raises(NotOpenAnyMore):
        withdraw_confirmation(pair(), by=place.origin_user, at=now())
    verbs = AuditEvent.objects.filter(verb__startswith="pair.").order_by("number").values_list("verb", flat=True)
    assert list(verbs) == ["pair.confirmed", "pair.withdrawn", "pair.confirmed", "pair.confirmed"]


def test_the_county_overrides_only_silence_and_only_with_a_reason(place):
    with pytest.raises(OverrideRefused):
        override_side(pair(), reason="电话核实过", by=place.county_user, at=now())
    confirm_pair(pair(), side=STATION, by=place.station_user, at=now())
    with pytest.raises(OverrideRefused):
        override_side(pair(), reason=" ", by=place.county_user, at=now())
    with pytest.raises(OverrideRefused):
        override_side(pair(), reason="电话核实过", by=place.station_user, at=now())

    stay = override_side(pair(), reason="电话核实过", by=place.county_user, at=now())

    assert (stay.overridden_by, stay.override_reason, stay.origin_confirmed_by) == (
        place.county_user,
        "电话核实过",
        None,
    )


def test_not_the_same_person_is_remembered_by_the_next_run(place):
    reject_pair(pair(), side=STATION, reason="见面核对过", by=place.station_user, at=now())
    run = MatchRun.objects.create(county=place.county, started_at=now())
    matching.run_match(run, at=now())

    assert not MatchCandidate.objects.open().filter(departure__name_key="陈丽", arrival__isnull=False).exists()
    lanes = set(MatchCandidate.objects.open().filter(name_key="陈丽").values_list("lane", flat=True))
    assert lanes == {"only_departed", "only_arrived"}
    with pytest.raises(NotOpenAnyMore):
        confirm_pair(pair(), side=ORIGIN, by=place.origin_user, at=now())


def test_a_rejection_can_be_taken_back(place):
    rejected = reject_pair(pair(), side=STATION, reason="", by=place.station_user, at=now())
    reopen_pair(rejected, by=place.station_user, at=now())

    assert set(MatchCandidate.objects.open().filter(name_key="陈丽").values_list("lane", flat=True)) == {"matched"}


def test_a_run_keeps_what_people_confirmed(place):
    confirm_pair(pair(), side=ORIGIN, by=place.origin_user, at=now())
    before = sorted(MatchCandidate.objects.values_list("pk", "lane", "state"))
    matching.run_match(MatchRun.objects.create(county=place.county, started_at=now()), at=now())

    assert pair().origin_confirmed_by == place.origin_user
    pairs = [entry for entry in before if entry[1] in ("matched", "conflicting")]
    assert set(pairs) <= set(MatchCandidate.objects.values_list("pk", "lane", "state"))


def test_bulk_confirms_only_the_matched_lane_and_lists_the_refused(place):
    conflicting = MatchCandidate.objects.create(
        departure=Departure.objects.get(name_key="钟阿妹"), arrival=Arrival.objects.get(name_key="雷少英"),
        lane="conflicting", origin_path=place.county.path, station_path=place.station.path,
    )  # fmt: skip
    result = confirm_in_bulk([pair(), conflicting], side=ORIGIN, by=place.origin_user, at=now())

    assert (result.confirmed, [c.pk for c, _ in result.refused]) == (1, [conflicting.pk])


def test_the_same_rows_always_give_the_same_lanes(place):
    def lanes():
        return sorted((c.lane, str(c.departure_id), str(c.arrival_id), c.weight) for c in MatchCandidate.objects.open())

    first = lanes()
    for _ in range(2):
        matching.run_match(MatchRun.objects.create(county=place.county, started_at=now()), at=now())
        assert lanes() == first


def test_an_arrival_typed_by_hand_finds_its_departure_at_once(place):
    claim = Claim(full_name="鍾阿妹", phone=read_phones("13600000111")[0], born="1966-04")
    register_arrival(claim, station=place.station, channel="desk", by=place.station_user, at=now())

    found = MatchCandidate.objects.open().get(departure__name_key="钟阿妹")
    assert (found.lane, found.arrival.full_name) == ("matched", "鍾阿妹")


def test_a_cancelled_departure_leaves_the_board_and_its_partner_stands_alone(place):
    cancel_departure(Departure.objects.get(name_key="陈丽"), reason="未外出", by=place.origin_user, at=now())

    assert set(MatchCandidate.objects.open().filter(name_key="陈丽").values_list("lane", flat=True)) == {"only_arrived"}


def test_a_refused_arrival_leaves_the_board(place):
    refuse_arrival(Arrival.objects.get(name_key="陈丽"), reason="重复登记", by=place.station_user, at=now())

    assert set(MatchCandidate.objects.open().filter(name_key="陈丽").values_list("lane", flat=True)) == {
        "only_departed"
    }


def test_a_return_home_ends_the_stay(place):
    confirm_pair(pair(), side=ORIGIN, by=place.origin_user, at=now())
    stay = confirm_pair(pair(), side=STATION, by=place.station_user, at=now())
    return_home(stay.departure, on=now().date(), by=place.origin_user, at=now())

    stay.refresh_from_db()
    person = Person.objects.get(pk=stay.person_id)
    assert (stay.ending, person.stay_path, person.station) == ("returned", "", None)


def test_the_database_refuses_a_stay_without_both_confirmations(place):
    candidate = pair()
    with pytest.raises(NotConfirmed):
        open_stay(
            candidate.departure, candidate.arrival, origin=Confirmation(place.origin_user, now()), station=None,
            by=place.origin_user, at=now(),
        )  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        Stay.objects.create(
            person=candidate.departure.person, departure=candidate.departure, arrival=candidate.arrival,
            station=place.station, station_path=place.station.path, starts_on=now().date(), opened_at=now(),
            origin_confirmed_at=now(), origin_confirmed_by=place.origin_user,
        )  # fmt: skip


def test_the_database_refuses_one_person_confirming_both_sides(place):
    candidate = pair()
    with pytest.raises(IntegrityError), transaction.atomic():
        Stay.objects.create(
            person=candidate.departure.person, departure=candidate.departure, arrival=candidate.arrival,
            station=place.station, station_path=place.station.path, starts_on=now().date(), opened_at=now(),
            origin_confirmed_at=now(), origin_confirmed_by=place.origin_user,
            station_confirmed_at=now(), station_confirmed_by=place.origin_user,
        )  # fmt: skip


def test_the_database_refuses_a_second_open_stay(place):
    confirm_pair(pair(), side=ORIGIN, by=place.origin_user, at=now())
    stay = confirm_pair(pair(), side=STATION, by=place.station_user, at=now())
    other = Arrival.objects.get(name_key="雷少英")
    with pytest.raises(IntegrityError), transaction.atomic():
        Stay.objects.create(
            person=stay.person, departure=stay.departure, arrival=other, station=place.station,
            station_path=place.station.path, starts_on=now().date(), opened_at=now(),
            origin_confirmed_at=now(), origin_confirmed_by=place.origin_user,
            station_confirmed_at=now(), station_confirmed_by=user(),
        )  # fmt: skip
