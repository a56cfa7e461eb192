"""Reporting at a station by QR code, without an account."""

import re
import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from tests import places as make
from waystation.kernel.models import AuditEvent
from waystation.kernel.sealing import sign, unseal
from waystation.portal import actions, steps
from waystation.portal.models import Bucket
from waystation.portal.throttle import REPORT, Door, admit, forget
from waystation.stations.sites import reporting
from waystation.stations.sites.models import Station
from waystation.stewardship.people.models import Arrival

pytestmark = pytest.mark.django_db
ANSWERS = {
    "told": True,
    "may_ask_id": True,
    "full_name": "缪春花",
    "phone": "19900000077",
    "id_number": "",
    "home_text": "福鼎市叠石乡竹阳村党支部",
    "community": "",
    "community_text": "溪西社区居委会",
    "address": "古城路",
    "trade": "餐饮服务",
    "skill": "",
}


@pytest.fixture
def station(places):
    return Station.objects.get(unit=places["station"])


@pytest.fixture
def url(station):
    return reverse("portal:arrive", args=[reporting.token(station)])


def answers_of(response) -> str:
    return re.search(r'name="answers" value="([^"]*)"', response.content.decode())[1]


def step_of(response) -> str:
    return re.search(r'name="step" value="([^"]*)"', response.content.decode())[1]


def walk(client, url, pages):
    """Send one page after the other; returns the last answer."""
    response = client.get(url)
    for data in pages:
        sent = {"step": step_of(response), "answers": answers_of(response), **data}
        response = client.post(url, sent)
    return response


def pages(places, **more):
    found = {
        "notice": {"told": "on"},
        "name": {"full_name": "缪春花"},
        "phone": {"phone": "199 0000 0077"},
        "origin": {"home_text": "福鼎市叠石乡竹阳村党支部"},
        "community": {"community": str(places["community"].pk), "address": "古城路"},
        "trade": {"trade": "餐饮服务", "skill": "医疗"},
        "check": {},
    }
    return list({**found, **more}.values())


def test_seven_small_pages_make_one_arrival(client, places, url):
    response = walk(client, url, pages(places))

    arrival = Arrival.objects.get()
    assert (arrival.full_name, arrival.state, arrival.channel) == ("缪春花", "pending", "qr")
    assert (arrival.station, arrival.home) == (places["station"], places["branch"])
    assert (arrival.destination, arrival.trade) == (places["community"], "餐饮服务")
    assert (arrival.phone_mask[-4:], arrival.notice_version) == ("0077", actions.NOTICE_VERSION)
    assert arrival.created_by is None
    assert unseal(arrival, "address") == "古城路"
    assert AuditEvent.objects.filter(verb="arrival.registered").count() == 1
    accepted = AuditEvent.objects.get(verb="notice.accepted", object_pk=str(arrival.pk))
    assert accepted.facts == {"version": actions.NOTICE_VERSION, "id_number_agreed": False}
    receipt = client.get(response.url)
    assert receipt.status_code == 200
    assert arrival.pk.hex[-5:].upper() in receipt.content.decode()


def test_the_id_number_is_asked_only_of_those_who_agreed(client, places, url):
    without = walk(client, url, pages(places)[:3])
    with_it = walk(client, url, [{"told": "on", "may_ask_id": "on"}, *pages(places)[1:3]])

    assert step_of(without) == "origin"
    assert step_of(with_it) == "id_number"


def test_without_having_read_the_notice_nothing_is_asked(client, url):
    response = walk(client, url, [{}])

    assert step_of(response) == "notice"
    assert list(response.context["form"].errors) == ["told"]


def test_no_step_can_be_skipped(client, places, url):
    jumped = client.post(url, {"step": "check", "answers": ""})
    half = walk(client, url, pages(places)[:3])
    sent = client.post(url, {"step": "check", "answers": answers_of(half)})

    assert step_of(jumped) == "notice"
    assert step_of(sent) == "origin"
    assert not Arrival.objects.exists()


@pytest.mark.parametrize(
    ("page", "data"),
    [
        ("name", {"full_name": "123"}),
        ("name", {"full_name": ""}),
        ("phone", {"phone": "12345"}),
        ("phone", {"phone": "19900000077 / 19900000078"}),
        ("community", {"community": "999999999"}),
    ],
)
def test_a_wrong_answer_is_said_where_it_stands_and_nothing_is_lost(client, places, url, page, data):
    order = ["notice", "name", "phone", "origin", "community"]
    before = pages(places)[: order.index(page)]

    response = walk(client, url, [*before, data])

    assert step_of(response) == page
    assert response.context["form"].errors
    kept = steps.unpack(answers_of(response), station=places["station"].pk, at=timezone.now())
    assert kept.get("told") is True


