"""Grids: area, leader, and the law that a member is in one grid of a station at most."""

import threading
from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from tests import places as make
from waystation.kernel.models import AuditEvent
from waystation.organizations.actions import MandateRefused, move_unit
from waystation.organizations.models import Mandate
from waystation.stewardship.grids import actions, queries
from waystation.stewardship.grids.models import GridAssignment
from waystation.stewardship.people.actions import MergeRefused, end_stay, merge_people, undo_merge
from waystation.stewardship.people.models import Person, Stay

NOON = make.NOON
pytestmark = pytest.mark.django_db


def verbs():
    return list(AuditEvent.objects.order_by("-number").values_list("verb", flat=True)[:1])


def test_a_new_grid_is_a_unit_under_its_station_vacant_and_empty(places):
    grid = make.grid(places["station"], code="01", communities=[places["community"]])

    assert (grid.unit.kind, grid.unit.parent) == ("grid", places["station"])
    assert grid.unit.path.startswith(places["station"].path)
    assert list(grid.communities.all()) == [places["community"]]
    assert list(queries.vacant(queries.in_use(), date(2026, 11, 23))) == [grid]
    assert verbs() == ["grid.created"]


def test_two_grids_of_a_station_never_share_a_code_or_a_community(places):
    make.grid(places["station"], code="01", communities=[places["community"]])

    with pytest.raises(actions.GridRefused):
        make.grid(places["station"], code="01", name="另一网格")
    with pytest.raises(actions.GridRefused, match="溪西社区居委会"):
        make.grid(places["station"], code="02", communities=[places["community"]])
    assert make.grid(places["beside"], code="01").code == "01"


def test_editing_a_grid_changes_its_name_and_area_and_refuses_a_taken_community(places):
    first = make.grid(places["station"], code="01", communities=[places["community"]])
    second = make.grid(places["station"], code="02")

    edited = actions.edit_grid(
        second, code="2", name="溪东网格", area="溪东", communities=[places["other community"]],
        by=None, at=NOON,
    )  # fmt: skip

    assert (edited.code, edited.unit.name, edited.area) == ("2", "溪东网格", "溪东")
    with pytest.raises(actions.GridRefused):
        actions.edit_grid(
            second, code="2", name="溪东网格", area="", communities=[places["community"]], by=None,
            at=NOON,
        )  # fmt: skip
    with pytest.raises(actions.GridRefused):
        actions.edit_grid(second, code=first.code, name="溪东网格", area="", communities=[], by=None, at=NOON)


def test_a_new_leader_ends_the_term_of_the_former(places):
    grid, first, second = make.grid(places["station"]), make.user(), make.user()
    head = make.user("station_head", places["station"])

    actions.set_leader(grid, user=first, starts_on=date(2026, 1, 1), by=head, at=NOON)
    actions.set_leader(grid, user=second, starts_on=date(2026, 6, 1), by=head, at=NOON)

    terms = list(Mandate.objects.filter(unit=grid.pk).order_by("pk").values_list("user", "ends_on"))
    assert terms == [(first.pk, date(2026, 6, 1)), (second.pk, None)]
    assert [m.user for m in queries.leaders_of(grid, date(2026, 11, 23))] == [second]


def test_nobody_makes_themselves_leader_and_the_former_leader_stays(places):
    grid, former, head = make.grid(places["station"]), make.user(), make.user()
    actions.set_leader(grid, user=former, starts_on=date(2026, 1, 1), by=head, at=NOON)

    with pytest.raises(MandateRefused):
        actions.set_leader(grid, user=head, starts_on=date(2026, 6, 1), by=head, at=NOON)

    assert [m.user for m in queries.leaders_of(grid, date(2026, 11, 23))] == [former]


def test_a_vacated_grid_is_shown_as_vacant(places):
    grid = make.grid(places["station"])
    actions.set_leader(grid, user=make.user(), starts_on=date(2026, 1, 1), by=None, at=NOON)

    assert actions.vacate(grid, ends_on=date(2026, 11, 1), by=None, at=NOON) == 1

    heads = queries.with_heads(queries.in_use(), date(2026, 11, 23)).get(pk=grid.pk)
    assert (heads.is_vacant, heads.leader_name, heads.members) == (True, None, 0)


def test_assigning_puts_the_file_under_the_grid_and_leaving_puts_it_back(places):
    stay, grid = make.stay(places), make.grid(places["station"])

    actions.assign(stay, grid, by=None, at=NOON)
    assert Person.objects.get(pk=stay.person_id).stay_path == grid.unit.path
    assert verbs() == ["grid.assigned"]

    assert actions.unassign(stay, by=None, at=NOON)
    assert Person.objects.get(pk=stay.person_id).stay_path == places["station"].path
    assert verbs() == ["grid.left"]
    assert not actions.unassign(stay, by=None, at=NOON)


