"""Pages of stations: filters, hours, special days, rooms, functions, the checklist, and who may open which."""

import io
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from tests import places as make
from waystation.kernel.models import AuditEvent
from waystation.stations.sites import actions
from waystation.stations.sites.actions import Said
from waystation.stations.sites.models import ChecklistItem, FunctionStatement, Room, Schedule, SpecialDay
from waystation.stations.sites.queries import functions
from waystation.web.desk_items import Desk, items_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def head(client, places):
    user = make.user("station_head", places["station"])
    client.force_login(user)
    return user


@pytest.fixture
def items(today):
    return [_item(title, today) for title in ("服务窗口", "会议室", "阅览室")]


def _item(title, day):
    return actions.add_item(
        function="office", title=title, meaning="", starts_on=day, source="", by=None, at=timezone.now()
    )


def _room(station, name="会议室", **more):
    facts = {"function": "office", "capacity": 20, "equipment": "", "open_to": "everybody", "note": "", **more}
    day = timezone.localdate()
    return actions.open_room(station, name=name, opened_on=day, by=None, at=timezone.now(), **facts)


def names(response):
    return [row["station"].unit.name for row in response.context["rows"]]


# --- the register ---------------------------------------------------------------------------------


def test_the_register_is_filtered_by_county_kind_and_whether_open(client, places, station, today):
    own, other = station.unit.name, "古田中心"
    make.station(places["origin town"], places["town"], name="叠石乡驻城党建工作站")
    actions.open_station(
        name="无时间站", kind="township", parent=places["origin town"], host_town=places["town"], by=None,
        at=timezone.now(),
    )  # fmt: skip
    actions.set_special_days([station], first=today, last=today, openings=(), reason="停电", by=None, at=timezone.now())
    client.force_login(make.user("city_organiser", places["city"]))

    def listed(**filters):
        return names(client.get(reverse("sites:list"), filters))

    assert listed() == [other, own, "叠石乡驻城党建工作站", "无时间站"]
    assert listed(county=places["county"].pk, kind="county_centre") == [own]
    assert listed(open="no_hours") == ["无时间站"]
    assert own not in listed(open="now")
    assert listed(open="closed") == []


def test_a_closed_station_is_found_by_the_filter_and_shown_without_buttons(client, places, station, today):
    places["station"].closed_on = today
    places["station"].save()
    client.force_login(make.user("city_organiser", places["city"]))

    assert names(client.get(reverse("sites:list"), {"open": "closed"})) == [station.unit.name]
    page = client.get(reverse("sites:station", args=[station.pk]))
    assert page.context["may_edit"] is False
    assert client.get(reverse("sites:edit", args=[station.pk])).status_code == 404


def test_a_station_outside_the_reach_shows_only_what_everybody_reads(client, places, station, items):
    _room(station)
    client.force_login(make.user("branch_secretary", places["branch"]))

    response = client.get(reverse("sites:station", args=[station.pk]))

    assert response.status_code == 200
    assert response.context["is_mine"] is False
    assert "absent" not in response.context
    assert "people" not in response.context


# --- hours ----------------------------------------------------------------------------------------


def hours_post(today, **days):
    return {"starts_on": today.isoformat(), **{f"day_{n}": days.get(f"day_{n}", "") for n in range(7)}}


def test_a_head_sets_summer_hours_ahead_and_takes_them_back(client, head, station, today):
    later = today + timedelta(days=60)
    response = client.post(
        reverse("sites:hours", args=[station.pk]), hours_post(later, day_0="7:30-11:30，15点-18点", day_1="同上")
    )

    schedule = Schedule.objects.get(station=station, starts_on=later)
    assert response.status_code == 302
    assert schedule.times.count() == 4
    assert "7:30–11:30" in client.get(reverse("sites:station", args=[station.pk])).content.decode()
    client.post(reverse("sites:hours-drop", args=[schedule.pk]))
    assert not Schedule.objects.filter(pk=schedule.pk).exists()


