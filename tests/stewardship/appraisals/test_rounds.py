"""Laws of a round: published first, never changed, step by step."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import places as make
from tests.stewardship.appraisals import rounds as make_round
from tests.stewardship.appraisals.rounds import OPENED
from waystation.kernel import dated
from waystation.kernel.models import AuditEvent
from waystation.stations.duty.models import OpenItem
from waystation.stewardship.appraisals import rules
from waystation.stewardship.appraisals.actions import errors, opening, rounds
from waystation.stewardship.appraisals.models import AppraisalRound, Assessment, Criterion
from waystation.stewardship.contacts.actions import excuse_member
from waystation.stewardship.people.actions import transfer_stay

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("standards", "另一标准"), ("demands", "另"), ("goals", "另"), ("method", "另"), ("title", "另"),
        ("weight_self", 40), ("excellent_from", 95), ("due_on", date(2027, 1, 1)), ("reply_days", 1),
        ("ballot_points", {}), ("excellent_limit", "1/2"), ("year", 2027), ("peers", 5),
        ("cutoff_on", date(2026, 1, 1)),
    ],
)  # fmt: skip
def test_nothing_published_changes_by_any_door(places, name, value):
    held = make_round.published(places["station"])
    more = {"weight_station": 20} if name == "weight_self" else {}

    with pytest.raises(errors.NotInThisState):
        rounds.edit_draft(held, criteria=make_round.CRITERIA, by=None, at=OPENED, **{name: value}, **more)
    with pytest.raises(IntegrityError), transaction.atomic():
        AppraisalRound.objects.filter(pk=held.pk).update(**{name: value}, **more)


def test_the_criteria_of_a_published_round_cannot_be_added_changed_or_removed(places):
    held = make_round.published(places["station"])
    one = held.criteria.first()

    for act in (
        lambda: Criterion.objects.create(round=held, order=9, title="新", weight=1),
        lambda: Criterion.objects.filter(pk=one.pk).update(weight=1),
        lambda: Criterion.objects.filter(pk=one.pk).update(title="改"),
        lambda: Criterion.objects.filter(pk=one.pk).delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            act()
    assert held.criteria.count() == 3


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(1, 100), min_size=1, max_size=8))
def test_only_criteria_that_weigh_exactly_one_hundred_are_published(places, weights):
    with transaction.atomic():
        criteria = [{"title": "项", "explanation": "", "weight": weight} for weight in weights]
        held = make_round.draft(places["station"], criteria=criteria)
        try:
            rounds.publish_round(held, by=make.user(), at=OPENED)
            came = True
        except errors.WeightsDoNotAddUp:
            came = False
        assert came == (sum(weights) == 100)
        transaction.set_rollback(True)


def test_the_database_itself_refuses_weights_that_do_not_add_up(places):
    held = make_round.draft(places["station"], criteria=[{"title": "项", "explanation": "", "weight": 99}])

    with pytest.raises(IntegrityError), transaction.atomic():
        AppraisalRound.objects.filter(pk=held.pk).update(
            state="published", published_at=OPENED, published_by=make.user()
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        AppraisalRound.objects.filter(pk=held.pk).update(weight_self=21)


STATES = list(AppraisalRound.State.values)
STEPS = {
    ("draft", "published"), ("draft", "withdrawn"), ("published", "withdrawn"), ("published", "scoring"),
    ("scoring", "unsealed"), ("unsealed", "replies"), ("replies", "decided"), ("decided", "closed"),
}  # fmt: skip


@pytest.mark.parametrize("start", ["draft", "published", "scoring", "unsealed", "replies", "decided", "closed"])
def test_no_step_is_skipped_or_taken_back(places, start):
    make.stay(places)
    maker = {"scoring": "opened", "replies": "replying"}.get(start, start)
    held = getattr(make_round, maker)(places["station"])

    for state in STATES:
        if state == start or (start, state) in STEPS:
            continue
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE appraisals_appraisalround SET state = %s", [state])
    held.refresh_from_db()
    assert held.state == start


def test_rules_are_those_of_the_day_of_publication(places):
    dated.set_value(rules.REPLY_DAYS, 9, starts_on=date(2026, 11, 1), source="试", by=None, at=OPENED)
    held = make_round.published(places["station"])
    dated.set_value(rules.REPLY_DAYS, 2, starts_on=date(2026, 11, 21), source="试", by=None, at=OPENED)

    held.refresh_from_db()
    assert (held.reply_days, held.excellent_limit) == (9, "1/3")
    assert held.ballot_points == {"excellent": 100, "qualified": 85, "basic": 70, "unqualified": 50}


NEW_VALUES = {
    rules.WEIGHTS: "20 10 40 30", rules.GRADES_FROM: "95 80 65", rules.PEERS: 3,
}  # fmt: skip


def set_new_values(starts_on):
    for key, value in NEW_VALUES.items():
        dated.set_value(key, value, starts_on=starts_on, source="县委通知", by=None, at=OPENED)


def begun(unit, **more):
    """A round of which nobody said how it weighs and where the grades begin."""
    days = {"year": 2026, "title": "评议", "cutoff_on": date(2026, 11, 15), "due_on": make_round.DUE}
    held = rounds.draft_round(
        unit=unit, criteria=make_round.CRITERIA, by=None, **{"at": OPENED, **days, **make_round.WORDS, **more}
    )
    held.refresh_from_db()
    sides = (held.weight_self, held.weight_mutual, held.weight_station, held.weight_origin)
    return held.mutual, held.peers, sides, (held.excellent_from, held.qualified_from, held.basic_from)


def test_a_round_begins_with_the_weights_bounds_and_peers_of_the_day_it_is_drafted(places):
    station = places["station"]
    set_new_values(date(2026, 11, 20))

    assert begun(station) == ("named", 3, (20, 10, 40, 30), (95, 80, 65))
    day_before = OPENED - timedelta(days=1)
    assert begun(station, year=2025, at=day_before) == ("named", 2, (10, 20, 35, 35), (90, 75, 60))
    assert begun(station, year=2024, peers=5)[1] == 5


def test_where_mutual_assessment_weighs_nothing_a_round_begins_without_one(places):
    dated.set_value(rules.WEIGHTS, "20 0 40 40", starts_on=date(2026, 11, 1), source="试", by=None, at=OPENED)

    assert begun(places["station"])[::2] == ("none", (20, 0, 40, 40))


@pytest.mark.parametrize(
    ("key", "text"),
    [
        (rules.WEIGHTS, "10 20 35 36"), (rules.WEIGHTS, "10 20 70"), (rules.WEIGHTS, "-10 40 35 35"),
        (rules.WEIGHTS, "zehn 20 35 35"), (rules.GRADES_FROM, "90 90 60"), (rules.GRADES_FROM, "101 75 60"),
        (rules.GRADES_FROM, "90 75"), (rules.GRADES_FROM, "90 75 -1"), (rules.PEERS, "0"), (rules.PEERS, "10"),
    ],
)  # fmt: skip
def test_no_round_can_begin_with_values_that_the_database_would_refuse(key, text):
    with pytest.raises(dated.NotAValue):
        dated.set_value(key, text, starts_on=date(2026, 11, 1), source="试", by=None, at=OPENED)


@pytest.mark.parametrize("text", ["1/0", "0", "2", "-1/3", "drei"])
def test_a_limit_is_a_part_of_the_whole(text):
    with pytest.raises(dated.NotAValue):
        dated.rule(rules.EXCELLENT_LIMIT).parse(text)


def test_one_round_a_unit_and_year_until_it_is_withdrawn(places):
    held = make_round.published(places["station"])

    with pytest.raises(errors.RoundExists):
        make_round.draft(places["station"])
    rounds.withdraw_round(held, reason="误发", by=None, at=OPENED)
    assert make_round.draft(places["station"]).state == "draft"


def test_a_round_that_was_opened_is_not_withdrawn(places):
    make.stay(places)
    held = make_round.opened(places["station"])

    with pytest.raises(errors.NotInThisState):
        rounds.withdraw_round(held, reason="误发", by=None, at=OPENED)


def test_participants_are_those_in_care_on_the_cut_off_day(places):
    inside = make.stay(places, "在册")
    make.stay(places, "后到", starts_on=date(2026, 11, 16))
    make.stay(places, "邻县", station="beside", origin="beside branch", community="beside community")
    held = make_round.opened(places["station"])

    row = held.appraisals.get()
    assert (row.stay, row.person, row.station, row.origin) == (
        inside, inside.person, places["station"], places["branch"],
    )  # fmt: skip


def test_a_wider_round_takes_in_every_station_below(places):
    make.stay(places, "甲")
    make.stay(places, "乙", station="beside", origin="beside branch", community="beside community")
    held = make_round.opened(places["city"])

    assert set(held.appraisals.values_list("station", flat=True)) == {places["station"].pk, places["beside"].pk}


def test_a_member_is_appraised_once_a_year_whatever_stay_came_after(places):
    first = make.stay(places, "甲")
    held = make_round.opened(places["station"])
    again = transfer_stay(first, station=places["beside"], destination=None, on=date(2026, 11, 17), by=None, at=OPENED)
    make.stay(places, "乙", station="beside", origin="beside branch", community="beside community")
    wider = make_round.opened(places["city"], cutoff_on=date(2026, 11, 19))

    assert again.person == held.appraisals.get().person
    assert not wider.appraisals.filter(person=again.person).exists()


def test_a_round_waits_for_its_cut_off_day_and_for_members(places):
    early = make_round.published(places["station"], cutoff_on=date(2026, 11, 25))
    with pytest.raises(errors.BeforeCutoff):
        opening.open_round(early, by=None, at=OPENED)
    empty = make_round.published(places["beside"])
    with pytest.raises(errors.NobodyInCare):
        opening.open_round(empty, by=None, at=OPENED)


def test_each_side_is_asked_and_the_units_have_it_on_their_lists(places):
    make.stay(places)
    held = make_round.opened(places["station"])

    rows = Assessment.objects.filter(round=held)
    assert {row.side for row in rows} == {"self", "station", "origin"}
    items = {item.unit_id: item for item in OpenItem.objects.open()}
    assert set(items) == {places["station"].pk, places["branch"].pk}
    assert {item.due_on for item in items.values()} == {make_round.DUE}
    make_round.hand_in(held, "station")
    assert [item.unit_id for item in OpenItem.objects.open()] == [places["branch"].pk]


def test_named_peers_are_spread_evenly_and_nobody_assesses_oneself(places):
    for number in range(5):
        make.stay(places, f"成员{number}")
    held = make_round.opened(places["station"], mutual="named", peers=2, weight_self=10, weight_mutual=10)

    rows = Assessment.objects.filter(round=held, side="mutual")
    given, taken = {}, {}
    for row in rows:
        assert row.assessor_id != row.person_id
        given[row.assessor_id] = given.get(row.assessor_id, 0) + 1
        taken[row.person_id] = taken.get(row.person_id, 0) + 1
    assert set(given.values()) == set(taken.values()) == {2}
    assert len(given) == len(taken) == 5


def test_nothing_is_required_of_an_excused_member(places):
    stay = make.stay(places, "长者")
    for number in range(2):
        make.stay(places, f"成员{number}")
    excuse_member(stay.person, reason="aged", starts_on=date(2026, 1, 1), by=None, at=OPENED)
    held = make_round.opened(places["station"], mutual="named", peers=1, weight_self=10, weight_mutual=10)

    row = held.appraisals.get(stay=stay)
    assert row.is_excused
    assert not make_round.of(held, "self", row).is_required
    assert not Assessment.objects.filter(round=held, side="mutual", assessor=stay.person).exists()
    assert Assessment.objects.filter(round=held, side="mutual", person=stay.person).exists()


def test_each_step_leaves_one_event(places):
    make.stay(places)
    make_round.closed(places["station"])

    verbs = list(
        AuditEvent.objects.filter(verb__startswith="appraisal_round.").order_by("number").values_list("verb", flat=True)
    )
    assert verbs == [
        f"appraisal_round.{step}"
        for step in ("drafted", "published", "opened", "unsealed", "replies_opened", "decided", "closed")
    ]


def test_the_window_is_counted_from_the_day_the_replies_are_opened(places):
    make.stay(places)
    held = make_round.replying(places["station"])

    assert held.reply_until == date(2026, 11, 20) + timedelta(days=5)
