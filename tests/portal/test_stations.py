"""The public pages of stations: no sign-in, nothing personal, and only so many knocks."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tests import places as make
from waystation.portal import stations as pages
from waystation.portal import throttle
from waystation.stations.sites import actions
from waystation.stations.sites.models import Station
from waystation.stations.sites.week import read_week

pytestmark = pytest.mark.django_db


@pytest.fixture
def station(places):
    return Station.objects.with_places().get(unit=places["station"])


def room(station, name, open_to):
    return actions.open_room(
        station, name=name, function="culture", capacity=20, equipment="图书", open_to=open_to, note="内部备注",
        opened_on=timezone.localdate(), by=None, at=timezone.now(),
    )  # fmt: skip


def page(client, station):
    return client.get(reverse("portal:station", args=[station.pk]))


def test_everybody_reads_where_when_and_by_which_telephone(client, station):
    one, listing = page(client, station), client.get(reverse("portal:stations"))

    for response in (one, listing):
        text = response.content.decode()
        assert station.phone in text
        assert station.address in text
        assert "周一至周五 8:30–17:30" in text
        assert "max-age=60" in response.headers["Cache-Control"]
    assert reverse("portal:arrive", args=[one.context["token"]]) in one.content.decode()
    assert one.context["address"].endswith(reverse("portal:station", args=[station.pk]))
    assert "<svg" in one.content.decode()


def test_the_list_stands_by_county(client, places):
    counties = client.get(reverse("portal:stations")).context["counties"]

    assert [name for name, _rows in counties] == ["古田县", "福鼎市"]


def test_rooms_open_to_residents_are_shown_and_others_are_not(client, station):
    library = room(station, "图书阅览室", "everybody")
    for name, open_to in (("值班室", "staff"), ("谈话室", "members"), ("培训室", "partners")):
        room(station, name, open_to)
    actions.set_hours(
        station, read_week("周六 9:00–17:00"), starts_on=timezone.localdate(), room=library, by=None, at=timezone.now()
    )

    text = page(client, station).content.decode()

    assert "图书阅览室" in text
    assert "周六 9:00–17:00" in text
    assert [word for word in ("值班室", "谈话室", "培训室", "内部备注") if word in text] == []


def test_a_closed_room_leaves_the_page_at_once(client, station):
    made = room(station, "图书阅览室", "everybody")

    actions.close_room(made, on=timezone.localdate(), reason="改造", by=None, at=timezone.now())

    assert "图书阅览室" not in page(client, station).content.decode()


def test_special_days_are_announced(client, station):
    day = timezone.localdate() + timedelta(days=3)
    actions.set_special_days([station], first=day, last=day, openings=(), reason="台风停业", by=None, at=timezone.now())

    assert "台风停业" in page(client, station).content.decode()


def test_nothing_personal_stands_there(client, places, station):
    stay = make.stay(places, "钟阿妹", phone="13900001234")
    head = make.user("station_head", places["station"], name="雷建国")
    actions.set_hours(station, read_week("周日 9–10"), starts_on=timezone.localdate(), by=head, at=timezone.now())

    for response in (page(client, station), client.get(reverse("portal:stations"))):
        text = response.content.decode()
        assert not [word for word in (stay.person.full_name, "1390000", "雷建国") if word in text]
        assert "people" not in response.context


def test_a_closed_station_has_no_page(client, places, station):
    places["station"].closed_on = timezone.localdate()
    places["station"].save()

    assert page(client, station).status_code == 404
    assert station.unit.name not in client.get(reverse("portal:stations")).content.decode()


def test_too_many_knocks_wait(client, station, monkeypatch):
    monkeypatch.setattr(throttle, "STATION", throttle.Door("station", size=2, seconds=600))
    assert pages.throttle is throttle

    codes = [page(client, station).status_code for _time in range(3)]

    assert codes == [200, 200, 429]
    assert client.get(reverse("portal:stations")).status_code == 429


def test_the_page_of_a_signed_in_officer_is_kept_by_no_cache(client, places, station):
    client.force_login(make.user("station_officer", places["station"]))

    assert page(client, station).headers["Cache-Control"] == "no-store"
