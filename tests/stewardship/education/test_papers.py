"""What is handed up and printed: the plan of a year, the sign-in sheet and the record of a meeting."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tests import places as make
from tests.stewardship.education import made
from tests.stewardship.education.made import text_of
from waystation.kernel import papers as kernel_papers
from waystation.kernel.models import AuditEvent
from waystation.organizations.access import Reach
from waystation.organizations.permissions import Permission
from waystation.stewardship.education import actions, ledgers, papers
from waystation.stewardship.education.models import Plan
from waystation.stewardship.people.large_ledgers import Asked

pytestmark = pytest.mark.django_db


def today():
    return timezone.localdate()


def yesterday():
    return today() - timedelta(days=1)


def test_the_plan_of_a_unit_is_handed_up_with_what_became_of_it(client, places, enter):
    station, grid, now = places["station"], make.grid(places["station"]).unit, timezone.now()
    make.grid(places["beside"])
    year = today().year - 1
    made.members(places, "林美", starts_on=date(year, 1, 1))
    plan = Plan.objects.create(unit=station, unit_path=station.path, year=year, created_at=now)
    beside = Plan.objects.create(unit=places["beside"], unit_path=places["beside"].path, year=year, created_at=now)
    planned = {"kind": "lecture", "by": None, "at": now}
    was_held = actions.save_item(plan, month=3, day=date(year, 3, 8), topic="学习党章", lead="罗春生", **planned)
    actions.save_item(plan, month=4, topic="清明祭扫", grid=grid, **planned)
    actions.save_item(plan, month=5, topic="海参养殖", group_title="海参养殖党小组", **planned)
    gone = actions.save_item(plan, month=6, topic="台风天", **planned)
    actions.save_item(beside, month=6, topic="邻站的党课", **planned)
    actions.approve_plan(plan, by=make.user(), at=now)
    actions.drop_item(gone, reason="台风", by=None, at=now)
    made.held(station, held_on=date(year, 3, 9), item=was_held)
    enter("station_head", station)
    page = client.get(reverse("education:plan", args=[plan.pk]))
    assert reverse("education:export", args=["plan"]) in page.content.decode()

    text = text_of(client.post(reverse("education:export", args=["plan"]), {"year": year, "unit": station.pk}))

    for word in ("学习党章", "罗春生", "清明祭扫", grid.name, "海参养殖党小组", "台风"):
        assert word in text
    assert "邻站的党课" not in text
    assert "（草案）" not in text
    event = AuditEvent.objects.get(verb="ledger.exported")
    assert (event.facts["ledger"], event.facts["rows"]) == ("education.plan", 4)
    asked = {"year": year, "unit": places["beside"].pk}
    assert client.post(reverse("education:export", args=["plan"]), asked).status_code == 404


def test_the_ledger_of_a_plan_tells_missed_items_from_those_to_come(places):
    station, now = places["station"], timezone.now()
    user = make.user("station_head", station)
    plan = Plan.objects.create(unit=station, unit_path=station.path, year=today().year, created_at=now)
    rows = [{"day": yesterday()}, {"day": today()}] if yesterday().year == today().year else [{"day": today()}]
    for row in rows:
        actions.save_item(plan, kind="lecture", month=1, topic="党课", by=None, at=now, **row)
    reach = Reach.of(user, Permission.EDUCATION_VIEW)
    asked = Asked(ledgers.PLAN, {"year": today().year}, station, reach, user, now)
    written = list(ledgers.ledger_of(asked).rows)
    assert [row[8] for row in written][-2:] == ["未开展", "尚未开展"][-len(rows) :]
    assert ledgers.title(asked).endswith("（草案）")
    assert ledgers.size(asked, None) == len(written) == len(rows)


@pytest.fixture
def meeting(places):
    """An open roll: one excused, one present, one on leave, one absent."""
    mei, hua, lan, wang = made.members(places, "林美", "陈华", "蓝英", "王老")
    made.excuse(wang)
    occasion = made.occasion(
        places["station"], held_on=yesterday(), at=timezone.now(), place="二楼会议室", lead="罗春生", recorder="曾美华",
        minutes="一、学习党章。\n二、<b>决议</b>：同意。", guests="何秀梅",
    )  # fmt: skip
    for person, mark in ((mei, "present"), (hua, "leave"), (lan, "absent"), (wang, "present")):
        actions.mark(occasion, mark, lines=[occasion.roll.get(person=person).pk], by=None, at=timezone.now())
    occasion.refresh_from_db()
    return occasion


@pytest.fixture
def without_pdf(monkeypatch):
    def missing(name):
        raise OSError("cannot load library 'libgobject-2.0-0'")

    monkeypatch.setattr(kernel_papers, "import_module", missing)


PAPERS = ["occasion-sign-in", "occasion-record"]


@pytest.mark.pdf
@pytest.mark.parametrize("paper", PAPERS)
def test_the_papers_of_a_meeting_are_pdf_files(client, places, meeting, enter, paper):
    enter("station_officer", places["station"])
    answer = client.post(reverse(f"education:{paper}", args=[meeting.pk]))
    assert (answer.headers["Content-Type"], answer.content[:5]) == ("application/pdf", b"%PDF-")


def test_the_sheet_names_those_expected_and_nobody_who_is_excused(client, places, meeting, enter, without_pdf):
    enter("station_officer", places["station"])
    page = client.get(reverse("education:occasion", args=[meeting.pk])).content.decode()
    assert all(reverse(f"education:{paper}", args=[meeting.pk]) in page for paper in PAPERS)

    sheet = client.post(reverse("education:occasion-sign-in", args=[meeting.pk])).content.decode()

    for word in ("林美", "陈华", "蓝英", "二楼会议室", places["station"].name, "主题党日", "签到表"):
        assert word in sheet
    assert "王老" not in sheet
    event = AuditEvent.objects.get(verb="ledger.exported")
    assert (event.facts["ledger"], event.facts["rows"]) == ("education.sign_in", 3)


def test_the_record_tells_who_was_there_and_what_was_said(client, places, meeting, enter, without_pdf):
    enter("station_officer", places["station"])
    url = reverse("education:occasion-record", args=[meeting.pk])
    open_roll = client.post(url).content.decode()
    actions.close_roll(meeting, by=None, at=timezone.now())
    closed = client.post(url).content.decode()

    for word in ("二楼会议室", "罗春生", "曾美华", "何秀梅", "一、学习党章。", "主持人签名", "记录人签名"):
        assert word in closed
    assert "&lt;b&gt;决议" in closed
    assert ("尚未核定" in open_roll, "尚未核定" in closed) == (True, False)
    said = papers.record_of(meeting)
    assert [said[key] for key in ("present", "also", "leave", "absent", "open")] == [
        ["林美"], ["王老"], ["陈华"], ["蓝英"], [],
    ]  # fmt: skip
    assert [meeting.expected, meeting.present, meeting.on_leave, meeting.absent] == [3, 1, 1, 1]
    assert AuditEvent.objects.filter(verb="ledger.exported", facts__ledger="education.record").count() == 2


def test_the_sheet_of_a_planned_meeting_is_printed_before_it(client, places, enter, without_pdf):
    station, now = places["station"], timezone.now()
    _mei, wang = made.members(places, "林美", "王老")
    made.excuse(wang)
    plan = Plan.objects.create(unit=station, unit_path=station.path, year=today().year + 1, created_at=now)
    item = actions.save_item(plan, kind="lecture", month=3, topic="学习党章", by=None, at=now)
    enter("station_head", station)
    url = reverse("education:item-sign-in", args=[item.pk])
    assert url in client.get(reverse("education:item", args=[item.pk])).content.decode()

    sheet = client.post(url).content.decode()

    assert ("林美" in sheet, "王老" in sheet, "学习党章" in sheet) == (True, False, True)
    enter("station_head", places["beside"])
    assert client.post(url).status_code == 404


@pytest.mark.parametrize("paper", PAPERS)
def test_nobody_else_prints_the_papers_of_a_meeting(client, places, meeting, enter, paper):
    url = reverse(f"education:{paper}", args=[meeting.pk])
    for role, where, status in (
        ("station_head", "beside", 404), ("branch_secretary", "branch", 404), ("system_admin", "city", 403),
    ):  # fmt: skip
        enter(role, places[where])
        assert client.post(url).status_code == status
    enter("station_officer", places["station"])
    assert client.get(url).status_code == 405
    actions.cancel_occasion(meeting, reason="录错", by=None, at=timezone.now())
    assert client.post(url).status_code == 404
    assert not AuditEvent.objects.filter(verb="ledger.exported").exists()


def test_a_sheet_of_too_many_names_is_not_drawn(client, places, meeting, enter, monkeypatch):
    monkeypatch.setattr(papers, "MOST_NAMES", 2)
    enter("station_officer", places["station"])
    answer = client.post(reverse("education:occasion-sign-in", args=[meeting.pk]))
    assert answer.url == reverse("education:occasion", args=[meeting.pk])
    assert not AuditEvent.objects.filter(verb="ledger.exported").exists()
