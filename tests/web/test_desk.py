"""The desk: each role has its own, every number opens its rows, and it costs few questions."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests import places as make
from waystation.kernel import counting, jobs
from waystation.kernel.jobs import job
from waystation.stewardship.grids.actions import assign, set_leader
from waystation.stewardship.rosters.models import MatchCandidate
from waystation.web.desk_items import Desk, items_of

pytestmark = pytest.mark.django_db
# Whoever has a desk, and where the mandate is held.
ROLES = {
    "city_organiser": "city",
    "county_organiser": "county",
    "township_organiser": "origin town",
    "branch_secretary": "branch",
    "station_head": "station",
    "station_officer": "station",
    "destination_contact": "community",
    "system_admin": "city",
    "security_admin": "city",
    "audit_admin": "city",
}


@job("test.desk", title="desk")
def nothing(row, beat):
    return {}


@pytest.fixture
def full(places):
    """Something of everything: waiting, overdue, matched, alone, in care, vacant, failed."""
    now = timezone.now()
    make.arrival(places, "钟阿妹", at=now - timedelta(days=1))
    make.arrival(places, "雷石生", at=now - timedelta(days=30))
    make.arrival(places, "张古田", station="beside", community="beside community", home="beside branch")
    grid = make.grid(places["station"], communities=[places["community"]])
    make.grid(places["station"])
    assign(make.stay(places, "蓝在管"), grid, by=None, at=now)
    make.stay(places, "蓝未编")
    propose(places)
    set_leader(grid, user=make.user(), starts_on=timezone.localdate(), by=None, at=now)
    failed = jobs.enqueue("test.desk", by=None, at=now, args={}, unit_path=places["station"].path)
    failed.state, failed.finished_at = "failed", now
    failed.save()
    return places


def propose(places):
    """Proposals in every lane, in place of those the matcher makes by itself when rows come in."""
    lanes = {"林一": "matched", "林二": "matched", "林三": "conflicting", "林四": "matched"}
    lanes |= {"陈流出": "only_departed", "陈流入": "only_arrived"}
    rows, now = [], timezone.now()
    for name, lane in lanes.items():
        departure = make.departure(places, name) if lane != "only_arrived" else None
        arrival = make.arrival(places, name, at=now) if lane != "only_departed" else None
        rows.append((name, lane, departure, arrival))
    MatchCandidate.objects.all().delete()
    for name, lane, departure, arrival in rows:
        made = MatchCandidate.objects.create(
            lane=lane, departure=departure, arrival=arrival, name_key=name,
            origin_path=places["branch"].path, station_path=places["station"].path,
        )  # fmt: skip
        if name == "林四":
            made.origin_confirmed_at, made.origin_confirmed_by = timezone.now(), make.user()
            made.save()


def rows_behind(client, url) -> int:
    """How many rows the page shows to which a number of the desk leads."""
    response = client.get(url)
    assert response.status_code == 200, url
    context = response.context
    if "proposed" in context and "by_hand" in context:
        return context["all"]
    if "townships" in context:
        return len(context["rows"])
    if "head" in context:
        return len(context["page"].rows)
    page = context["page"]
    return page.total if hasattr(page, "total") else page.paginator.count


def test_every_number_of_every_role_opens_exactly_its_rows(client, full):
    for role, where in ROLES.items():
        user = make.user(role, full[where])
        client.force_login(user)
        items = items_of(Desk(user, timezone.now(), timezone.localdate()))
        assert items
        for item in items:
            if item.key.startswith("audit-"):
                continue  # opening that page is an event of its own; see below
            said = (role, item.key, item.number)
            assert (role, item.key, rows_behind(client, item.url)) == said
            if item.urgent_url:
                said = (role, item.key, item.urgent_number)
                assert (role, item.key, rows_behind(client, item.urgent_url)) == said


def test_the_numbers_of_the_audit_are_the_rows_of_its_page(client, full):
    user = make.user("audit_admin", full["city"])
    client.force_login(user)

    for key in ("audit-denied", "audit-exports", "audit-reveals"):
        items = {item.key: item for item in items_of(Desk(user, timezone.now(), timezone.localdate()))}
        assert rows_behind(client, items[key].url) == items[key].number


def test_an_officer_sees_what_waits_with_the_overdue_part(client, full):
    user = make.user("station_officer", full["station"])

    items = {item.key: item for item in items_of(Desk(user, timezone.now(), timezone.localdate()))}

    # Two by hand, five of the proposals; only 雷石生 has waited longer than a week.
    assert (items["arrivals"].number, items["arrivals"].urgent_number) == (7, 1)
    assert items["pairs-waiting"].number == 1
    assert items["pairs-proposed"].number == 2
    assert items["pairs-in-doubt"].number == 1
    assert items["only_departed"].number == 1
    assert items[f"without-grid-{full['station'].pk}"].number == 1
    assert items["in-care"].number == 2
    assert "vacant-grids" not in items


def test_more_than_a_thousand_are_said_as_their_list_says_it(client, places, monkeypatch):
    """A task is counted as far as its list; what stands in care is counted to the end."""
    monkeypatch.setattr(counting, "COUNTED", 2)
    now = timezone.now()
    for number in range(4):
        make.arrival(places, f"钟阿{number}", at=now - timedelta(days=40 * (number > 2)))
        make.stay(places, f"蓝在{number}")
    officer = make.user("station_officer", places["station"])
    items = {one.key: one for one in items_of(Desk(officer, now, timezone.localdate(now)))}
    client.force_login(officer)

    page = client.get("/").content.decode()

    assert (int(items["arrivals"].number), items["in-care"].number) == (3, 4)
    assert f"{items['arrivals'].number:,}" == str(items["arrivals"].number) == "2+"
    assert f"{items['arrivals'].urgent_number}" == "1"
    assert "<b>2+</b>" in page
    assert "<b>4</b>" in page


def test_a_pair_the_other_side_confirmed_is_named_first_with_its_button(client, full):
    client.force_login(make.user("station_officer", full["station"]))

    response = client.get("/")

    first = response.context["due"][0]
    assert "林四" in str(first["label"])
    assert first["is_primary"]
    assert client.get(first["url"]).status_code == 200


def test_the_arrivals_that_waited_longest_are_named(client, full):
    client.force_login(make.user("station_officer", full["station"]))

    due = client.get("/").context["due"]

    assert "雷石生" in [str(line["label"]) for line in due]
    assert "钟阿妹" not in [str(line["label"]) for line in due]


def test_the_desk_of_every_role_costs_at_most_twelve_questions(client, full):
    for role, where in ROLES.items():
        client.force_login(make.user(role, full[where]))
        client.get("/")

        assert (role, asked(client) <= 12) == (role, True)


def test_the_cost_of_a_desk_does_not_grow_with_its_rows(client, places):
    client.force_login(make.user("station_officer", places["station"]))
    make.arrival(places, "钟一")
    make.stay(places, "钟一在")
    client.get("/")
    few = asked(client)
    for name in ("钟二", "钟三", "钟四", "钟五"):
        make.arrival(places, name)
        make.stay(places, f"{name}在")

    assert asked(client) == few


def asked(client) -> int:
    with CaptureQueriesContext(connection) as found:
        client.get("/")
    return len(found)


def test_a_grid_leader_sees_whom_to_visit_and_why(client, places):
    grid, leader = make.grid(places["station"]), make.user(name="蓝凤娇")
    set_leader(grid, user=leader, starts_on=timezone.localdate(), by=None, at=timezone.now())
    assign(make.stay(places, "钟阿妹"), grid, by=None, at=timezone.now())
    assign(make.stay(places, "雷石生"), make.grid(places["station"]), by=None, at=timezone.now())
    client.force_login(leader)

    response = client.get("/")

    led = [panel.data for panel in response.context["panels"] if panel.template == "web/panels/grid.html"]
    assert [one["grid"] for one in led] == [grid]
    assert [due.person.full_name for due in led[0]["due"]] == ["钟阿妹"]
    assert led[0]["due"][0].reasons


def test_a_member_comes_to_the_own_pages_and_the_roleless_learn_why(client, places):
    client.force_login(make.user("member", places["branch"]))
    assert client.get("/").url == reverse("portal:mine")

    client.force_login(make.user())
    assert "web/no_role.html" in [t.name for t in client.get("/").templates]


def test_an_empty_desk_says_where_to_begin(client, places):
    client.force_login(make.user("county_organiser", places["county"]))

    guide = client.get("/").context["guide"]

    assert guide
    for step in guide:
        assert client.get(step["url"]).status_code in (200, 302)


def test_a_stranger_is_asked_to_sign_in(client, db):
    assert client.get("/").url.startswith("/accounts/login/")
