"""Split and merge: nobody is left without a grid or in two, whatever happened before."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from django.db import transaction
from django.db.models import Count
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import places as make
from tests.fault.conftest import together
from waystation.kernel.models import AuditEvent
from waystation.stewardship.grids import actions, queries
from waystation.stewardship.grids.actions import Plan
from waystation.stewardship.grids.models import Grid, GridAssignment, GridSuccession
from waystation.stewardship.people.actions import end_stay
from waystation.stewardship.people.models import Person, Stay

NOON = make.NOON
TODAY = date(2026, 11, 23)
pytestmark = pytest.mark.django_db


def grids_of(stay):
    rows = GridAssignment.objects.filter(stay=stay, ends_on=None).select_related("grid__unit")
    return [row.grid.unit.name for row in rows]


@pytest.fixture
def wide(places):
    """A grid over both communities, with a member in each and one put there by hand."""
    grid = make.grid(
        places["station"], code="01", name="老网格", communities=[places["community"], places["other community"]]
    )
    stays = [
        make.stay(places, "钟阿妹"),
        make.stay(places, "雷石生", community="other community"),
        make.stay(places, "蓝木兰", community=None),
    ]
    for stay in stays:
        actions.assign(stay, grid, by=None, at=NOON)
    return grid, stays


def plans(places):
    return (
        Plan("02", "西网格", communities=(places["community"],)),
        Plan("03", "北网格", communities=(places["other community"],)),
    )


def test_a_split_shares_members_and_communities_out_and_remembers(places, wide):
    grid, stays = wide
    later = NOON + timedelta(days=3)

    west, north = actions.split_grid(grid, *plans(places), to_second=[stays[2].pk], by=None, at=later)

    assert [grids_of(stay) for stay in stays] == [["西网格"], ["北网格"], ["北网格"]]
    assert list(west.communities.all()) == [places["community"]]
    assert not queries.in_use().filter(pk=grid.pk).exists()
    past = GridAssignment.objects.filter(grid=grid)
    assert {row.ends_on for row in past} == {date(2026, 11, 26)}
    rows = GridSuccession.objects.values_list("predecessor", "successor", "kind", "happened_on")
    assert set(rows) == {(grid.pk, west.pk, "split", later.date()), (grid.pk, north.pk, "split", later.date())}
    assert Person.objects.get(pk=stays[1].person_id).stay_path == north.unit.path
    assert "grid.split" in AuditEvent.objects.values_list("verb", flat=True)


def test_a_merge_takes_over_all_members_and_the_leader_that_was_chosen(places, wide):
    grid, stays = wide
    west, north = actions.split_grid(grid, *plans(places), by=None, at=NOON)
    first, second = make.user(), make.user()
    actions.set_leader(west, user=first, starts_on=date(2026, 1, 1), by=None, at=NOON)
    actions.set_leader(north, user=second, starts_on=date(2026, 1, 1), ends_on=date(2027, 1, 1), by=None, at=NOON)

    whole = actions.merge_grids(
        (west, north), Plan("04", "新网格", communities=(places["community"],)), leader_of=north, by=None, at=NOON
    )

    assert [grids_of(stay) for stay in stays] == [["新网格"]] * 3
    (term,) = queries.leaders_of(whole, TODAY)
    assert (term.user, term.starts_on, term.ends_on) == (second, TODAY, date(2027, 1, 1))
    assert queries.leaders_of(west, TODAY) == []
    assert {one.pk for one in queries.ancestry(whole)} == {west.pk, north.pk, grid.pk}


def test_a_split_refuses_communities_that_are_not_shared_out_and_changes_nothing(places, wide):
    grid, stays = wide
    first, second = plans(places)

    for bad in (
        (first, Plan("03", "北网格")),
        (first, Plan("03", "北网格", communities=first.communities + second.communities)),
        (first, Plan("02", "同号", communities=second.communities)),
        (first, Plan("03", "西网格", communities=second.communities)),
    ):
        with pytest.raises(actions.GridRefused), transaction.atomic():
            actions.split_grid(grid, *bad, by=None, at=NOON)

    assert [grids_of(stay) for stay in stays] == [["老网格"]] * 3
    assert Grid.objects.filter(unit__closed_on=None).count() == 1


def test_a_closed_grid_is_neither_split_nor_merged_nor_led_nor_filled(places, wide):
    grid, stays = wide
    west, _north = actions.split_grid(grid, *plans(places), by=None, at=NOON)

    with pytest.raises(actions.GridRefused):
        actions.split_grid(grid, Plan("08", "甲"), Plan("09", "乙"), by=None, at=NOON)
    with pytest.raises(actions.GridRefused):
        actions.merge_grids((grid, west), Plan("08", "甲"), by=None, at=NOON)
    with pytest.raises(actions.GridRefused):
        actions.merge_grids((west, west), Plan("08", "甲"), by=None, at=NOON)
    with pytest.raises(actions.GridRefused):
        actions.merge_grids((west, make.grid(places["beside"])), Plan("08", "甲"), by=None, at=NOON)
    with pytest.raises(actions.GridRefused):
        actions.set_leader(grid, user=make.user(), starts_on=TODAY, by=None, at=NOON)
    with pytest.raises(actions.OtherStation):
        actions.assign(stays[0], grid, by=None, at=NOON)


def test_a_term_that_ends_leaves_the_grid_vacant_on_that_day_of_itself(places):
    grid = make.grid(places["station"])
    actions.set_leader(grid, user=make.user(), starts_on=date(2026, 1, 1), ends_on=date(2026, 12, 1), by=None, at=NOON)
    grids = queries.in_use()

    assert not queries.vacant(grids, date(2026, 11, 30)).exists()
    assert queries.vacant(grids, date(2026, 12, 1)).get() == grid
    assert queries.ending(grids, date(2026, 11, 2), 30).get() == grid
    assert not queries.ending(grids, date(2026, 10, 20), 30).exists()
    with pytest.raises(actions.GridRefused):
        actions.set_leader(grid, user=make.user(), starts_on=TODAY, ends_on=TODAY, by=None, at=NOON)


def test_a_leader_named_for_later_does_not_lead_beside_another(places):
    grid, later, now = make.grid(places["station"]), make.user(), make.user()
    actions.set_leader(grid, user=later, starts_on=date(2027, 1, 1), by=None, at=NOON)
    actions.set_leader(grid, user=now, starts_on=date(2026, 12, 1), by=None, at=NOON)

    assert [m.user for m in queries.leaders_of(grid, date(2027, 1, 2))] == [now]


# --- random histories -----------------------------------------------------------------------------

STEPS = st.lists(
    st.tuples(
        st.sampled_from(["create", "assign", "split", "merge", "close", "leave", "end", "accept", "move"]),
        st.integers(0, 30),
        st.integers(0, 30),
        st.integers(0, 3),
    ),
    min_size=4,
    max_size=24,
)


@pytest.fixture
def five(places):
    return [make.stay(places, f"员{n}") for n in range(5)]


def run(places, steps):
    """Play the steps, each a little later; what is refused changes nothing."""
    at = NOON
    for number, (verb, one, other, days) in enumerate(steps):
        at += timedelta(days=days)
        grids = list(queries.in_use().order_by("pk"))
        open_stays = list(Stay.objects.open().order_by("pk"))
        try:
            with transaction.atomic():
                play(verb, places, grids, open_stays, (number, one, other), at)
        except actions.GridRefused:
            pass
        laws_hold()


def play(verb, places, grids, stays, numbers, at):
    number, one, other = numbers
    code = f"c{number}"
    if verb == "create":
        wanted = [places["community"]] if one % 3 == 0 else []
        actions.create_grid(station=places["station"], code=code, name=code, communities=wanted, by=None, at=at)
    elif verb == "accept":
        actions.accept_proposals(places["station"], by=None, at=at)
    elif not grids:
        return
    elif verb == "split":
        grid = grids[one % len(grids)]
        first = Plan(code, code, communities=tuple(grid.communities.all()))
        picked = [stay.pk for stay in stays[: other % 4]]
        actions.split_grid(grid, first, Plan(f"{code}b", f"{code}b"), to_second=picked, by=None, at=at)
    elif verb == "merge":
        pair = grids[one % len(grids)], grids[other % len(grids)]
        communities = tuple({unit for grid in pair for unit in grid.communities.all()})
        actions.merge_grids(pair, Plan(code, code, communities=communities), by=None, at=at)
    elif verb == "close":
        actions.close_grid(grids[one % len(grids)], on=at.date(), by=None, at=at)
    elif not stays:
        return
    elif verb == "assign":
        actions.assign(stays[one % len(stays)], grids[other % len(grids)], by=None, at=at)
    elif verb == "move":
        actions.move_all(stays[: one % 4], grids[other % len(grids)], by=None, at=at)
    elif verb == "leave":
        actions.unassign(stays[one % len(stays)], by=None, at=at)
    else:
        end_stay(stays[one % len(stays)], on=at.date(), ending="returned", by=None, at=at)


def laws_hold():
    """One open grid a stay, open grids only, no two spells that overlap, and the path of the file agrees."""
    open_rows = GridAssignment.objects.filter(ends_on=None)
    assert not open_rows.values("stay").annotate(n=Count("pk")).filter(n__gt=1).exists()
    assert not open_rows.exclude(grid__unit__closed_on=None).exists()
    assert not open_rows.exclude(stay__ends_on=None).exists()
    spells = {}
    for row in GridAssignment.objects.order_by("starts_on", "pk"):
        if row.ends_on != row.starts_on:
            spells.setdefault(row.person_id, []).append(row)
    for rows in spells.values():
        for before, after in pairwise(rows):
            assert before.ends_on is not None
            assert before.ends_on <= after.starts_on
    where = dict(open_rows.values_list("person", "grid__unit__path"))
    for stay in Stay.objects.open().select_related("person"):
        assert stay.person.stay_path == where.get(stay.person_id, stay.station_path)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_a_member_is_in_one_grid_at_most_after_any_history(places, five, steps):
    with transaction.atomic():
        run(places, steps)
        transaction.set_rollback(True)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS, verb=st.sampled_from(["split", "merge"]), one=st.integers(0, 9), other=st.integers(0, 9))
def test_a_split_or_merge_leaves_nobody_without_a_grid_who_had_one(places, five, steps, verb, one, other):
    with transaction.atomic():
        run(places, steps)
        make.grid(places["station"]), make.grid(places["station"])
        before = set(GridAssignment.objects.filter(ends_on=None).values_list("stay", flat=True))
        grids, stays = list(queries.in_use().order_by("pk")), list(Stay.objects.open().order_by("pk"))
        try:
            with transaction.atomic():
                play(verb, places, grids, stays, (999, one, other), NOON + timedelta(days=99))
        except actions.GridRefused:
            pass
        after = list(GridAssignment.objects.filter(ends_on=None).values_list("stay", flat=True))
        assert sorted(after) == sorted(before)
        transaction.set_rollback(True)


# --- at once --------------------------------------------------------------------------------------


def at_once(*works):
    wrong = [
        came for came in together(*works) if isinstance(came, Exception) and not isinstance(came, actions.GridRefused)
    ]
    assert wrong == []
    laws_hold()


@pytest.mark.django_db(transaction=True)
def test_a_split_against_assignments_a_close_and_a_stay_that_ends(transactional_db):
    places = make.tree()
    grid = make.grid(places["station"], code="01")
    stays = [make.stay(places, f"员{n}") for n in range(4)]
    for stay in stays[:2]:
        actions.assign(stay, grid, by=None, at=NOON)
    other = make.grid(places["station"], code="02")

    at_once(
        lambda: actions.split_grid(grid, Plan("03", "甲"), Plan("04", "乙"), by=None, at=NOON),
        lambda: actions.assign(stays[2], grid, by=None, at=NOON),
        lambda: actions.assign(stays[0], other, by=None, at=NOON),
        lambda: end_stay(stays[1], on=TODAY, ending="returned", by=None, at=NOON),
        lambda: actions.close_grid(other, on=TODAY, by=None, at=NOON),
    )


@pytest.mark.django_db(transaction=True)
def test_two_splits_and_a_merge_of_one_grid_at_once(transactional_db):
    places = make.tree()
    grid, other = make.grid(places["station"], code="01"), make.grid(places["station"], code="02")
    stay = make.stay(places)
    actions.assign(stay, grid, by=None, at=NOON)

    at_once(
        lambda: actions.split_grid(grid, Plan("03", "甲"), Plan("04", "乙"), by=None, at=NOON),
        lambda: actions.split_grid(grid, Plan("05", "丙"), Plan("06", "丁"), by=None, at=NOON),
        lambda: actions.merge_grids((grid, other), Plan("07", "戊"), by=None, at=NOON),
        lambda: actions.accept_proposals(places["station"], by=None, at=NOON),
    )

    assert len(grids_of(stay)) == 1
    assert GridSuccession.objects.filter(predecessor=grid).values("kind").distinct().count() == 1
