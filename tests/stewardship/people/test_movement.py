"""How far and to what kind of place a member moved: told by the tree, else chosen; never both."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from tests import make
from waystation.kernel.models import AuditEvent
from waystation.stations.sites.models import Station
from waystation.stewardship.people.actions import (
    Confirmation,
    NotPending,
    cancel_departure,
    describe_move,
    open_stay,
    transfer_stay,
)
from waystation.stewardship.people.models import Departure, Person
from waystation.stewardship.people.queries import departures_by, movement, people_by
from waystation.stewardship.people.views.exports import P, Reach

pytestmark = pytest.mark.django_db
NEW = "people:departure-new"
CORRECT = "people:departure-correct"


@pytest.mark.parametrize(
    ("station", "destination", "chosen", "told"),
    [
        ("station", None, "", "county"),
        ("beside station", None, "", "city"),
        (None, "community", "", "county"),
        (None, "beside community", "", "city"),
        (None, "city", "", ""),  # the city alone does not tell the county
        ("beside station", "community", "", "city"),  # where one reports says it more surely than words
        (None, None, "beyond", "beyond"),
        (None, None, "province", "province"),
        (None, None, "", ""),
        ("station", None, "beyond", "county"),
        (None, "community", "beyond", "county"),
    ],
)
def test_the_tree_tells_the_range_where_it_can_and_else_whoever_registered(tree, station, destination, chosen, told):
    row = make.departure(
        tree["branch"], tree.get(station), destination=tree.get(destination), range_chosen=chosen
    )  # fmt: skip

    assert movement.range_of(row) == told
    assert row.range_chosen in ("", told)


def test_a_station_stands_where_its_host_town_lies(tree):
    Station.objects.filter(pk=tree["station"].pk).update(host_town=tree["beside seat"])

    assert movement.range_of(make.departure(tree["branch"], tree["station"])) == "city"


def test_of_an_arrival_whose_origin_is_unknown_nobody_knows_it(tree):
    known = make.arrival(tree["beside station"], tree["branch"], "陈丽")
    unknown = make.arrival(tree["station"], None, "雷建国")

    assert movement.ranges_of([known, unknown]) == {known.pk: "city", unknown.pk: ""}


def test_ranges_of_many_take_one_question(tree, django_assert_num_queries):
    for name in ("陈丽", "雷建国", "蓝凤娇"):
        make.departure(tree["branch"], tree["station"], name)
    rows = list(Departure.objects.select_related("station", "destination"))

    with django_assert_num_queries(1):
        movement.with_ranges(rows)
    assert {row.range_words for row in rows} == {"县（市、区）内"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"place_kind": "factory"},
        {"range_chosen": "abroad"},
        {"range_chosen": "beyond", "station": "station"},
        {"range_chosen": "county", "destination": "community"},
    ],
)
def test_the_database_keeps_no_other_words_and_no_second_range(tree, wrong):
    row = make.departure(tree["branch"])
    values = {name: tree[value] if name in ("station", "destination") else value for name, value in wrong.items()}

    with pytest.raises(IntegrityError), transaction.atomic():
        Departure.objects.filter(pk=row.pk).update(**values)


def test_a_chosen_range_gives_way_to_the_station_that_takes_the_member_in(tree):
    row = make.departure(tree["branch"], None, "陈丽", range_chosen="province")

    stay = open_stay(
        row, make.arrival(tree["beside station"], tree["branch"], "陈丽"),
        origin=Confirmation(make.user(), make.NOON), station=Confirmation(make.user(), make.NOON),
        by=None, at=make.NOON,
    )  # fmt: skip
    row.refresh_from_db()
    assert (row.range_chosen, movement.range_of(row)) == ("", "city")

    transfer_stay(
        stay, station=tree["station"], destination=None, on=stay.starts_on, by=make.user(), at=make.NOON
    )  # fmt: skip
    row.refresh_from_db()
    assert movement.range_of(row) == "county"


# --- the desk form --------------------------------------------------------------------------------


def send(client, **more):
    given = {"full_name": "缪春花", "origin": "点头镇过笕党支部", "where": "outside", "left": "2026-02-09"}
    return client.post(reverse(NEW), given | more)


def test_the_origin_says_kind_and_range(client, tree, signed_in):
    signed_in("branch_secretary", tree["branch"])

    send(client, destination_text="上海市", place_kind="self_employed", range_chosen="beyond")

    row = Departure.objects.get()
    html = client.get(reverse("people:departure", args=[row.pk])).content.decode()
    assert (row.place_kind, row.range_chosen, row.state) == ("self_employed", "beyond", "departed")
    assert ("个体工商户" in html, "跨省" in html) == (True, True)
    assert "跨省 · 个体工商户" in client.get(reverse("people:departure-list")).content.decode()
    signed_in("county_organiser", tree["county"])
    moves = client.get(reverse("people:file-section", args=[row.person_id, "moves"])).content.decode()
    assert "跨省 · 个体工商户" in moves


def test_both_are_optional(client, tree, signed_in):
    signed_in("branch_secretary", tree["branch"])

    send(client, destination_text="上海市")

    row = Departure.objects.get()
    assert (row.place_kind, row.range_chosen) == ("", "")


def test_a_range_against_the_places_is_refused_at_its_field(client, tree, signed_in):
    signed_in("branch_secretary", tree["branch"])

    response = send(client, where=str(tree["station"].pk), range_chosen="beyond")

    form = response.context["form"]
    assert (list(form.errors), form.errors["range_chosen"]) == (
        ["range_chosen"], ["按所填地点，流动范围应为：县（市、区）内。"],
    )  # fmt: skip
    send(client, where=str(tree["station"].pk), range_chosen="county")
    assert Departure.objects.get().range_chosen == ""


# --- correcting -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "where", "status"),
    [
        ("branch_secretary", "branch", 200),
        ("township_organiser", "town", 200),
        ("county_organiser", "county", 200),
        ("branch_secretary", "other branch", 404),
        ("station_officer", "station", 403),
        ("city_organiser", "city", 403),
    ],
)
def test_who_may_correct_the_movement(client, tree, signed_in, role, where, status):
    row = make.departure(tree["branch"], tree["station"])
    signed_in(role, tree[where])

    assert client.get(reverse(CORRECT, args=[row.pk])).status_code == status


def test_kind_and_range_are_said_anew_with_what_they_were(client, tree, signed_in):
    row = make.departure(tree["branch"], place_kind="public", range_chosen="province")
    signed_in("branch_secretary", tree["branch"])

    page = client.get(reverse(CORRECT, args=[row.pk]))
    client.post(reverse(CORRECT, args=[row.pk]), {"place_kind": "private", "range_chosen": "beyond"})

    row.refresh_from_db()
    event = AuditEvent.objects.get(verb="departure.described")
    assert page.context["form"].initial == {"place_kind": "public", "range_chosen": "province"}
    assert (row.place_kind, row.range_chosen) == ("private", "beyond")
    assert event.facts["changes"] == {"place_kind": ["public", "private"], "range_chosen": ["province", "beyond"]}


def test_where_the_tree_tells_the_range_it_is_not_asked_for(client, tree, signed_in):
    row = make.departure(tree["branch"], tree["station"])
    signed_in("branch_secretary", tree["branch"])

    assert list(client.get(reverse(CORRECT, args=[row.pk])).context["form"].fields) == ["place_kind"]
    client.post(reverse(CORRECT, args=[row.pk]), {"place_kind": "urban", "range_chosen": "beyond"})
    row.refresh_from_db()
    assert (row.place_kind, row.range_chosen) == ("urban", "")


def test_a_closed_departure_is_not_described_anew(client, tree, signed_in):
    row = make.departure(tree["branch"], tree["station"])
    cancel_departure(row, reason="未成行", by=None, at=make.NOON)
    signed_in("branch_secretary", tree["branch"])

    with pytest.raises(NotPending):
        describe_move(row, place_kind="urban", range_chosen="", by=None, at=make.NOON)
    response = client.post(reverse(CORRECT, args=[row.pk]), {"place_kind": "urban"})
    row.refresh_from_db()
    assert (response.status_code, row.place_kind) == (302, "")


def test_saying_the_same_again_leaves_no_trace(tree):
    row = make.departure(tree["branch"], place_kind="urban")

    describe_move(row, place_kind="urban", range_chosen="", by=None, at=make.NOON)

    assert not AuditEvent.objects.filter(verb="departure.described").exists()


# --- filters --------------------------------------------------------------------------------------


def test_registers_and_lists_of_people_are_filtered_by_the_kind(client, tree, signed_in):
    make.departure(tree["branch"], None, "陈丽", place_kind="urban")
    make.departure(tree["branch"], tree["station"], "雷建国", place_kind="village")
    over = make.departure(tree["branch"], tree["station"], "蓝凤娇", place_kind="urban")
    cancel_departure(over, reason="未成行", by=None, at=make.NOON)
    reach = Reach.of(signed_in("county_organiser", tree["county"]), P.PERSON_VIEW)

    filters = {"place_kind": "urban"}

    assert sorted(row.full_name for row in departures_by(filters, reach)) == ["蓝凤娇", "陈丽"]
    assert [row.full_name for row in people_by(filters, reach)] == ["陈丽"]
    page = client.get(reverse("people:list"), filters)
    assert [row.person.full_name for row in page.context["rows"]] == ["陈丽"]
    assert Person.objects.count() == 3
