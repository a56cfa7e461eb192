"""Pages of duty: who comes in, and what they do there."""

from datetime import timedelta

import pypdfium2
import pytest
from django.urls import reverse
from django.utils import timezone

from tests import places as make
from tests.stations.duty import rows
from waystation.kernel import jobs
from waystation.kernel.models import AuditEvent, Job
from waystation.stations.duty.actions.items import hand_item
from waystation.stations.duty.actions.postings import ask_leave
from waystation.stations.duty.actions.turns import ask_swap
from waystation.stations.duty.models import (
    CalendarDay,
    CalendarFeed,
    Handover,
    Leave,
    OpenItem,
    Posting,
    Rota,
    Shift,
    ShiftPattern,
    Swap,
    Turn,
)
from waystation.stations.duty.queries.figures import KEYS
from waystation.web.desk_items import Desk, items_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client, places):
    """An officer on duty now, a colleague in the next shift, and three items."""
    station, now = places["station"], timezone.now()
    one, two = rows.posting(station), rows.posting(station)
    current = rows.shift(station, timezone.localdate(now), users=[one], name="当班")
    Shift.objects.filter(pk=current.pk).update(
        starts_at=now - timedelta(minutes=5), ends_at=now + timedelta(minutes=30)
    )
    Turn.objects.filter(shift=current).update(starts_at=now - timedelta(minutes=5))
    # Two nights lie between, so that the rest between shifts holds whenever the test runs.
    later = timezone.localdate(now) + timedelta(days=2)
    following = rows.shift(station, later, users=[two], name="次班")
    items = [rows.item(station, title) for title in ("甲", "乙", "丙")]
    client.force_login(one.user)
    current.refresh_from_db()
    return {
        "station": station, "one": one, "two": two, "current": current, "following": following, "items": items,
        "later": later,
    }  # fmt: skip


def url(name, *args, **query):
    address = reverse(f"duty:{name}", args=args)
    return address + ("?" + "&".join(f"{key}={value}" for key, value in query.items()) if query else "")


@pytest.mark.parametrize(
    ("role", "where", "page", "status"),
    [
        ("station_officer", "station", "today", 200),
        ("city_organiser", "city", "today", 200),
        ("branch_secretary", "branch", "today", 403),
        ("branch_secretary", "branch", "item-list", 200),
        ("grid_leader", "grid", "item-list", 403),
        ("station_officer", "station", "posting-new", 403),
        ("station_head", "station", "posting-new", 200),
        ("station_officer", "station", "leave-enter", 403),
        ("system_admin", "city", "day-set-everywhere", 200),
        ("station_head", "station", "day-set-everywhere", 403),
    ],
)
def test_who_may_open_a_page(client, places, enter, role, where, page, status):
    unit = make.grid(places["station"]).unit if where == "grid" else places[where]
    enter(role, unit)

    assert client.get(url(page)).status_code == status


@pytest.mark.parametrize("name", ["shift", "check-out", "item", "brief"])
def test_the_rows_of_another_station_do_not_exist(client, places, enter, name):
    posting = rows.posting(places["beside"])
    shift = rows.shift(places["beside"], users=[posting])
    brief = Handover.objects.create(station=places["beside"], shift=shift, made_at=rows.BEFORE)
    things = {"shift": shift, "check-out": shift, "item": rows.item(places["beside"]), "brief": brief}
    enter("station_head", places["station"])

    assert client.get(url(name, things[name].pk)).status_code == 404


def test_an_officer_checks_in_hands_over_and_the_next_reads(client, desk):
    turn = desk["current"].turns.get()
    assert "check-in" in client.get(url("today")).content.decode()
    response = client.post(url("check-in", turn.pk))
    assert response.status_code == 302

    page = client.get(url("check-out", desk["current"].pk))
    assert page.context["number"] == 3
    done, parked, _rest = desk["items"]
    sent = {
        "note": "钥匙在抽屉",
        "rest_to": "",
        f"item-{done.pk}-act": "finish",
        f"item-{done.pk}-outcome": "已回访",
        f"item-{parked.pk}-act": "park",
        f"item-{parked.pk}-until": (desk["later"] + timedelta(days=3)).isoformat(),
    }
    refused = client.post(url("check-out", desk["current"].pk), sent)
    assert (refused.status_code, OpenItem.objects.filter(done_at=None).count()) == (200, 3)
    assert "已回访" in refused.content.decode()
    taken = client.post(url("check-out", desk["current"].pk), sent | {"rest_to": str(desk["following"].pk)})
    assert taken.status_code == 302

    assert OpenItem.objects.get(shift=desk["following"]).title == "丙"
    told = client.get(url("brief", Handover.objects.get().pk)).content.decode()
    for words in ("钥匙在抽屉", "已回访", "丙"):
        assert words in told


