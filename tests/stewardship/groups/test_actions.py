"""Functional groups: founded, filled, led, active, merged, closed."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Count
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import places as make
from tests.fault.conftest import together
from tests.stewardship.groups import grown
from waystation.kernel import dated
from waystation.organizations.actions import move_unit
from waystation.stations.duty.models import OpenItem
from waystation.stewardship.groups import actions, queries, rules
from waystation.stewardship.groups.models import (
    FunctionalGroup,
    GroupActivity,
    GroupLeader,
    GroupMember,
    GroupSuccession,
)
from waystation.stewardship.groups.proposing import proposals
from waystation.stewardship.people.actions import end_stay, merge_people, undo_merge
from waystation.stewardship.people.models import Stay

NOON = make.NOON
TODAY = date(2026, 11, 23)
pytestmark = pytest.mark.django_db


def inside(group):
    return sorted(row.person.full_name for row in queries.members(group))


def test_a_group_is_founded_with_enough_full_members_only(places):
    stays = grown.stays(places, 3)
    probationary = make.stay(places, "阮小燕", trade="餐饮服务", member_kind="probationary")

    with pytest.raises(actions.TooFew), transaction.atomic():
        grown.group(places, [*stays[:2], probationary])
    assert not FunctionalGroup.objects.exists()
    dated.set_value(rules.LEAST_FORMAL, 2, starts_on=TODAY, source="本地办法", by=None, at=NOON)
    group = grown.group(places, [*stays[:2], probationary])

    assert queries.with_heads(FunctionalGroup.objects.all()).values_list("size", "formal").get(pk=group.pk) == (3, 2)
    with pytest.raises(actions.GroupRefused):
        grown.group(places, stays)


def test_what_enough_full_members_share_is_proposed_with_the_reason(places):
    grown.stays(places, 4, skill="厨师")
    make.stay(places, "阮小燕", trade="餐饮服务", member_kind="probationary", community="other community")
    make.stay(places, "别处人", station="beside", community="beside community", origin="beside branch")

    found = {one.key: one for one in proposals(places["station"], TODAY)}

    area = f"area:{places['community'].pk}"
    assert set(found) == {"trade:餐饮服务", "skill:厨师", area}
    assert (found["trade:餐饮服务"].people, found["trade:餐饮服务"].formal) == (5, 4)
    assert "5" in found["trade:餐饮服务"].reason
    assert found[area].community == places["community"]


def test_accepted_proposals_are_founded_once_with_everybody_who_shares_the_fact(places):
    stays = grown.stays(places, 4)
    keys = ["trade:餐饮服务", f"area:{places['community'].pk}", "skill:无", "trade:"]

    made = actions.accept_proposals(places["station"], keys, by=None, at=NOON)
    again = actions.accept_proposals(places["station"], keys, by=None, at=NOON)

    assert (len(made), again) == (2, [])
    assert [inside(group) for group in made] == [sorted(stay.person.full_name for stay in stays)] * 2


def test_a_member_may_be_in_several_groups_but_once_in_each(places):
    stays = grown.stays(places, 3)
    trade, skill = grown.group(places, stays), grown.group(places, stays, name="厨师组", kind="skill", basis="厨师")

    assert actions.add_members(trade, [stay.pk for stay in stays], by=None, at=NOON) == 0
    assert [row.group for row in queries.groups_of(stays[0].person)] == [trade, skill]
    with pytest.raises(IntegrityError), transaction.atomic():
        GroupMember.objects.create(group=trade, person=stays[0].person, stay=stays[0], starts_on=TODAY, added_at=NOON)


def test_only_members_in_care_of_the_station_are_added(places):
    group, late = grown.group(places), make.stay(places, "阮小燕")
    beside = make.stay(places, "别处人", station="beside", community="beside community", origin="beside branch")
    gone = make.stay(places, "走了人")
    end_stay(gone, on=TODAY, ending="returned", by=None, at=NOON)

    assert actions.add_members(group, [late.pk, beside.pk, gone.pk], by=None, at=NOON) == 1
    assert "阮小燕" in inside(group)


def test_one_of_the_members_leads_and_nobody_else(places):
    stays, outsider = grown.stays(places, 3), make.stay(places, "阮小燕")
    group, other = grown.group(places, stays), grown.group(places, [*stays, outsider], name="另一组", kind="special")

    first = actions.name_leader(group, grown.row(group, stays[0]), by=None, at=NOON)
    again = actions.name_leader(group, grown.row(group, stays[0]), by=None, at=NOON)
    actions.name_leader(group, grown.row(group, stays[1]), by=None, at=NOON + timedelta(days=9))

    assert again == first
    assert queries.leader(group).member.stay == stays[1]
    first.refresh_from_db()
    assert first.ends_on == TODAY + timedelta(days=9)
    with pytest.raises(actions.NotInGroup):
        actions.name_leader(group, grown.row(other, outsider), by=None, at=NOON)
    with pytest.raises(IntegrityError), transaction.atomic():
        GroupLeader.objects.create(group=group, member=grown.row(group, stays[2]), starts_on=TODAY, named_at=NOON)


def test_a_leader_who_leaves_leaves_the_group_without_one(places):
    stays = grown.stays(places, 3)
    group = grown.group(places, stays)
    actions.name_leader(group, grown.row(group, stays[0]), by=None, at=NOON)

    assert actions.remove_members(group, [grown.row(group, stays[0]).pk], by=None, at=NOON) == 1

    assert queries.leader(group) is None
    assert list(queries.vacant(FunctionalGroup.objects.open())) == [group]
    assert not actions.end_leading(group, by=None, at=NOON)


def test_a_stay_that_ends_takes_the_member_out_of_every_group_that_day(places):
    stays = grown.stays(places, 3)
    groups = [grown.group(places, stays), grown.group(places, stays, name="另一组", kind="special")]
    actions.name_leader(groups[0], grown.row(groups[0], stays[0]), by=None, at=NOON)

    end_stay(stays[0], on=date(2026, 12, 1), ending="returned", by=None, at=NOON)

    assert {row.ends_on for row in GroupMember.objects.filter(stay=stays[0])} == {date(2026, 12, 1)}
    assert queries.leader(groups[0]) is None
    assert [len(inside(group)) for group in groups] == [2, 2]


def test_a_merge_of_files_moves_the_membership_with_the_stay_and_its_undo_back(places):
    stays = grown.stays(places, 3)
    grown.group(places, stays)
    loser = stays[0].person
    winner = make.departure(places, "缪春华", station=None).person
    winner.departures.update(state="returned", closed_at=NOON)

    merge = merge_people(winner, loser, by=make.user(), at=NOON)
    assert GroupMember.objects.get(stay=stays[0]).person_id == winner.pk
    undo_merge(merge, by=make.user(), at=NOON)
    assert GroupMember.objects.get(stay=stays[0]).person_id == loser.pk


def test_an_activity_is_planned_recorded_once_and_takes_its_open_item_along(places):
    stays = grown.stays(places, 3)
    group = grown.group(places, stays)
    plan = actions.plan_activity(group, held_on=TODAY, topic="学习党章", place="驿站", by=None, at=NOON)
    (item,) = OpenItem.objects.open()
    said = {"held_on": TODAY, "topic": "学习党章", "place": "驿站", "record": "三人发言"}

    held = actions.record_activity(
        plan, attended=[grown.row(group, stay).pk for stay in stays[:2]], by=None, at=NOON, **said
    )

    item.refresh_from_db()
    assert (item.unit, item.topic, item.due_on, bool(item.done_at)) == (places["station"], "life", TODAY, True)
    assert (held.state, held.attended.count()) == ("held", 2)
    with pytest.raises(actions.ActivitySettled):
        actions.cancel_activity(held, reason="台风", by=None, at=NOON)
    assert list(queries.activities(group).values_list("people", flat=True)) == [2]


def test_nobody_from_outside_takes_part_and_nothing_is_recorded_before_its_day(places):
    stays, outsider = grown.stays(places, 3), make.stay(places, "阮小燕")
    group, other = grown.group(places, stays), grown.group(places, [*stays, outsider], name="另一组", kind="special")
    plan = actions.plan_activity(group, held_on=TODAY, topic="学习", by=None, at=NOON)
    said = {"topic": "学习", "place": "", "record": "", "by": None, "at": NOON}

    with pytest.raises(actions.NotInGroup), transaction.atomic():
        actions.record_activity(plan, held_on=TODAY, attended=[grown.row(other, outsider).pk], **said)
    with pytest.raises(actions.GroupRefused), transaction.atomic():
        actions.record_activity(plan, held_on=TODAY + timedelta(days=1), attended=[], **said)

    assert GroupActivity.objects.get(pk=plan.pk).state == "planned"
    assert OpenItem.objects.open().count() == 1


def test_a_group_without_activity_for_long_is_quiet(places):
    group = grown.group(places)
    rows = FunctionalGroup.objects.open()

    assert not queries.quiet(rows, TODAY + timedelta(days=44), 45).exists()
    assert queries.quiet(rows, TODAY + timedelta(days=45), 45).get() == group
    plan = actions.plan_activity(group, held_on=TODAY, topic="学习", by=None, at=NOON)
    actions.record_activity(
        plan, held_on=TODAY, topic="学习", place="", record="", attended=[], by=None, at=NOON + timedelta(days=20)
    )
    assert not queries.quiet(rows, TODAY + timedelta(days=44), 45).exists()
    assert queries.quiet(rows, TODAY + timedelta(days=45), 45).exists()


def test_a_merge_brings_all_members_into_one_group_and_is_remembered(places):
    stays = grown.stays(places, 5)
    kept, dissolved = grown.group(places, stays[:3]), grown.group(places, stays[2:], name="另一组", kind="special")
    actions.plan_activity(dissolved, held_on=TODAY, topic="学习", by=None, at=NOON)

    actions.merge_groups(kept, dissolved, by=None, at=NOON)

    dissolved.refresh_from_db()
    assert (len(inside(kept)), inside(dissolved), dissolved.closed_on) == (5, [], TODAY)
    assert GroupSuccession.objects.values_list("predecessor", "successor").get() == (dissolved.pk, kept.pk)
    assert not OpenItem.objects.open().exists()
    for bad in ((kept, kept), (kept, dissolved)):
        with pytest.raises(actions.GroupRefused):
            actions.merge_groups(*bad, by=None, at=NOON)


def test_a_closed_group_keeps_its_history_and_takes_nobody(places):
    stays = grown.stays(places, 3)
    group = grown.group(places, stays)
    row = grown.row(group, stays[0])
    actions.close_group(group, reason="任务完成", by=None, at=NOON)

    for act in (
        lambda: actions.add_members(group, [stays[0].pk], by=None, at=NOON),
        lambda: actions.name_leader(group, row, by=None, at=NOON),
        lambda: actions.plan_activity(group, held_on=TODAY, topic="学习", by=None, at=NOON),
        lambda: actions.close_group(group, reason="再关", by=None, at=NOON),
        lambda: actions.edit_group(group, name="新", kind="special", by=None, at=NOON),
    ):
        with pytest.raises(actions.GroupClosed):
            act()
    assert GroupMember.objects.filter(group=group, ends_on=TODAY).count() == 3
    assert grown.group(places, stays).pk != group.pk


def test_a_group_moves_with_its_station_in_the_tree(places):
    group = grown.group(places)

    move_unit(places["station"], parent=places["town"], by=None, at=NOON)

    group.refresh_from_db()
    assert group.station_path.startswith(places["town"].path)


# --- random histories and races -------------------------------------------------------------------

STEPS = st.lists(
    st.tuples(
        st.sampled_from(["found", "add", "remove", "lead", "unlead", "merge", "close", "end"]),
        st.integers(0, 30),
        st.integers(0, 30),
    ),
    min_size=3,
    max_size=20,
)


def play(verb, places, one, other, number, at):
    groups, stays = list(FunctionalGroup.objects.order_by("pk")), list(Stay.objects.open().order_by("pk"))
    picked = [stay.pk for stay in stays[one % 3 :]]
    if verb == "found":
        actions.found_group(station=places["station"], name=f"组{number}", kind="special", stays=picked, by=None, at=at)
        return
    if not groups:
        return
    group = groups[one % len(groups)]
    rows = list(GroupMember.objects.filter(group=group).order_by("pk"))
    if verb == "add":
        actions.add_members(group, picked, by=None, at=at)
    elif verb == "merge":
        actions.merge_groups(group, groups[other % len(groups)], by=None, at=at)
    elif verb == "close":
        actions.close_group(group, reason="完成", by=None, at=at)
    elif verb == "unlead":
        actions.end_leading(group, by=None, at=at)
    elif verb == "end" and stays:
        end_stay(stays[other % len(stays)], on=at.date(), ending="returned", by=None, at=at)
    elif rows and verb == "remove":
        actions.remove_members(group, [rows[other % len(rows)].pk], by=None, at=at)
    elif rows and verb == "lead":
        actions.name_leader(group, rows[other % len(rows)], by=None, at=at)


def laws_hold():
    """Once in a group; in open groups and in care only; one leader, who is a member of that group."""
    held = GroupMember.objects.filter(ends_on=None)
    assert not held.values("group", "person").annotate(n=Count("pk")).filter(n__gt=1).exists()
    assert not held.exclude(group__closed_on=None).exists()
    assert not held.exclude(stay__ends_on=None).exists()
    leaders = GroupLeader.objects.filter(ends_on=None).select_related("member")
    assert len({row.group_id for row in leaders}) == len(leaders)
    assert all(row.member.ends_on is None and row.member.group_id == row.group_id for row in leaders)


@pytest.fixture
def five(places):
    return grown.stays(places, 5)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_the_laws_hold_after_any_history(places, five, steps):
    with transaction.atomic():
        for number, (verb, one, other) in enumerate(steps):
            try:
                with transaction.atomic():
                    play(verb, places, one, other, number, NOON + timedelta(days=number))
            except actions.GroupRefused:
                pass
            laws_hold()
        transaction.set_rollback(True)


@pytest.mark.django_db(transaction=True)
def test_joining_leaving_merging_and_ending_at_once(transactional_db):
    places = make.tree()
    stays = grown.stays(places, 6)
    one, two = grown.group(places, stays[:3]), grown.group(places, stays[1:4], name="另一组", kind="special")
    row = grown.row(one, stays[0])
    works = [
        lambda: actions.add_members(one, [stay.pk for stay in stays], by=None, at=NOON),
        lambda: actions.add_members(one, [stay.pk for stay in reversed(stays)], by=None, at=NOON),
        lambda: actions.merge_groups(one, two, by=None, at=NOON),
        lambda: actions.merge_groups(two, one, by=None, at=NOON),
        lambda: actions.name_leader(one, row, by=None, at=NOON),
        lambda: end_stay(stays[5], on=TODAY, ending="returned", by=None, at=NOON),
    ]
    outcomes = together(*works)
    wrong = [came for came in outcomes if isinstance(came, Exception) and not isinstance(came, actions.GroupRefused)]

    assert wrong == []
    laws_hold()
    assert FunctionalGroup.objects.open().count() == 1
    assert GroupSuccession.objects.count() == 1
