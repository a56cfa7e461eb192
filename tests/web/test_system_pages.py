"""The task centre, the users, the rules and the audit trail."""

import io
import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from tests import places as make
from waystation.accounts.models import User
from waystation.kernel import audit, dated, jobs
from waystation.kernel.jobs import job
from waystation.kernel.models import AuditEvent, Job
from waystation.stewardship.contacts.rules import REAL_CHANNELS
from waystation.stewardship.people.rules import VERIFY_DAYS

pytestmark = pytest.mark.django_db


@job("test.system", title="A test")
def count_to_ten(row, beat):
    beat(10, 10)
    return {"url": "/somewhere/"}


def queued(*, by=None, unit=None):
    path = unit.path if unit else ""
    return jobs.enqueue("test.system", by=by, at=timezone.now(), args={}, unit_path=path)


# --- tasks ----------------------------------------------------------------------------------------


def test_one_sees_ones_own_tasks_and_those_of_the_units_below(client, places, enter):
    me = enter("station_officer", places["station"])
    own, ours = queued(by=me), queued(unit=places["station"])
    queued(unit=places["beside"])
    queued()

    rows = client.get(reverse("web:jobs")).context["rows"]

    assert {row["job"].pk for row in rows} == {own.pk, ours.pk}
    assert {row["job"].pk: row["is_mine"] for row in rows} == {own.pk: True, ours.pk: False}


@pytest.mark.parametrize(("unit", "status"), [("station", 200), ("beside", 404), (None, 404)])
def test_who_may_open_a_task(client, places, enter, unit, status):
    enter("station_officer", places["station"])
    row = queued(unit=places[unit] if unit else None)

    assert client.get(reverse("web:job", args=[row.pk])).status_code == status
    assert client.post(reverse("web:job-cancel", args=[row.pk])).status_code in (302, 404)
    row.refresh_from_db()
    assert (row.state == Job.State.CANCELLED) == (status == 200)


def test_the_progress_is_a_part_of_the_page_and_the_result_only_for_its_starter(client, places, enter):
    me = enter("station_officer", places["station"])
    mine, other = queued(by=me), queued(by=make.user(), unit=places["station"])
    jobs.run_inline(mine)
    jobs.run_inline(other)

    part = client.get(reverse("web:job", args=[mine.pk]), headers={"HX-Request": "true"})

    assert b"<html" not in part.content
    assert f'id="progress-{mine.pk}"'.encode() in part.content
    assert b"/somewhere/" in part.content
    assert b"/somewhere/" not in client.get(reverse("web:job", args=[other.pk])).content


def test_a_stopped_task_starts_again(client, places, enter):
    row = queued(by=enter("station_officer", places["station"]))

    client.post(reverse("web:job-cancel", args=[row.pk]))
    client.post(reverse("web:job-retry", args=[row.pk]))

    row.refresh_from_db()
    assert row.state == Job.State.QUEUED


# --- users ----------------------------------------------------------------------------------------


def test_a_new_account_shows_its_password_once(client, places, enter):
    enter("security_admin", places["city"])

    response = client.post(reverse("web:user-new"), {"full_name": "林晓燕", "username": " ＦＤ０１ "})

    user = User.objects.get(username="fd01")
    password = response.context["password"]
    assert user.check_password(password)
    assert password in response.content.decode()
    assert response.headers["Cache-Control"] == "no-store"
    assert password not in client.get(reverse("web:user-edit", args=[user.pk])).content.decode()
    assert not AuditEvent.objects.filter(facts__icontains=password).exists()


def test_a_taken_or_impossible_sign_in_name_is_refused(client, places, enter):
    enter("security_admin", places["city"])
    taken = make.user()

    for name in (taken.username, "with space", "驿站"):
        response = client.post(reverse("web:user-new"), {"full_name": "某某", "username": name})
        assert list(response.context["form"].errors) == ["username"]


def test_an_account_is_disabled_with_a_reason_and_enabled_again(client, places, enter):
    enter("security_admin", places["city"])
    other = make.user()
    url = reverse("web:user-disable", args=[other.pk])

    client.post(url, {"reason": ""})
    other.refresh_from_db()
    assert other.is_active

    client.post(url, {"reason": "调离"})
    other.refresh_from_db()
    assert not other.is_active
    assert AuditEvent.objects.get(verb="user.disabled").facts["reason"] == "调离"

    client.post(reverse("web:user-enable", args=[other.pk]))
    other.refresh_from_db()
    assert other.is_active


def test_a_reset_password_works_once_and_the_own_account_is_left_alone(client, places, enter):
    me = enter("security_admin", places["city"])
    other = make.user()

    response = client.post(reverse("web:user-reset", args=[other.pk]))
    other.refresh_from_db()
    assert other.check_password(response.context["password"])
    assert other.must_change_password

    for name in ("user-reset", "user-disable", "user-remove-factor"):
        client.post(reverse(f"web:{name}", args=[me.pk]), {"reason": "测试"})
    me.refresh_from_db()
    assert me.is_active
    assert not me.must_change_password


@pytest.mark.parametrize("role", ["system_admin", "audit_admin", "city_organiser"])
def test_nobody_else_manages_users(client, places, enter, role):
    enter(role, places["city"])
    other = make.user()

    assert client.get(reverse("web:user-list")).status_code == 403
    for name in ("user-disable", "user-enable", "user-unlock", "user-reset", "user-remove-factor"):
        assert client.post(reverse(f"web:{name}", args=[other.pk])).status_code == 403


# --- rules ----------------------------------------------------------------------------------------


