"""Learning records: confirmed by another, taken back with a reason, and totals that are always the sum."""

import random
from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from tests import make as files
from tests import places as make
from tests.fault.conftest import together
from tests.stewardship.education import made
from tests.stewardship.education.made import DAY, NOON, Mark
from waystation.stewardship.education import actions
from waystation.stewardship.education.actions import errors
from waystation.stewardship.education.models import Attendance, LearningRecord, Occasion, YearTotal
from waystation.stewardship.people.actions import merge_people, return_home, undo_merge
from waystation.stewardship.people.actions.errors import MergeRefused
from waystation.stewardship.people.models import Person

pytestmark = pytest.mark.django_db


def totals():
    return {(row.person_id, row.year): row.hours for row in YearTotal.objects.all() if row.hours}


def sums():
    rows = LearningRecord.objects.counting().order_by().values_list("person", "year").annotate(n=Sum("hours"))
    return {(person, year): hours for person, year, hours in rows if hours}


def test_what_an_officer_enters_counts_at_once(places):
    (mei,) = made.members(places, "林美")
    made.study(mei, "2.5")
    made.study(mei, "1", learnt_on=date(2025, 12, 31))
    assert totals() == {(mei.pk, 2026): Decimal("2.5"), (mei.pk, 2025): Decimal(1)}


def test_what_a_member_reports_counts_when_another_confirms(places):
    (mei,) = made.members(places, "林美")
    user, officer = make.user(), make.user()
    Person.objects.filter(pk=mei.pk).update(user=user)
    mei.refresh_from_db()
    claim = made.report(mei, by=user)
    assert totals() == {}
    with pytest.raises(errors.OwnRecord):
        actions.confirm_record(claim, by=user, at=NOON)
    with pytest.raises(errors.OwnRecord):
        made.study(mei, by=user)
    with pytest.raises(IntegrityError), transaction.atomic():
        LearningRecord.objects.filter(pk=claim.pk).update(state="confirmed", decided_at=NOON, decided_by=user)

    actions.confirm_record(claim, by=officer, at=NOON)

    assert totals() == {(mei.pk, 2026): Decimal(2)}
    with pytest.raises(errors.AlreadyDecided):
        actions.refuse_record(claim, reason="x", by=officer, at=NOON)


def test_what_is_refused_has_a_reason_and_counts_for_nothing(places):
    (mei,) = made.members(places, "林美")
    claim = made.report(mei, by=make.user())
    with pytest.raises(errors.ReasonMissing):
        actions.refuse_record(claim, reason="", by=make.user(), at=NOON)
    refused = actions.refuse_record(claim, reason="缺少佐证", by=make.user(), at=NOON)
    assert (refused.state, refused.reason, totals()) == ("refused", "缺少佐证", {})


def test_a_record_is_taken_back_with_a_reason_but_not_one_of_a_roll(places):
    (mei,) = made.members(places, "林美")
    record = made.study(mei)
    made.held(places["station"], mei)
    with pytest.raises(errors.FromARoll):
        actions.take_back_record(LearningRecord.objects.get(source="occasion"), reason="x", by=None, at=NOON)
    with pytest.raises(errors.ReasonMissing):
        actions.take_back_record(record, reason="", by=None, at=NOON)
    actions.take_back_record(record, reason="误录", by=None, at=NOON)
    assert totals() == {(mei.pk, 2026): Decimal(3)}
    with pytest.raises(errors.AlreadyDecided):
        actions.take_back_record(record, reason="误录", by=None, at=NOON)


@pytest.mark.parametrize(
    ("hours", "day", "refusal"),
    [
        ("12.5", DAY, errors.HoursOutOfLimits),
        ("-0.5", DAY, errors.HoursOutOfLimits),
        ("2", date(2026, 11, 24), errors.InTheFuture),
        ("2", date(2024, 12, 31), errors.TooLongAgo),
    ],
)
def test_a_record_keeps_within_limits(places, hours, day, refusal):
    (mei,) = made.members(places, "林美")
    with pytest.raises(refusal):
        made.study(mei, hours, learnt_on=day)