def test_what_cannot_be_read_is_shown_at_its_day_with_what_was_typed(client, head, station, today):
    response = client.post(reverse("sites:hours", args=[station.pk]), hours_post(today, day_2="早八晚五"))

    assert list(response.context["form"].errors) == ["day_2"]
    assert "早八晚五" in response.content.decode()


def test_hours_in_the_past_are_refused_at_their_field(client, head, station, today):
    response = client.post(
        reverse("sites:hours", args=[station.pk]), hours_post(today - timedelta(days=3), day_0="8-12")
    )

    assert list(response.context["form"].errors) == ["starts_on"]


def test_a_county_closes_all_its_stations_for_a_holiday_at_once(client, places, station, today):
    second = make.station(places["origin town"], places["town"], name="叠石乡驻城党建工作站")
    client.force_login(make.user("county_organiser", places["county"]))
    url = reverse("sites:special-days", args=[station.pk])

    client.post(
        url,
        {
            "first": today.isoformat(),
            "last": (today + timedelta(days=2)).isoformat(),
            "openings": "",
            "reason": "国庆节",
            "stations": [station.pk, second.pk],
        },
    )

    assert SpecialDay.objects.filter(reason="国庆节").count() == 6
    again = client.post(url, {"first": today.isoformat(), "reason": "台风", "stations": [station.pk]})
    assert list(again.context["form"].errors) == ["first"]
    row = SpecialDay.objects.get(station=station, day=today)
    client.post(reverse("sites:special-withdraw", args=[row.pk]))
    row.refresh_from_db()
    assert row.is_withdrawn


def test_a_head_enters_special_days_of_the_own_station_only(client, head, station, beside, today):
    client.post(
        reverse("sites:special-days", args=[station.pk]),
        {"first": today.isoformat(), "openings": "9:00-10:00", "reason": "调休", "stations": [beside.pk]},
    )

    assert list(SpecialDay.objects.values_list("station", flat=True)) == [station.pk]


# --- rooms ----------------------------------------------------------------------------------------

ROOM = {"name": "阅览室", "function": "culture", "capacity": "30", "equipment": "", "open_to": "everybody", "note": ""}


def test_a_room_is_added_edited_closed_and_opened_again(client, head, station, today):
    client.post(reverse("sites:room-new", args=[station.pk]), {**ROOM, "opened_on": today.isoformat()})
    room = Room.objects.get()
    client.post(reverse("sites:room-edit", args=[room.pk]), {**ROOM, "capacity": "50"})
    hours = {**hours_post(today, day_5="9-17"), "follows_station": ""}
    client.post(reverse("sites:room-hours", args=[room.pk]), hours)
    assert "9:00–17:00" in client.get(reverse("sites:rooms", args=[station.pk])).content.decode()

    client.post(reverse("sites:room-close", args=[room.pk]), {"on": today.isoformat(), "reason": "改造"})
    room.refresh_from_db()
    assert (room.capacity, room.closed_on, room.closing_reason) == (50, today, "改造")
    assert client.get(reverse("sites:room-edit", args=[room.pk])).status_code == 404
    client.post(reverse("sites:room-reopen", args=[room.pk]))
    page = client.get(reverse("sites:room", args=[room.pk]))
    assert len(page.context["changes"]) == 5
    assert "改造" in page.content.decode()


def test_a_name_that_is_taken_is_refused_at_its_field(client, head, station, today):
    _room(station, "阅览室")

    response = client.post(
        reverse("sites:room-new", args=[station.pk]), {**ROOM, "name": " 阅览室 ", "opened_on": today.isoformat()}
    )

    assert list(response.context["form"].errors) == ["name"]


def test_a_room_of_its_own_hours_needs_some(client, head, station, today):
    room = _room(station)

    response = client.post(reverse("sites:room-hours", args=[room.pk]), hours_post(today))
    client.post(reverse("sites:room-hours", args=[room.pk]), {**hours_post(today), "follows_station": "on"})

    assert list(response.context["form"].errors) == ["day_0"]
    assert Schedule.objects.get(room=room).follows_station


# --- functions ------------------------------------------------------------------------------------


def said(item, state="", planned="", evidence=""):
    key = item.pk.hex
    return {f"state_{key}": state, f"planned_{key}": planned, f"evidence_{key}": evidence}


