"""Why members were away from an occasion: where a reason stands, who reads it, and that nothing loses it."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from tests import places as make
from tests.stewardship.education import made
from tests.stewardship.education.made import DAY, NOON, Mark, text_of
from waystation.kernel import papers as kernel_papers
from waystation.kernel.models import AuditEvent
from waystation.organizations.access import Reach
from waystation.organizations.permissions import Permission
from waystation.stewardship.education import actions, ledgers, papers
from waystation.stewardship.education.actions import errors
from waystation.stewardship.education.models import Attendance
from waystation.stewardship.education.tasks import follow_excuses
from waystation.stewardship.grids.actions import assign
from waystation.stewardship.people.actions import change_status, merge_people, return_home, undo_merge
from waystation.stewardship.people.large_ledgers import Asked

pytestmark = pytest.mark.django_db
WHY = "送孩子住院"
HIDDEN = "已登记，此处不显示"


@pytest.fixture
def roll(places):
    """An open roll: one present, one on leave with a reason, one absent without, one not marked."""
    mei, hua, lan, ying = made.members(places, "林美", "陈华", "蓝英", "雷英")
    occasion = made.occasion(places["station"], by=None)
    for person, mark in ((mei, "present"), (hua, "leave"), (lan, "absent")):
        actions.mark(occasion, mark, lines=[occasion.roll.get(person=person).pk], by=None, at=NOON)
    line = occasion.roll.get(person=hua)
    actions.give_reasons(occasion, {line.pk: WHY}, by=None, at=NOON)
    occasion.refresh_from_db()
    return occasion, {"mei": mei, "hua": hua, "lan": lan, "ying": ying}


def line_of(occasion, person):
    return occasion.roll.get(person=person, is_double=False)


def reason_of(occasion, person):
    return line_of(occasion, person).reason


# --- the law --------------------------------------------------------------------------------------


@pytest.mark.parametrize("mark", ["", "present"])
def test_the_database_takes_a_reason_only_for_leave_and_absence(roll, mark):
    occasion, who = roll
    rows = Attendance.objects.filter(pk=line_of(occasion, who["hua"]).pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(mark=mark)
    with pytest.raises(IntegrityError), transaction.atomic():
        Attendance.objects.filter(pk=line_of(occasion, who["mei"]).pk).update(reason="x")
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(mark="excused", is_excused=True)
    rows.update(mark="absent")


def test_a_reason_is_written_by_the_act_that_marks_and_leaves_a_trace_without_its_words(roll):
    occasion, who = roll
    lines = {name: line_of(occasion, person).pk for name, person in who.items()}
    reasons = {lines["ying"]: f" {'外' * 120}", lines["mei"]: "到会的没有事由", lines["hua"]: WHY}

    assert actions.mark(occasion, Mark.LEAVE, lines=[lines["ying"]], reasons=reasons, by=None, at=NOON) == 1

    assert reason_of(occasion, who["ying"]) == "外" * 100
    assert (reason_of(occasion, who["mei"]), reason_of(occasion, who["hua"])) == ("", WHY)
    events = AuditEvent.objects.filter(verb="attendance.reasons_written").order_by("number")
    assert [event.facts["lines"] for event in events] == [1, 1]
    assert [list(event.fields) for event in events] == [["reason"], ["reason"]]
    assert not any(WHY in str(event.facts) or "外" in str(event.facts) for event in AuditEvent.objects.all())


def test_whoever_is_present_after_all_needs_no_reason_and_leave_that_becomes_absence_keeps_it(roll):
    occasion, who = roll
    line = line_of(occasion, who["hua"])
    actions.mark(occasion, Mark.ABSENT, lines=[line.pk], by=None, at=NOON)
    assert reason_of(occasion, who["hua"]) == WHY
    actions.mark(occasion, Mark.PRESENT, lines=[line.pk], by=None, at=NOON)
    assert reason_of(occasion, who["hua"]) == ""


def test_a_reason_is_of_an_open_roll_and_of_no_other_roll(roll, places):
    occasion, who = roll
    other = made.occasion(places["station"])
    assert actions.give_reasons(other, {line_of(occasion, who["hua"]).pk: "x"}, by=None, at=NOON) == 0
    closed = actions.close_roll(made.marked(occasion), by=None, at=NOON)
    assert reason_of(closed, who["hua"]) == WHY
    with pytest.raises(errors.RollClosed):
        actions.give_reasons(closed, {line_of(closed, who["hua"]).pk: "x"}, by=None, at=NOON)


def test_a_reason_on_a_closed_roll_is_corrected_as_a_mark_is(roll):
    occasion, who = roll
    actions.close_roll(made.marked(occasion), by=None, at=NOON)
    line = line_of(occasion, who["hua"])
    with pytest.raises(errors.ReasonMissing):
        actions.correct_line(line, Mark.LEAVE, absence="x", reason="", by=None, at=NOON)

    actions.correct_line(line, Mark.ABSENT, reason="签到有误", by=None, at=NOON)
    assert reason_of(occasion, who["hua"]) == WHY
    actions.correct_line(line, Mark.ABSENT, absence="值班", reason="写错", by=None, at=NOON)
    assert reason_of(occasion, who["hua"]) == "值班"
    actions.correct_line(line, Mark.PRESENT, absence="值班", reason="迟到", by=None, at=NOON)
    assert reason_of(occasion, who["hua"]) == ""

    events = AuditEvent.objects.filter(verb="attendance.corrected").order_by("number")
    assert [list(event.fields) for event in events] == [["mark"], ["mark", "reason"], ["mark", "reason"]]
    assert not any("值班" in str(event.facts) for event in events)


def test_an_excuse_granted_afterwards_leaves_no_reason_of_absence(roll):
    occasion, who = roll
    actions.close_roll(made.marked(occasion), by=None, at=NOON)
    made.excuse(who["hua"], starts_on=date(2026, 11, 1))
    assert follow_excuses(NOON) == 1
    line = line_of(occasion, who["hua"])
    assert (line.mark, line.reason) == ("excused", "")


def test_an_excuse_granted_while_the_roll_is_open_does_not_stop_it_from_closing(roll):
    occasion, who = roll
    made.excuse(who["hua"], starts_on=date(2026, 11, 1))
    closed = actions.close_roll(made.marked(occasion), by=None, at=NOON)
    assert (line_of(closed, who["hua"]).mark, reason_of(closed, who["hua"])) == ("excused", "")


# --- nothing loses it -----------------------------------------------------------------------------


@pytest.mark.parametrize("reasoned", ["first", "second"])
def test_two_files_that_become_one_keep_the_line_that_says_why(places, reasoned):
    mei, alias = made.members(places, "林美")[0], make.stay(places, "林小美", starts_on=date(2026, 1, 5)).person
    occasion = made.marked(made.occasion(places["station"]))
    chosen = mei if reasoned == "first" else alias
    actions.give_reasons(occasion, {line_of(occasion, chosen).pk: WHY}, by=None, at=NOON)
    actions.close_roll(occasion, by=None, at=NOON)
    before = sorted(Attendance.objects.values_list("pk", "person", "mark", "reason", "is_double"))
    return_home(alias.departures.get(), on=date(2026, 11, 22), by=None, at=NOON)

    merge = merge_people(mei, alias, by=make.user(), at=NOON)

    assert reason_of(occasion, mei) == WHY
    assert occasion.roll.filter(is_double=True).count() == 1
    undo_merge(merge, by=make.user(), at=NOON)
    assert sorted(Attendance.objects.values_list("pk", "person", "mark", "reason", "is_double")) == before


def test_present_still_counts_before_a_reason_and_what_is_set_aside_keeps_its_own(places):
    mei, alias = made.members(places, "林美")[0], make.stay(places, "林小美", starts_on=date(2026, 1, 5)).person
    occasion = made.marked(made.occasion(places["station"]), alias)
    actions.give_reasons(occasion, {line_of(occasion, mei).pk: WHY}, by=None, at=NOON)
    actions.close_roll(occasion, by=None, at=NOON)
    return_home(alias.departures.get(), on=date(2026, 11, 22), by=None, at=NOON)
    merge_people(mei, alias, by=make.user(), at=NOON)
    assert line_of(occasion, mei).mark == "present"
    assert occasion.roll.get(is_double=True).reason == WHY


@pytest.mark.parametrize("status", ["left", "died"])
def test_leaving_the_party_takes_no_reason_from_the_rolls(roll, status):
    occasion, who = roll
    actions.close_roll(made.marked(occasion), by=None, at=NOON)
    change_status(who["hua"], status, decided_on=DAY, document="福委组〔2026〕21号", by=None, at=NOON)
    assert (line_of(occasion, who["hua"]).mark, reason_of(occasion, who["hua"])) == ("leave", WHY)


# --- pages ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "where", "sees"),
    [
        ("station_head", "station", True), ("station_officer", "station", True), ("county_organiser", "county", True),
        ("city_organiser", "city", False),
    ],
)  # fmt: skip
def test_who_reads_why_somebody_was_away(client, places, roll, enter, role, where, sees):
    occasion, _who = roll
    enter(role, places[where])
    url = reverse("education:occasion", args=[occasion.pk])
    for _state in ("open", "held"):
        page = client.get(url).content.decode()
        assert (WHY in page, HIDDEN in page) == (sees, not sees)
        if _state == "open":
            actions.close_roll(made.marked(occasion), by=None, at=NOON)


@pytest.fixture
def in_a_grid(places):
    """An open roll of a grid with one on leave, with a reason; and the grid."""
    (mei,) = made.members(places, "林美")
    grid = make.grid(places["station"])
    assign(mei.stays.get(), grid, by=None, at=NOON)
    occasion = made.occasion(grid.unit, kind="group", held_on=date(2026, 11, 23))
    line = occasion.roll.get()
    actions.mark(occasion, Mark.LEAVE, lines=[line.pk], reasons={line.pk: WHY}, by=None, at=NOON)
    return grid, line


def test_a_grid_leader_writes_a_reason_and_reads_none(client, in_a_grid, enter):
    grid, line = in_a_grid
    enter("grid_leader", grid.unit)
    page = reverse("education:occasion", args=[line.occasion_id])
    mark = reverse("education:occasion-mark", args=[line.occasion_id])
    assert WHY not in client.get(page).content.decode()
    client.post(mark, {"only_reasons": "1", f"reason-{line.pk}": "", f"was-{line.pk}": ""})
    line.refresh_from_db()
    assert line.reason == WHY, "an empty field of somebody who reads nothing takes nothing back"

    client.post(mark, {"only_reasons": "1", f"reason-{line.pk}": "出海", f"was-{line.pk}": ""})
    actions.close_roll(line.occasion, by=None, at=NOON)
    correct = reverse("education:line", args=[line.pk])
    for text in (client.get(page).content.decode(), client.get(correct).content.decode()):
        assert "出海" not in text
    client.post(correct, {"mark": "absent", "absence": "", "reason": "签到有误"})
    line.refresh_from_db()
    assert (line.mark, line.reason) == ("absent", "出海")


def test_reasons_are_typed_line_by_line_and_marking_goes_on_as_before(client, places, roll, enter):
    occasion, who = roll
    enter("station_officer", places["station"])
    url = reverse("education:occasion-mark", args=[occasion.pk])
    hua, lan, ying = (line_of(occasion, who[name]).pk for name in ("hua", "lan", "ying"))
    typed = {f"reason-{hua}": WHY, f"was-{hua}": WHY, f"reason-{lan}": "值\x00班\u200b", f"was-{lan}": ""}
    # Somebody else wrote another reason meanwhile: what this page did not change is not written again.
    actions.give_reasons(occasion, {hua: "出海"}, by=None, at=NOON)

    client.post(url, {"mark": "absent", "tab": "all", "pk": [ying], **typed, "reason-nonsense": "x", "reason-": "y"})

    assert [reason_of(occasion, who[name]) for name in ("hua", "lan", "ying")] == ["出海", "值班", ""]
    assert line_of(occasion, who["ying"]).mark == "absent"
    client.post(url, {"only_reasons": "1", "pk": [ying], f"reason-{lan}": "", f"was-{lan}": "值班"})
    assert (reason_of(occasion, who["lan"]), line_of(occasion, who["lan"]).mark) == ("", "absent")


def test_closing_the_roll_keeps_what_was_typed_even_if_somebody_is_not_marked(client, places, roll, enter):
    occasion, who = roll
    enter("station_officer", places["station"])
    url = reverse("education:occasion-close", args=[occasion.pk])
    lan = line_of(occasion, who["lan"]).pk
    client.post(url, {f"reason-{lan}": "值班", f"was-{lan}": ""})
    occasion.refresh_from_db()
    assert (occasion.state, reason_of(occasion, who["lan"])) == ("open", "值班")
    made.marked(occasion)
    client.post(url, {f"reason-{lan}": "出差", f"was-{lan}": "值班"})
    occasion.refresh_from_db()
    assert (occasion.state, reason_of(occasion, who["lan"])) == ("held", "出差")


def test_all_who_are_not_marked_are_present_in_one_act(client, places, roll, enter):
    occasion, who = roll
    enter("station_officer", places["station"])
    page = client.get(reverse("education:occasion", args=[occasion.pk])).content.decode()
    assert "未标记的1人全部记为实到" in page
    client.post(reverse("education:occasion-mark", args=[occasion.pk]), {"rest": "1", "tab": "leave"})
    marks = {name: line_of(occasion, person).mark for name, person in who.items()}
    assert marks == {"mei": "present", "hua": "leave", "lan": "absent", "ying": "present"}
    assert reason_of(occasion, who["hua"]) == WHY


def test_a_line_is_corrected_with_its_reason_on_its_page(client, places, roll, enter):
    occasion, who = roll
    actions.close_roll(made.marked(occasion), by=None, at=NOON)
    enter("station_officer", places["station"])
    line = line_of(occasion, who["hua"])
    url = reverse("education:line", args=[line.pk])
    assert client.get(url).context["form"]["absence"].value() == WHY
    assert client.post(url, {"mark": "leave", "absence": "x" * 101, "reason": "x"}).context["form"].errors
    client.post(url, {"mark": "leave", "absence": "", "reason": "不应登记"})
    assert reason_of(occasion, who["hua"]) == ""


# --- papers and ledgers ---------------------------------------------------------------------------


@pytest.fixture
def without_pdf(monkeypatch):
    def missing(name):
        raise OSError("cannot load library 'libgobject-2.0-0'")

    monkeypatch.setattr(kernel_papers, "import_module", missing)


def test_the_record_of_a_meeting_names_the_absent_with_reasons(client, places, roll, enter, without_pdf):
    occasion, _who = roll
    actions.close_roll(made.marked(occasion), by=None, at=NOON)
    enter("station_officer", places["station"])
    paper = client.post(reverse("education:occasion-record", args=[occasion.pk])).content.decode()
    assert "缺席人员及原因" in paper
    assert f"陈华（{WHY}）" in paper
    assert "蓝英、" in paper or "、蓝英" in paper
    assert "由有权查看的人员" not in paper
    said = papers.record_of(occasion)
    assert (said["leave"], said["withheld"]) == (["陈华"], True)


def test_a_grid_leader_prints_the_record_without_the_reasons(client, in_a_grid, enter, without_pdf):
    grid, line = in_a_grid
    enter("grid_leader", grid.unit)
    paper = client.post(reverse("education:occasion-record", args=[line.occasion_id])).content.decode()
    assert ("林美" in paper, WHY in paper, "由有权查看的人员" in paper) == (True, False, True)


def test_the_ledger_has_the_column_for_those_who_may_read_it(places, roll, monkeypatch):
    occasion, who = roll
    actions.give_reasons(occasion, {line_of(occasion, who["lan"]).pk: "值班"}, by=None, at=NOON)
    actions.close_roll(made.marked(occasion), by=None, at=NOON)

    def written(role, place):
        user = make.user(role, places[place])
        reach = Reach.of(user, Permission.EDUCATION_VIEW)
        asked = Asked(ledgers.OCCASIONS, {"year": 2026}, places[place], reach, user, timezone.now())
        ledger = ledgers.ledger_of(asked)
        at = [str(column.title) for column in ledger.columns].index("请假缺席人员及原因")
        return [row[at] for row in ledger.rows]

    assert written("station_officer", "station") == [f"蓝英（缺席：值班）、陈华（请假：{WHY}）"]
    assert written("city_organiser", "city") == [""]
    monkeypatch.setattr(ledgers, "MOST_TOLD", 1)
    assert written("station_head", "station") == ["蓝英（缺席：值班）、等另外1人"]


def test_the_workbook_carries_the_column(client, places, roll, enter):
    occasion, _who = roll
    actions.close_roll(made.marked(occasion), by=None, at=NOON)
    enter("station_officer", places["station"])
    asked = {"year": occasion.held_on.year, "unit": places["station"].pk}
    answer = client.post(reverse("education:export", args=["occasions"]), asked)
    text = text_of(answer)
    assert ("请假缺席人员及原因" in text, WHY in text) == (True, True)