def id_number(born: str) -> str:
    """A right number of an invented person born that day (GB 11643)."""
    body = f"350982{born}002"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(digit) * weight for digit, weight in zip(body, weights, strict=True))
    return body + "10X98765432"[total % 11]


def test_an_id_number_is_whole_and_of_age_or_left_out(client, places, url):
    before = [{"told": "on", "may_ask_id": "on"}, *pages(places)[1:3]]
    child = f"{timezone.localdate().year - 10}0812"
    wrong = id_number("19850812")[:-1]

    def step_after(number):
        return step_of(walk(client, url, [*before, {"id_number": number}]))

    assert step_after(id_number("19850812")) == "origin"
    assert step_after("") == "origin"
    assert step_after(id_number(child)) == "id_number"
    assert step_after(wrong) == "id_number"


def test_answers_can_be_changed_from_the_last_page_and_come_back_to_it(client, places, url):
    check = walk(client, url, pages(places)[:-1])
    assert step_of(check) == "check"

    name = client.post(url, {"step": "check", "answers": answers_of(check), "go": "name"})
    assert name.context["form"].initial["full_name"] == "缪春花"
    back = client.post(url, {"step": "name", "answers": answers_of(name), "full_name": "缪春华"})

    assert step_of(back) == "check"
    assert "缪春华" in back.content.decode()
    assert "古城路" in back.content.decode()


def test_what_was_typed_stands_nowhere_readable(client, places, url):
    response = walk(client, url, pages(places)[:3])

    page = response.content.decode()
    assert "缪春花" not in page
    assert "19900000077" not in page


def test_a_code_that_was_not_signed_here_opens_nothing(client, station):
    for token in ("x", "a.b.c", sign("card", {"s": station.pk}), sign("report", {"s": 10**9})):
        response = client.get(reverse("portal:arrive", args=[token]))
        assert response.status_code == 404


def test_answers_of_another_station_or_of_yesterday_are_forgotten(places):
    now = timezone.now()
    word = steps.pack({"told": True}, station=1, at=now)

    assert steps.unpack(word, station=1, at=now) == {"told": True}
    assert steps.unpack(word, station=2, at=now) == {}
    assert steps.unpack(word, station=1, at=now + steps.GOOD_FOR) == {}
    assert steps.unpack("nonsense", station=1, at=now) == {}


def test_the_same_person_reporting_again_is_one_arrival(station):
    now = timezone.now()
    first = actions.report(station, ANSWERS, at=now)
    again = actions.report(station, ANSWERS, at=now + timedelta(hours=1))
    later = actions.report(station, ANSWERS, at=now + timedelta(days=2))
    other = actions.report(station, {**ANSWERS, "phone": "19900000078"}, at=now)

    assert again == first
    assert len({first.pk, later.pk, other.pk}) == 3


def test_a_form_sent_twice_has_one_effect(client, places, url):
    check = walk(client, url, pages(places)[:-1])
    key = re.search(r'name="idem" value="([^"]*)"', check.content.decode())[1]
    data = {"step": "check", "answers": answers_of(check), "idem": key}

    first, second = client.post(url, data), client.post(url, data)

    assert first.headers["Location"] == second.headers["Location"]
    assert Arrival.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_sendings_at_once_are_one_arrival(transactional_db):
    station = Station.objects.get(unit=make.tree()["station"])
    gate, problems = threading.Barrier(3), []

    def send():
        gate.wait()
        try:
            actions.report(station, ANSWERS, at=timezone.now())
        except Exception as problem:
            problems.append(problem)
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _n in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert problems == []
    assert Arrival.objects.count() == 1


# --- how often ------------------------------------------------------------------------------------


def test_a_door_opens_only_so_often_and_fills_again(db):
    door, now = Door("test", size=3, seconds=10), timezone.now()

    assert [admit(door, "10.0.0.1", at=now) for _n in range(4)] == [True, True, True, False]
    assert admit(door, "10.0.0.2", at=now)
    assert not admit(door, "10.0.0.1", at=now + timedelta(seconds=5))
    assert admit(door, "10.0.0.1", at=now + timedelta(seconds=15))
    assert not Bucket.objects.filter(key__contains="10.0.0").exists()


def test_old_buckets_are_forgotten(db):
    now = timezone.now()
    admit(REPORT, "10.0.0.1", at=now - timedelta(days=2))
    admit(REPORT, "10.0.0.2", at=now)

    assert forget(now) == 1
    assert Bucket.objects.count() == 1


def test_too_many_reports_from_one_address_wait(client, places, url, monkeypatch):
    monkeypatch.setattr("waystation.portal.throttle.REPORT", Door("report", size=1, seconds=60))
    first = walk(client, url, pages(places))
    others = pages(places, phone={"phone": "19900000078"})

    second = walk(client, url, others)

    assert (first.status_code, second.status_code) == (302, 429)
    assert second.headers["Retry-After"] == "60"
    assert Arrival.objects.count() == 1