def test_a_head_states_the_whole_checklist_on_one_page(client, head, station, items, today):
    window, meeting, reading = items
    url = reverse("sites:functions-state", args=[station.pk])
    planned = (today + timedelta(days=40)).isoformat()

    client.post(url, said(window, "present", "", "四个窗口") | said(meeting, "planned", planned) | said(reading))

    held = {row.item: row.state for row in FunctionStatement.objects.current()}
    assert held == {window: "present", meeting: "planned"}
    page = client.get(reverse("sites:functions", args=[station.pk]), {"show": "lacking"})
    assert page.context["page"].paginator.count == 2
    unsaid = client.post(url, said(window) | said(meeting, "planned") | said(reading, "present"))
    keys = [meeting.pk.hex, reading.pk.hex, window.pk.hex]
    assert sorted(unsaid.context["form"].errors) == sorted(
        [f"planned_{keys[0]}", f"evidence_{keys[1]}", f"state_{keys[2]}"]
    )


def test_the_desk_counts_what_is_missing_by_the_query_of_its_page(client, places, station, beside, items):
    actions.state_functions(beside, dict.fromkeys(items, Said("present", None, "有")), by=None, at=timezone.now())
    actions.state_functions(station, {items[0]: Said("present", None, "有")}, by=None, at=timezone.now())

    for role, where, key, number in (
        ("station_head", "station", f"functions-{station.pk}", 2),
        ("county_organiser", "county", "functions-lacking", 1),
        ("city_organiser", "city", "functions-lacking", 1),
    ):
        user = make.user(role, places[where])
        found = {one.key: one for one in items_of(Desk(user, timezone.now(), timezone.localdate()))}[key]
        client.force_login(user)
        assert found.number == number
        assert client.get(found.url).context["page"].paginator.count == number
        assert client.get(found.urgent_url).context["page"].paginator.count == found.urgent_number == 0


def test_a_head_with_everything_has_nothing_on_the_desk(places, beside, items):
    actions.state_functions(beside, dict.fromkeys(items, Said("present", None, "有")), by=None, at=timezone.now())
    user = make.user("station_head", places["beside"])

    keys = {one.key for one in items_of(Desk(user, timezone.now(), timezone.localdate()))}

    assert f"functions-{beside.pk}" not in keys


def test_the_functions_of_the_filtered_stations_are_taken_out_and_logged(client, places, station, beside, items):
    actions.state_functions(beside, dict.fromkeys(items, Said("present", None, "有")), by=None, at=timezone.now())
    client.force_login(make.user("city_organiser", places["city"]))

    listing = client.get(reverse("sites:function-list"), {"lacking": "some"})
    response = client.get(reverse("sites:functions-export"), {"lacking": "some"})

    content = io.BytesIO(b"".join(response.streaming_content))
    rows = CalamineWorkbook.from_filelike(content).get_sheet_by_index(0).to_python()
    rows = [row for row in rows if isinstance(row[0], float)]
    assert {row[2] for row in rows} == {one.unit.name for one in listing.context["page"].object_list}
    assert [row[4] for row in rows] == ["服务窗口", "会议室", "阅览室"]
    assert AuditEvent.objects.get(verb="ledger.exported").facts == {"ledger": "station functions", "rows": 3}


def test_the_list_costs_the_same_for_many_stations(client, places, items, django_assert_max_num_queries):
    client.force_login(make.user("city_organiser", places["city"]))
    for number in range(8):
        make.station(places["origin town"], places["town"], name=f"第{number}站")
    client.get(reverse("sites:list"))

    for name in ("sites:list", "sites:function-list", "sites:comparison", "portal:stations"):
        with django_assert_max_num_queries(34):
            client.get(reverse(name))


# --- the checklist --------------------------------------------------------------------------------


