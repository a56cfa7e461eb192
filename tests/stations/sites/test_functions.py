"""Functions against the city's checklist: dated items, one current statement, and what is missing."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from tests import places as make
from waystation.kernel.models import AuditEvent
from waystation.stations.sites import actions
from waystation.stations.sites.actions import Said
from waystation.stations.sites.models import ChecklistItem, FunctionStatement, Station
from waystation.stations.sites.queries import functions

pytestmark = pytest.mark.django_db
NOON = make.NOON
TODAY = date(2026, 11, 23)
LATER = TODAY + timedelta(days=40)


@pytest.fixture
def items(db):
    return [item(title) for title in ("服务窗口", "会议室", "阅览室")]


def item(title, *, starts_on=TODAY, function="service"):
    return actions.add_item(
        function=function, title=title, meaning="", starts_on=starts_on, source="", by=None, at=NOON
    )


def state(station, item, *said, at=NOON):
    return actions.state_functions(station, {item: Said(*said)}, by=None, at=at)


def titles(rows):
    return [row.title for row in rows]


def test_what_is_not_stated_planned_or_missing_is_lacking(station, items):
    window, meeting, _reading = items
    state(station, window, "present", None, "一楼大厅四个窗口")
    state(station, meeting, "planned", LATER, "县委已批")

    assert titles(functions.lacking(station, TODAY)) == ["会议室", "阅览室"]
    lines = functions.lines(station, functions.asked(TODAY), TODAY)
    assert [line.is_present for line in lines] == [True, False, False]
    assert lines[2].statement is None


def test_a_new_statement_supersedes_the_one_before_which_stays_on_record(station, items):
    state(station, items[0], "missing")
    later = NOON + timedelta(days=3)
    state(station, items[0], "present", None, "已挂牌", at=later)

    rows = FunctionStatement.objects.filter(station=station, item=items[0]).order_by("stated_at")
    assert [(row.state, row.superseded_at) for row in rows] == [("missing", later), ("present", None)]
    events = AuditEvent.objects.filter(verb="station.function_stated").order_by("number")
    assert [(e.facts["before"], e.facts["state"]) for e in events] == [("", "missing"), ("missing", "present")]


def test_what_is_said_again_unchanged_is_no_new_statement(station, items):
    state(station, items[0], "planned", LATER, "")

    assert state(station, items[0], "planned", LATER, "  ") == []
    # A plan whose day has come may stand on the form; only a new plan needs a day to come.
    assert state(station, items[0], "planned", LATER, "", at=NOON + timedelta(days=90)) == []


@pytest.mark.parametrize(
    "said",
    [("present", None, " "), ("planned", None, "在建"), ("planned", TODAY - timedelta(days=1), "在建")],
)
def test_a_statement_that_says_nothing_is_refused(station, items, said):
    with pytest.raises(actions.FunctionRefused):
        state(station, items[0], *said)


def test_an_item_that_is_not_asked_now_takes_no_statement(station):
    coming = item("值班室", starts_on=TODAY + timedelta(days=1))

    with pytest.raises(actions.FunctionRefused):
        state(station, coming, "missing")


def test_nothing_is_stated_if_one_of_the_items_is_refused(station, items):
    said = {items[0]: Said("missing"), items[1]: Said("present")}

    with pytest.raises(actions.FunctionRefused):
        actions.state_functions(station, said, by=None, at=NOON)

    assert not FunctionStatement.objects.exists()


def test_the_database_refuses_what_the_law_forbids(station, items):
    row = {"station": station, "item": items[0], "stated_at": NOON}
    FunctionStatement.objects.create(**row, state="missing")
    bad = [
        {**row, "state": "missing"},
        {**row, "item": items[1], "state": "planned"},
        {**row, "item": items[1], "state": "missing", "planned_by": LATER},
        {**row, "item": items[1], "state": "present"},
        {**row, "item": items[1], "state": "missing", "superseded_at": NOON - timedelta(days=1)},
    ]
    for values in bad:
        with pytest.raises(IntegrityError), transaction.atomic():
            FunctionStatement.objects.create(**values)


def test_an_item_that_ended_is_lacking_nowhere(station, items):
    actions.end_item(items[0], ends_on=TODAY + timedelta(days=2), by=None, at=NOON)

    assert titles(functions.asked(TODAY + timedelta(days=1))) == ["服务窗口", "会议室", "阅览室"]
    assert titles(functions.lacking(station, TODAY + timedelta(days=2))) == ["会议室", "阅览室"]
    item("服务窗口", starts_on=TODAY + timedelta(days=2))


@pytest.mark.parametrize("days", [-1, -400])
def test_an_item_ends_today_or_later(items, days):
    with pytest.raises(actions.FunctionRefused):
        actions.end_item(items[0], ends_on=TODAY + timedelta(days=days), by=None, at=NOON)


def test_an_item_ends_once_and_its_title_is_unique_while_asked(items):
    actions.end_item(items[0], ends_on=TODAY, by=None, at=NOON)
    with pytest.raises(actions.FunctionRefused):
        actions.end_item(items[0], ends_on=LATER, by=None, at=NOON)
    with pytest.raises(actions.FunctionRefused):
        item("会议室")
    with pytest.raises(actions.FunctionRefused):
        actions.edit_item(items[1], function="service", title="阅览室", meaning="", source="", by=None, at=NOON)


def test_the_usual_checklist_names_the_four_functions_and_is_taken_over_once():
    made = actions.adopt_usual_checklist(starts_on=TODAY, source="", by=None, at=NOON)

    assert {one.function for one in made} == {"service", "office", "education", "culture"}
    with pytest.raises(actions.FunctionRefused):
        actions.adopt_usual_checklist(starts_on=TODAY, source="", by=None, at=NOON)


def test_stations_are_counted_by_what_they_have_of_what_is_asked_now(station, beside, items):
    state(station, items[0], "present", None, "有")
    state(station, items[1], "planned", LATER)
    state(station, items[2], "missing")
    for one in items:
        state(beside, one, "present", None, "有")
    ended = item("旧项目")
    state(station, ended, "present", None, "有")
    ChecklistItem.objects.filter(pk=ended.pk).update(ends_on=TODAY)

    rows = {row.pk: row for row in functions.with_counts(Station.objects.all(), TODAY)}

    assert [rows[station.pk].present, rows[station.pk].planned, rows[station.pk].stated] == [1, 1, 3]
    assert rows[beside.pk].present == 3
    assert list(functions.lacking_something(Station.objects.all(), TODAY)) == [station]
    assert not functions.with_overdue(Station.objects.all(), TODAY)
    assert list(functions.with_overdue(Station.objects.all(), LATER + timedelta(days=1))) == [station]
    assert titles(functions.overdue(station, LATER + timedelta(days=1))) == ["会议室"]
