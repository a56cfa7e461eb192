"""Arrivals at the desk of the station: register, list, refuse."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tests import make
from waystation.stewardship.people.models import Arrival, Person

NEW, LIST = "people:arrival-new", "people:arrival-list"
OK = 302


@pytest.fixture
def officer(tree, signed_in):
    return signed_in("station_officer", tree["station"])


def words(tree, **more):
    return {
        "full_name": "缪春花",
        "station": str(tree["station"].pk),
        "home_text": "点头镇过笕党支部",
        "destination_text": "桐山街道富民社区",
        "phone": "13959396624",
        "trade": "餐饮服务",
        "volunteers": "true",
        **more,
    }


def send(client, tree, **more):
    return client.post(reverse(NEW), words(tree, **more))


def test_an_arrival_is_a_claim_and_opens_no_file(client, tree, officer):
    response = send(client, tree, address="镇边路78号", hardship="母亲住院", arrived="2026-09")

    row = Arrival.objects.get()
    assert response.headers["Location"] == reverse("people:arrival", args=[row.pk])
    assert (row.state, row.channel, row.person, row.created_by) == ("pending", "desk", None, officer)
    assert (row.station, row.home, row.destination) == (
        tree["station"], tree["branch"], tree["community"],
    )  # fmt: skip
    assert (row.volunteers, row.arrived, row.trade) == (True, "2026-09", "餐饮服务")
    assert Person.objects.count() == 0


def test_words_that_name_no_unit_are_kept_as_words(client, tree, officer):
    send(client, tree, home_text="浙江省苍南县某村", destination_text="城南出租屋")

    row = Arrival.objects.get()
    assert (row.home, row.home_text, row.destination_text) == (None, "浙江省苍南县某村", "城南出租屋")


def test_the_same_phone_in_the_register_is_pointed_out_once(client, tree, officer):
    twin = make.arrival(tree["station"], tree["branch"], "缪春华", phone="13959396624")

    first = send(client, tree)
    second = send(client, tree, checked="on")

    assert (first.status_code, first.context["form"].twins) == (200, [twin])
    assert (second.status_code, Arrival.objects.count()) == (OK, 2)


def test_somebody_in_care_is_pointed_out(client, tree, officer):
    stay = make.stay(tree["branch"], tree["station"], "缪春花", phone="13959396624")

    response = send(client, tree)

    assert [like.person for like in response.context["form"].in_care] == [stay.person]


def test_a_member_whom_the_origin_has_sent_is_expected_and_no_duplicate(client, tree, officer):
    make.departure(tree["branch"], tree["station"], "缪春花", phone="13959396624")

    assert send(client, tree).status_code == OK


def test_another_station_cannot_be_named(client, tree, officer):
    response = send(client, tree, station=str(tree["beside station"].pk))

    assert (response.status_code, Arrival.objects.count()) == (200, 0)


def test_the_next_member_starts_with_the_same_community(client, tree, officer):
    response = send(client, tree, next="1")

    form = client.get(response.headers["Location"]).context["form"]
    assert (form["destination_text"].value(), form["full_name"].value()) == ("桐山街道富民社区", None)


@pytest.mark.parametrize(
    ("role", "where", "status"),
    [
        ("station_officer", "station", 200),
        ("station_head", "station", 200),
        ("branch_secretary", "branch", 403),
        ("county_organiser", "county", 403),
        ("grid_leader", "grid", 403),
    ],
)
def test_who_may_register(client, tree, signed_in, role, where, status):
    signed_in(role, tree[where])

    assert client.get(reverse(NEW)).status_code == status


@pytest.mark.parametrize(
    ("role", "where", "status"),
    [
        ("station_officer", "station", 200),
        ("county_organiser", "county", 200),
        ("city_organiser", "city", 200),
        ("station_officer", "beside station", 404),
        ("county_organiser", "beside county", 404),
        ("branch_secretary", "branch", 403),
        ("destination_contact", "community", 403),
    ],
)
def test_who_may_see_an_arrival(client, tree, signed_in, role, where, status):
    row = make.arrival(tree["station"], tree["branch"])
    signed_in(role, tree[where])

    assert client.get(reverse("people:arrival", args=[row.pk])).status_code == status


@pytest.mark.parametrize(
    ("role", "where", "status"),
    [
        ("station_officer", "station", OK),
        ("station_officer", "beside station", 404),
        ("county_organiser", "county", 403),
        ("branch_secretary", "branch", 403),
    ],
)
def test_who_may_refuse(client, tree, signed_in, role, where, status):
    row = make.arrival(tree["station"], tree["branch"])
    signed_in(role, tree[where])

    response = client.post(reverse("people:arrival-refuse", args=[row.pk]), {"reason": "重复登记"})

    row.refresh_from_db()
    assert (response.status_code, row.state == "refused") == (status, status == OK)


def test_a_refusal_needs_a_reason(client, tree, officer):
    row = make.arrival(tree["station"], tree["branch"])

    response = client.post(reverse("people:arrival-refuse", args=[row.pk]), {"reason": ""})

    row.refresh_from_db()
    assert (response.status_code, row.state) == (200, "pending")


def test_arrivals_that_wait_longer_than_the_rule_are_marked_and_found(client, tree, officer):
    now = timezone.now()
    late = make.arrival(tree["station"], None, "陈丽", at=now - timedelta(days=8))
    make.arrival(tree["station"], None, "雷建国", at=now - timedelta(days=6))

    everybody = client.get(reverse(LIST))
    due = client.get(reverse(LIST), {"due": "on"})

    assert everybody.context["due"] == {late.pk}
    assert [row.full_name for row in due.context["page"]] == ["陈丽"]


@pytest.mark.parametrize(
    ("query", "names"),
    [("", "陈丽 雷建国"), ("channel=qr", "雷建国"), ("state=refused", ""), ("q=陈丽", "陈丽")],
)
def test_filters_of_the_register(client, tree, officer, query, names):
    make.arrival(tree["station"], None, "陈丽")
    make.arrival(tree["station"], None, "雷建国", channel="qr")
    make.arrival(tree["beside station"], None, "林大山")

    response = client.get(f"{reverse(LIST)}?{query}")

    assert sorted(row.full_name for row in response.context["page"]) == sorted(names.split())
