"""The reconciliation board: who sees which rows, what the filters find, and how many queries it takes."""

import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from tests import make
from tests.stewardship.rosters.board_rows import lone_arrival, lone_departure, pair, scene
from waystation.kernel.models import AuditEvent, Job
from waystation.stewardship.rosters.models import MatchCandidate

pytestmark = pytest.mark.django_db
BOARD = "/rosters/board/"


def get(client, user, url=BOARD, **params):
    client.force_login(user)
    return client.get(url, params)


def shown(response) -> list[str]:
    return [view.row.full_name for view in response.context["pairs"]]


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        ("county", True), ("town", True), ("branch", True), ("station", True), ("city", True),
        ("foreign county", False), ("foreign station", False),
    ],
)  # fmt: skip
def test_each_officer_sees_the_pairs_of_one_end_in_reach(client, who, sees):
    world = scene()
    pair(world.units)

    response = get(client, world.users[who])

    assert response.status_code == 200
    assert shown(response) == (["缪春花"] if sees else [])
    assert ("缪春花" in response.content.decode()) is sees


def test_an_administrator_without_the_permission_is_refused(client):
    world = scene()

    assert get(client, world.users["admin"]).status_code == 403


def test_nobody_is_sent_to_the_sign_in(client):
    assert client.get(BOARD).status_code == 302


def test_the_number_of_queries_does_not_grow_with_the_rows(client):
    world = scene()
    counts = []
    for name in ("缪春花", "卓秋月", "阮冬梅"):
        pair(world.units, name)
        client.force_login(world.users["station"])
        client.get(BOARD)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(BOARD)
        counts.append(len(queries))

    assert counts[0] == counts[-1]
    assert counts[0] <= 14


def test_each_tab_counts_and_shows_its_own_rows(client):
    world = scene()
    by = make.user()
    pair(world.units, "缪春花")
    pair(world.units, "丁大明", lane="conflicting")
    pair(world.units, "丁二明", state="rejected", decided_at=timezone.now(), decided_by=by)
    lone_departure(world.units)
    lone_arrival(world.units)

    found = {tab: shown(get(client, world.users["station"], tab=tab)) for tab in (
        "matched", "conflicting", "only_departed", "only_arrived", "settled", "rejected")}  # fmt: skip
    counts = {tab["url"]: tab["count"] for tab in get(client, world.users["station"]).context["tabs"]}

    assert found == {
        "matched": ["缪春花"], "conflicting": ["丁大明"], "only_departed": ["卓秋月"], "only_arrived": ["阮冬梅"],
        "settled": [], "rejected": ["丁二明"],
    }  # fmt: skip
    assert counts == {f"?tab={tab}": len(rows) for tab, rows in found.items()}


def test_filters_by_origin_confirmation_reason_and_text(client):
    world = scene()
    one = pair(world.units, "缪春花", reasons=["id_same", "name_same"], left={"phone": "13900001234"})
    pair(world.units, "卓秋月", reasons=["phone_same", "name_variant"], origin="other branch")
    MatchCandidate.objects.filter(pk=one.pk).update(origin_confirmed_at=timezone.now(), origin_confirmed_by=make.user())
    user = world.users["county"]

    assert shown(get(client, user, origin=world.units["town"].pk)) == ["卓秋月", "缪春花"]
    assert shown(get(client, user, origin=world.units["seat"].pk)) == []
    assert shown(get(client, user, confirmed="origin")) == ["缪春花"]
    assert shown(get(client, user, confirmed="nobody")) == ["卓秋月"]
    assert shown(get(client, user, why="phone_same")) == ["卓秋月"]
    assert shown(get(client, user, why="name_other")) == ["卓秋月"]
    assert shown(get(client, user, why="id_same")) == ["缪春花"]
    assert shown(get(client, user, q="缪")) == ["缪春花"]
    assert shown(get(client, user, q="zhuo qiu")) == ["卓秋月"]
    assert shown(get(client, user, q="mch")) == ["缪春花"]
    assert shown(get(client, user, q="1234")) == ["缪春花"]
    assert shown(get(client, user, q="无此人")) == []


