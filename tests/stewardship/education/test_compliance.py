"""What a year asks of whom: units that began or were closed in it, branches that keep no minutes here, groups."""

from datetime import date
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests import places as make
from tests.places import NOON
from tests.stewardship.education import made
from tests.stewardship.groups import grown
from waystation.organizations.access import Reach
from waystation.organizations.actions import create_unit
from waystation.organizations.models import Unit
from waystation.organizations.permissions import Permission
from waystation.stewardship.education import actions, ledgers
from waystation.stewardship.education.models import Kind
from waystation.stewardship.education.queries.compliance import sheets
from waystation.stewardship.education.queries.group_life import group_years
from waystation.stewardship.grids.actions import Plan, split_grid
from waystation.stewardship.groups.models import FunctionalGroup, GroupMember
from waystation.stewardship.people.large_ledgers import Asked

pytestmark = pytest.mark.django_db
YEAR = 2026
AFTER = date(2027, 1, 1)
EARLY = date(2026, 1, 5)


def owed(unit, kind="group", *, day=AFTER):
    """The first months of the periods in which the kind is asked of the unit."""
    (sheet,) = sheets([unit], YEAR, day)
    return [cell.period.first for cell in dict(sheet.lines)[kind] if cell.required]


def lasting(unit, opened_on=None, closed_on=None):
    Unit.objects.filter(pk=unit.pk).update(opened_on=opened_on, closed_on=closed_on)
    unit.refresh_from_db()
    return unit


@pytest.mark.parametrize(
    ("opened_on", "closed_on", "months"),
    [
        (None, None, list(range(1, 13))),
        (date(2025, 5, 5), None, list(range(1, 13))),
        (date(2026, 11, 11), None, [12]),
        (date(2026, 11, 1), None, [11, 12]),
        (date(2026, 12, 2), None, []),
        (None, date(2026, 3, 1), [1, 2]),
        (None, date(2026, 3, 31), [1, 2]),
        (date(2026, 2, 1), date(2026, 2, 28), []),
    ],
)
def test_a_grid_is_asked_for_whole_months_in_which_it_stood(places, opened_on, closed_on, months):
    assert owed(lasting(make.grid(places["station"]).unit, opened_on, closed_on)) == months


def test_quarters_and_the_year_are_whole_as_well(places):
    station = lasting(places["station"], date(2026, 5, 20))
    asked = {kind: owed(station, kind) for kind in ("theme_day", "members", "life")}
    assert asked == {"theme_day": [6, 7, 8, 9, 10, 11, 12], "members": [7, 10], "life": []}


def test_what_a_unit_held_in_the_part_of_a_month_counts(places):
    (mei,) = made.members(places, "林美")
    made.held(places["station"], mei, held_on=made.DAY)
    (sheet,) = sheets([lasting(places["station"], date(2026, 11, 11))], YEAR, AFTER)
    cell = dict(sheet.lines)["theme_day"][10]
    assert (cell.held, cell.required, cell.gap) == (1, 0, 0)
    assert not [gap for gap in sheet.gaps if gap.period.first < 12]


def test_a_unit_begins_on_the_day_it_is_entered_unless_another_is_named(places):
    plain = create_unit(name="秦屿镇", kind="town", parent=places["county"], by=None, at=NOON)
    older = create_unit(
        name="点头镇", kind="town", parent=places["county"], opened_on=date(2020, 1, 1), by=None, at=NOON
    )
    assert (plain.opened_on, older.opened_on) == (NOON.date(), date(2020, 1, 1))


def test_a_split_of_november_accuses_neither_part_and_the_old_grid_keeps_its_year(places, client, enter):
    both = [places["community"], places["other community"]]
    old = make.grid(places["station"], communities=both, name="第3网格")
    Unit.objects.filter(pk=old.pk).update(opened_on=None)
    parts = split_grid(
        old, Plan("07", "第7网格", communities=(both[0],)), Plan("08", "第8网格", communities=(both[1],)),
        by=None, at=NOON,
    )  # fmt: skip
    assert [owed(part.unit) for part in parts] == [[12], [12]]
    old.unit.refresh_from_db()
    assert owed(old.unit) == list(range(1, 11))
    enter("station_head", places["station"])
    page = client.get(reverse("education:unit", args=[places["station"].pk]), {"year": YEAR})
    below = {line["unit"].name: line for line in page.context["below"]}
    assert set(below) == {"第3网格", "第7网格", "第8网格"}
    assert "撤销" in page.content.decode()
    closed = client.get(reverse("education:unit", args=[old.pk]), {"year": YEAR})
    assert "已于" in closed.content.decode()
    assert (closed.context["may_plan"], closed.context["may_record"]) == (False, False)
    later = client.get(reverse("education:unit", args=[places["station"].pk]), {"year": YEAR + 1})
    assert {line["unit"].name for line in later.context["below"]} == {"第7网格", "第8网格"}