def test_the_city_begins_with_the_usual_checklist_and_changes_it(client, places, today):
    client.force_login(make.user("city_organiser", places["city"]))
    client.post(reverse("sites:checklist-adopt"))
    item = ChecklistItem.objects.order_by("position").first()
    words = {"function": "service", "title": "综合窗口", "meaning": "一窗受理", "source": "市委组织部"}

    client.post(reverse("sites:item-edit", args=[item.pk]), words)
    client.post(reverse("sites:item-new"), {**words, "title": "母婴室", "starts_on": today.isoformat()})
    client.post(reverse("sites:item-end", args=[item.pk]), {"ends_on": today.isoformat()})
    again = client.post(reverse("sites:item-end", args=[item.pk]), {"ends_on": today.isoformat()})

    asked = list(functions.asked(today).values_list("title", flat=True))
    assert (len(asked), asked[-1]) == (12, "母婴室")
    assert "综合窗口" not in asked
    assert list(again.context["form"].errors) == ["ends_on"]


@pytest.mark.parametrize("name", ["item-new", "item-edit", "item-end", "checklist-adopt"])
def test_only_who_manages_the_whole_city_writes_the_checklist(client, places, items, name):
    client.force_login(make.user("county_organiser", places["county"]))
    args = [items[0].pk] if name in ("item-edit", "item-end") else []

    assert client.post(reverse(f"sites:{name}", args=args)).status_code == 403
    assert client.get(reverse("sites:checklist")).context["may_ask"] is False


# --- who may ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["hours", "special-days", "room-new", "functions-state"])
@pytest.mark.parametrize(
    ("role", "where", "status"),
    [
        ("station_head", "station", 200),
        ("station_head", "beside", 404),
        ("station_officer", "station", 403),
        ("county_organiser", "county", 200),
        ("county_organiser", "beside county", 404),
        ("township_organiser", "origin town", 403),
    ],
)
def test_who_may_change_a_station(client, places, station, items, name, role, where, status):
    client.force_login(make.user(role, places[where]))

    assert client.get(reverse(f"sites:{name}", args=[station.pk])).status_code == status


@pytest.mark.parametrize("name", ["functions", "rooms", "changes"])
@pytest.mark.parametrize(
    ("role", "where", "status"),
    [("station_officer", "station", 200), ("station_officer", "beside", 404), ("member", "branch", 403)],
)
def test_who_may_look_into_a_station(client, places, station, name, role, where, status):
    client.force_login(make.user(role, places[where]))

    assert client.get(reverse(f"sites:{name}", args=[station.pk])).status_code == status


def test_a_form_sent_twice_adds_one_room(client, head, station, today):
    idem = "0191f3a0-0000-7000-8000-000000000001"
    sent = {**ROOM, "opened_on": today.isoformat(), "idem": idem}

    for _time in range(2):
        assert client.post(reverse("sites:room-new", args=[station.pk]), sent).status_code == 302

    assert Room.objects.count() == 1


@pytest.mark.parametrize("query", [{}, {"kind": "county_centre"}])
def test_the_register_is_taken_out_as_the_list_shows_it(client, places, station, beside, items, query):
    actions.state_functions(station, {items[0]: Said("present", None, "有")}, by=None, at=timezone.now())
    client.force_login(make.user("station_head", places["station"]))

    listing = client.get(reverse("sites:list"), query)
    response = client.get(reverse("sites:export"), query)

    content = io.BytesIO(b"".join(response.streaming_content))
    rows = CalamineWorkbook.from_filelike(content).get_sheet_by_index(0).to_python()
    rows = [row for row in rows if isinstance(row[0], float)]
    assert [(row[2], row[5], row[6]) for row in rows] == [
        (one["station"].unit.name, one["station"].address, "、".join(one["station"].phones))
        for one in listing.context["rows"]
    ]
    # What a station lacks stands there only for whoever is responsible for it.
    lacks = {row[2]: row[8] for row in rows}
    assert lacks == {name: "会议室、阅览室" if name == station.unit.name else "" for name in lacks}
    assert reverse("sites:export") in listing.content.decode()
    facts = AuditEvent.objects.get(verb="ledger.exported").facts
    assert facts == {"ledger": "register of stations", "rows": len(rows)}


def test_a_member_takes_no_register_out(client, places, station):
    client.force_login(make.user("member", places["branch"]))

    assert client.get(reverse("sites:export")).status_code == 403