def test_what_is_chosen_without_its_answer_is_shown_again(client, desk):
    client.post(url("check-in", desk["current"].turns.get().pk))
    item = desk["items"][0]

    page = client.post(url("check-out", desk["current"].pk), {f"item-{item.pk}-act": "finish", "note": "短"})

    assert [one.pk for one in page.context["bad"]] == [item.pk]
    assert "短" in page.content.decode()


def test_a_stranger_does_not_close_a_running_shift(client, desk):
    client.post(url("check-in", desk["current"].turns.get().pk))
    client.force_login(desk["two"].user)

    assert client.get(url("check-out", desk["current"].pk)).status_code == 404


def test_the_check_in_shows_the_brief_and_insists_on_it(client, desk):
    past = rows.shift(desk["station"], rows.MONTH, name="早前", users=[desk["two"]])
    Shift.objects.filter(pk=past.pk).update(opened_at=rows.BEFORE, closed_at=rows.BEFORE)
    brief = Handover.objects.create(station=desk["station"], shift=past, note="请看", made_at=rows.BEFORE)
    turn = desk["current"].turns.get()

    refused = client.post(url("check-in", turn.pk))
    assert (refused.status_code, "请看" in refused.content.decode()) == (200, True)
    assert client.post(url("check-in", turn.pk), {"read": str(brief.pk)}).status_code == 302


@pytest.mark.parametrize(
    ("sent", "state"),
    [
        ({"act": "finish", "outcome": "好"}, "done"),
        ({"act": "hand", "to": "following"}, "handed"),
        ({"act": "park", "until": "later"}, "parked"),
    ],
)
def test_an_item_is_worked_on_its_page_and_found_by_its_filter(client, desk, sent, state):
    item = desk["items"][0]
    later = (desk["later"] + timedelta(days=5)).isoformat()
    sent = {
        key: {"following": str(desk["following"].pk), "later": later}.get(value, value) for key, value in sent.items()
    }

    assert client.post(url("item-work", item.pk), sent).status_code == 302

    rows_found = client.get(url("item-list", state=state)).context["page"].rows
    assert [one.pk for one in rows_found] == [item.pk]
    if state != "done":
        client.post(url("item-work", item.pk), {"act": "take"})
        assert client.get(url("item-list", state="unit")).context["page"].total == 3


@pytest.mark.parametrize("sent", [{"act": "finish"}, {"act": "hand"}, {"act": "park"}, {"act": "eat"}])
def test_an_item_is_not_worked_on_by_half(client, desk, sent):
    assert client.post(url("item-work", desk["items"][0].pk), sent).status_code == 200
    assert OpenItem.objects.filter(done_at=None, shift=None, parked_until=None).count() == 3


def test_items_are_found_by_my_shift_and_overdue_and_link_to_their_thing(client, desk):
    hand_item(desk["items"][0], to=desk["current"], by=None, at=timezone.now())
    late = rows.item(desk["station"], "逾期", due_on=timezone.localdate() - timedelta(days=1), link="duty:rota")
    rows.item(desk["station"], "无此页", link="nowhere:page", link_pk="1")

    assert [one.pk for one in client.get(url("item-list", state="mine")).context["page"].rows] == [desk["items"][0].pk]
    overdue = client.get(url("item-list", state="overdue")).context["page"].rows
    assert [(one.pk, one.address) for one in overdue] == [(late.pk, url("rota"))]
    assert client.get(url("item-list")).context["page"].total == 5
    assert client.get(url("item-list", topic="dues")).context["page"].total == 0


def test_an_officer_notes_an_item(client, desk):
    given = {"title": "联系社区", "topic": "other", "due_on": "2026-12-20", "unit": str(desk["station"].pk)}
    assert client.post(url("item-new"), given).status_code == 302
    assert OpenItem.objects.get(title="联系社区").unit == desk["station"]


def test_the_lists_cost_the_same_for_one_row_and_for_many(client, desk, django_assert_max_num_queries):
    for number in range(20):
        rows.item(desk["station"], f"事项{number}")
    with django_assert_max_num_queries(16):
        client.get(url("item-list"))


