"""Yearly plans: what the rules ask for, approval, the next year, and open items as the days come near."""

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from tests import places as make
from tests.fault.conftest import together
from tests.make import person as make_file
from tests.stewardship.education import made
from tests.stewardship.education.made import NOON
from waystation.kernel import dated
from waystation.stations.duty.models import OpenItem
from waystation.stewardship.education import actions, rules
from waystation.stewardship.education.actions import errors
from waystation.stewardship.education.models import Plan, PlanItem
from waystation.stewardship.education.queries.compliance import sheets
from waystation.stewardship.education.queries.plans import items_of
from waystation.stewardship.people.models import Membership

pytestmark = pytest.mark.django_db


def draft(unit, year=2026):
    return actions.draft_plan(unit=unit, year=year, by=None, at=NOON)


def item(plan, **more):
    more = {"kind": "theme_day", "month": 12} | more
    return actions.save_item(plan, by=None, at=NOON, **more)


def test_a_plan_begins_with_what_the_rules_ask_of_the_kind_of_unit(places):
    station, grid = draft(places["station"]), draft(make.grid(places["station"]).unit)

    assert Counter(station.items.values_list("kind", flat=True)) == {
        "theme_day": 12, "members": 4, "lecture": 4, "life": 1, "appraisal": 1,
    }  # fmt: skip
    assert Counter(grid.items.values_list("kind", flat=True)) == {"group": 12}


def full_members(branch, count, kind="full"):
    return [make_file(branch, f"林{number}", member_kind=kind) for number in range(count)]


def committee_meetings(branch, year=2026, day=date(2026, 4, 1)):
    """How often committee meetings are asked in each month of the sheet."""
    (sheet,) = sheets([branch], year, day)
    return [cell.required for cell in dict(sheet.lines).get("committee", [])]


def test_only_a_branch_with_seven_full_members_has_a_committee(places):
    branch = places["branch"]
    full_members(branch, 6)
    full_members(branch, 3, kind="probationary")
    full_members(branch, 3, kind="")
    left = make_file(branch, "陈左", member_kind="full")
    Membership.objects.filter(person=left).update(starts_on=date(2025, 1, 1), ends_on=date(2026, 3, 1))
    full_members(places["other branch"], 9)
    made.members(places, "林美")

    assert committee_meetings(branch) == []
    assert not any(cell.kind == "committee" for cell in sheets([branch], 2026, date(2027, 1, 1))[0].gaps)
    assert not draft(branch).items.filter(kind="committee").exists()
    full_members(branch, 1)
    assert committee_meetings(branch) == [1] * 12
    assert draft(branch, 2027).items.filter(kind="committee").count() == 12
    assert committee_meetings(branch, 2025, date(2026, 11, 28)) == [1] * 12


def test_from_how_many_members_on_there_is_a_committee_changes_by_decree(places):
    full_members(places["branch"], 5)
    dated.set_value(rules.COMMITTEE_LEAST, 5, starts_on=date(2026, 7, 1), source="县委通知", by=None, at=NOON)
    assert committee_meetings(places["branch"]) == [0] * 6 + [1] * 6
    assert sorted(draft(places["branch"]).items.filter(kind="committee").values_list("month", flat=True)) == [
        7, 8, 9, 10, 11, 12,
    ]  # fmt: skip


def test_the_members_of_many_branches_are_counted_in_one_question(places, django_assert_num_queries):
    full_members(places["branch"], 7)
    units = [places["branch"], places["other branch"]]
    with django_assert_num_queries(1 + 1 + 7):  # occasions, members, and what was ever set for each rule
        found = sheets(units, 2026, date(2026, 4, 1))
    assert ["committee" in dict(sheet.lines) for sheet in found] == [True, False]


def test_a_rule_of_another_day_changes_what_is_asked(places):
    dated.set_value(rules.LECTURE, 2, starts_on=date(2026, 7, 1), source="县委通知", by=None, at=NOON)
    plan = draft(places["station"])
    assert sorted(plan.items.filter(kind="lecture").values_list("month", flat=True)) == [2, 5, 8, 8, 11, 11]


def test_a_unit_has_one_plan_a_year(places):
    draft(places["station"])
    with pytest.raises(errors.PlanExists):
        draft(places["station"])
    with pytest.raises(errors.NotAPlanHolder):
        draft(places["county"])


