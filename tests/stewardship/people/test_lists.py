"""The list of people: reach, filters, pages, and a constant number of queries."""

import uuid
from datetime import timedelta

import pytest
from django.http import QueryDict
from django.urls import reverse

from tests import make
from waystation.kernel import counting
from waystation.kernel.paging import page_of
from waystation.organizations.access import Reach
from waystation.organizations.permissions import Permission
from waystation.stewardship.people import actions, queries
from waystation.stewardship.people.models import Departure, Person
from waystation.stewardship.people.queries import Status

LIST = "people:list"


def names(response):
    return [row.person.full_name for row in response.context["rows"]]


@pytest.fixture
def crowd(tree):
    """One in care, one awaited, one away, one returned, one only on file, and one of beside."""
    make.stay(
        tree["branch"], tree["station"], "陈丽", destination=tree["community"], grid=tree["grid"],
        trade="餐饮服务", sex="female", phone="13959396624",
    )  # fmt: skip
    make.departure(tree["other branch"], tree["station"], "雷建国", sex="male", phone="13959391111")
    make.departure(tree["branch"], None, "蓝凤娇", destination_text="上海市")
    back = make.departure(tree["branch"], tree["station"], "钟德福")
    actions.return_home(back, on=make.NOON.date(), by=None, at=make.NOON)
    make.person(tree["branch"], "王小明", member_kind="probationary")
    make.stay(tree["beside branch"], tree["beside station"], "林大山")


@pytest.mark.parametrize(
    ("role", "where", "seen"),
    [
        ("city_organiser", "city", "林大山 王小明 蓝凤娇 钟德福 陈丽 雷建国"),
        ("county_organiser", "county", "王小明 蓝凤娇 钟德福 陈丽 雷建国"),
        ("branch_secretary", "branch", "王小明 蓝凤娇 钟德福 陈丽"),
        ("branch_secretary", "other branch", "雷建国"),
        ("station_officer", "station", "陈丽"),
        ("grid_leader", "grid", "陈丽"),
        ("grid_leader", "other grid", ""),
        ("destination_contact", "community", "陈丽"),
        ("destination_contact", "other community", ""),
        ("county_organiser", "beside county", "林大山"),
    ],
)
def test_the_list_holds_who_is_in_reach(client, tree, crowd, signed_in, role, where, seen):
    signed_in(role, tree[where])

    assert sorted(names(client.get(reverse(LIST)))) == sorted(seen.split())


def test_who_has_no_part_in_people_is_refused(client, tree, signed_in):
    signed_in("security_admin", tree["city"])

    assert client.get(reverse(LIST)).status_code == 403


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("status=transferred", ""),
        ("status=care", "陈丽"),
        ("status=waiting", "雷建国"),
        ("status=away", "蓝凤娇"),
        ("status=returned", "钟德福"),
        ("status=file", "王小明"),
        ("sex=male", "雷建国"),
        ("member_kind=probationary", "王小明"),
        ("trade=餐饮", "陈丽"),
        ("origin=柏柳党支部", "雷建国"),
        ("origin=点头镇过笕党支部", "王小明 蓝凤娇 钟德福 陈丽"),
        ("origin=点头镇", "王小明 蓝凤娇 钟德福 陈丽 雷建国"),
        ("community=富民", "陈丽"),
        ("q=雷", "雷建国"),
        ("q=建国", "雷建国"),
        ("status=care&sex=male", ""),
        ("status=nonsense&unknown=1", "王小明 蓝凤娇 钟德福 陈丽 雷建国"),
        ("sex=female&sex=male", "雷建国"),
    ],
)
def test_filters(client, tree, crowd, signed_in, query, found):
    signed_in("county_organiser", tree["county"])

    response = client.get(f"{reverse(LIST)}?{query}")

    assert sorted(names(response)) == sorted(found.split())


def test_the_grid_filter_follows_the_path(client, tree, crowd, signed_in):
    signed_in("county_organiser", tree["county"])
    by = {key: client.get(f"{reverse(LIST)}?grid={tree[key].pk}") for key in ("station", "grid", "other grid")}

    assert {key: names(response) for key, response in by.items()} == {
        "station": ["陈丽"],
        "grid": ["陈丽"],
        "other grid": [],
    }