def test_a_member_changes_grids_and_is_never_in_two(places):
    stay, one, two = make.stay(places), make.grid(places["station"]), make.grid(places["station"])

    actions.assign(stay, one, by=None, at=NOON)
    actions.assign(stay, two, by=None, at=NOON)
    again = actions.assign(stay, two, by=None, at=NOON)

    held = GridAssignment.objects.filter(stay=stay, ends_on=None)
    assert list(held) == [again]
    assert (again.grid_id, GridAssignment.objects.filter(stay=stay).count()) == (two.pk, 2)


def test_the_database_itself_refuses_a_second_grid(places):
    stay, one, two = make.stay(places), make.grid(places["station"]), make.grid(places["station"])
    actions.assign(stay, one, by=None, at=NOON)

    with pytest.raises(IntegrityError), transaction.atomic():
        GridAssignment.objects.create(
            person=stay.person, stay=stay, grid=two, starts_on=date(2026, 11, 23), assigned_at=NOON
        )


def test_a_grid_of_another_station_and_an_ended_stay_are_refused(places):
    stay, grid = make.stay(places), make.grid(places["station"])

    with pytest.raises(actions.OtherStation):
        actions.assign(stay, make.grid(places["beside"]), by=None, at=NOON)
    end_stay(stay, on=date(2026, 11, 20), ending="returned", by=None, at=NOON)
    with pytest.raises(actions.NotStaying):
        actions.assign(stay, grid, by=None, at=NOON)


def test_proposals_follow_the_community_and_the_rest_is_left_to_hand(places):
    grid = make.grid(places["station"], communities=[places["community"]])
    near = make.stay(places, "钟阿妹")
    far = make.stay(places, "雷石生", community="other community")
    beside = make.stay(places, "蓝木兰", station="beside", community="beside community", origin="beside branch")

    rows = queries.with_proposals(queries.unassigned(places["station"]), places["station"])
    assert {row.pk: row.proposed_grid for row in rows} == {near.pk: grid.pk, far.pk: None}

    assert actions.accept_proposals(places["station"], by=None, at=NOON) == 1
    assert actions.accept_proposals(places["station"], by=None, at=NOON) == 0
    assert Person.objects.get(pk=near.person_id).stay_path == grid.unit.path
    assert list(queries.unassigned(places["station"])) == [far]

    assert actions.assign_many([far.pk, near.pk, beside.pk], grid, by=None, at=NOON) == 1
    assert grid.assignments.filter(ends_on=None).count() == 2
    assert not beside.grid_assignments.exists()


def test_only_the_chosen_proposals_are_accepted(places):
    make.grid(places["station"], communities=[places["community"]])
    first, second = make.stay(places, "钟阿妹"), make.stay(places, "雷石生")

    assert actions.accept_proposals(places["station"], stays=[second.pk], by=None, at=NOON) == 1
    assert list(queries.unassigned(places["station"])) == [first]


def test_whoever_has_no_assignment_waits_for_a_grid_whatever_happened(places):
    grid, other = make.grid(places["station"]), make.grid(places["station"], name="第9网格")
    first, second, third = (make.stay(places, name) for name in ("钟阿妹", "雷石生", "蓝木兰"))
    actions.assign(first, grid, by=None, at=NOON)
    actions.assign(second, grid, by=None, at=NOON)
    actions.assign(second, other, by=None, at=NOON)
    actions.unassign(first, by=None, at=NOON)
    end_stay(third, on=date(2026, 11, 20), ending="returned", by=None, at=NOON)
    move_unit(places["station"], parent=places["beside county"], by=None, at=NOON)

    station = places["station"]
    station.refresh_from_db()
    held = GridAssignment.objects.filter(ends_on=None).values("stay")
    waiting = Stay.objects.open().filter(station=station).exclude(pk__in=held)
    assert list(queries.unassigned(station)) == list(waiting) == [first]


def test_a_stay_that_ends_leaves_the_grid_that_day(places):
    stay, grid = make.stay(places), make.grid(places["station"])
    actions.assign(stay, grid, by=None, at=NOON)

    end_stay(stay, on=date(2026, 12, 1), ending="returned", by=None, at=NOON)

    row = GridAssignment.objects.get(stay=stay)
    assert row.ends_on == date(2026, 12, 1)
    assert Person.objects.get(pk=stay.person_id).stay_path == ""


def test_a_stay_opened_by_mistake_leaves_no_assignment_that_ends_before_it_starts(places):
    stay, grid = make.stay(places), make.grid(places["station"])
    actions.assign(stay, grid, by=None, at=NOON)

    end_stay(stay, on=date(2026, 11, 10), ending="mistaken", by=None, at=NOON)

    row = GridAssignment.objects.get(stay=stay)
    assert row.ends_on == row.starts_on