@pytest.mark.django_db(transaction=True)
def test_of_two_who_begin_a_plan_at_one_moment_one_does(places):
    outcomes = together(*(lambda: draft(places["station"]) for _n in range(2)))
    assert sorted(type(one).__name__ for one in outcomes) == ["Plan", "PlanExists"]
    assert PlanItem.objects.count() == 22


def test_a_day_decides_the_month_and_lies_in_the_year(places):
    plan = draft(places["station"])
    assert item(plan, month=3, day=date(2026, 5, 8)).month == 5
    with pytest.raises(errors.EducationRefused):
        item(plan, day=date(2027, 1, 8))
    with pytest.raises(errors.EducationRefused):
        item(plan, grid=make.grid(places["beside"]).unit)


def test_an_item_is_for_one_audience(places):
    plan = draft(places["station"])
    grid = make.grid(places["station"]).unit
    held = item(plan, grid=grid)
    with pytest.raises(IntegrityError), transaction.atomic():
        PlanItem.objects.filter(pk=held.pk).update(group_title="海参养殖党小组")


def test_approval_is_once_and_never_of_nothing(places):
    plan, head = draft(places["station"]), make.user("station_head", places["station"])
    for one in plan.items.all():
        actions.drop_item(one, by=None, at=NOON)
    with pytest.raises(errors.PlanEmpty):
        actions.approve_plan(plan, by=head, at=NOON)
    item(plan)
    assert actions.approve_plan(plan, by=head, at=NOON).approved_by == head
    with pytest.raises(errors.AlreadyApproved):
        actions.approve_plan(plan, by=head, at=NOON)
    with pytest.raises(IntegrityError), transaction.atomic():
        Plan.objects.update(approved_by=None)


def test_an_item_of_an_approved_plan_is_struck_out_with_a_reason(places):
    plan = draft(places["station"])
    one = item(plan)
    actions.approve_plan(plan, by=make.user(), at=NOON)
    with pytest.raises(errors.ReasonMissing):
        actions.drop_item(one, by=None, at=NOON)
    actions.drop_item(one, reason="台风", by=None, at=NOON)
    one.refresh_from_db()
    assert one.drop_reason == "台风"
    with pytest.raises(errors.EducationRefused):
        actions.save_item(plan, one, kind="life", month=1, by=None, at=NOON)


def test_next_year_takes_the_items_without_their_days_and_not_the_dropped(places):
    plan = draft(places["station"])
    item(plan, month=5, day=date(2026, 5, 8), topic="党章", lead="罗春生")
    gone = item(plan, topic="删去")
    actions.approve_plan(plan, by=make.user(), at=NOON)
    actions.drop_item(gone, reason="x", by=None, at=NOON)

    copied = actions.copy_plan(plan, by=None, at=NOON)

    assert (copied.year, copied.state, copied.items.count()) == (2027, "draft", 23)
    one = copied.items.get(topic="党章")
    assert (one.day, one.month, one.lead) == (None, 5, "罗春生")
    with pytest.raises(errors.PlanExists):
        actions.copy_plan(plan, by=None, at=NOON)


def test_what_an_approved_plan_holds_for_the_days_ahead_stands_among_the_open_items(places):
    plan, grid = draft(places["station"]), make.grid(places["station"]).unit
    near = item(plan, day=date(2026, 12, 1), topic="学习党章")
    far = item(plan, day=date(2026, 12, 31))
    of_grid = item(plan, day=date(2026, 11, 28), grid=grid)
    assert actions.open_items_near(NOON) == 0
    actions.approve_plan(plan, by=make.user(), at=NOON)

    actions.open_items_near(NOON)

    open_now = dict(OpenItem.objects.open().values_list("key", "unit"))
    assert open_now[f"plan-item:{near.pk}"] == places["station"].pk
    assert open_now[f"plan-item:{of_grid.pk}"] == grid.pk
    assert f"plan-item:{far.pk}" not in open_now
    assert actions.open_items_near(NOON) == 0
    actions.save_item(plan, near, kind="theme_day", month=12, day=date(2026, 12, 4), by=None, at=NOON)
    assert OpenItem.objects.get(key=f"plan-item:{near.pk}").due_on == date(2026, 12, 4)