def test_a_unit_outside_the_reach_is_not_a_filter(client, tree, crowd, signed_in):
    signed_in("branch_secretary", tree["branch"])

    response = client.get(f"{reverse(LIST)}?community={tree['beside community'].pk}")
    assert response.context["form"].errors["community"]

    # Of the origin only the rows are limited: a station asks for members from anywhere.
    response = client.get(f"{reverse(LIST)}?origin={tree['beside branch'].pk}")
    assert (response.context["form"].errors, response.context["rows"]) == ({}, [])


def test_a_destination_contact_finds_no_phone_in_the_list(client, tree, crowd, signed_in):
    signed_in("destination_contact", tree["community"])

    html = client.get(reverse(LIST)).content.decode()

    assert ("陈丽" in html, "139****6624" in html, "****" in html) == (True, False, False)


def test_who_cares_finds_masked_phones(client, tree, crowd, signed_in):
    signed_in("station_officer", tree["station"])

    html = client.get(reverse(LIST)).content.decode()

    assert ("139****6624" in html, "13959396624" in html) == (True, False)


@pytest.mark.parametrize("role_and_place", [("county_organiser", "county"), ("branch_secretary", "branch")])
@pytest.mark.parametrize(
    ("url_name", "make_one"),
    [
        ("people:list", lambda tree, name: make.stay(tree["branch"], tree["station"], name, grid=tree["grid"])),
        ("people:departure-list", lambda tree, name: make.departure(tree["branch"], tree["station"], name)),
    ],
)
def test_one_row_and_three_rows_cost_the_same_queries(
    client, tree, signed_in, django_assert_max_num_queries, url_name, make_one, role_and_place
):
    role, place = role_and_place
    signed_in(role, tree[place])
    make_one(tree, "陈丽")
    client.get(reverse(url_name))
    with django_assert_max_num_queries(12) as one:
        assert client.get(reverse(url_name)).status_code == 200
    make_one(tree, "雷建国")
    make_one(tree, "蓝凤娇")
    with django_assert_max_num_queries(12) as three:
        assert client.get(reverse(url_name)).status_code == 200

    assert len(one) == len(three)


def test_one_arrival_and_three_cost_the_same_queries(client, tree, signed_in, django_assert_max_num_queries):
    signed_in("station_officer", tree["station"])
    address = reverse("people:arrival-list")
    make.arrival(tree["station"], tree["branch"], "陈丽")
    client.get(address)
    with django_assert_max_num_queries(12) as one:
        client.get(address)
    make.arrival(tree["station"], tree["branch"], "雷建国")
    make.arrival(tree["station"], None, "蓝凤娇")
    with django_assert_max_num_queries(12) as three:
        client.get(address)

    assert len(one) == len(three)


# --- pages ----------------------------------------------------------------------------------------


def county_reach(tree):
    return Reach.of(make.user("county_organiser", tree["county"]), Permission.PERSON_VIEW)


def walk(found, *, by, size, newest_first=False):
    """Forward through every page and back again: the names of each page."""
    params, forward, back = QueryDict(f"size={size}"), [], []
    while True:
        page = page_of(found, params, by=by, newest_first=newest_first)
        forward.append([row.full_name for row in page])
        if not page.next:
            break
        params = QueryDict(page.next[1:])
    while True:
        back.append([row.full_name for row in page])
        if not page.previous:
            break
        page = page_of(found, QueryDict(page.previous[1:]), by=by, newest_first=newest_first)
    return forward, back


def test_pages_lead_through_every_row_once_forward_and_back(tree):
    for name in ("王杰", "王杰", "王杰", "陈丽", "雷建国", "蓝凤娇", "钟德福"):
        make.person(tree["branch"], name)
    found = Person.objects.living().within(county_reach(tree))

    forward, back = walk(found, by="name_key", size=2)

    expected = list(found.order_by("name_key", "pk").values_list("full_name", flat=True))
    assert [name for page in forward for name in page] == expected
    assert [len(page) for page in forward] == [2, 2, 2, 1]
    # Backwards the pages are cut from the end, so only the whole walk can be compared.
    assert [name for page in reversed(back) for name in page] == expected


def test_newest_first_goes_by_the_id(tree):
    for name in ("陈丽", "雷建国", "蓝凤娇"):
        make.departure(tree["branch"], tree["station"], name)

    forward, back = walk(Departure.objects.all(), by="", size=2, newest_first=True)

    assert forward == [["蓝凤娇", "雷建国"], ["陈丽"]]
    assert [name for page in reversed(back) for name in page] == ["蓝凤娇", "雷建国", "陈丽"]