def test_a_merge_moves_the_grid_with_the_stay_and_its_undo_moves_it_back(places):
    stay, grid = make.stay(places), make.grid(places["station"])
    actions.assign(stay, grid, by=None, at=NOON)
    loser, winner = stay.person, make.departure(places, "缪春华", station=None).person
    Stay.objects.filter(pk=stay.pk).update(opened_at=NOON)
    stay.departure.__class__.objects.filter(person=winner).update(state="returned", closed_at=NOON)

    merge = merge_people(winner, loser, by=make.user(), at=NOON)
    assert GridAssignment.objects.get(stay=stay).person_id == winner.pk
    assert Person.objects.get(pk=winner.pk).stay_path == grid.unit.path

    undo_merge(merge, by=make.user(), at=NOON)
    assert GridAssignment.objects.get(stay=stay).person_id == loser.pk
    assert Person.objects.get(pk=loser.pk).stay_path == grid.unit.path
    assert Person.objects.get(pk=winner.pk).stay_path == ""


def _unassign(stay):
    actions.unassign(stay, by=None, at=NOON)


def _end(stay):
    end_stay(stay, on=date(2026, 11, 20), ending="returned", by=None, at=NOON)


@pytest.mark.parametrize("change", [_unassign, _end])
def test_files_whose_stay_changed_since_the_merge_stay_together(places, change):
    """Taken apart, the file would stand again in a grid, or with a stay, that it has no more."""
    stay, grid = make.stay(places), make.grid(places["station"])
    actions.assign(stay, grid, by=None, at=NOON)
    winner, loser = stay.person, make.departure(places, "缪春华", station=None).person
    loser.departures.update(state="returned", closed_at=NOON)
    merge = merge_people(winner, loser, by=make.user(), at=NOON)

    change(stay)

    with pytest.raises(MergeRefused), transaction.atomic():
        undo_merge(merge, by=make.user(), at=NOON)
    winner = Person.objects.get(pk=winner.pk)
    assert winner.stay_path == (places["station"].path if change is _unassign else "")


def test_files_are_not_taken_apart_when_a_place_of_theirs_has_moved(places):
    winner = make.departure(places, "缪春华", station=None).person
    loser = make.departure(places, "缪春花", station=None).person
    loser.departures.update(state="returned", closed_at=NOON)
    Person.objects.filter(pk=loser.pk).update(home=places["village"], home_path=places["village"].path)
    merge = merge_people(winner, loser, by=make.user(), at=NOON)
    move_unit(places["village"], parent=places["beside town"], by=None, at=NOON)

    with pytest.raises(MergeRefused), transaction.atomic():
        undo_merge(merge, by=make.user(), at=NOON)


def test_a_grid_with_members_is_not_closed_and_an_empty_one_loses_its_leader(places):
    stay, grid = make.stay(places), make.grid(places["station"])
    actions.set_leader(grid, user=make.user(), starts_on=date(2026, 1, 1), by=None, at=NOON)
    actions.assign(stay, grid, by=None, at=NOON)

    with pytest.raises(actions.GridRefused):
        actions.close_grid(grid, on=date(2026, 11, 23), by=None, at=NOON)
    actions.unassign(stay, by=None, at=NOON)
    actions.close_grid(grid, on=date(2026, 11, 23), by=None, at=NOON)

    assert not queries.in_use().filter(pk=grid.pk).exists()
    assert queries.leaders_of(grid, date(2026, 11, 24)) == []


def test_members_move_with_their_station_in_the_tree(places):
    stay, grid = make.stay(places), make.grid(places["station"])
    actions.assign(stay, grid, by=None, at=NOON)

    move_unit(places["station"], parent=places["town"], by=None, at=NOON)

    grid.unit.refresh_from_db()
    assert grid.unit.path.startswith(places["town"].path)
    assert Person.objects.get(pk=stay.person_id).stay_path == grid.unit.path
    assert Stay.objects.get(pk=stay.pk).station_path == grid.unit.parent.path


@pytest.mark.django_db(transaction=True)
def test_of_two_assignments_at_once_one_holds(transactional_db):
    places = make.tree()
    stay = make.stay(places)
    grids = [make.grid(places["station"]) for _n in range(4)]
    gate, failures = threading.Barrier(len(grids)), []

    def work(grid):
        gate.wait()
        try:
            actions.assign(stay, grid, by=None, at=NOON)
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=[grid]) for grid in grids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    held = GridAssignment.objects.filter(stay=stay, ends_on=None).select_related("grid__unit")
    assert failures == []
    assert held.count() == 1
    assert Person.objects.get(pk=stay.person_id).stay_path == held.get().grid.unit.path