def test_the_database_knows_the_limits_too(places):
    (mei,) = made.members(places, "林美")
    record = made.study(mei)
    for change in ({"hours": Decimal(13)}, {"hours": Decimal(-1)}, {"state": "reversed"}, {"source": "occasion"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            LearningRecord.objects.filter(pk=record.pk).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        YearTotal.objects.update(hours=Decimal(-1))


def state():
    """Everything that a merge may move, to compare before and after."""
    return (
        sorted(LearningRecord.objects.values_list("pk", "person", "is_double", "state")),
        sorted(Attendance.objects.values_list("pk", "person", "is_double", "mark")),
        sorted(Occasion.objects.values_list("pk", "expected", "present", "on_leave", "absent")),
        totals(),
    )


def test_two_files_that_become_one_have_each_occasion_once_and_part_as_they_were(places):
    mei, alias = made.members(places, "林美")[0], make.stay(places, "林小美", starts_on=date(2026, 1, 5)).person
    made.held(places["station"], mei, alias)
    made.held(places["station"], alias, held_on=date(2026, 10, 9))
    made.study(alias)
    before = state()
    # Two open departures and stays cannot be merged, so the second member goes home first.
    return_home(alias.departures.get(), on=date(2026, 11, 22), by=None, at=NOON)

    merge = merge_people(mei, alias, by=make.user(), at=NOON)

    assert totals() == {(mei.pk, 2026): Decimal(8)} == sums()
    first = Occasion.objects.get(held_on=DAY)
    assert (first.expected, first.present) == (1, 1)
    assert Attendance.objects.filter(person=alias).count() == LearningRecord.objects.filter(person=alias).count() == 0
    undo_merge(merge, by=make.user(), at=NOON)
    assert state() == before


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=some.integers(min_value=0, max_value=2**32))
def test_whatever_happens_a_total_is_the_sum_of_its_rows(places, seed):
    with transaction.atomic():
        _live(places, random.Random(seed))
        transaction.set_rollback(True)


def _live(places, chance):
    people = [made.members(places, f"林{word}")[0] for word in "甲乙丙"]
    lone = [_filed(places, f"孤{word}") for word in "甲乙"]
    users, merges = [make.user(), make.user()], []
    for _step in range(chance.randint(4, 14)):
        person = chance.choice(people + lone)
        person.refresh_from_db()
        record = chance.choice([*LearningRecord.objects.all(), None])
        acts = [
            lambda p=person: made.study(p, str(chance.randint(0, 24) / 2), by=users[0]),
            lambda p=person: made.report(p, str(chance.randint(0, 24) / 2), by=users[1]),
            lambda: made.held(places["station"], *chance.sample(people, 2), hours=str(chance.randint(0, 8))),
            lambda: made.held(places["branch"], *chance.sample(people + lone, 3)),
            lambda r=record: r and actions.confirm_record(r, by=users[0], at=NOON),
            lambda r=record: r and actions.take_back_record(r, reason="x", by=users[0], at=NOON),
            lambda: _correct(chance, users[0]),
            lambda: _cancel(chance),
            lambda p=person: merges.append(merge_people(p, chance.choice(lone), by=users[0], at=NOON)),
            lambda: merges and undo_merge(merges.pop(), by=users[0], at=NOON),
        ]
        try:
            with transaction.atomic():
                chance.choice(acts)()
        except (actions.EducationRefused, MergeRefused):
            pass
        assert totals() == sums()
        assert not _credited_twice()
    while merges:
        undo_merge(merges.pop(), by=users[0], at=NOON)
        assert totals() == sums()


def _filed(places, name):
    """A member of the branch without a stay, who can be merged with anybody."""
    return files.person(places["branch"], name)


def _correct(chance, by):
    lines = list(Attendance.objects.filter(is_double=False, occasion__state="held").order_by("pk"))
    if lines:
        mark = chance.choice([Mark.PRESENT, Mark.ABSENT, Mark.LEAVE])
        actions.correct_line(chance.choice(lines), mark, reason="x", by=by, at=NOON)


def _cancel(chance):
    rows = list(Occasion.objects.held().order_by("pk"))
    if rows:
        actions.cancel_occasion(chance.choice(rows), reason="x", by=None, at=NOON)


def _credited_twice():
    seen = list(LearningRecord.objects.counting().exclude(occasion=None).values_list("person", "occasion"))
    return len(seen) != len(set(seen))


@pytest.mark.django_db(transaction=True)
def test_two_officers_who_close_one_roll_at_one_moment_credit_once(places):
    mei, hua = made.members(places, "林美", "陈华")
    occasion = made.marked(made.occasion(places["station"]), mei, hua)

    outcomes = together(*(lambda: actions.close_roll(occasion, by=None, at=NOON) for _n in range(2)))

    assert sorted(type(one).__name__ for one in outcomes) == ["Occasion", "RollClosed"]
    assert totals() == {(mei.pk, 2026): Decimal(3), (hua.pk, 2026): Decimal(3)} == sums()


@pytest.mark.django_db(transaction=True)
def test_two_units_that_close_the_same_occasion_at_one_moment_credit_once(places):
    mei, hua = made.members(places, "林美", "陈华")
    station, branch = made.occasion(places["station"]), made.occasion(places["branch"])
    actions.name_same(branch, station, by=None, at=NOON)
    rolls = [made.marked(one, mei, hua) for one in (station, branch)]

    outcomes = together(*(lambda roll=roll: actions.close_roll(roll, by=None, at=NOON) for roll in rolls))

    assert [type(one).__name__ for one in outcomes] == ["Occasion", "Occasion"]
    assert LearningRecord.objects.counting().count() == 2
    assert totals() == {(mei.pk, 2026): Decimal(3), (hua.pk, 2026): Decimal(3)}


@pytest.mark.django_db(transaction=True)
def test_hours_from_several_hands_at_one_moment_are_all_in_the_total(places):
    mei, hua = made.members(places, "林美", "陈华")
    occasion = made.marked(made.occasion(places["station"]), mei, hua)

    outcomes = together(
        lambda: made.study(mei, "1"),
        lambda: made.study(mei, "2"),
        lambda: actions.close_roll(occasion, by=None, at=NOON),
    )

    assert [one for one in outcomes if isinstance(one, Exception)] == []
    assert totals() == {(mei.pk, 2026): Decimal(6), (hua.pk, 2026): Decimal(3)} == sums()
