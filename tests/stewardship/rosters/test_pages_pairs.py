"""One pair: what each side may say about it, one by one and in bulk."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests import make
from tests.stewardship.rosters.board_rows import lone_arrival, lone_departure, pair, rival, scene
from waystation.kernel.jobs import run_inline
from waystation.kernel.models import AuditEvent, Job
from waystation.stewardship.people.models import Departure, Stay
from waystation.stewardship.rosters.actions import bulk
from waystation.stewardship.rosters.models import MatchCandidate

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
EVERYBODY = {
    "county": 200, "town": 200, "branch": 200, "station": 200, "city": 200, "admin": 403, "foreign county": 404,
    "foreign station": 404,
}  # fmt: skip


def url(name, row, *more):
    return reverse(f"rosters:{name}", args=[row.pk, *more])


def post(client, user, address, data=None, **more):
    client.force_login(user)
    return client.post(address, data or {}, **more)


def confirmed_by(row, side, user=None):
    MatchCandidate.objects.filter(pk=row.pk).update(
        **{f"{side}_confirmed_at": timezone.now(), f"{side}_confirmed_by": user or make.user()}
    )


# --- who, where, with which answer ----------------------------------------------------------------


@pytest.mark.parametrize(("who", "status"), EVERYBODY.items())
def test_who_may_open_a_pair(client, who, status):
    world = scene()
    row = pair(world.units)
    client.force_login(world.users[who])

    response = client.get(url("pair", row))

    assert response.status_code == status
    assert ("缪春花" in response.content.decode()) is (status == 200)


SPEAKERS = {
    "county": 302, "town": 302, "branch": 302, "station": 302, "city": 403, "admin": 403, "foreign county": 404,
    "foreign station": 404,
}  # fmt: skip


@pytest.mark.parametrize("name", ["pair-confirm", "pair-reject"])
@pytest.mark.parametrize(("who", "status"), SPEAKERS.items())
def test_who_may_speak_for_a_side(client, name, who, status):
    world = scene()
    row = pair(world.units)

    response = post(client, world.users[who], url(name, row))

    row.refresh_from_db()
    said = row.state != "open" or bool(row.origin_confirmed_at or row.station_confirmed_at)
    assert response.status_code == status
    assert said is (status == 302)


@pytest.mark.parametrize(("who", "status"), SPEAKERS.items())
def test_who_may_take_a_yes_back(client, who, status):
    world = scene()
    row = pair(world.units)
    side = "station" if who == "station" else "origin"
    MatchCandidate.objects.filter(pk=row.pk).update(
        **{f"{side}_confirmed_at": timezone.now(), f"{side}_confirmed_by": world.users[who]}
    )

    assert post(client, world.users[who], url("pair-withdraw", row)).status_code == status

    row.refresh_from_db()
    assert (getattr(row, f"{side}_confirmed_at") is None) is (status == 302)


def test_a_yes_offers_its_undo_to_who_gave_it(client):
    world = scene()
    row = pair(world.units)

    page = post(client, world.users["station"], url("pair-confirm", row), follow=True)
    assert page.content.decode().count(url("pair-withdraw", row)) == 2  # in the message and on the page
    client.force_login(world.users["branch"])
    assert url("pair-withdraw", row) not in client.get(url("pair", row)).content.decode()
    client.force_login(world.users["station"])
    card = post(client, world.users["station"], url("pair-withdraw", row), {"tab": "matched"}, headers=HTMX)

    row.refresh_from_db()
    assert (card.status_code, row.station_confirmed_at) == (200, None)
    assert "撤回我的确认" not in card.content.decode()


@pytest.mark.parametrize(("who", "status"), SPEAKERS.items())
def test_who_may_take_a_no_back(client, who, status):
    world = scene()
    row = pair(world.units, state="rejected", decided_at=timezone.now(), decided_by=make.user())

    assert post(client, world.users[who], url("pair-reopen", row)).status_code == status

    row.refresh_from_db()
    assert (row.state == "open") is (status == 302)


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("county", 302), ("town", 403), ("branch", 403), ("station", 403), ("city", 403), ("admin", 403),
        ("foreign county", 404),
    ],
)  # fmt: skip
def test_who_may_override(client, who, status):
    world = scene()
    row = pair(world.units)
    confirmed_by(row, "station")

    response = post(client, world.users[who], url("pair-override", row), {"reason": "流出地三次未答复"})

    assert response.status_code == status
    assert Stay.objects.filter(departure=row.departure).exists() is (status == 302)


@pytest.mark.parametrize(("who", "status"), SPEAKERS.items())
def test_who_may_follow_up(client, who, status):
    world = scene()
    row = lone_departure(world.units)
    outcome = "coming" if who == "station" else "reminded"

    response = post(client, world.users[who], url("follow-up", row), {"outcome": outcome, "note": "周五来"})

    row.refresh_from_db()
    assert response.status_code == status
    assert (row.follow_up.endswith("周五来")) is (status == 302)


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("county", 200), ("branch", 200), ("station", 200), ("city", 403), ("admin", 403), ("foreign county", 404),
        ("foreign station", 404),
    ],
)  # fmt: skip
def test_who_may_have_a_number_shown(client, who, status):
    world = scene()
    row = pair(world.units, right={"phone": "13900006624"})

    response = post(client, world.users[who], url("pair-reveal", row, "station", "phone"), headers=HTMX)

    assert response.status_code == status
    assert ("13900006624" in response.content.decode()) is (status == 200)
    assert AuditEvent.objects.filter(verb="arrival.revealed").count() == (status == 200)


@pytest.mark.parametrize(
    "name", ["pair-confirm", "pair-withdraw", "pair-reject", "pair-reopen", "pair-override", "follow-up"]
)
def test_nothing_is_said_by_following_a_link(client, name):
    world = scene()
    row = pair(world.units)
    client.force_login(world.users["county"])

    assert client.get(url(name, row)).status_code == 405


# --- confirming -----------------------------------------------------------------------------------


def test_two_sides_by_two_people_open_the_stay(client):
    world = scene()
    row = pair(world.units)

    post(client, world.users["branch"], url("pair-confirm", row))
    assert not Stay.objects.exists()
    post(client, world.users["station"], url("pair-confirm", row))

    row.refresh_from_db()
    assert row.state == "settled"
    assert Stay.objects.get().departure == row.departure


def test_nobody_says_yes_for_both_sides(client):
    world = scene()
    row = pair(world.units)
    both = world.users["station"]
    make.mandate(both, "branch_secretary", world.units["branch"])

    post(client, both, url("pair-confirm", row), {"side": "origin"})
    response = post(client, both, url("pair-confirm", row), {"side": "station"}, headers=HTMX)

    assert "本方须由其他人员确认" in response.content.decode()
    assert not Stay.objects.exists()


def test_who_speaks_for_both_sides_must_say_for_which(client):
    world = scene()
    row = pair(world.units)
    both = world.users["station"]
    make.mandate(both, "branch_secretary", world.units["branch"])

    assert post(client, both, url("pair-confirm", row)).status_code == 403
    page = client.get(url("pair", row)).content.decode()
    assert "代流出地" in page
    assert "代工作站" in page


def test_a_side_that_is_not_mine_cannot_be_named(client):
    world = scene()
    row = pair(world.units)

    assert post(client, world.users["station"], url("pair-confirm", row), {"side": "origin"}).status_code == 403


def test_htmx_gets_the_card_and_the_tabs_again(client):
    world = scene()
    row = pair(world.units)

    response = post(client, world.users["station"], url("pair-confirm", row), {"tab": "matched"}, headers=HTMX)
    page = response.content.decode()

    assert f'id="pair-{row.pk}"' in page
    assert "本方已确认，等待对方" in page
    assert 'id="board-tabs" hx-swap-oob="true"' in page


def test_without_htmx_the_user_returns_to_the_same_filters(client):
    world = scene()
    row = pair(world.units)
    here = "/rosters/board/?tab=matched&q=x"

    response = post(client, world.users["station"], url("pair-confirm", row), {"next": here})
    away = post(client, world.users["branch"], url("pair-reject", row), {"next": "https://example.org/"})

    assert response.url == here
    assert away.url == url("pair", row)


def test_a_pair_that_somebody_decided_first_says_so(client):
    world = scene()
    row = pair(world.units)
    MatchCandidate.objects.filter(pk=row.pk).update(state="rejected", decided_at=timezone.now(), decided_by=make.user())

    response = post(client, world.users["station"], url("pair-confirm", row), follow=True)

    assert "这一对已有结论" in response.content.decode()


def test_a_no_offers_its_undo(client):
    world = scene()
    row = pair(world.units)

    page = post(client, world.users["station"], url("pair-reject", row), {"reason": "两个人"}, follow=True)
    card = post(client, world.users["station"], url("pair-reopen", row), {"tab": "rejected"}, headers=HTMX)

    row.refresh_from_db()
    assert url("pair-reopen", row) in page.content.decode()
    assert card.status_code == 200
    assert row.state == "open"


# --- override and follow-up -----------------------------------------------------------------------


def test_an_override_without_a_reason_is_asked_again(client):
    world = scene()
    row = pair(world.units)
    confirmed_by(row, "station")

    response = post(client, world.users["county"], url("pair-override", row), {"reason": " "})

    assert response.status_code == 422
    assert "id_reason" not in response.content.decode()
    assert 'href="#override_reason"' in response.content.decode()
    assert not Stay.objects.exists()


def test_the_reason_of_an_override_stands_in_what_happened_to_the_pair(client):
    world = scene()
    row = pair(world.units)
    confirmed_by(row, "station")
    post(client, world.users["county"], url("pair-override", row), {"reason": "流出地三次未答复"})

    page = client.get(url("pair", row)).content.decode()

    assert "由县级裁定" in page
    assert "流出地三次未答复" in page


def test_an_override_before_anybody_confirmed_is_refused(client):
    world = scene()
    row = pair(world.units)

    response = post(client, world.users["county"], url("pair-override", row), {"reason": "无人答复"})

    assert response.status_code == 409
    assert "须有一方先确认" in response.content.decode()


def test_only_the_county_is_offered_the_override_and_only_when_one_side_is_silent(client):
    world = scene()
    row = pair(world.units)
    address = url("pair-override", row)

    client.force_login(world.users["county"])
    assert address not in client.get(url("pair", row)).content.decode()
    confirmed_by(row, "station")
    assert address in client.get(url("pair", row)).content.decode()
    client.force_login(world.users["town"])
    assert address not in client.get(url("pair", row)).content.decode()


def test_a_member_who_is_not_here_is_sent_back_with_a_reason(client):
    world = scene()
    row = lone_departure(world.units)
    address = url("follow-up", row)

    empty = post(client, world.users["station"], address, {"outcome": "not_here", "note": ""})
    assert empty.status_code == 422
    assert Departure.objects.get(pk=row.departure_id).state == "pending"

    post(client, world.users["station"], address, {"outcome": "not_here", "note": "已迁往厦门"})
    departure = Departure.objects.get(pk=row.departure_id)
    assert (departure.state, departure.closing_reason) == ("refused", "已迁往厦门")
    assert not MatchCandidate.objects.filter(pk=row.pk).exists()


def test_the_origin_cannot_send_its_own_departure_back(client):
    world = scene()
    row = lone_departure(world.units)

    response = post(client, world.users["branch"], url("follow-up", row), {"outcome": "not_here", "note": "x"})

    assert response.status_code == 422
    assert Departure.objects.get(pk=row.departure_id).state == "pending"


def test_the_origin_registers_a_forgotten_departure_from_the_arrival(client):
    world = scene()
    row = lone_arrival(world.units)
    wanted = f"{reverse('people:departure-new')}?arrival={row.arrival_id}"

    client.force_login(world.users["branch"])
    assert wanted in client.get(reverse("rosters:board"), {"tab": "only_arrived"}).content.decode()
    client.force_login(world.users["station"])
    assert wanted not in client.get(reverse("rosters:board"), {"tab": "only_arrived"}).content.decode()


def test_the_call_list_names_the_secretary_of_the_branch(client):
    world = scene()
    lone_departure(world.units)
    client.force_login(world.users["station"])

    page = client.get(reverse("rosters:board"), {"tab": "only_departed"}).content.decode()

    assert str(world.users["branch"]) in page


# --- numbers --------------------------------------------------------------------------------------


def test_a_number_is_shown_without_javascript_too_and_hidden_again(client):
    world = scene()
    row = pair(world.units, left={"phone": "13900006624"})
    address = url("pair-reveal", row, "origin", "phone")

    whole = post(client, world.users["station"], address).content.decode()
    hidden = client.get(address).content.decode()

    assert "13900006624" in whole
    assert "13900006624" not in hidden
    event = AuditEvent.objects.get(verb="departure.revealed")
    assert (event.fields, event.actor) == (["phone"], world.users["station"])


@pytest.mark.parametrize(("side", "field"), [("origin", "hardship"), ("station", "full_name"), ("origin", "address")])
def test_only_what_is_sealed_and_there_can_be_shown(client, side, field):
    world = scene()
    row = pair(world.units)

    assert post(client, world.users["station"], url("pair-reveal", row, side, field)).status_code == 404


def test_the_page_of_a_pair_lists_the_other_proposals_about_its_rows(client):
    world = scene()
    row = pair(world.units)
    other = rival(world.units, row, "缪春华")
    client.force_login(world.users["county"])

    page = client.get(url("pair", row)).content.decode()

    assert "缪春华" in page
    assert url("pair", other) in page


def test_the_page_of_a_pair_takes_the_same_queries_with_one_and_three_others(client):
    world = scene()
    row = pair(world.units)
    client.force_login(world.users["county"])
    counts = []
    for name in ("缪春华", "缪存花", "缪纯花"):
        rival(world.units, row, name)
        client.get(url("pair", row))
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url("pair", row)).status_code == 200
        counts.append(len(queries))

    assert counts[0] == counts[-1]
    assert counts[0] <= 12


# --- many at once ---------------------------------------------------------------------------------

BULK = "/rosters/board/confirm/"


def test_the_chosen_pairs_are_confirmed_and_no_others(client):
    world = scene()
    rows = [pair(world.units, name) for name in ("缪春花", "卓秋月", "阮冬梅")]

    post(client, world.users["station"], BULK, {"scope": "chosen", "pk": [rows[0].pk, rows[2].pk, "x"]})

    said = MatchCandidate.objects.filter(station_confirmed_by=world.users["station"])
    assert set(said) == {rows[0], rows[2]}


def test_the_whole_page_is_confirmed(client):
    world = scene()
    rows = [pair(world.units, name) for name in ("缪春花", "卓秋月")]

    response = post(
        client, world.users["station"], BULK, {"scope": "page", "on_page": [row.pk for row in rows]}, follow=True
    )

    assert MatchCandidate.objects.filter(station_confirmed_at__isnull=False).count() == 2
    assert "已确认 2 对，其中 0 人现已纳入管理" in response.content.decode()


def test_all_that_the_filters_find_is_summed_up_before_it_is_confirmed(client):
    world = scene()
    rows = [pair(world.units, name) for name in ("缪春花", "卓秋月")]
    confirmed_by(rows[0], "origin")
    data = {"scope": "all", "tab": "matched"}

    summary = post(client, world.users["station"], BULK, data)
    assert summary.status_code == 200
    assert (summary.context["total"], summary.context["opens"]) == (2, 1)
    assert not MatchCandidate.objects.filter(station_confirmed_at__isnull=False).exists()

    post(client, world.users["station"], BULK, data | {"sure": "1"})
    assert MatchCandidate.objects.filter(station_confirmed_at__isnull=False).count() == 2
    assert Stay.objects.count() == 1


def test_all_means_all_that_the_filters_find(client):
    world = scene()
    pair(world.units, "缪春花")
    other = pair(world.units, "卓秋月")

    post(client, world.users["station"], BULK, {"scope": "all", "tab": "matched", "q": "缪", "sure": "1"})

    other.refresh_from_db()
    assert other.station_confirmed_at is None
    assert MatchCandidate.objects.filter(station_confirmed_at__isnull=False).count() == 1


def test_one_refusal_stops_nothing_and_is_listed_with_its_reason(client):
    world = scene()
    rows = [pair(world.units, name) for name in ("缪春花", "卓秋月", "阮冬梅")]
    for row in rows:
        confirmed_by(row, "origin")
    # Somebody took the second member into care meanwhile.
    elsewhere = make.stay(world.units["branch"], world.units["station"], "丁大明")
    Stay.objects.filter(pk=elsewhere.pk).update(person=rows[1].departure.person)

    response = post(
        client, world.users["station"], BULK, {"scope": "page", "on_page": [row.pk for row in rows]}, follow=True
    )
    job = Job.objects.get(kind="pairs.confirm")

    assert (job.result["confirmed"], job.result["opened"]) == (2, 2)
    assert [entry["pair"] for entry in job.result["refused"]] == [str(rows[1].pk)]
    assert response.redirect_chain[-1][0] == reverse("rosters:bulk", args=[job.pk])
    page = response.content.decode()
    assert "卓秋月" in page
    assert job.result["refused"][0]["why"] in page
    rows[1].refresh_from_db()
    assert rows[1].state == "open"


def test_pairs_with_conflicts_are_never_confirmed_in_bulk(client):
    world = scene()
    row = pair(world.units, lane="conflicting")

    post(client, world.users["station"], BULK, {"scope": "chosen", "pk": [row.pk]})

    row.refresh_from_db()
    assert row.station_confirmed_at is None


@pytest.mark.parametrize(
    ("who", "status", "count"),
    [("county", 302, 1), ("station", 302, 1), ("city", 403, 0), ("admin", 403, 0), ("foreign station", 302, 0)],
)
def test_who_may_confirm_in_bulk(client, who, status, count):
    world = scene()
    row = pair(world.units)

    response = post(client, world.users[who], BULK, {"scope": "chosen", "pk": [row.pk]})

    confirmed = MatchCandidate.objects.exclude(origin_confirmed_at=None, station_confirmed_at=None)
    assert response.status_code == status
    assert confirmed.count() == count


def test_a_bulk_of_many_is_a_job_whose_second_run_doubles_nothing(client, monkeypatch):
    monkeypatch.setattr(bulk, "AT_ONCE", 1)
    world = scene()
    rows = [pair(world.units, name) for name in ("缪春花", "卓秋月")]
    data = {"scope": "all", "tab": "matched", "sure": "1"}

    response = post(client, world.users["station"], BULK, data)
    job = Job.objects.get(kind="pairs.confirm")
    assert response.url == reverse("rosters:bulk", args=[job.pk])
    assert "progress" in client.get(response.url).content.decode()

    run_inline(job)
    first = Job.objects.get(pk=job.pk).result
    Job.objects.filter(pk=job.pk).update(state="queued", finished_at=None)
    again = run_inline(Job.objects.get(pk=job.pk)).result

    assert first["confirmed"] == again["confirmed"] == len(rows)
    assert AuditEvent.objects.filter(verb="pair.confirmed").count() == len(rows)


def test_a_mandate_that_ended_meanwhile_confirms_nothing(client, monkeypatch):
    monkeypatch.setattr(bulk, "AT_ONCE", 0)
    world = scene()
    pair(world.units)
    post(client, world.users["station"], BULK, {"scope": "all", "sure": "1"})
    world.users["station"].mandates.update(ends_on=timezone.localdate())

    result = run_inline(Job.objects.get(kind="pairs.confirm")).result

    assert (result["confirmed"], result["missing"]) == (0, 1)


def test_the_report_of_a_bulk_is_its_starters_alone(client, monkeypatch):
    world = scene()
    pair(world.units)
    post(client, world.users["station"], BULK, {"scope": "all", "sure": "1"})
    job = Job.objects.get(kind="pairs.confirm")

    assert client.get(reverse("rosters:bulk", args=[job.pk])).status_code == 200
    client.force_login(world.users["county"])
    assert client.get(reverse("rosters:bulk", args=[job.pk])).status_code == 404