def test_grids_of_before_know_their_first_day_from_their_history(places):
    both = [places["community"], places["other community"]]
    plain, old = make.grid(places["station"]), make.grid(places["station"], communities=both)
    parts = split_grid(
        old, Plan("07", "第7网格", communities=(both[0],)), Plan("08", "第8网格", communities=(both[1],)),
        by=None, at=NOON,
    )  # fmt: skip
    Unit.objects.update(opened_on=None)
    migration = import_module("waystation.stewardship.grids.migrations.0004_first_days_of_grids")
    migration.follow_history(apps, SimpleNamespace(connection=connection))
    days = Unit.objects.in_bulk([plain.pk, old.pk, *(part.pk for part in parts)])
    assert [days[pk].opened_on for pk in (plain.pk, old.pk)] == [None, None]
    assert {days[part.pk].opened_on for part in parts} == {NOON.date()}


def test_the_ledger_says_why_nothing_is_asked(places):
    user = make.user("station_head", places["station"])
    lasting(places["station"], date(2026, 11, 11))
    reach = Reach.of(user, Permission.EDUCATION_VIEW)
    asked = Asked(ledgers.COMPLIANCE, {"year": YEAR}, places["station"], reach, user, NOON)
    rows = list(ledgers.ledger_of(asked).rows)
    assert ledgers.size(asked, None) == len(rows) == 22
    assert sum("不作要求" in row[-1] for row in rows) == 11 + 4 + 4 + 1 + 1


def test_a_plan_of_a_new_unit_asks_for_nothing_before_it(places):
    grid = lasting(make.grid(places["station"]).unit, date(2026, 9, 9))
    plan = actions.draft_plan(unit=grid, year=YEAR, by=None, at=NOON)
    assert sorted(plan.items.values_list("month", flat=True)) == [10, 11, 12]


# --- the overview -----------------------------------------------------------------------------------------------------


def overview(client, **query):
    return client.get(reverse("education:compliance"), {"year": YEAR} | query)


def names(page):
    return {row["unit"].name for row in page.context["rows"]}


def station_of_the_township(places):
    return make.station(places["origin town"], places["town"], name="叠石乡驻城工作站").unit


def test_a_township_with_a_station_sees_it_and_the_branches_that_write_here(places, client, enter):
    station = station_of_the_township(places)
    make.grid(station)
    made.occasion(places["branch"], kind="members", held_on=date(2026, 3, 3))
    enter("township_organiser", places["origin town"])
    page = overview(client)
    assert names(page) == {"叠石乡驻城工作站", "竹阳党支部"}
    assert [row["grids"] for row in page.context["rows"] if row["unit"] == station] == [1]
    assert page.context["quiet"] == 1
    assert "另有1个党支部" in page.content.decode()
    quiet = overview(client, branches="quiet")
    assert [unit.name for unit in quiet.context["page"]] == ["库口党支部"]
    assert names(overview(client, year=YEAR - 1)) == {"叠石乡驻城工作站"}


def test_a_township_without_a_station_accuses_no_branch(places, client, enter):
    make.departure(places)
    enter("township_organiser", places["origin town"])
    page = overview(client)
    assert (names(page), page.context["quiet"]) == (set(), 2)
    assert "没有在本系统记录组织生活的单位" in page.content.decode()
    actions.draft_plan(unit=places["branch"], year=YEAR, by=None, at=NOON)
    cancelled = made.occasion(places["other branch"], kind="members", held_on=date(2026, 3, 3))
    actions.cancel_occasion(cancelled, reason="录错", by=None, at=NOON)
    page = overview(client)
    assert (names(page), page.context["quiet"]) == ({"竹阳党支部"}, 1)


