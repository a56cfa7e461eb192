"""Areas drawn on a map: what is one, and that two of a station never overlap."""

import json
from functools import partial

import pytest

from tests import places as make
from tests.fault.conftest import together
from waystation.organizations.boundaries import boundary_of
from waystation.stewardship.grids import actions, areas
from waystation.stewardship.grids.models import Grid

NOON = make.NOON


def square(west, south, size=0.01) -> dict:
    east, north = round(west + size, 9), round(south + size, 9)
    return {
        "type": "Polygon",
        "coordinates": [[[west, south], [east, south], [east, north], [west, north], [west, south]]],
    }


def test_a_polygon_is_read_alone_in_a_feature_and_in_a_collection_of_one():
    plain = square(120, 26.88)
    feature = {"type": "Feature", "properties": {}, "geometry": plain}

    read = areas.read_area(json.dumps(plain))

    assert read["type"] == "Polygon"
    assert areas.read_area(json.dumps(feature)) == read
    assert areas.read_area(json.dumps({"type": "FeatureCollection", "features": [feature]})) == read
    assert areas.read_area(areas.as_text(read)) == read
    assert areas.read_area("  ") is None


BOW_TIE = {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]}
HOLED = {
    "type": "Polygon",
    "coordinates": [square(0, 0, 1)["coordinates"][0], square(0.2, 0.2, 0.2)["coordinates"][0]],
}


@pytest.mark.parametrize(
    "text",
    [
        "no json",
        "[]",
        "{}",
        '{"type": "Point", "coordinates": [120, 26]}',
        '{"type": "Polygon", "coordinates": []}',
        '{"type": "Polygon", "coordinates": [[["a", 1], [2, 3], [4, 5]]]}',
        '{"type": "Polygon", "coordinates": [[[1, 1], [NaN, 3], [4, 5], [1, 1]]]}',
        json.dumps(BOW_TIE),
        json.dumps(HOLED),
        json.dumps(square(500, 26)),
        json.dumps(square(120, 26, 0.0000001)),
        json.dumps({"type": "Polygon", "coordinates": [[[n / 1000, n * n / 1e6] for n in range(600)] + [[0, 0]]]}),
        "[" * 200_000,
        '{"type":"FeatureCollection","features":[]}',
    ],
)
def test_what_is_no_area_is_refused_with_a_sentence(text):
    with pytest.raises(areas.BadArea) as refusal:
        areas.read_area(text)

    assert str(refusal.value)


def test_neighbours_share_a_line_and_do_not_overlap():
    assert not areas.overlap(square(120, 26), square(120.01, 26))
    assert areas.overlap(square(120, 26), square(120.009, 26))
    together = areas.together([square(120, 26), square(120.01, 26)])
    assert areas.bounds([together]) == pytest.approx((120, 26, 120.02, 26.01))
    with pytest.raises(areas.BadArea):
        areas.together([square(120, 26), square(121, 26)])


@pytest.mark.django_db
def test_drawn_areas_of_a_station_never_overlap(places):
    first = make.grid(places["station"], code="01")
    draw = {"area": "", "communities": [], "by": None, "at": NOON}
    actions.edit_grid(first, code="01", name="第一", drawn=square(120, 26), **draw)
    second = make.grid(places["station"], code="02")

    with pytest.raises(actions.GridRefused, match="第一"):
        actions.edit_grid(second, code="02", name="第二", drawn=square(120.005, 26), **draw)
    actions.edit_grid(second, code="02", name="第二", drawn=square(120.01, 26), **draw)
    beside = make.grid(places["beside"], code="01")
    actions.edit_grid(beside, code="01", name="别处", drawn=square(120, 26), **draw)
    actions.close_grid(first, on=NOON.date(), by=None, at=NOON)
    actions.edit_grid(second, code="02", name="第二", drawn=square(120.005, 26), **draw)

    assert Grid.objects.get(pk=second.pk).drawn == square(120.005, 26)


@pytest.mark.django_db
def test_the_outline_of_the_county_is_known_and_of_nowhere_else(places):
    found, outline = boundary_of(places["station"])

    assert (found, outline["type"]) == (places["county"], "MultiPolygon")
    assert boundary_of(places["city"]) is None
    assert areas.lies_in(square(120.2, 27.3), outline)
    assert not areas.lies_in(square(121.2, 27.3), outline)


@pytest.mark.django_db(transaction=True)
def test_of_two_drawings_of_one_ground_at_once_one_holds(transactional_db):
    places = make.tree()
    grids = [make.grid(places["station"], code=f"{n}") for n in range(3)]

    def draw(grid):
        return actions.edit_grid(
            grid, code=grid.code, name=grid.unit.name, area="", communities=[], drawn=square(120, 26), by=None, at=NOON
        )

    outcomes = together(*(partial(draw, grid) for grid in grids))
    refused = [outcome for outcome in outcomes if isinstance(outcome, actions.GridRefused)]
    assert len(refused) == len(grids) - 1
    assert Grid.objects.filter(drawn__isnull=False).count() == 1
