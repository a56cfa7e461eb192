"""Pages of drawn areas, terms, proposals with reasons, split and merge."""

import json
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from tests import places as make
from tests.stewardship.grids.test_areas import square
from waystation.kernel.sealing import seal
from waystation.stewardship.grids import actions, proposing, queries
from waystation.stewardship.grids.models import Grid, GridAssignment, GridSuccession
from waystation.stewardship.people.models import Person

NOON = make.NOON
pytestmark = pytest.mark.django_db
INSIDE = square(120.2, 27.32)  # in the outline of the county of the tests


def page(client, name, *args, **query):
    return client.get(reverse(f"grids:{name}", args=args), query)


@pytest.fixture
def head(places, enter):
    return enter("station_head", places["station"])


def test_an_area_is_pasted_or_uploaded_and_drawn_on_the_map(client, places, head):
    grid = make.grid(places["station"], code="01")
    url, data = reverse("grids:edit", args=[grid.pk]), {"name": "一", "code": "01", "area": ""}

    client.post(url, {**data, "drawn": json.dumps(INSIDE)})
    assert Grid.objects.get(pk=grid.pk).drawn == INSIDE
    moved = square(120.25, 27.32)
    client.post(url, {**data, "drawn_file": SimpleUploadedFile("a.geojson", json.dumps(moved).encode())})
    assert Grid.objects.get(pk=grid.pk).drawn == moved

    shown = page(client, "map", station=places["station"].pk)
    (shape,) = shown.context["chart"].shapes
    assert (shape.grid.pk, shape.tone) == (grid.pk, "is-vacant")
    assert shape.path.count("L") == 4
    assert b"<svg" in page(client, "edit", grid.pk).content


@pytest.mark.parametrize(
    "sent",
    [
        {"drawn": "nonsense"},
        {"drawn": json.dumps(square(119, 26))},
        {"drawn_file": b"\xff\xfe\x00"},
        {"drawn_file": b"{}"},
    ],
)
def test_a_wrong_area_is_told_at_its_field_and_nothing_is_lost(client, places, head, sent):
    grid = make.grid(places["station"], code="01")
    sent = {k: SimpleUploadedFile("a.json", v) if isinstance(v, bytes) else v for k, v in sent.items()}

    answer = client.post(reverse("grids:edit", args=[grid.pk]), {"name": "新名", "code": "01", "area": "", **sent})

    assert set(answer.context["form"].errors) <= {"drawn", "drawn_file"}
    assert answer.context["form"].errors
    assert "新名" in answer.content.decode()
    assert Grid.objects.get(pk=grid.pk).drawn is None


def test_the_map_shows_the_stations_in_reach_only_and_counts_its_members(client, places, enter):
    grid = make.grid(places["station"], code="01")
    actions.assign(make.stay(places), grid, by=None, at=NOON)
    enter("station_officer", places["station"])

    shown = page(client, "map")

    assert [(one.pk, one.members) for one in shown.context["grids"]] == [(grid.pk, 1)]
    assert page(client, "map", station=places["beside"].pk).status_code == 404
    enter("branch_secretary", places["branch"])
    assert page(client, "map").status_code == 403


@pytest.mark.parametrize("number", [1, 4])
def test_the_map_asks_the_same_questions_for_one_and_four_grids(
    client, places, head, number, django_assert_max_num_queries
):
    for n in range(number):
        make.grid(places["station"], code=f"{n}")
    page(client, "map")

    with django_assert_max_num_queries(12):
        page(client, "map")


def test_a_member_is_proposed_by_community_address_and_trade_in_this_order(client, places, head):
    near = make.grid(places["station"], code="01", name="近", communities=[places["community"]])
    street = make.grid(places["station"], code="02", name="街")
    trade = make.grid(places["station"], code="03", name="行")
    Grid.objects.filter(pk=street.pk).update(address_words="山河路、太康路")
    Grid.objects.filter(pk=trade.pk).update(trades="水产，茶叶")
    rows = {
        "甲": (make.stay(places, "甲", trade="茶叶经销"), near, "community"),
        "乙": (make.stay(places, "乙", community=None, trade="茶叶经销"), street, "address"),
        "丙": (make.stay(places, "丙", community=None, trade="茶叶经销"), trade, "trade"),
        "丁": (make.stay(places, "丁", community=None), None, "hand"),
    }
    lives = Person.objects.get(pk=rows["乙"][0].person_id)
    seal(lives, "address", "太康路8号")
    lives.save(update_fields=["address"])

    for name, (stay, grid, way) in rows.items():
        (found,) = page(client, "proposals", by=way).context["page"].rows
        assert found == stay, name
        assert (found.proposal.grid if found.proposal else None) == grid
    assert "太康路" in page(client, "proposals", by="address").content.decode()
    assert "8号" not in page(client, "proposals", by="address").content.decode()
    assert proposing.Proposer(places["station"]).counts() == {"community": 1, "address": 1, "trade": 1, "hand": 1}

    client.post(reverse("grids:accept"), {"all": "1", "by": "trade", "confirmed": "1"})
    assert GridAssignment.objects.get().stay == rows["丙"][0]
    client.post(reverse("grids:accept"), {"all": "1", "confirmed": "1"})
    held = dict(GridAssignment.objects.values_list("stay", "grid"))
    assert held == {stay.pk: grid.pk for stay, grid, _way in rows.values() if grid}