def test_unknown_values_of_filters_change_nothing(client):
    world = scene()
    pair(world.units)

    response = get(client, world.users["county"], origin="999999", why="x", tab="x", size="x", after="x", confirmed="x")

    assert shown(response) == ["缪春花"]


def test_a_page_has_no_more_rows_than_a_hundred_and_leads_to_the_next(client):
    world = scene()
    surnames = "赵钱孙李周吴郑冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华"
    for surname, given in zip(surnames, reversed(surnames), strict=True):
        pair(world.units, f"{surname}{given}")

    first = get(client, world.users["county"])
    names = shown(first)
    second = client.get(BOARD + first.context["page"].next)

    assert (len(names), len(shown(second))) == (25, 2)
    assert not set(names) & set(shown(second))
    assert len(shown(get(client, world.users["county"], size="100000"))) == 25


def lines_of(client, user, **params):
    (view,) = get(client, user, **params).context["pairs"]
    return {line.label: line for line in view.lines}, view


def test_what_differs_is_marked_and_said_in_words(client):
    world = scene()
    pair(
        world.units, "丁大明", lane="conflicting", reasons=["name_same", "id_differs"],
        left={"born": "1972-03-09", "id_number": "350982197203090014", "phone": "13700000913"},
        right={"born": "1972-03-10", "id_number": "350982197203090137", "phone": "13700000913"},
    )  # fmt: skip

    lines, view = lines_of(client, world.users["station"], tab="conflicting")
    page = client.get(BOARD, {"tab": "conflicting"}).content.decode()

    assert [line.conflicts for line in lines.values()][:4] == [False, True, True, False]
    assert [reason.agrees for reason in view.reasons] == [True, False]
    assert view.tag == "请人工核实"
    assert page.count("<mark>") >= 2
    assert "（不一致）" in page or "(不一致)" in page


def test_numbers_that_differ_behind_equal_masks_are_told_apart(client):
    world = scene()
    pair(
        world.units, "丁大明", lane="conflicting",
        left={"phone": "13700000913"}, right={"phone": "13711110913"},
    )  # fmt: skip

    lines, _view = lines_of(client, world.users["station"], tab="conflicting")
    phone = next(line for line in lines.values() if line.field == "phone")

    assert phone.left == phone.right
    assert phone.conflicts
    assert phone.is_hidden
    assert "隐去的数字不同" in client.get(BOARD, {"tab": "conflicting"}).content.decode()


def test_a_month_and_a_day_of_it_do_not_conflict(client):
    world = scene()
    pair(world.units, left={"born": "1985-08"}, right={"born": "1985-08-12"})

    _lines, view = lines_of(client, world.users["station"])

    assert [line.conflicts for line in view.lines if "1985" in line.left] == [False]


def test_no_list_shows_a_whole_number(client):
    world = scene()
    number = make.id_number()
    pair(world.units, left={"id_number": number, "phone": "13900007731"})
    lone_departure(world.units, phone="13900008842")

    for tab in ("matched", "only_departed"):
        page = get(client, world.users["station"], tab=tab).content.decode()
        assert number not in page
        assert "13900007731" not in page
        assert "13900008842" not in page


@pytest.mark.parametrize(
    ("who", "side", "word"),
    [
        ("station", "origin", "对方已确认"), ("station", "station", "本方已确认，等待对方"),
        ("county", "origin", "本方已确认，等待对方"), ("county", "station", "对方已确认"),
        ("city", "origin", "流出地已确认"),
    ],
)  # fmt: skip
def test_the_tag_says_who_has_confirmed_as_the_reader_sees_it(client, who, side, word):
    world = scene()
    row = pair(world.units)
    MatchCandidate.objects.filter(pk=row.pk).update(
        **{f"{side}_confirmed_at": timezone.now(), f"{side}_confirmed_by": make.user()}
    )

    (view,) = get(client, world.users[who]).context["pairs"]

    assert view.tag == word


def test_only_those_who_speak_for_a_side_get_buttons(client):
    world = scene()
    row = pair(world.units)
    url = reverse("rosters:pair-confirm", args=[row.pk])

    assert url in get(client, world.users["station"]).content.decode()
    assert url in get(client, world.users["branch"]).content.decode()
    assert url not in get(client, world.users["city"]).content.decode()


