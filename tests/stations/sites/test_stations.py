"""Stations: opening, editing, the register, the public page and the poster."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tests import places as make
from waystation.kernel.models import AuditEvent
from waystation.stations.sites import actions, reporting
from waystation.stations.sites.models import Station

pytestmark = pytest.mark.django_db
NOON = make.NOON


def edited(station, **more):
    facts = {
        "host_town": station.host_town,
        "communities": list(station.communities.all()),
        "address": station.address,
        "phone": station.phone,
        "other_phone": "",
        "hours_note": "",
        "services": station.services,
    }
    return actions.edit_station(station, **{**facts, **more}, by=None, at=NOON)


def test_a_station_is_a_unit_under_whoever_runs_it(places):
    made = make.station(places["origin town"], places["town"], name="叠石乡驻城党建工作站")

    assert (made.kind, made.unit.parent) == ("township", places["origin town"])
    assert AuditEvent.objects.get(verb="station.opened", object_pk=str(made.pk))


@pytest.mark.parametrize(
    ("kind", "parent", "host"),
    [
        ("county_centre", "town", "town"),
        ("township", "county", "town"),
        ("county_centre", "county", "community"),
    ],
)
def test_a_station_of_the_wrong_kind_or_place_is_refused(places, kind, parent, host):
    with pytest.raises(actions.StationRefused):
        actions.open_station(name="某站", kind=kind, parent=places[parent], host_town=places[host], by=None, at=NOON)


def test_editing_names_what_changed_and_nothing_else(station, places):
    edited(station, phone="0593-0000199", communities=[places["community"]])

    event = AuditEvent.objects.get(verb="station.edited")
    assert event.fields == ["communities", "phone"]
    assert event.facts["changes"]["phone"] == ["0593-0000111", "0593-0000199"]
    assert event.facts["changes"]["communities"] == ["桐北社区居委会", ""]
    station.refresh_from_db()
    assert station.phone == "0593-0000199"
    edited(station, communities=[places["community"]])
    assert AuditEvent.objects.filter(verb="station.edited").count() == 1


def test_only_communities_are_served(station, places):
    with pytest.raises(actions.StationRefused):
        edited(station, communities=[places["branch"]])


# --- pages ----------------------------------------------------------------------------------------


def test_the_register_counts_only_where_one_is_responsible(client, places):
    make.stay(places, "钟阿妹")
    client.force_login(make.user("county_organiser", places["county"]))

    context = client.get(reverse("sites:list")).context

    people = {row["station"].pk: row["people"] for row in context["rows"]}
    assert people == {places["station"].pk: 1, places["beside"].pk: None}
    assert (context["centres"], context["townships"], context["total"]) == (2, 0, 1)


def test_the_token_of_a_poster_leads_to_its_station_and_to_no_closed_one(station, places):
    token = reporting.token(station)
    assert reporting.station_of(token) == station

    places["station"].closed_on = NOON.date()
    places["station"].save()

    assert reporting.station_of(token) is None


@pytest.mark.parametrize(
    ("role", "where", "name", "status"),
    [
        ("station_head", "station", "edit", 200),
        ("station_head", "beside", "edit", 404),
        ("station_officer", "station", "edit", 403),
        ("county_organiser", "county", "edit", 200),
        ("station_officer", "station", "poster", 200),
        ("station_officer", "beside", "poster", 404),
        ("member", "branch", "poster", 403),
    ],
)
def test_who_may_edit_and_print(client, places, station, role, where, name, status):
    client.force_login(make.user(role, places[where]))

    assert client.get(reverse(f"sites:{name}", args=[station.pk])).status_code == status


def test_a_head_corrects_the_public_facts(client, places, station):
    client.force_login(make.user("station_head", places["station"]))

    response = client.post(
        reverse("sites:edit", args=[station.pk]),
        {
            "address": "驿站路12号",
            "phone": "0593-0000112",
            "other_phone": "0593-0000113",
            "hours_note": "节假日请先来电",
            "services": "报到登记\n\n  政策咨询 ",
            "host_town": places["town"].pk,
            "communities": [places["other community"].pk],
        },
    )

    station.refresh_from_db()
    assert response.status_code == 302
    assert (station.address, station.hours_note) == ("驿站路12号", "节假日请先来电")
    assert station.phones == ["0593-0000112", "0593-0000113"]
    assert station.service_lines == ["报到登记", "政策咨询"]
    assert list(station.communities.all()) == [places["other community"]]


@pytest.mark.parametrize(("days", "opens"), [(400, True), (-1, False)])
def test_a_station_that_is_opened_names_its_first_day(client, places, days, opens):
    client.force_login(make.user("county_organiser", places["county"]))
    day = timezone.localdate() - timedelta(days=days)
    asked = {"name": "叠石乡驻城站", "kind": "township", "parent": "叠石乡", "host_town": "桐山街道"}

    answer = client.post(reverse("sites:new"), asked | {"opened_on": day.isoformat()})

    made = Station.objects.filter(unit__name="叠石乡驻城站").first()
    assert (made is not None) == opens
    assert made.unit.opened_on == day if opens else list(answer.context["form"].errors) == ["opened_on"]


def test_a_county_opens_a_station_for_a_township(client, places):
    client.force_login(make.user("county_organiser", places["county"]))

    response = client.post(
        reverse("sites:new"),
        {"name": "叠石乡驻城站", "kind": "township", "parent": "叠石乡", "host_town": "桐山街道"},
    )
    wrong = client.post(
        reverse("sites:new"),
        {"name": "某站", "kind": "county_centre", "parent": "叠石乡", "host_town": "桐山街道"},
    )

    made = Station.objects.get(unit__name="叠石乡驻城站")
    assert response.url == reverse("sites:edit", args=[made.pk])
    assert (made.unit.parent, made.host_town) == (places["origin town"], places["town"])
    assert list(wrong.context["form"].errors) == ["parent"]