def test_whoever_holds_a_role_in_the_branch_or_the_grid_sees_it(places, client, enter):
    grid = make.grid(places["station"], name="第1网格")
    enter("branch_secretary", places["branch"])
    assert names(overview(client)) == {"竹阳党支部"}
    enter("grid_leader", grid.unit)
    assert names(overview(client)) == {"第1网格"}


def test_the_overview_asks_as_much_for_many_branches_as_for_few(places, client, enter, django_assert_num_queries):
    enter("county_organiser", places["county"])
    made.occasion(places["branch"], kind="members", held_on=date(2026, 3, 3))
    overview(client)
    with CaptureQueriesContext(connection) as few:
        overview(client)
    station_of_the_township(places)
    for number in range(60):
        branch = make.unit(f"第{number}党支部", "branch", places["origin town"])
        if number % 2:
            made.occasion(branch, kind="members", held_on=date(2026, 3, 3))
    with django_assert_num_queries(len(few)):
        page = overview(client)
    assert (len(page.context["rows"]), page.context["quiet"]) == (33, 31)


# --- functional groups ------------------------------------------------------------------------------------------------


@pytest.fixture
def stays(places):
    return grown.stays(places, 4, starts_on=EARLY)


@pytest.fixture
def group(places, stays):
    found = grown.group(places, stays)
    FunctionalGroup.objects.filter(pk=found.pk).update(established_on=EARLY)
    GroupMember.objects.filter(group=found).update(starts_on=EARLY)
    return FunctionalGroup.objects.get(pk=found.pk)


def planned(places, group, *months):
    plan = actions.draft_plan(unit=places["station"], year=YEAR, by=None, at=NOON)
    for month in months:
        actions.save_item(plan, kind=Kind.THEME_DAY, month=month, group=group, by=None, at=NOON)
    return plan


def test_a_group_is_measured_by_its_plan_and_the_members_it_reached(places, stays, group):
    planned(places, group, 2, 3, 8)
    first, second, *_rest = (stay.person for stay in stays)
    for day, came in ((date(2026, 2, 2), [first]), (date(2026, 3, 3), [first, second]), (date(2026, 11, 3), [second])):
        made.held(places["station"], *came, group=group, held_on=day)
    made.occasion(places["station"], group=group, held_on=date(2026, 11, 5))  # its roll is open
    GroupMember.objects.filter(group=group, person=first).update(ends_on=date(2026, 4, 1))
    (year,) = group_years(places["station"], YEAR)
    assert [(one.planned, one.held, one.came, one.members) for one in (*year.quarters, year.whole)] == [
        (2, 2, 2, 4), (0, 0, 0, 3), (1, 0, 0, 3), (0, 1, 1, 3), (3, 3, 2, 4),
    ]  # fmt: skip


def test_whoever_was_excused_is_in_neither_number(places, stays, group):
    made.excuse(stays[0].person)
    made.held(places["station"], stays[1].person, group=group, held_on=made.DAY)
    (year,) = group_years(places["station"], YEAR)
    assert (year.whole.came, year.whole.members, year.is_planned) == (1, 3, False)


def test_a_group_that_was_closed_before_the_year_is_left_out(places, group):
    reason = {"closing_reason": "并入"}
    FunctionalGroup.objects.filter(pk=group.pk).update(
        established_on=date(2025, 1, 1), closed_on=date(2025, 6, 1), **reason
    )
    assert group_years(places["station"], YEAR) == []
    FunctionalGroup.objects.filter(pk=group.pk).update(closed_on=date(2026, 6, 1))
    assert len(group_years(places["station"], YEAR)) == 1


def test_groups_cost_the_same_whatever_their_number(places, group, django_assert_num_queries):
    planned(places, group, 3)
    made.held(places["station"], group=group, held_on=made.DAY)
    FunctionalGroup.objects.create(
        station=places["station"], station_path=places["station"].path, name="甲", kind="special",
        established_on=EARLY, created_at=NOON,
    )  # fmt: skip
    with django_assert_num_queries(5):
        assert len(group_years(places["station"], YEAR)) == 2


