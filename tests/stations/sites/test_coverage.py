"""Coverage: a person is covered once, however many records and stations they have."""

import pytest
from django.db.models import UUIDField, Value
from django.urls import reverse

from tests import places as make
from tests.make import person
from waystation.organizations.models import Unit
from waystation.stations.sites import coverage
from waystation.stewardship.people.actions import end_stay, merge_people
from waystation.stewardship.people.models import Person, Stay

pytestmark = pytest.mark.django_db
NOON = make.NOON


@pytest.fixture
def both(places):
    return [places["station"].pk, places["beside"].pk]


@pytest.fixture
def serve(monkeypatch):
    """Another source, as a window registers it: each call is one more record that a station served a person."""
    monkeypatch.setattr(coverage, "SOURCES", dict(coverage.SOURCES))

    def record(person, station):
        @coverage.register(f"served-{len(coverage.SOURCES)}", "Residents served")
        def rows(stations):
            key = Value(person.pk, output_field=UUIDField())
            return Unit.objects.filter(pk__in=stations).filter(pk=station.pk).values_list("pk", key)

    return record


def counted(places, both):
    own, beside = (coverage.covered(both)[pk] for pk in both)
    counties = coverage.by_county(both)
    county, other = (counties.get(places[name].pk, 0) for name in ("county", "beside county"))
    return own, beside, county, other, coverage.people_in_all(both)


def test_a_person_in_care_is_covered_once_and_only_while_in_care(places, both):
    stay = make.stay(places, "钟阿妹")
    make.stay(places, "雷石生")
    assert counted(places, both) == (2, 0, 2, 0, 2)

    end_stay(stay, on=NOON.date(), ending="returned", by=None, at=NOON)

    assert counted(places, both) == (1, 0, 1, 0, 1)


def test_several_records_of_several_sources_and_stations_are_one_person(places, both, serve):
    covered = make.stay(places, "钟阿妹").person
    for station in ("station", "station", "beside"):
        serve(covered, places[station])

    # In care here, and served here twice and once beside: one of each station, one of the city.
    assert counted(places, both) == (1, 1, 1, 1, 1)
    assert set(coverage.by_source(both).values()) == {1}


def test_a_source_that_names_a_person_in_several_rows_counts_one(places, both, monkeypatch):
    monkeypatch.setattr(coverage, "SOURCES", {})
    coverage.register("stays", "Stays ever")(lambda stations: Stay.objects.values_list("station", "person"))
    first = make.stay(places, "钟阿妹")
    again = make.stay(places, "钟阿妹")
    end_stay(first, on=NOON.date(), ending="returned", by=None, at=NOON)
    Stay.objects.filter(pk=first.pk).update(person=again.person)

    assert counted(places, both) == (1, 0, 1, 0, 1)
    assert coverage.page(both, after=None, size=9) == ([again.person.pk], False)


def test_two_stations_of_one_county_share_a_person(places, serve):
    second = make.station(places["origin town"], places["town"], name="叠石乡驻城党建工作站").unit
    serve(make.stay(places, "钟阿妹").person, second)
    ids = [places["station"].pk, second.pk]

    assert coverage.covered(ids) == {ids[0]: 1, ids[1]: 1}
    assert coverage.by_county(ids) == {places["county"].pk: 1}
    assert coverage.people_in_all(ids) == 1


def test_files_merged_into_one_are_one_person(places, both):
    stay = make.stay(places, "钟阿妹")
    other = person(places["branch"], "钟阿妹")
    merge_people(other, stay.person, by=make.user(), at=NOON)

    assert counted(places, both) == (1, 0, 1, 0, 1)
    assert coverage.page(both, after=None, size=9) == ([other.pk], False)


def test_the_rows_are_the_number_page_by_page(places, both):
    for name in ("甲一", "甲二", "甲三", "甲四", "甲五"):
        make.stay(places, name)
    seen, after, more = [], None, True
    while more:
        keys, more = coverage.page(both, after=after, size=2)
        seen += keys
        after = keys[-1]

    assert sorted(seen) == sorted(Person.objects.values_list("pk", flat=True))
    assert len(seen) == coverage.people_in_all(both) == 5


def test_nothing_is_asked_where_there_is_no_station(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert (coverage.covered([]), coverage.people_in_all([]), coverage.by_county([])) == ({}, 0, {})
        assert coverage.page([], after=None, size=5) == ([], False)


# --- the page behind the number -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "where", "unit", "status"),
    [
        ("station_officer", "station", "station", 200),
        ("station_officer", "station", "beside", 404),
        ("station_officer", "station", "county", 404),
        ("county_organiser", "county", "county", 200),
        ("county_organiser", "county", "city", 404),
        ("city_organiser", "city", "city", 200),
        ("branch_secretary", "branch", "station", 404),
        ("destination_contact", "community", "station", 404),
        ("system_admin", "city", "station", 403),
    ],
)
def test_who_opens_the_rows_of_a_number(client, places, role, where, unit, status):
    client.force_login(make.user(role, places[where]))

    assert client.get(reverse("sites:coverage", args=[places[unit].pk])).status_code == status


def test_the_page_names_each_person_once_with_the_way_to_the_file(client, places, serve):
    stay = make.stay(places, "钟阿妹")
    serve(stay.person, places["station"])
    client.force_login(make.user("station_officer", places["station"]))

    response = client.get(reverse("sites:coverage", args=[places["station"].pk]))

    page = response.content.decode()
    assert response.context["total"] == len(response.context["rows"]) == 1
    assert page.count("钟阿妹") == 1
    assert reverse("people:file", args=[stay.person.pk]) in page


def test_somebody_outside_the_viewers_sight_is_counted_and_not_named(client, places, serve):
    stay = make.stay(places, "蓝路过", station="beside", origin="beside branch", community="beside community")
    serve(stay.person, places["station"])
    client.force_login(make.user("station_officer", places["station"]))

    response = client.get(reverse("sites:coverage", args=[places["station"].pk]))

    assert response.context["total"] == 1
    assert "蓝路过" not in response.content.decode()
