"""Pages of grids: who comes in, and what they do."""

import pytest
from django.urls import reverse
from django.utils import timezone

from tests import places as make
from waystation.organizations.access import Reach
from waystation.organizations.models import Mandate
from waystation.organizations.permissions import Permission
from waystation.stewardship.grids.actions import assign, set_leader
from waystation.stewardship.grids.models import Grid, GridAssignment
from waystation.stewardship.people.models import Person
from waystation.stewardship.people.queries import sight, timeline

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("role", "where", "status"),
    [
        ("station_head", "station", 200),
        ("station_officer", "station", 200),
        ("county_organiser", "county", 200),
        ("city_organiser", "city", 200),
        ("station_head", "beside", 404),
        ("county_organiser", "beside county", 404),
        ("branch_secretary", "branch", 403),
        ("destination_contact", "community", 403),
    ],
)
def test_who_may_open_a_grid(client, places, enter, role, where, status):
    grid = make.grid(places["station"])
    enter(role, places[where])

    assert client.get(reverse("grids:grid", args=[grid.pk])).status_code == status


def test_a_leader_opens_the_own_grid_alone_and_lands_on_it(client, places):
    grid, beside = make.grid(places["station"]), make.grid(places["station"])
    leader = make.user()
    set_leader(grid, user=leader, starts_on=timezone.localdate(), by=None, at=timezone.now())
    client.force_login(leader)

    assert client.get(reverse("grids:list")).url == reverse("grids:grid", args=[grid.pk])
    assert client.get(reverse("grids:grid", args=[beside.pk])).status_code == 404
    assert client.get(reverse("grids:proposals")).status_code == 403


def test_a_leader_whose_term_ended_sees_nothing_at_the_next_click(client, places):
    grid, leader = make.grid(places["station"]), make.user()
    mandate = set_leader(grid, user=leader, starts_on=timezone.localdate(), by=None, at=timezone.now())
    client.force_login(leader)
    assert client.get(reverse("grids:grid", args=[grid.pk])).status_code == 200

    Mandate.objects.filter(pk=mandate.pk).update(ends_on=timezone.localdate())

    assert client.get(reverse("grids:grid", args=[grid.pk])).status_code == 403


def test_the_list_marks_vacant_grids_and_filters_them(client, places, enter):
    led, vacant = make.grid(places["station"]), make.grid(places["station"])
    make.grid(places["beside"])
    leader = make.user(name="蓝凤娇")
    set_leader(led, user=leader, starts_on=timezone.localdate(), by=None, at=timezone.now())
    enter("station_head", places["station"])

    rows = client.get(reverse("grids:list")).context["page"].object_list
    only = client.get(reverse("grids:list"), {"vacant": "on"}).context["page"].object_list

    assert [(g.pk, g.is_vacant, g.leader_name) for g in rows] == [
        (led.pk, False, "蓝凤娇"),
        (vacant.pk, True, None),
    ]
    assert list(only) == [vacant]


def test_a_head_makes_edits_and_closes_a_grid(client, places, enter):
    enter("station_head", places["station"])
    data = {"name": "第1网格", "code": "01", "area": "溪西", "communities": [places["community"].pk]}

    client.post(reverse("grids:new"), data)
    grid = Grid.objects.get(code="01")
    client.post(reverse("grids:edit", args=[grid.pk]), {**data, "name": "溪西网格", "communities": []})

    grid = Grid.objects.get(pk=grid.pk)
    assert (grid.unit.name, grid.station) == ("溪西网格", places["station"])
    assert not grid.communities.exists()
    client.post(reverse("grids:close", args=[grid.pk]))
    page = client.get(reverse("grids:grid", args=[grid.pk]))
    assert (page.status_code, page.context["may_manage"]) == (200, False)
    assert client.get(reverse("grids:edit", args=[grid.pk])).status_code == 404


def test_a_taken_community_is_not_even_offered(client, places, enter):
    make.grid(places["station"], communities=[places["community"]])
    enter("station_head", places["station"])

    response = client.post(reverse("grids:new"), {"name": "二", "code": "02", "communities": [places["community"].pk]})

    offered = response.context["form"].fields["communities"].queryset
    assert list(offered) == [places["other community"]]
    assert list(response.context["form"].errors) == ["communities"]


