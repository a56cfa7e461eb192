"""From the unsealing to the notices: no automatic result, no grade before the answer."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import places as make
from tests.stewardship.appraisals import rounds as make_round
from tests.stewardship.appraisals.rounds import OPENED
from waystation.kernel.sealing import unseal
from waystation.stewardship.appraisals.actions import consulting, deciding, errors, noticing, unsealing
from waystation.stewardship.appraisals.models import Appraisal, ResultNotice
from waystation.stewardship.people.models import Person

pytestmark = pytest.mark.django_db


def test_a_probationary_member_takes_part_and_gets_no_grade(places):
    make.stay(places, member_kind="probationary")
    held = make_round.unsealed(places["station"])
    one = held.appraisals.get()

    assert one.is_probationary
    with pytest.raises(errors.NoGradeForProbationary):
        deciding.propose(one, grade="qualified", by=make.user(), at=OPENED)
    for change in ({"proposed_grade": "qualified", "proposed_at": OPENED, "proposed_by": make.user()},
                   {"grade": "qualified", "decided_on": OPENED.date(), "decided_at": OPENED,
                    "decided_by": make.user()}):  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic():
            Appraisal.objects.filter(pk=one.pk).update(**change)


def test_a_gap_needs_a_consultation_before_anything_is_proposed(places):
    make.stay(places)
    held = make_round.unsealed(places["station"], station=95, origin=80)
    one = held.appraisals.get()

    assert one.gap == 1
    with pytest.raises(errors.ConsultationNeeded):
        deciding.propose(one, grade="excellent", by=make.user(), at=OPENED)
    with pytest.raises(IntegrityError), transaction.atomic():
        Appraisal.objects.filter(pk=one.pk).update(
            grade="excellent", decided_on=OPENED.date(), decided_at=OPENED, decided_by=make.user(),
            reply_until=OPENED.date() - timedelta(days=1),
        )  # fmt: skip
    consultation = make_round.consult(one, "qualified")
    assert unseal(consultation, "text") == "双方充分交换意见"
    with pytest.raises(errors.NotInThisState):
        make_round.consult(one)
    consulting.answer_consultation(one, agrees=True, by=make.user(), at=OPENED)
    one.refresh_from_db()
    assert deciding.propose(one, grade="qualified", by=make.user(), at=OPENED).proposed_grade == "qualified"


@pytest.mark.parametrize("missing", ["station_people", "origin_people"])
def test_both_sides_attend_a_consultation(places, missing):
    make.stay(places)
    held = make_round.unsealed(places["station"], station=95, origin=80)
    people = {"station_people": "甲", "origin_people": "乙", missing: ""}

    with pytest.raises(IntegrityError), transaction.atomic():
        consulting.consult(
            held.appraisals.get(),
            held_on=OPENED.date(),
            text="议",
            conclusion="qualified",
            by=None,
            at=OPENED,
            **people,
        )


def test_another_grade_than_the_arithmetic_needs_a_reason(places):
    make.stay(places)
    one = make_round.unsealed(places["station"], station=80, origin=80, own=80).appraisals.get()

    with pytest.raises(errors.ReasonNeeded):
        deciding.propose(one, grade="excellent", by=make.user(), at=OPENED)
    done = deciding.propose(one, grade="excellent", reason="救灾表现突出", by=make.user(), at=OPENED)
    assert unseal(done, "proposal_reason") == "救灾表现突出"


def test_no_grade_before_the_member_answered_or_the_window_is_over(places):
    make.stay(places)
    held = make_round.replying(places["station"])
    one = held.appraisals.get()
    last = OPENED + timedelta(days=held.reply_days)

    for moment in (OPENED, last):
        with pytest.raises(errors.ReplyWindowOpen):
            deciding.decide(one, grade="qualified", by=make.user(), at=moment)
    with pytest.raises(IntegrityError), transaction.atomic():
        Appraisal.objects.filter(pk=one.pk).update(
            grade="qualified", decided_on=last.date(), decided_at=last, decided_by=make.user()
        )
    done = deciding.decide(one, grade="qualified", by=make.user(), at=last + timedelta(days=1))
    assert done.grade == "qualified"
    with pytest.raises(errors.AlreadyDecided):
        deciding.decide(one, grade="basic", reason="改", by=make.user(), at=last + timedelta(days=2))


def test_a_row_without_a_window_gets_no_grade_either(places):
    make.stay(places)
    one = make_round.unsealed(places["station"]).appraisals.get()

    with pytest.raises(IntegrityError), transaction.atomic():
        Appraisal.objects.filter(pk=one.pk).update(
            grade="qualified", decided_on=OPENED.date(), decided_at=OPENED, decided_by=make.user()
        )
    with pytest.raises(errors.NotInThisState):
        deciding.decide(one, grade="qualified", by=make.user(), at=OPENED + timedelta(days=99))


def test_an_objection_is_heard_and_answered_with_a_reason(places):
    make.stay(places)
    one = make_round.replying(places["station"]).appraisals.get()
    with pytest.raises(errors.ReasonNeeded):
        deciding.reply(one, agrees=False, by=make.user(), at=OPENED)
    told = deciding.reply(one, agrees=False, text="漏记两次志愿服务", on_behalf=True, by=make.user(), at=OPENED)
    assert (unseal(told, "reply"), told.reply_on_behalf) == ("漏记两次志愿服务", True)
    with pytest.raises(errors.AlreadyReplied):
        deciding.reply(one, agrees=True, by=make.user(), at=OPENED)
    with pytest.raises(errors.ReasonNeeded):
        deciding.decide(one, grade=one.proposed_grade, by=make.user(), at=OPENED)

    done = deciding.decide(one, grade="excellent", reason="核实属实，调整等次", by=make.user(), at=OPENED)

    assert (done.grade, done.proposed_grade) == ("excellent", "qualified")


def test_an_answer_after_the_window_comes_too_late(places):
    make.stay(places)
    held = make_round.replying(places["station"])

    with pytest.raises(errors.ReplyWindowClosed):
        deciding.reply(held.appraisals.get(), agrees=True, by=make.user(), at=make_round.after_window(held))


def test_who_assessed_does_not_decide(places):
    make.stay(places)
    held = make_round.replying(places["station"])
    one = held.appraisals.get()

    for scorer in (one.station_scorer, one.origin_scorer):
        with pytest.raises(errors.ScorerDecides):
            deciding.decide(one, grade="qualified", by=scorer, at=make_round.after_window(held))
        moment = make_round.after_window(held)
        with pytest.raises(IntegrityError), transaction.atomic():
            Appraisal.objects.filter(pk=one.pk).update(
                grade="qualified", decided_on=moment.date(), decided_at=moment, decided_by=scorer
            )


def test_who_proposed_does_not_decide(places):
    make.stay(places)
    held = make_round.replying(places["station"])
    one, moment = held.appraisals.get(), make_round.after_window(held)

    with pytest.raises(errors.ProposerDecides):
        deciding.decide(one, grade="qualified", by=one.proposed_by, at=moment)
    given = {"grade": "qualified", "decided_on": moment.date(), "decided_at": moment}
    with pytest.raises(IntegrityError), transaction.atomic():
        Appraisal.objects.filter(pk=one.pk).update(decided_by=one.proposed_by, **given)
    done = deciding.decide(one, grade="qualified", by=make.user(), at=moment)
    with pytest.raises(IntegrityError), transaction.atomic():
        Appraisal.objects.filter(pk=one.pk).update(proposed_by=done.decided_by)
    assert not done.was_decided_alone


@pytest.mark.django_db(transaction=True)
def test_what_one_person_proposed_and_decided_before_it_was_refused_stays_and_is_marked(places):
    """The migration over such a row."""
    make.stay(places, "甲")
    make.stay(places, "乙")
    alone, by_two = make_round.decided(places["station"]).appraisals.order_by("pk")
    _migrate("0005_round_opens_as_a_job")
    try:
        Appraisal.objects.filter(pk=alone.pk).update(proposed_by=alone.decided_by)
    finally:
        _migrate()

    assert [Appraisal.objects.get(pk=one.pk).was_decided_alone for one in (alone, by_two)] == [True, False]
    assert Appraisal.objects.get(pk=alone.pk).decided_by == alone.decided_by


def _migrate(name=""):
    """Bring the tables of appraisals to a migration, or to the last."""
    executor = MigrationExecutor(connection)
    executor.migrate([("appraisals", name)] if name else executor.loader.graph.leaf_nodes("appraisals"))


@pytest.mark.parametrize(("members", "excellent", "warns"), [(3, 1, False), (3, 2, True), (1, 1, True), (6, 2, False)])
def test_over_one_third_excellent_needs_a_written_reason(places, members, excellent, warns):
    for number in range(members):
        make.stay(places, f"成员{number}")
    held = make_round.unsealed(places["station"])
    for number, row in enumerate(held.appraisals.order_by("pk")):
        grade = "excellent" if number < excellent else "qualified"
        deciding.propose(row, grade=grade, reason="综合", by=make.user(), at=OPENED)

    if warns:
        with pytest.raises(errors.TooManyExcellent):
            deciding.open_replies(held, by=make.user(), at=OPENED)
    done = deciding.open_replies(held, excess_reason="人数少" if warns else "", by=make.user(), at=OPENED)
    assert (done.state, done.excess_reason) == ("replies", "人数少" if warns else "")


def test_probationary_and_excused_members_stand_outside_the_ratio(places):
    stays = [make.stay(places, f"成员{number}") for number in range(3)]
    Person.objects.filter(pk=stays[0].person_id).update(member_kind="probationary")
    held = make_round.unsealed(places["station"])
    Appraisal.objects.filter(stay=stays[1]).update(is_excused=True)

    assert deciding.excess(held, "grade")[1] == 1


def test_a_round_is_concluded_only_when_everybody_who_gets_a_grade_has_one(places):
    make.stay(places)
    held = make_round.replying(places["station"])

    with pytest.raises(errors.NotAllDecided):
        deciding.conclude(held, by=make.user(), at=OPENED)


def test_notices_are_numbered_without_gaps_a_letter_an_origin_and_a_feedback_a_member(places):
    make.stay(places, "甲")
    make.stay(places, "乙")
    make.stay(places, "丙", origin="other branch", member_kind="probationary")
    held = make_round.closed(places["station"])

    rows = ResultNotice.objects.filter(round=held).order_by("serial")
    assert [row.serial for row in rows] == [1, 2, 3, 4, 5]
    assert [row.kind for row in rows] == ["origin", "origin", "member", "member", "member"]
    assert {row.origin_id for row in rows[:2]} == {places["branch"].pk, places["other branch"].pk}


def test_a_notice_is_received_once(places):
    make.stay(places)
    held = make_round.closed(places["station"])
    notice = held.notices.get(kind="origin")
    first, second = make.user(), make.user()

    noticing.receive_notice(notice, by=first, at=OPENED)
    noticing.receive_notice(notice, by=second, at=OPENED)

    notice.refresh_from_db()
    assert notice.received_by == first


ACTS = ["hand_in", "unseal", "propose", "open", "agree", "object", "decide", "decide_alone", "conclude", "later"]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(ACTS), max_size=14))
def test_whatever_is_tried_in_whatever_order_the_law_holds(places, acts):
    """Random histories of one member: whenever there is a grade, everything that must come before it did."""
    with transaction.atomic():
        make.stay(places)
        held = make_round.opened(places["station"])
        clock, people = OPENED, (make.user(), make.user())
        for act in acts:
            one = held.appraisals.select_related("round").get()
            try:
                with transaction.atomic():
                    clock = _try(act, held, one, clock, *people)
            except errors.AppraisalRefused:
                pass
            one.refresh_from_db()
            if one.grade:
                assert held.assessments.filter(handed_in_at=None).count() == 0
                assert one.replied_at is not None or one.decided_on > one.reply_until
                assert one.decided_by not in (one.station_scorer, one.origin_scorer, one.proposed_by)
                assert {one.round.__class__.objects.get(pk=held.pk).state} <= AT_OR_AFTER_REPLIES
        transaction.set_rollback(True)


AT_OR_AFTER_REPLIES = {"replies", "decided", "closed"}


def _try(act, held, one, clock, head, county):
    if act == "later":
        return clock + timedelta(days=6)
    if act == "hand_in":
        for side in ("self", "station", "origin"):
            make_round.hand_in(held, side, at=clock)
    calls = {
        "unseal": lambda: unsealing.unseal_round(held, by=head, at=clock),
        "propose": lambda: deciding.propose(one, grade="qualified", reason="综合", by=head, at=clock),
        "open": lambda: deciding.open_replies(held, by=head, at=clock),
        "agree": lambda: deciding.reply(one, agrees=True, by=head, at=clock),
        "object": lambda: deciding.reply(one, agrees=False, text="不", by=head, at=clock),
        "decide": lambda: deciding.decide(one, grade="basic", reason="综合", by=county, at=clock),
        "decide_alone": lambda: deciding.decide(one, grade="basic", reason="综合", by=head, at=clock),
        "conclude": lambda: deciding.conclude(held, by=head, at=clock),
    }
    if act in calls:
        calls[act]()
    return clock
