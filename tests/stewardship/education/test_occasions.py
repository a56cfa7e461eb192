"""Occasions of organization life: the roll, its figures, and hours credited once."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from tests import places as make
from tests.stewardship.education import made
from tests.stewardship.education.made import DAY, NOON, Mark
from waystation.kernel import dated
from waystation.kernel.models import AuditEvent
from waystation.organizations.actions import move_unit
from waystation.stewardship.education import actions, rules
from waystation.stewardship.education.actions import errors
from waystation.stewardship.education.models import Attendance, LearningRecord, Occasion, YearTotal
from waystation.stewardship.education.queries.occasions import perhaps_same
from waystation.stewardship.education.tasks import follow_excuses
from waystation.stewardship.grids.actions import assign
from waystation.stewardship.people.models import Person

pytestmark = pytest.mark.django_db


def figures(occasion):
    row = Occasion.objects.get(pk=occasion.pk)
    return row.expected, row.present, row.on_leave, row.absent, row.excused


def hours(person, year=2026):
    total = YearTotal.objects.filter(person=person, year=year).first()
    return total.hours if total else None


def test_a_roll_expects_those_in_care_on_the_day_and_marks_the_excused(places):
    mei, hua, old = made.members(places, "林美", "陈华", "王老")
    make.stay(places, "晚来", starts_on=date(2026, 11, 21))
    make.stay(places, "邻站", station="beside", origin="beside branch", community="beside community")
    made.excuse(old)

    occasion = made.occasion(places["station"])

    assert set(occasion.roll.values_list("person", "mark")) == {(mei.pk, ""), (hua.pk, ""), (old.pk, "excused")}
    assert figures(occasion) == (2, 0, 0, 0, 1)


def test_a_grid_expects_its_members_and_a_branch_its_own(places):
    mei, hua = made.members(places, "林美", "陈华")
    grid = make.grid(places["station"])
    assign(mei.stays.get(), grid, by=None, at=NOON)

    later = made.occasion(grid.unit, kind="group", held_on=date(2026, 11, 23))
    branch = made.occasion(places["branch"], kind="members")
    other = made.occasion(places["other branch"], kind="members")

    assert list(later.roll.values_list("person", flat=True)) == [mei.pk]
    assert set(branch.roll.values_list("person", flat=True)) == {mei.pk, hua.pk}
    assert other.roll.count() == 0


def test_a_functional_group_begins_with_its_last_roll(places):
    mei, _hua = made.members(places, "林美", "陈华")
    first = made.occasion(places["station"], kind="group", group_title="海参养殖党小组", held_on=date(2026, 10, 9))
    assert first.roll.count() == 0
    actions.add_to_roll(first, [mei], by=None, at=NOON)

    second = made.occasion(places["station"], kind="group", group_title="海参养殖党小组")

    assert list(second.roll.values_list("person", flat=True)) == [mei.pk]


def test_closing_credits_the_present_and_counts_the_rest_apart(places):
    mei, hua, lan, old = made.members(places, "林美", "陈华", "蓝英", "王老")
    made.excuse(old)
    occasion = made.occasion(places["station"])
    line = occasion.roll.get(person=hua)
    actions.mark(occasion, Mark.LEAVE, lines=[line.pk], by=None, at=NOON)
    made.marked(occasion, mei)

    closed = actions.close_roll(occasion, by=None, at=NOON)

    assert (closed.state, figures(closed), closed.ratio) == ("held", (3, 1, 1, 1, 1), 33)
    assert (hours(mei), hours(hua), hours(lan), hours(old)) == (Decimal(3), None, None, None)
    assert AuditEvent.objects.order_by("-number").first().verb == "occasion.held"


def test_an_excused_member_who_came_has_the_hours_and_is_in_no_ratio(places):
    mei, old = made.members(places, "林美", "王老")
    made.excuse(old)

    closed = made.held(places["station"], old)

    assert figures(closed) == (1, 0, 0, 1, 1)
    assert (hours(old), hours(mei)) == (Decimal(3), None)


def test_nobody_excused_is_ever_marked_absent(places):
    (old,) = made.members(places, "王老")
    made.excuse(old)
    occasion = made.occasion(places["station"])
    line = occasion.roll.get()

    assert actions.mark(occasion, Mark.ABSENT, lines=[line.pk], by=None, at=NOON) == 0
    with pytest.raises(IntegrityError), transaction.atomic():
        Attendance.objects.filter(pk=line.pk).update(mark="absent")


def test_a_roll_is_closed_once_whole_and_not_empty(places):
    empty = made.occasion(places["other branch"])
    with pytest.raises(errors.RollEmpty):
        actions.close_roll(empty, by=None, at=NOON)
    made.members(places, "林美")
    occasion = made.occasion(places["station"])
    with pytest.raises(errors.RollUnmarked, match="1"):
        actions.close_roll(occasion, by=None, at=NOON)
    closed = actions.close_roll(made.marked(occasion), by=None, at=NOON)
    with pytest.raises(errors.RollClosed):
        actions.close_roll(closed, by=None, at=NOON)
    with pytest.raises(errors.RollClosed):
        actions.mark(closed, Mark.PRESENT, by=None, at=NOON)


def test_a_correction_is_reasoned_audited_and_moves_the_hours(places):
    mei, hua = made.members(places, "林美", "陈华")
    closed = made.held(places["station"], mei)
    with pytest.raises(errors.ReasonMissing):
        actions.correct_line(closed.roll.get(person=mei), Mark.ABSENT, reason=" ", by=None, at=NOON)

    actions.correct_line(closed.roll.get(person=mei), Mark.LEAVE, reason="签到有误", by=None, at=NOON)
    actions.correct_line(closed.roll.get(person=hua), Mark.PRESENT, reason="迟到", by=None, at=NOON)

    assert figures(closed) == (2, 1, 1, 0, 0)
    assert (hours(mei), hours(hua)) == (Decimal(0), Decimal(3))
    event = AuditEvent.objects.filter(verb="attendance.corrected").order_by("number").first()
    assert (event.facts["before"], event.facts["after"], event.facts["reason"]) == ("present", "leave", "签到有误")
    assert LearningRecord.objects.get(person=mei).state == "reversed"


def test_an_open_roll_is_marked_not_corrected(places):
    made.members(places, "林美")
    occasion = made.occasion(places["station"])
    with pytest.raises(errors.RollStillOpen):
        actions.correct_line(occasion.roll.get(), Mark.PRESENT, reason="x", by=None, at=NOON)


def test_one_occasion_entered_by_two_units_is_credited_once(places):
    mei, hua = made.members(places, "林美", "陈华")
    station, branch = made.occasion(places["station"]), made.occasion(places["branch"], hours="4")
    assert list(perhaps_same(branch)) == [station]
    actions.name_same(branch, station, by=None, at=NOON)

    for occasion, people in ((station, [mei]), (branch, [mei, hua])):
        actions.close_roll(made.marked(occasion, *people), by=None, at=NOON)

    assert (hours(mei), hours(hua)) == (Decimal(3), Decimal(3))
    assert LearningRecord.objects.counting().filter(person=mei).count() == 1
    # The station strikes her out, but her branch saw her there.
    actions.correct_line(station.roll.get(person=mei), Mark.ABSENT, reason="x", by=None, at=NOON)
    assert hours(mei) == Decimal(3)
    with pytest.raises(errors.OthersReferToIt):
        actions.cancel_occasion(station, reason="x", by=None, at=NOON)


def test_a_second_credit_for_one_occasion_is_refused_by_the_database(places):
    (mei,) = made.members(places, "林美")
    made.held(places["station"], mei)
    row = LearningRecord.objects.get()
    row.pk = None
    row._state.adding = True
    with pytest.raises(IntegrityError), transaction.atomic():
        LearningRecord(
            **{f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields if f.name != "id"}
        ).save(force_insert=True)


def test_only_entries_of_other_units_for_the_same_day_are_the_same(places):
    made.members(places, "林美")
    first, second = made.occasion(places["station"]), made.occasion(places["station"])
    other_day = made.occasion(places["branch"], held_on=date(2026, 11, 19))
    for other in (second, other_day, first):
        with pytest.raises(errors.NotTheSame):
            actions.name_same(first, other, by=None, at=NOON)
    branch = made.occasion(places["branch"])
    actions.name_same(branch, first, by=None, at=NOON)
    with pytest.raises(errors.NotTheSame):
        actions.name_same(first, branch, by=None, at=NOON)


def test_an_occasion_entered_by_mistake_gives_its_hours_back(places):
    (mei,) = made.members(places, "林美")
    closed = made.held(places["station"], mei)
    with pytest.raises(errors.ReasonMissing):
        actions.cancel_occasion(closed, reason="", by=None, at=NOON)

    cancelled = actions.cancel_occasion(closed, reason="重复录入", by=None, at=NOON)

    assert (cancelled.state, hours(mei)) == ("cancelled", Decimal(0))
    with pytest.raises(errors.RollClosed):
        actions.cancel_occasion(cancelled, reason="x", by=None, at=NOON)


def test_an_excuse_granted_afterwards_takes_the_member_out_of_the_figures(places):
    mei, old = made.members(places, "林美", "王老")
    closed = made.held(places["station"], mei)
    assert figures(closed) == (2, 1, 0, 1, 0)
    made.excuse(old, starts_on=date(2026, 11, 1))

    assert follow_excuses(NOON) == 1
    assert follow_excuses(NOON) == 0
    assert figures(closed) == (1, 1, 0, 0, 1)


@pytest.mark.parametrize(("starts_on", "lines"), [(date(2026, 11, 28), 0), (date(2026, 11, 29), 1)])
def test_how_long_a_late_excuse_changes_rolls_is_a_rule_of_the_day(places, starts_on, lines):
    mei, old = made.members(places, "林美", "王老")
    made.held(places["station"], mei)
    made.excuse(old, starts_on=date(2026, 11, 1))
    dated.set_value(rules.EXCUSE_DAYS, 3, starts_on=starts_on, source="县委通知", by=None, at=NOON)

    assert follow_excuses(NOON + timedelta(days=5)) == lines


@pytest.mark.parametrize("hours", ["-1", "12.5"])
def test_hours_have_limits(places, hours):
    with pytest.raises(errors.HoursOutOfLimits):
        made.occasion(places["station"], hours=hours)
    made.members(places, "林美")
    with pytest.raises(IntegrityError), transaction.atomic():
        Occasion.objects.filter(pk=made.occasion(places["station"]).pk).update(hours=Decimal(hours))


def test_a_class_may_last_days_and_nothing_lies_ahead(places):
    assert made.occasion(places["station"], kind="class", hours="24").hours == 24
    with pytest.raises(errors.InTheFuture):
        made.occasion(places["station"], held_on=date(2026, 11, 24))
    with pytest.raises(errors.NotAPlanHolder):
        made.occasion(places["county"])


def test_words_of_an_occasion_may_be_mended(places):
    occasion = made.occasion(places["station"])
    edited = actions.edit_occasion(occasion, minutes="学习了党章", guests="社区书记", by=None, at=NOON)
    assert (edited.minutes, edited.guests, edited.topic) == ("学习了党章", "社区书记", "学习党章")
    assert AuditEvent.objects.order_by("-number").first().facts == {}


def test_a_unit_that_moves_takes_its_occasions_along(places):
    occasion = made.occasion(places["station"])
    move_unit(places["station"], parent=places["beside county"], by=None, at=NOON)
    occasion.refresh_from_db()
    assert occasion.unit_path.startswith(places["beside county"].path)


def test_the_hours_of_a_class_are_hours_of_a_class(places):
    (mei,) = made.members(places, "林美")
    made.held(places["station"], mei, kind="class", hours="16")
    assert LearningRecord.objects.get().source == "class"
    assert Person.objects.get(pk=mei.pk).learning.get().learnt_on == DAY