def test_a_head_posts_staff_keeps_shifts_draws_up_and_publishes(client, places, enter):
    head = enter("station_head", places["station"])
    officer = make.user("station_officer", places["station"])
    month = f"{(timezone.localdate() + timedelta(days=32)):%Y-%m}"
    posted = {
        "user": str(officer.pk), "kind": "full_time", "windows": ["party", "civil"], "most_week": 6, "most_month": 26,
        "starts_on": timezone.localdate().isoformat(), "sent_by": "",
    }  # fmt: skip
    kept = {
        "name": "上午", "begins": "08:30", "ends": "12:00", "weekdays": ["0", "1"], "staff": 1, "windows": ["party"],
        "starts_on": timezone.localdate().isoformat(),
    }  # fmt: skip
    assert client.post(url("posting-new"), posted).status_code == 302
    assert client.post(url("posting-new"), posted).status_code == 200  # posted already
    assert client.post(url("pattern-new"), kept).status_code == 302
    assert (Posting.objects.get().windows, ShiftPattern.objects.get().weekdays) == (["party", "civil"], [0, 1])

    started = client.post(url("rota-make"), {"month": month})
    job = Job.objects.get(kind="duty.rota")
    assert started.url == reverse("web:job", args=[job.pk])
    jobs.run_inline(job)
    rota = Rota.objects.get()
    assert rota.made_by == head
    page = client.get(url("rota", month=month))
    assert (page.context["month"].short, len(page.context["burdens"])) == ([], 1)
    client.force_login(officer)
    assert client.get(url("rota", month=month)).context["month"].lines == []
    assert client.get(url("shift", Shift.objects.first().pk)).status_code == 404
    client.force_login(head)
    assert client.post(url("rota-publish", rota.pk)).status_code == 302
    client.force_login(officer)
    assert officer.full_name in client.get(url("rota", month=month)).content.decode()
    assert client.get(url("shift", Shift.objects.first().pk)).status_code == 200


def test_a_head_changes_a_shift_by_hand(client, desk):
    client.force_login(make.user("station_head", desk["station"]))
    shift, turn = desk["following"], desk["following"].turns.get()

    assert client.post(url("put-on", shift.pk), {"posting": str(desk["one"].pk), "reason": ""}).status_code == 200
    assert client.post(url("put-on", shift.pk), {"posting": str(desk["one"].pk), "reason": "帮忙"}).status_code == 302
    assert client.post(url("turn-keep", turn.pk)).status_code == 302
    assert client.get(url("take-off", turn.pk)).status_code == 200
    assert client.post(url("take-off", turn.pk), {"reason": "外出"}).status_code == 302
    assert [one.posting for one in shift.turns.filter(removed_at=None)] == [desk["one"]]
    assert client.post(url("shift-cancel", shift.pk), {"reason": ""}).status_code == 200
    assert client.post(url("shift-cancel", shift.pk), {"reason": "停电"}).status_code == 302
    verbs = set(AuditEvent.objects.filter(verb__startswith="turn.").values_list("verb", flat=True))
    assert verbs == {"turn.put_on", "turn.taken_off", "turn.fixed"}


def test_leave_is_asked_and_decided(client, desk):
    days = {"first_day": desk["later"].isoformat(), "last_day": desk["later"].isoformat()}
    asked = {"posting": str(desk["one"].pk), "reason": "体检", **days}
    assert client.post(url("leave-ask"), asked).status_code == 302
    leave = Leave.objects.get()
    assert leave.last_day == desk["later"]
    assert client.post(url("leave-decide", leave.pk)).status_code == 403
    client.force_login(make.user("station_head", desk["station"]))
    assert client.get(url("leave-list", state="asked")).context["page"].total == 1
    assert client.get(url("leave-decide", leave.pk)).status_code == 200
    assert client.post(url("leave-decide", leave.pk), {"answer": "refuse", "reason": ""}).status_code == 200
    assert client.post(url("leave-decide", leave.pk), {"answer": "grant"}).status_code == 302
    assert client.post(url("leave-enter"), asked | {"posting": str(desk["two"].pk)}).status_code == 302
    assert Leave.objects.filter(state="granted").count() == 2
    page = client.get(url("rota", month=f"{desk['later']:%Y-%m}"))
    assert [one.shift for one, _why in page.context["why"]] == [desk["following"]]
    client.force_login(desk["one"].user)
    assert client.post(url("leave-withdraw", leave.pk)).status_code == 302
    leave.refresh_from_db()
    assert leave.state == "withdrawn"