@pytest.mark.parametrize(("asked", "size"), [("", 25), ("50", 50), ("5000", 200), ("-3", 1), ("x", 25), ("1e3", 25)])
def test_the_page_size_is_clamped(tree, asked, size):
    page = page_of(Person.objects.all(), QueryDict(f"size={asked}"), by="name_key")

    assert page.size == size


def test_a_nonsensical_place_in_the_list_is_its_start(tree):
    make.person(tree["branch"], "陈丽")
    for place in ("x", str(uuid.uuid4()), "1"):
        page = page_of(Person.objects.all(), QueryDict(f"after={place}"), by="name_key")
        assert [row.full_name for row in page] == ["陈丽"]


def test_many_rows_are_not_counted_to_the_end(tree, monkeypatch):
    monkeypatch.setattr(counting, "COUNTED", 2)
    for name in ("陈丽", "雷建国", "蓝凤娇"):
        make.person(tree["branch"], name)

    page = page_of(Person.objects.all(), QueryDict("size=2"), by="name_key")

    assert (page.total, page.at_least, len(page)) == (None, 2, 2)


def test_no_name_stands_in_the_address_of_a_page(tree):
    for name in ("陈丽", "雷建国"):
        make.person(tree["branch"], name)
    page = page_of(Person.objects.all(), QueryDict("size=1"), by="name_key")

    first = page.rows[0]
    assert page.next == f"?size=1&after={first.pk}"


def test_suggestions_name_branches_with_their_town(client, tree, signed_in):
    signed_in("branch_secretary", tree["branch"])
    address = reverse("people:unit-options")

    def offered(text, kind="branch"):
        html = client.get(address, {"kind": kind, "of": "origin", "origin": text}).content.decode()
        return sorted(part.split('"')[1] for part in html.split("<option ")[1:])

    assert offered("过笕") == ["点头镇过笕党支部"]
    assert offered("点头镇柏") == ["点头镇柏柳党支部"]
    assert offered("点头") == ["点头镇柏柳党支部", "点头镇过笕党支部"]
    assert offered("富民", "community") == ["桐山街道富民社区居委会"]
    assert offered("") == []


@pytest.mark.parametrize(
    ("role", "place"), [("county_organiser", "county"), ("station_officer", "station"), ("branch_secretary", "branch")]
)
@pytest.mark.parametrize("status", ["", "care"])
def test_the_pieces_of_a_list_are_the_list_and_share_nobody(tree, role, place, status):
    for number, name in enumerate(("王杰", "李小明", "钟阿妹", "雷石生")):
        if number % 2:
            make.stay(tree["branch"], tree["station"], name)
        else:
            make.person(tree["branch"], name)
    make.stay(tree["beside branch"], tree["station"], "蓝木兰")
    reach = Reach.of(make.user(role, tree[place]), Permission.PERSON_VIEW)
    filters = {"status": status} if status else {}

    counted = [person.pk for piece in queries.people_pieces(filters, reach) for person in piece]
    listed = [person.pk for person in queries.people_by(filters, reach)]
    assert len(counted) == len(set(counted))
    assert set(counted) == set(listed) != set()


@pytest.mark.parametrize("last", ["returned", "transferred"])
def test_how_the_last_departure_ended_is_where_the_person_stands(client, tree, signed_in, last):
    signed_in("county_organiser", tree["county"])
    ends = {"returned": actions.return_home, "transferred": actions.close_transferred}
    person = None
    for days, state in enumerate(sorted(ends, key=lambda state: state == last)):
        gone = make.departure(tree["branch"], None, "钟德福", person=person)
        person = gone.person
        ends[state](gone, on=make.NOON.date(), by=None, at=make.NOON + timedelta(days=days))

    for state in ends:
        found = client.get(reverse(LIST), {"status": state})
        assert names(found) == (["钟德福"] if state == last else [])
    assert names(client.get(reverse(LIST), {"status": "file"})) == []
    (row,) = client.get(reverse(LIST)).context["rows"]
    assert row.status == last
    page = client.get(reverse("people:file", args=[person.pk])).content.decode()
    assert str(Status(last).label) in page