def test_officers_read_the_rules_and_only_the_system_administrator_sets_them(client, places, enter):
    url = reverse("web:setting-edit", args=[VERIFY_DAYS])
    data = {"value": "5", "starts_on": f"{timezone.localdate()}", "source": "宁委组〔2026〕1号"}
    enter("station_officer", places["station"])
    assert client.get(reverse("web:settings")).status_code == 200
    assert client.post(url, data).status_code == 403

    enter("system_admin", places["city"])
    assert client.post(url, data).status_code == 302
    assert dated.value(VERIFY_DAYS, timezone.localdate()) == 5
    assert dated.value(VERIFY_DAYS, timezone.localdate() - timedelta(days=1)) == 7


@pytest.mark.parametrize(
    ("data", "error"),
    [({"value": "five"}, "value"), ({"source": ""}, "source"), ({"starts_on": "31"}, "starts_on")],
)
def test_a_wrong_rule_is_refused_at_its_field(client, places, enter, data, error):
    enter("system_admin", places["city"])
    right = {"value": "5", "starts_on": "2026-11-01", "source": "文件"}

    response = client.post(reverse("web:setting-edit", args=[VERIFY_DAYS]), {**right, **data})

    assert list(response.context["form"].errors) == [error]
    assert client.get(reverse("web:setting-edit", args=["no.such.rule"])).status_code == 404


def test_a_rule_that_is_no_number_is_read_and_chosen_in_words(client, places, enter):
    enter("system_admin", places["city"])
    page = client.get(reverse("web:settings")).content.decode()
    assert not re.search(r"visit met phone|origin, station", page)
    assert "当面见到、" in page

    url, day = reverse("web:setting-edit", args=[REAL_CHANNELS]), timezone.localdate()
    assert client.post(url, {"value": ["pigeon"], "starts_on": day, "source": "文件"}).status_code == 200
    assert client.post(url, {"value": ["phone", "visit"], "starts_on": day, "source": "文件"}).status_code == 302
    assert dated.value(REAL_CHANNELS, day) == "visit phone"
    assert "上门走访、电话" in client.get(url).content.decode()


# --- the audit trail ------------------------------------------------------------------------------


def test_a_fact_is_shown_whatever_it_is_called(enter, client, places):
    enter("audit_admin", places["city"])
    audit.record("item.moved", by=None, at=timezone.now(), unit_path=places["station"].path, items=3, keys="a")

    page = client.get(reverse("web:audit"))
    assert "items=3 " in page.content.decode()


def test_reading_the_trail_is_an_event_of_its_own(client, places, enter):
    enter("audit_admin", places["city"])

    client.get(reverse("web:audit"), {"verb": "exported"})

    event = AuditEvent.objects.get(verb="audit.viewed")
    assert event.facts == {"filters": {"verb": "exported"}}


def test_the_filters_of_the_trail(client, places, enter):
    enter("audit_admin", places["city"])
    officer, now = make.user(name="林晓燕"), timezone.now()
    audit.record("person.viewed", by=officer, at=now - timedelta(days=3), on=officer)
    audit.record("board.exported", by=officer, at=now, result="denied")

    def verbs(**filters):
        page = client.get(reverse("web:audit"), filters).context["page"]
        return [event.verb for event in page.rows]

    assert verbs(actor="林晓燕") == ["board.exported", "person.viewed"]
    assert verbs(verb="exported", actor="林晓燕") == ["board.exported"]
    assert verbs(verb="person.", actor="林晓燕") == ["person.viewed"]
    assert verbs(result="denied") == ["board.exported"]
    assert verbs(about=str(officer.pk), verb="viewed") == ["person.viewed"]
    day = f"{timezone.localdate(now) - timedelta(days=3)}"
    assert verbs(actor=officer.username, since=day, until=day) == ["person.viewed"]
    assert "person.viewed" in verbs(since="nonsense")


def test_pages_of_the_trail_hold_every_event_once(client, places, enter):
    enter("audit_admin", places["city"])
    me = make.user(name="翻页")
    for _n in range(120):
        audit.record("test.paged", by=me, at=timezone.now())

    seen, url = [], f"{reverse('web:audit')}?actor=翻页"
    while url:
        page = client.get(url).context["page"]
        seen += [event.number for event in page.rows]
        url = reverse("web:audit") + page.next if page.next else ""

    assert len(seen) == len(set(seen)) == 120
    assert seen == sorted(seen, reverse=True)


def test_the_export_holds_the_filtered_events_and_is_recorded(client, places, enter):
    me = enter("audit_admin", places["city"])
    audit.record("test.exported", by=me, at=timezone.now(), purpose="=1+1")

    response = client.post(reverse("web:audit-export"), {"verb": "test.exported"})

    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(response.streaming_content)))
    rows = book.get_sheet_by_index(0).to_python()
    assert any("test.exported" in row for row in rows)
    assert not any("unit.created" in row for row in rows)
    assert AuditEvent.objects.get(verb="audit.exported").facts["rows"] == 1


@pytest.mark.parametrize("role", ["system_admin", "security_admin", "city_organiser"])
def test_nobody_else_reads_the_trail(client, places, enter, role):
    enter(role, places["city"])

    assert client.get(reverse("web:audit")).status_code == 403
    assert client.post(reverse("web:audit-export")).status_code == 403


def test_titles_of_the_pages_differ(client, places, enter):
    enter("system_admin", places["city"])
    titles = set()
    for name in ("web:jobs", "web:settings", "organizations:tree", "web:desk"):
        page = client.get(reverse(name)).content.decode()
        titles.add(re.search(r"<title>(.*?)</title>", page)[1])
    assert len(titles) == 4