@pytest.mark.parametrize(("starts_on", "is_told"), [(date(2026, 11, 23), False), (date(2026, 11, 24), True)])
def test_how_long_a_missed_item_is_told_is_a_rule_of_the_day(places, starts_on, is_told):
    plan = draft(places["station"])
    missed, fresh = item(plan, day=date(2026, 11, 12), month=11), item(plan, day=date(2026, 11, 13), month=11)
    actions.approve_plan(plan, by=make.user(), at=NOON)
    dated.set_value(rules.MISSED_DAYS, 10, starts_on=starts_on, source="县委通知", by=None, at=NOON)

    actions.open_items_near(NOON)

    keys = set(OpenItem.objects.open().values_list("key", flat=True))
    assert f"plan-item:{fresh.pk}" in keys
    assert (f"plan-item:{missed.pk}" in keys) == is_told


def test_what_was_missed_in_december_is_still_told_in_january(places):
    plan = draft(places["station"])
    late, gone = item(plan, day=date(2026, 12, 20)), item(plan, day=date(2026, 12, 9))
    actions.approve_plan(plan, by=make.user(), at=NOON)

    actions.open_items_near(NOON + timedelta(days=48))  # 10 January: 31 days back is 10 December

    keys = set(OpenItem.objects.open().values_list("key", flat=True))
    assert keys & {f"plan-item:{late.pk}", f"plan-item:{gone.pk}"} == {f"plan-item:{late.pk}"}


def test_what_was_held_or_dropped_is_no_longer_open(places):
    made.members(places, "林美")
    plan = draft(places["station"])
    first, second = item(plan, day=date(2026, 11, 20)), item(plan, day=date(2026, 11, 21))
    actions.approve_plan(plan, by=make.user(), at=NOON)
    actions.open_items_near(NOON)

    made.held(places["station"], item=first)
    actions.drop_item(second, reason="x", by=None, at=NOON)

    keys = set(OpenItem.objects.open().values_list("key", flat=True))
    assert not keys & {f"plan-item:{first.pk}", f"plan-item:{second.pk}"}
    assert items_of(plan).get(pk=first.pk).occasion_state == "held"
    with pytest.raises(errors.EducationRefused):
        actions.drop_item(first, reason="x", by=None, at=NOON)


def test_compliance_counts_what_was_due_and_held_and_names_the_gaps(places, django_assert_num_queries):
    mei, hua = made.members(places, "林美", "陈华")
    made.held(places["station"], mei, held_on=date(2026, 1, 9))
    made.held(places["station"], mei, hua, held_on=date(2026, 1, 20))
    lecture = made.marked(made.occasion(places["station"], kind="lecture", held_on=date(2026, 2, 3)), mei, rest="leave")
    actions.close_roll(lecture, by=None, at=NOON)
    made.occasion(places["station"], held_on=date(2026, 3, 3))
    (sheet,) = sheets([places["station"]], 2026, date(2026, 4, 1))

    lines = dict(sheet.lines)
    assert [(c.held, c.required, c.gap) for c in lines["theme_day"][:4]] == [(2, 1, 0), (0, 1, 1), (0, 1, 1), (0, 1, 0)]
    assert [(c.held, c.gap) for c in lines["lecture"]] == [(1, 0), (0, 0), (0, 0), (0, 0)]
    assert [(c.kind, c.period.first) for c in sheet.gaps] == [("theme_day", 2), ("members", 1), ("theme_day", 3)]
    quarter = sheet.quarters[1]
    assert (quarter.held, quarter.expected, quarter.present, quarter.on_leave, quarter.absent) == (3, 6, 4, 1, 1)
    assert (quarter.ratio, sheet.quarters[2].ratio) == (67, None)
    units = [places["station"], places["beside"]]
    with django_assert_num_queries(1 + 5):  # the occasions, and what was ever set for each rule
        sheets(units, 2026, date(2026, 4, 1))


def test_an_occasion_of_a_functional_group_stands_for_nobody_else(places):
    (mei,) = made.members(places, "林美")
    occasion = made.occasion(places["station"], group_title="海参养殖党小组", hours=Decimal(2))
    actions.add_to_roll(occasion, [mei], by=None, at=NOON)
    actions.close_roll(made.marked(occasion, mei), by=None, at=NOON)
    (sheet,) = sheets([places["station"]], 2026, NOON.date() + timedelta(days=1))
    assert sheet.months == {}