def test_a_swap_is_asked_and_answered(client, desk):
    client.force_login(desk["two"].user)
    turn = desk["following"].turns.get()
    assert client.get(url("swap-new", turn.pk)).status_code == 200
    assert client.post(url("swap-new", turn.pk), {"of": str(desk["one"].user.pk), "reason": "有事"}).status_code == 302
    swap = Swap.objects.get()
    client.force_login(desk["one"].user)
    assert client.get(url("swap-list", state="mine")).context["page"].total == 1
    assert client.post(url("swap-answer", swap.pk), {"answer": "accept"}).status_code == 302
    assert desk["following"].turns.get(removed_at=None).posting == desk["one"]
    client.force_login(make.user("station_officer", desk["station"]))
    assert client.post(url("swap-answer", swap.pk), {"answer": "withdrawn"}).status_code == 404


def test_days_of_the_calendar_are_set_and_taken_away(client, places, enter):
    enter("station_head", places["station"])
    given = {"day": "2026-12-25", "kind": "working", "works_as": "", "name": "试"}
    assert client.post(url("day-set"), given).status_code == 200
    assert client.post(url("day-set"), given | {"works_as": "4"}).status_code == 302
    own = CalendarDay.objects.get(station=places["station"])
    general = CalendarDay.objects.filter(station=None).first()
    assert client.post(url("day-drop", general.pk)).status_code == 404
    assert client.get(url("calendar")).status_code == 200
    assert client.post(url("day-drop", own.pk)).status_code == 302
    enter("system_admin", places["city"])
    assert client.post(url("day-set-everywhere"), given | {"kind": "holiday"}).status_code == 302
    assert client.post(url("day-drop-everywhere", general.pk)).status_code == 302


def test_addresses_for_calendars_are_opened_and_revoked(client, desk):
    assert client.post(url("feed-list")).status_code == 302
    assert client.post(url("feed-list"), {"of": "station"}).status_code == 302
    own, whole = CalendarFeed.objects.order_by("opened_at")
    assert (own.station, whole.station) == (None, desk["station"])
    assert "shifts.ics" in client.get(url("feed-list")).content.decode()
    assert client.post(url("feed-revoke", own.pk)).status_code == 302
    client.force_login(desk["two"].user)
    assert client.post(url("feed-revoke", whole.pk)).status_code == 404


def test_every_figure_counts_exactly_the_rows_it_opens(client, desk):
    client.post(url("check-in", desk["current"].turns.get().pk))
    client.post(url("check-out", desk["current"].pk), {"rest_to": str(desk["following"].pk)})
    swap = ask_swap(desk["following"].turns.get(), of=desk["one"].user, by=desk["two"].user, at=timezone.now())
    client.post(url("swap-answer", swap.pk), {"answer": "accept"})
    month = f"{timezone.localdate():%Y-%m}"
    page = client.get(url("figures", month=month))
    numbers = {one.key: one.number for one in page.context["figures"]}

    opened = {key: client.get(url("figure-rows", key, month=month)).context["page"].paginator.count for key in KEYS}
    assert opened == numbers
    assert (numbers["held"], numbers["handed"]) == (1, 3)
    assert client.get(url("figure-rows", "nothing")).status_code == 404
    sheet = client.get(url("figures-export", month=month))
    assert sheet.content[:2] == b"PK"
    assert AuditEvent.objects.filter(verb="ledger.exported").count() == 1


def test_the_rota_is_taken_as_a_spreadsheet(client, desk):
    response = client.get(url("rota-sheet", month=f"{desk['later']:%Y-%m}"))
    assert response.content[:2] == b"PK"


@pytest.mark.pdf
def test_the_rota_is_printed_on_a4_landscape(client, desk):
    response = client.get(url("rota-paper", month=f"{desk['later']:%Y-%m}"))
    pages = list(pypdfium2.PdfDocument(response.content))
    assert {tuple(round(side) for side in page.get_size()) for page in pages} == {(842, 595)}
    assert desk["two"].user.full_name in "".join(page.get_textpage().get_text_range() for page in pages)


def test_the_desk_shows_the_shift_and_what_waits(client, desk):
    ask_leave(desk["two"], starts_on=desk["later"], ends_on=desk["later"] + timedelta(days=1), by=None, at=rows.BEFORE)
    head = make.user("station_head", desk["station"])
    page = client.get(reverse("web:desk")).content.decode()
    assert reverse("duty:check-in", args=[desk["current"].turns.get().pk]) in page
    now = timezone.now()
    items = {one.key: one.number for one in items_of(Desk(head, now, timezone.localdate(now)))}
    assert (items["open-items"], items["leave-asked"]) == (3, 1)


def test_months_and_stations_that_are_none_are_answered_plainly(client, desk):
    assert client.get(url("rota", month="2026-13")).status_code == 200
    assert client.get(url("rota", month="x")).status_code == 200
    assert client.get(url("rota", station="x")).status_code == 404
    assert client.get(url("rota", station="999999")).status_code == 404