def test_the_numbers_of_a_group_open_their_rows(places, stays, group, client, enter):
    planned(places, group, 11)
    held = made.held(places["station"], stays[0].person, group=group, held_on=made.DAY)
    made.held(places["station"], held_on=made.DAY)
    enter("station_head", places["station"])
    page = client.get(reverse("education:unit", args=[places["station"].pk]), {"year": YEAR})
    ((row,), text) = page.context["groups"], page.content.decode()
    last = row["cells"][3]
    assert (last["part"].planned, last["part"].held, last["part"].came, last["part"].members) == (1, 1, 1, 4)
    assert list(client.get(last["held_url"]).context["page"]) == [held]
    items = client.get(last["planned_url"]).context["items"]
    assert [item.group_key for item in items] == [group.pk]
    assert not client.get(row["cells"][0]["planned_url"]).context["items"]
    assert "没有计划项目" not in text
    actions.drop_item(items[0], reason="x", by=None, at=timezone.now())
    page = client.get(reverse("education:unit", args=[places["station"].pk]), {"year": YEAR})
    assert "没有计划项目" in page.content.decode()


def test_a_group_of_another_station_is_not_named_by_a_link(places, group, client, enter):
    plan = planned(places, group, 11)
    held = made.held(places["station"], group=group, held_on=made.DAY)
    enter("station_head", places["beside"])
    page = client.get(reverse("education:list"), {"group": group.pk})
    assert held not in list(page.context["page"])
    assert "group" not in page.context["form"].fields
    assert client.get(reverse("education:occasion-new"), {"group": group.pk}).status_code == 404
    enter("station_head", places["station"])
    address = reverse("education:plan", args=[plan.pk])
    assert [client.get(address, {"group": key}).status_code for key in ("x", places["station"].pk)] == [404, 404]
    assert client.get(address, {"group": group.pk, "quarter": "9"}).status_code == 404


def test_the_form_of_an_occasion_is_filled_in_from_the_page_of_the_group(places, group, client, enter):
    enter("station_officer", places["station"])
    address = reverse("education:occasion-new") + f"?group={group.pk}"
    page = client.get(reverse("groups:group", args=[group.pk]))
    assert page.context["life"]["form"] == address
    assert "记录组织生活" in page.content.decode()
    form = client.get(address).context["form"]
    assert (form.initial["unit"], form.initial["group"]) == (places["station"].pk, group.pk)


def test_the_page_of_a_group_shows_what_it_held_and_what_is_planned(places, stays, group, client, enter):
    now = timezone.localdate()
    plan = actions.draft_plan(unit=places["station"], year=now.year, by=None, at=NOON)
    item = actions.save_item(plan, kind="theme_day", month=12, topic="年度总结", group=group, by=None, at=NOON)
    actions.approve_plan(plan, by=make.user(), at=NOON)
    held = made.held(places["station"], stays[0].person, group=group, topic="冬季主题党日")
    enter("station_head", places["station"])
    page = client.get(reverse("groups:group", args=[group.pk]))
    life = page.context["life"]
    assert [(one.topic, one.present, one.expected) for one in life["held"]] == [("冬季主题党日", 1, 4)]
    assert [one.topic for one in life["to_come"]] == [item.topic]
    assert reverse("education:occasion", args=[held.pk]) in page.content.decode()


def test_whoever_only_sees_the_group_reads_no_address(places, group, client, enter):
    held = made.held(places["station"], group=group, topic="冬季主题党日")
    enter("branch_secretary", places["branch"])
    page = client.get(reverse("groups:group", args=[group.pk]))
    assert "冬季主题党日" in page.content.decode()
    assert reverse("education:occasion", args=[held.pk]) not in page.content.decode()
    assert page.context["life"]["form"] == ""


def test_the_form_of_other_activities_says_where_organization_life_is_entered(places, group, client, enter):
    enter("station_head", places["station"])
    text = client.get(reverse("groups:plan", args=[group.pk])).content.decode()
    assert "组织生活和计学时的学习" in text
    may_enter = Reach.of(make.user("station_head", places["station"]), Permission.EDUCATION_RECORD)
    assert (f"?group={group.pk}" in text) == bool(may_enter)


def test_months_without_anything_to_read_are_marked_for_the_phone(places, client, enter):
    enter("station_head", places["station"])
    lasting(places["station"], date(2026, 4, 15))
    page = client.get(reverse("education:unit", args=[places["station"].pk]), {"year": YEAR})
    months = next(table for table in page.context["tables"] if table["per"] == "month")["rows"]
    this = timezone.localdate().month if timezone.localdate().year == YEAR else 12
    assert [row["period"].first for row in months if not row["is_blank"]] == list(range(5, this + 1))
