"""Pages of education: who comes in, and what they do."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests import places as make
from tests.make import person as make_file
from tests.stewardship.education import made
from tests.stewardship.education.made import text_of
from waystation.kernel import dated
from waystation.kernel.models import AuditEvent
from waystation.organizations.access import Reach
from waystation.organizations.permissions import Permission
from waystation.stewardship.education import actions, ledgers, rules
from waystation.stewardship.education.models import Delivery, LearningRecord, Occasion, Pack, Plan
from waystation.stewardship.people.large_ledgers import Asked
from waystation.stewardship.people.models import Person
from waystation.stewardship.people.queries import sight, timeline
from waystation.web.desk_items import Desk, items_of

pytestmark = pytest.mark.django_db


def today():
    return timezone.localdate()


def yesterday():
    return today() - timedelta(days=1)


@pytest.fixture
def held(places):
    """Two members, one of them present at an occasion of yesterday."""
    mei, hua = made.members(places, "林美", "陈华")
    now = timezone.now()
    occasion = actions.enter_occasion(
        unit=places["station"],
        kind="theme_day",
        held_on=yesterday(),
        topic="学习党章",
        hours=Decimal(3),
        by=None,
        at=now,
    )
    line = occasion.roll.get(person=mei)
    actions.mark(occasion, "present", lines=[line.pk], by=None, at=now)
    actions.mark(occasion, "absent", by=None, at=now)
    return actions.close_roll(occasion, by=None, at=now), mei, hua


@pytest.mark.parametrize(
    ("role", "where", "status"),
    [
        ("station_head", "station", 200), ("station_officer", "station", 200), ("county_organiser", "county", 200),
        ("city_organiser", "city", 200), ("station_head", "beside", 404), ("branch_secretary", "branch", 404),
        ("destination_contact", "community", 403), ("system_admin", "city", 403),
    ],
)  # fmt: skip
def test_who_may_open_an_occasion(client, places, held, enter, role, where, status):
    enter(role, places[where])
    assert client.get(reverse("education:occasion", args=[held[0].pk])).status_code == status


@pytest.mark.parametrize(
    "name",
    ["list", "occasion-new", "plan-list", "plan-new", "compliance", "learning", "claims", "pack-list", "pack-new"],
)
def test_every_list_opens_for_a_head_and_a_branch(client, places, held, enter, name):
    enter("station_head", places["station"])
    assert client.get(reverse(f"education:{name}")).status_code == 200
    enter("branch_secretary", places["branch"])
    assert client.get(reverse(f"education:{name}")).status_code in ((403,) if name == "plan-new" else (200,))


def test_an_officer_enters_an_occasion_marks_the_roll_and_closes_it(client, places, enter):
    mei, hua, lan = made.members(places, "林美", "陈华", "蓝英")
    enter("station_officer", places["station"])
    data = {
        "unit": places["station"].pk, "kind": "lecture", "held_on": today().isoformat(), "hours": "2.5",
        "topic": "党课", "place": "二楼", "lead": "罗春生", "recorder": "曾美华", "guests": "", "minutes": "",
        "group_title": "",
    }  # fmt: skip

    response = client.post(reverse("education:occasion-new"), data)

    occasion = Occasion.objects.get()
    url = reverse("education:occasion", args=[occasion.pk])
    assert response.url == url
    lines = {line.person_id: line.pk for line in occasion.roll.all()}
    mark = reverse("education:occasion-mark", args=[occasion.pk])
    client.post(mark, {"mark": "present", "tab": "all", "pk": [lines[mei.pk], "nonsense"]})
    client.post(reverse("education:occasion-close", args=[occasion.pk]))
    assert Occasion.objects.get().state == "open"
    client.post(mark, {"mark": "leave", "tab": "open", "all": "1"})
    client.post(reverse("education:occasion-close", args=[occasion.pk]))
    occasion.refresh_from_db()
    assert (occasion.state, occasion.present, occasion.on_leave) == ("held", 1, 2)
    assert client.get(url).status_code == client.get(url, {"mark": "leave"}).status_code == 200
    assert {hua.pk, lan.pk} == {line.person_id for line in client.get(url, {"mark": "leave"}).context["page"]}


def test_a_form_with_too_many_hours_comes_back_with_what_was_typed(client, places, enter):
    enter("station_officer", places["station"])
    data = {
        "unit": places["station"].pk,
        "kind": "lecture",
        "held_on": today().isoformat(),
        "hours": "13",
        "topic": "党",
    }
    response = client.post(reverse("education:occasion-new"), data)
    assert (response.status_code, Occasion.objects.count()) == (200, 0)
    assert response.context["form"].errors
    assert response.context["form"]["topic"].value() == "党"


def test_a_line_of_a_closed_roll_is_corrected_with_a_reason(client, places, held, enter):
    occasion, _mei, hua = held
    enter("station_officer", places["station"])
    url = reverse("education:line", args=[occasion.roll.get(person=hua).pk])
    assert client.post(url, {"mark": "present", "reason": ""}).status_code == 200
    client.post(url, {"mark": "present", "reason": "迟到"})
    occasion.refresh_from_db()
    assert occasion.present == 2


def test_members_are_found_by_name_and_put_on_the_roll(client, places, enter):
    occasion = made.occasion(places["station"], held_on=yesterday(), at=timezone.now())
    (mei,) = made.members(places, "林美")
    enter("station_officer", places["station"])
    found = client.get(reverse("education:occasion", args=[occasion.pk]), {"q": "林"}).context["found"]
    assert found == [mei]
    client.post(reverse("education:occasion-add", args=[occasion.pk]), {"person": [mei.pk]})
    assert occasion.roll.get().person == mei


def test_the_same_occasion_and_cancelling_by_the_page(client, places, enter):
    made.members(places, "林美")
    day = yesterday()
    station, branch = (made.occasion(places[name], held_on=day, at=timezone.now()) for name in ("station", "branch"))
    enter("station_officer", places["station"])
    page = client.get(reverse("education:occasion", args=[station.pk]))
    assert list(page.context["same"]) == [branch]
    client.post(reverse("education:occasion-same", args=[station.pk]), {"other": branch.pk})
    station.refresh_from_db()
    assert station.same_as == branch
    client.post(reverse("education:occasion-cancel", args=[station.pk]), {"reason": "重复"})
    station.refresh_from_db()
    assert station.state == "cancelled"
    edit = reverse("education:occasion-edit", args=[branch.pk])
    assert client.get(edit).status_code == 404


def test_a_head_begins_fills_and_approves_a_plan(client, places, enter):
    enter("station_head", places["station"])
    client.post(reverse("education:plan-new"), {"unit": places["station"].pk, "year": today().year})
    plan = Plan.objects.get()
    again = client.post(reverse("education:plan-new"), {"unit": places["station"].pk, "year": today().year})
    assert again.context["form"].non_field_errors()
    item = {
        "kind": "lecture",
        "month": "12",
        "day": f"{today().year}-12-08",
        "topic": "党课",
        "lead": "",
        "group_title": "",
    }
    client.post(reverse("education:item-new", args=[plan.pk]), item)
    made_item = plan.items.get(topic="党课")
    url = reverse("education:item", args=[made_item.pk])
    assert client.get(url).status_code == 200
    client.post(url, item | {"topic": "专题党课"})
    made_item.refresh_from_db()
    assert made_item.topic == "专题党课"
    client.post(reverse("education:plan-approve", args=[plan.pk]))
    plan.refresh_from_db()
    assert plan.state == "approved"
    assert client.get(reverse("education:plan", args=[plan.pk])).status_code == 200
    assert client.get(reverse("education:occasion-new"), {"item": made_item.pk}).context["item"] == made_item
    client.post(reverse("education:item-drop", args=[made_item.pk]), {"reason": "台风"})
    client.post(reverse("education:plan-copy", args=[plan.pk]))
    assert Plan.objects.filter(year=today().year + 1).exists()


def test_an_officer_plans_but_does_not_approve(client, places, enter):
    enter("station_officer", places["station"])
    client.post(reverse("education:plan-new"), {"unit": places["station"].pk, "year": today().year})
    plan = Plan.objects.get()
    assert client.post(reverse("education:plan-approve", args=[plan.pk])).status_code == 403


def test_numbers_of_the_overview_open_the_rows_they_count(client, places, held, enter):
    enter("county_organiser", places["county"])
    year = {"year": yesterday().year}
    rows = client.get(reverse("education:compliance"), year).context["rows"]
    (row,) = [one for one in rows if one["unit"] == places["station"]]
    assert (row["figures"].held, row["figures"].expected, row["figures"].present) == (1, 2, 1)
    assert list(client.get(row["url"]).context["page"]) == [held[0]]
    page = client.get(reverse("education:unit", args=[places["station"].pk]), year)
    month = yesterday()
    table = next(table for table in page.context["tables"] if table["per"] == "month")
    cell = table["rows"][month.month - 1]["cells"][0]
    assert (cell["cell"].held, list(client.get(cell["url"]).context["page"])) == (1, [held[0]])


@pytest.mark.parametrize("query", [{"year": "1066"}, {"year": "abc"}, {"quarter": "9"}])
def test_a_crooked_address_is_not_found(client, places, enter, query):
    enter("station_head", places["station"])
    assert client.get(reverse("education:compliance"), query).status_code == 404


def test_the_list_of_hours_costs_the_same_for_one_and_for_many(client, places, held, enter, django_assert_num_queries):
    enter("station_head", places["station"])
    url = reverse("education:learning")
    client.get(url)

    with CaptureQueriesContext(connection) as few:
        client.get(url)
    made.members(places, "甲一", "乙二", "丙三")
    with django_assert_num_queries(len(few)):
        rows = client.get(url).context["page"].rows
    assert [(one.full_name, one.hours) for one in rows if one.hours] == [("林美", Decimal(3))]
    assert [one.name_key for one in rows] == sorted(one.name_key for one in rows)


def test_an_officer_enters_and_takes_back_hours(client, places, held, enter):
    _occasion, mei, _hua = held
    enter("station_officer", places["station"])
    data = {"source": "online", "learnt_on": today().isoformat(), "hours": "1.5", "title": "网课", "note": "证书"}
    client.post(reverse("education:record-new", args=[mei.pk]), data)
    record = LearningRecord.objects.get(source="online")
    page = client.get(reverse("education:person", args=[mei.pk]))
    assert (page.context["total"], len(page.context["records"]), len(page.context["lines"])) == (Decimal("4.5"), 2, 1)
    client.post(reverse("education:record-take-back", args=[record.pk]), {"reason": "误录"})
    assert client.get(reverse("education:person", args=[mei.pk]), {"year": today().year}).context["total"] == 3
    assert AuditEvent.objects.filter(verb="person.viewed").exists()


def test_what_a_member_reports_is_confirmed_or_not(client, places, held, enter):
    _occasion, mei, _hua = held
    member = make.user("member", places["branch"])
    Person.objects.filter(pk=mei.pk).update(user=member)
    client.force_login(member)
    for title in ("学习条例", "学习章程"):
        data = {"source": "home", "learnt_on": today().isoformat(), "hours": "2", "title": title, "note": ""}
        client.post(reverse("portal:learning-new"), data)
    mine = client.get(reverse("portal:learning"))
    assert (mine.context["total"], len(mine.context["records"])) == (3, 3)
    enter("station_officer", places["station"])
    first, second = LearningRecord.objects.claimed().order_by("pk")
    assert client.get(reverse("education:claims")).status_code == 200
    client.post(reverse("education:claim-confirm", args=[first.pk]))
    client.post(reverse("education:claim-refuse", args=[second.pk]), {"reason": "缺少佐证"})
    client.force_login(member)
    mine = client.get(reverse("portal:learning"))
    assert mine.context["total"] == 5
    assert "缺少佐证" in mine.content.decode()
    assert client.get(reverse("portal:mine")).context["hours"] == 5


def test_a_pack_is_issued_brought_and_printed(client, places, enter):
    (old,) = made.members(places, "王老")
    made.excuse(old)
    enter("station_officer", places["station"])
    data = {
        "unit": places["station"].pk, "title": "学习包", "materials": "党章\n读本", "issued_on": today().isoformat(),
        "due_on": today().isoformat(),
    }  # fmt: skip
    client.post(reverse("education:pack-new"), data)
    pack, delivery = Pack.objects.get(), Delivery.objects.get()
    assert list(client.get(reverse("education:pack-list")).context["due"]) == [delivery]
    sheet = client.post(reverse("education:pack-sheet", args=[pack.pk]))
    assert "王老" in text_of(sheet)
    url = reverse("education:delivery", args=[delivery.pk])
    client.post(url, {"carrier": "何秀梅", "delivered_on": today().isoformat(), "hours": "1", "feedback": "大字"})
    delivery.refresh_from_db()
    assert (delivery.state, delivery.record.hours) == ("delivered", 1)
    assert client.get(url).status_code == client.get(reverse("education:pack", args=[pack.pk])).status_code == 200
    client.post(reverse("education:delivery-off", args=[delivery.pk]), {"reason": "x"})
    delivery.refresh_from_db()
    assert delivery.state == "delivered"


def test_the_day_by_which_a_pack_is_brought_comes_from_a_rule(client, places, enter):
    enter("station_officer", places["station"])
    url = reverse("education:pack-new")
    assert client.get(url).context["form"].initial["due_on"] == today() + timedelta(days=30)
    dated.set_value(rules.PACK_DAYS, 10, starts_on=today(), source="县委通知", by=None, at=timezone.now())
    assert client.get(url).context["form"].initial["due_on"] == today() + timedelta(days=10)


def _missed(page):
    return sum(len(line["cells"]) for line in page.context["gaps"])


def test_a_branch_without_a_committee_is_not_shown_committee_meetings_that_were_not_held(client, places, enter):
    branch, year = places["branch"], today().year - 1
    url = reverse("education:unit", args=[branch.pk])
    enter("branch_secretary", branch)
    for number in range(6):
        make_file(branch, f"林{number}", member_kind="full")
    page = client.get(url, {"year": year})
    (line,) = client.get(reverse("education:compliance"), {"year": year}).context["rows"]
    assert (page.context["without_committee"], _missed(page)) == (7, 12 + 4 + 4 + 1 + 1)
    assert (line["required"], line["gaps"]) == (22, 22)

    make_file(branch, "林七", member_kind="full")

    page = client.get(url, {"year": year})
    (line,) = client.get(reverse("education:compliance"), {"year": year}).context["rows"]
    assert (page.context["without_committee"], _missed(page)) == (None, 34)
    assert (line["required"], line["gaps"]) == (34, 34)


@pytest.mark.parametrize("members", [6, 7])
def test_the_size_of_the_ledger_is_its_rows(places, members):
    for number in range(members):
        make_file(places["branch"], f"林{number}", member_kind="full")
    user = make.user("city_organiser", places["city"])
    reach = Reach.of(user, Permission.EDUCATION_VIEW)
    asked = Asked(ledgers.COMPLIANCE, {"year": 2026}, places["branch"], reach, user, timezone.now())
    rows = list(ledgers.ledger_of(asked).rows)
    assert ledgers.size(asked, None) == len(rows) == (22 if members < 7 else 34)


@pytest.mark.parametrize("table", ["occasions", "learning", "compliance"])
def test_ledgers_are_written_and_recorded(client, places, held, enter, table):
    enter("station_head", places["station"])
    response = client.post(reverse("education:export", args=[table]), {"year": yesterday().year})
    text = text_of(response)
    assert {"occasions": "学习党章", "learning": "林美", "compliance": places["station"].name}[table] in text
    event = AuditEvent.objects.filter(verb="ledger.exported").get()
    assert event.facts["ledger"] == f"education.{table}"
    assert client.post(reverse("education:export", args=["nothing"])).status_code == 404


def test_a_desk_counts_the_rows_of_the_pages(client, places, held, enter):
    made.occasion(places["station"], held_on=today(), at=timezone.now())
    user = enter("station_head", places["station"])
    made.report(held[1], by=make.user(), learnt_on=yesterday(), at=timezone.now())
    actions.draft_plan(unit=places["station"], year=today().year, by=None, at=timezone.now())
    dated.set_value(rules.REMIND_FROM, 1, starts_on=date(2026, 1, 1), source="x", by=None, at=timezone.now())
    items = {one.key: one for one in items_of(Desk(user, timezone.now(), today()))}
    for key, rows in {
        "rolls-open": lambda page: page.context["page"], "study-reported": lambda page: page.context["page"],
        "plans-draft": lambda page: page.context["page"].object_list,
        "hours-behind": lambda page: page.context["page"],
    }.items():  # fmt: skip
        if key in items or key != "hours-behind":  # in January nobody is behind
            assert items[key].number == len(rows(client.get(items[key].url))), key
    assert items["rolls-open"].number == items["plans-draft"].number == 1


def test_the_time_line_tells_the_year_to_those_who_care(places, held):
    _occasion, mei, _hua = held
    user = make.user("station_officer", places["station"])
    reach = Reach.of(user, Permission.PERSON_VIEW)
    story = timeline.timeline(mei, sight(user, mei, reach))
    (entry,) = [one for one in story.entries if one.about.startswith("learning:")]
    assert entry.url.startswith(reverse("education:person", args=[mei.pk]))
    helper = make.user("destination_contact", places["community"])
    helping = timeline.timeline(mei, sight(helper, mei, Reach.of(helper, Permission.PERSON_VIEW)))
    assert not [one for one in helping.entries if one.about.startswith("learning:")]
