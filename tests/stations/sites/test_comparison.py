"""The comparison: every column one question, denominators with every share, and no order of merit."""

import io
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation
from python_calamine import CalamineWorkbook

from tests import places as make
from waystation.kernel.models import AuditEvent
from waystation.stations.sites import actions, comparison
from waystation.stations.sites.actions import Said
from waystation.stations.sites.comparison import Share, add_up, compared

pytestmark = pytest.mark.django_db
NOON = make.NOON
TODAY = date(2026, 11, 23)


@pytest.fixture
def full(places, station, beside):
    day = timezone.localdate()
    now = timezone.now()
    for number, title in enumerate(("服务窗口", "会议室")):
        item = actions.add_item(function="office", title=title, meaning="", starts_on=day, source="", by=None, at=now)
        if number == 0:
            actions.state_functions(station, {item: Said("present", None, "有")}, by=None, at=now)
    for name, open_to in (("会议室", "everybody"), ("值班室", "staff")):
        actions.open_room(
            station, name=name, function="office", capacity=20, equipment="", open_to=open_to, note="",
            opened_on=day, by=None, at=now,
        )  # fmt: skip
    make.stay(places, "钟阿妹")
    make.grid(places["station"])
    return places


def cells(table, station):
    return {cell.column.key: cell.value for cell in table.rows[station.pk]}


def test_every_column_says_what_holds_and_out_of_what(full, station, beside):
    table = compared([station.pk, beside.pk], timezone.localdate())

    own = cells(table, station)
    assert own["functions.present"] == Share(1, 2)
    assert own["functions.planned"] == 0
    assert own["coverage.people"] == 1
    assert own["rooms.open_to_everybody"] == Share(1, 2)
    assert own["rooms.places"] == 40
    assert own["grids.vacant"] == Share(1, 1)
    assert own["hours.a_week"] == Decimal("45.0")
    assert cells(table, beside)["rooms.open_to_everybody"] is None
    totals = {cell.column.key: cell.value for cell in table.totals}
    assert totals["functions.present"] == Share(1, 4)
    assert totals["hours.a_week"] == Decimal("90.0")


def test_every_column_states_its_meaning():
    assert [column.key for column in comparison.columns() if not column.meaning] == []


def test_more_stations_cost_no_more_questions(full, station, beside):
    with CaptureQueriesContext(connection) as one:
        compared([station.pk], TODAY)
    with CaptureQueriesContext(connection) as two:
        compared([station.pk, beside.pk], TODAY)

    assert len(one) == len(two)


def test_an_app_above_adds_a_column(full, station, beside, monkeypatch):
    monkeypatch.setattr(comparison, "COLUMNS", dict(comparison.COLUMNS))

    @comparison.register("test.flag", "Flag", group="Test", meaning="Test", order=1, opens=lambda pk: f"/x/{pk}")
    def flag(stations, day):
        return {stations[0]: "是"}

    table = compared([station.pk, beside.pk], TODAY)

    assert table.columns[0].key == "test.flag"
    assert (table.rows[station.pk][0].shown, table.rows[station.pk][0].url) == ("是", f"/x/{station.pk}")
    assert table.rows[beside.pk][0].url == ""
    assert table.totals[0].value is None


def test_groups_stand_together_whatever_the_order_of_the_columns(monkeypatch):
    monkeypatch.setattr(comparison, "COLUMNS", {})
    for key, group, order in (("a", "one", 1), ("b", "two", 2), ("c", "one", 3)):
        comparison.register(key, key, group=group, order=order)(lambda stations, day: {})

    assert [column.key for column in comparison.columns()] == ["a", "c", "b"]


@pytest.mark.parametrize(
    ("values", "total"),
    [([1, None, 2], 3), ([Share(1, 2), Share(0, 3)], Share(1, 5)), (["a", "b"], None), ([], None), ([None], None)],
)
def test_only_what_can_be_added_is_added(values, total):
    assert add_up(values) == total


# --- pages ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "where", "seen"),
    [("city_organiser", "city", 2), ("county_organiser", "county", 1), ("county_organiser", "beside county", 1)],
)
def test_the_page_shows_the_stations_in_reach(client, full, role, where, seen):
    client.force_login(make.user(role, full[where]))

    assert len(client.get(reverse("sites:comparison")).context["rows"]) == seen


@pytest.mark.parametrize(("role", "where"), [("station_head", "station"), ("branch_secretary", "branch")])
def test_whoever_does_not_oversee_does_not_compare(client, full, role, where):
    client.force_login(make.user(role, full[where]))

    assert client.get(reverse("sites:comparison")).status_code == 403
    assert client.get(reverse("sites:comparison-export")).status_code == 403


def test_stations_stand_by_county_and_name_and_nothing_on_the_page_sorts(client, full):
    client.force_login(make.user("city_organiser", full["city"]))

    response = client.get(reverse("sites:comparison"))

    counties = [station.county.code for station, _cells in response.context["rows"]]
    assert counties == sorted(counties)
    with translation.override("zh-hans"):
        page = response.content.decode()
    assert "sort" not in page
    assert "不作排名" in page


def test_the_county_filter_holds_for_page_and_spreadsheet(client, full):
    client.force_login(make.user("city_organiser", full["city"]))
    asked = {"county": full["county"].pk}

    page = client.get(reverse("sites:comparison"), asked)
    response = client.get(reverse("sites:comparison-export"), asked)

    content = io.BytesIO(b"".join(response.streaming_content))
    text = CalamineWorkbook.from_filelike(content).get_sheet_by_index(0).to_python()
    names = [row[2] for row in text if row[0] in (1, 2)]
    assert names == [station.unit.name for station, _cells in page.context["rows"]]
    assert text[0][0].startswith("宁德")
    assert any("1/2" in row for row in text)
    assert AuditEvent.objects.get(verb="ledger.exported").facts["ledger"] == "comparison of stations"