def test_all_that_the_filters_show_and_nobody_else_is_put_into_a_grid(client, places, head):
    grid = make.grid(places["station"], code="01")
    cook = make.stay(places, "甲", community=None, trade="餐饮服务")
    make.stay(places, "乙", community=None, trade="茶叶经销")
    sent = {"all": "1", "grid": grid.pk, "filters": "trade=餐饮"}

    assert list(page(client, "proposals", trade="餐饮").context["page"].rows) == [cook]
    client.post(reverse("grids:assign"), sent)
    assert [row.stay for row in GridAssignment.objects.filter(ends_on=None)] == [cook]
    client.post(reverse("grids:move", args=[grid.pk]), {"all": "1", "grid": "", "filters": "trade=茶叶"})
    assert GridAssignment.objects.filter(ends_on=None).count() == 1
    client.post(reverse("grids:move", args=[grid.pk]), {"all": "1", "grid": "", "filters": "trade=餐饮"})
    assert not GridAssignment.objects.filter(ends_on=None).exists()


def test_a_grid_is_split_after_a_look_at_the_numbers(client, places, head):
    both = [places["community"], places["other community"]]
    grid = make.grid(places["station"], code="01", name="老", communities=both)
    stays = [make.stay(places, "甲"), make.stay(places, "乙", community="other community"), make.stay(places, "丙")]
    for stay in stays:
        actions.assign(stay, grid, by=None, at=NOON)
    url = reverse("grids:split", args=[grid.pk])
    sent = {
        "first-name": "老", "first-code": "02", "first-area": "", "second-name": "新", "second-code": "03",
        "second-area": "", "communities": [places["other community"].pk], "leader": "none",
        "stay": [str(stays[2].person_id)],
    }  # fmt: skip

    assert page(client, "split", grid.pk).context["suggested"] == ["02", "03"]
    shown = client.post(url, sent)
    assert (shown.context["to_first"], shown.context["to_second"]) == (1, 2)
    assert not GridSuccession.objects.exists()
    changed = client.post(url, {**sent, "change": "1"})
    assert "first" in changed.context
    client.post(url, {**sent, "confirmed": "1"})

    names = {row.stay_id: row.grid.unit.name for row in GridAssignment.objects.filter(ends_on=None)}
    assert names == {stays[0].pk: "老", stays[1].pk: "新", stays[2].pk: "新"}
    old = page(client, "grid", grid.pk)
    assert len(old.context["history"]) == 2
    assert page(client, "split", grid.pk).status_code == 404
    assert [row.pk for row in page(client, "list", closed="on").context["page"].object_list] == [grid.pk]


def test_a_refused_split_says_why_and_keeps_what_was_written(client, places, head):
    grid = make.grid(places["station"], code="01")
    sent = {"first-name": "甲", "first-code": "01", "second-name": "乙", "second-code": "02", "leader": "first"}

    answer = client.post(reverse("grids:split", args=[grid.pk]), {**sent, "confirmed": "1"})

    assert answer.context["form"].non_field_errors()
    assert "乙" in answer.content.decode()
    assert queries.in_use().get() == grid


def test_two_grids_become_one_with_the_areas_joined(client, places, head):
    one, other = make.grid(places["station"], code="01"), make.grid(places["station"], code="02")
    Grid.objects.filter(pk=one.pk).update(drawn=INSIDE, trades="水产")
    Grid.objects.filter(pk=other.pk).update(drawn=square(120.21, 27.32), trades="茶叶")
    url = reverse("grids:merge", args=[one.pk])
    sent = {"other": other.pk, "plan-name": "合", "plan-code": "03", "plan-area": "", "leader": "none"}

    assert client.post(url, sent).context["other"] == other
    client.post(url, {**sent, "confirmed": "1"})

    made = queries.in_use().get()
    assert (made.unit.name, made.trades) == ("合", "水产、茶叶")
    assert made.drawn is not None
    beside = make.grid(places["beside"])
    wrong = client.post(reverse("grids:merge", args=[made.pk]), {**sent, "other": beside.pk, "confirmed": "1"})
    assert "other" in wrong.context["form"].errors


def test_a_term_is_given_with_its_end_and_listed_when_that_is_near(client, places, head):
    grid, officer, today = (
        make.grid(places["station"]),
        make.user("station_officer", places["station"]),
        timezone.localdate(),
    )
    url, soon = reverse("grids:leader", args=[grid.pk]), today + timedelta(days=10)

    wrong = client.post(url, {"known": officer.pk, "username": "", "starts_on": f"{soon}", "ends_on": f"{today}"})
    assert list(wrong.context["form"].errors) == ["ends_on"]
    client.post(url, {"known": officer.pk, "username": "", "starts_on": f"{today}", "ends_on": f"{soon}"})

    (row,) = page(client, "list", ending="on").context["page"].object_list
    assert (row.leader_name, row.leads_until) == (officer.full_name, soon)
    assert len(page(client, "grid", grid.pk).context["terms"]) == 1