def test_a_leader_is_named_from_the_station_or_by_sign_in_name(client, places, enter):
    grid = make.grid(places["station"])
    officer, outsider = make.user("station_officer", places["station"]), make.user()
    enter("station_head", places["station"])
    url, day = reverse("grids:leader", args=[grid.pk]), f"{timezone.localdate()}"

    client.post(url, {"known": str(officer.pk), "username": "", "starts_on": day})
    client.post(url, {"known": "", "username": outsider.username, "starts_on": day})
    both = client.post(url, {"known": str(officer.pk), "username": outsider.username, "starts_on": day})
    nobody = client.post(url, {"known": "", "username": "nobody", "starts_on": day})

    held = Mandate.objects.in_force(timezone.localdate()).filter(unit=grid.pk)
    assert [mandate.user for mandate in held] == [outsider]
    assert list(both.context["form"].errors) == ["known"]
    assert list(nobody.context["form"].errors) == ["username"]


def test_nobody_makes_themselves_leader_on_the_page(client, places, enter):
    grid, head = make.grid(places["station"]), enter("station_head", places["station"])

    response = client.post(
        reverse("grids:leader", args=[grid.pk]),
        {"known": "", "username": head.username, "starts_on": f"{timezone.localdate()}"},
    )

    assert list(response.context["form"].errors) == ["__all__"]


@pytest.mark.parametrize("choice", ["all", "one"])
def test_an_officer_accepts_the_proposals(client, places, enter, choice):
    grid = make.grid(places["station"], communities=[places["community"]])
    near = make.stay(places, "钟阿妹")
    far = make.stay(places, "雷石生", community="other community")
    beside = make.stay(places, "蓝木兰", station="beside", community="beside community", origin="beside branch")
    enter("station_officer", places["station"])

    page = client.get(reverse("grids:proposals"))
    assert (page.context["all"], page.context["proposed"]) == (2, 1)
    data = {"all": "1"} if choice == "all" else {"pk": [near.pk, beside.pk, "nonsense"]}
    shown = client.post(reverse("grids:accept"), data)
    assert (shown.context["people"], near.grid_assignments.count()) == (1, 0)
    client.post(reverse("grids:accept"), {**data, "confirmed": "1"})

    assert [row.stay for row in GridAssignment.objects.all()] == [near]
    assert Person.objects.get(pk=near.person_id).stay_path == grid.unit.path
    assert client.get(reverse("grids:proposals"), {"by": "hand"}).context["page"].rows == [far]


def test_the_rest_is_placed_by_hand_and_moved_again(client, places, enter):
    one, two = make.grid(places["station"]), make.grid(places["station"])
    other = make.grid(places["beside"])
    stay = make.stay(places, "雷石生")
    enter("station_officer", places["station"])

    unchosen = client.post(reverse("grids:assign"), {"pk": [stay.pk]})
    client.post(reverse("grids:assign"), {"pk": [stay.pk], "grid": one.pk, "by": "hand"})
    beside = client.post(reverse("grids:assign"), {"pk": [stay.pk], "grid": other.pk})
    assert (unchosen.status_code, beside.status_code) == (302, 404)
    assert stay.grid_assignments.get(ends_on=None).grid == one

    move = reverse("grids:move", args=[one.pk])
    client.post(move, {"pk": [stay.person_id], "grid": two.pk})
    assert stay.grid_assignments.get(ends_on=None).grid == two
    client.post(reverse("grids:move", args=[two.pk]), {"pk": [stay.person_id], "grid": ""})
    assert not stay.grid_assignments.filter(ends_on=None).exists()


def test_a_station_out_of_reach_has_no_proposals(client, places, enter):
    enter("station_officer", places["station"])

    for station in (places["beside"].pk, "x"):
        url = f"{reverse('grids:proposals')}?station={station}"
        assert client.get(url).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_the_same_questions_for_one_and_three_grids(
    client, places, enter, rows, django_assert_num_queries
):
    for _n in range(rows):
        make.grid(places["station"])
    enter("station_head", places["station"])
    client.get(reverse("grids:list"))

    with django_assert_num_queries(8):
        client.get(reverse("grids:list"))


def test_the_time_line_of_a_member_tells_the_grid(places):
    grid, stay = make.grid(places["station"], name="第3网格"), make.stay(places)
    assign(stay, grid, by=None, at=timezone.now())
    officer = make.user("station_officer", places["station"])
    seen = sight(officer, stay.person, Reach.of(officer, Permission.PERSON_VIEW))

    story = timeline.timeline(Person.objects.get(pk=stay.person_id), seen)

    assert [entry.about for entry in story.entries if entry.about.startswith("grid:")] == [
        f"grid:{stay.grid_assignments.get().pk}"
    ]