def test_the_head_line_says_who_handed_in_what(client):
    world = scene()

    page = get(client, world.users["station"]).content.decode()

    assert "流出地名册尚未导入" in page
    assert "工作站登记册尚未导入" in page


# --- the ledger -----------------------------------------------------------------------------------


def cells_of(response):
    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(response.streaming_content)))
    return book.get_sheet_by_index(0).to_python()


def test_a_tab_is_exported_with_its_filters_masked_and_recorded(client):
    world = scene()
    number = make.id_number()
    pair(world.units, "缪春花", left={"id_number": number}, reasons=["name_same"])
    pair(world.units, "卓秋月")

    response = get(client, world.users["county"], reverse("rosters:board-export"), tab="matched", q="缪")
    text = str(cells_of(response))

    assert response.status_code == 200
    assert "缪春花" in text
    assert "卓秋月" not in text
    assert number not in text
    assert "姓名一致" in text
    event = AuditEvent.objects.get(verb="board.exported")
    assert (event.actor, event.facts["rows"], event.facts["tab"]) == (world.users["county"], 1, "matched")


@pytest.mark.parametrize("tab", ["conflicting", "only_departed", "only_arrived", "settled", "rejected"])
def test_every_tab_has_a_ledger(client, tab):
    world = scene()
    lone_departure(world.units)
    lone_arrival(world.units)

    response = get(client, world.users["station"], reverse("rosters:board-export"), tab=tab)

    assert response["Content-Type"].endswith("spreadsheetml.sheet")
    assert len(b"".join(response.streaming_content)) > 1000


def test_an_export_stays_within_the_reach(client):
    world = scene()
    pair(world.units)

    response = get(client, world.users["foreign county"], reverse("rosters:board-export"), tab="matched")

    assert "缪春花" not in str(cells_of(response))
    assert get(client, world.users["admin"], reverse("rosters:board-export")).status_code == 403


# --- the matcher ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "status", "jobs"),
    [("county", 302, 1), ("station", 302, 1), ("branch", 302, 1), ("city", 403, 0), ("admin", 403, 0)],
)
def test_who_may_run_the_matcher_again(client, who, status, jobs):
    world = scene()
    client.force_login(world.users[who])

    response = client.post(reverse("rosters:match-run"))

    assert response.status_code == status
    assert Job.objects.filter(kind="match.run").count() == jobs


def test_the_matcher_is_not_started_twice(client):
    world = scene()
    client.force_login(world.users["county"])

    client.post(reverse("rosters:match-run"))
    client.post(reverse("rosters:match-run"))

    assert Job.objects.filter(kind="match.run").count() == 1
    assert client.get(reverse("rosters:match-run")).status_code == 405


def test_nobody_runs_the_matcher_over_another_county(client):
    world = scene()
    client.force_login(world.users["county"])

    client.post(reverse("rosters:match-run"), {"county": world.units["beside county"].pk})

    assert Job.objects.get(kind="match.run").unit_path == world.units["county"].path


def test_the_progress_of_a_job_is_seen_where_it_belongs(client):
    world = scene()
    client.force_login(world.users["county"])
    client.post(reverse("rosters:match-run"))
    url = reverse("rosters:progress", args=[Job.objects.get(kind="match.run").pk])

    assert client.get(url, headers={"HX-Request": "true"}).status_code == 200
    client.force_login(world.users["foreign county"])
    assert client.get(url, headers={"HX-Request": "true"}).status_code == 404


def test_a_job_that_has_ended_reloads_the_page_around_its_bar(client):
    world = scene()
    client.force_login(world.users["county"])
    client.post(reverse("rosters:match-run"))
    job = Job.objects.get(kind="match.run")
    Job.objects.filter(pk=job.pk).update(state="done", finished_at=timezone.now())

    response = client.get(reverse("rosters:progress", args=[job.pk]), headers={"HX-Request": "true"})

    assert response["HX-Refresh"] == "true"


def test_files_are_what_they_say(client):
    world = scene()
    response = get(client, world.users["county"], reverse("rosters:import-sample"), kind="departures")

    assert io.BytesIO(b"".join(response.streaming_content)).read(2) == b"PK"
