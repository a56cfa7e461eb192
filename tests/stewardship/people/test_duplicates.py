"""One file a person: who is taken for whom, and what nobody may find out by trying."""

import pytest

from tests import make
from waystation.organizations.access import Reach
from waystation.organizations.permissions import Permission
from waystation.stewardship.people import actions, queries
from waystation.stewardship.people.queries import duplicates


@pytest.fixture
def reach(tree):
    return Reach.of(make.user("township_organiser", tree["town"]), Permission.DEPARTURE_REGISTER)


def by(reach, claim, **more):
    return [(like.person.full_name, like.by) for like in queries.possible_duplicates(claim, reach, **more)]


def test_equal_id_numbers_are_certain_whatever_the_name(tree, reach):
    number = make.id_number()
    make.person(tree["branch"], "陈丽", id_number=number)

    likes = queries.possible_duplicates(make.claim("陈莉", id_number=number), reach)

    assert [(like.by, like.is_certain) for like in likes] == [(("id_number",), True)]


def test_equal_phones_also_the_second_one(tree, reach):
    make.person(tree["branch"], "陈丽", phone="13800001111", other_phone="13800002222")

    assert by(reach, make.claim("陈莉", phone="13800002222")) == [("陈丽", ("phone",))]


@pytest.mark.parametrize(
    ("born", "sex", "expected"),
    [
        ("1985-08", "female", [("陈丽", ("born",))]),
        ("1985", "", [("陈丽", ("born",))]),
        ("1986-01", "female", []),
        ("1985-08", "male", []),
        ("", "", []),
    ],
)
def test_namesakes_are_one_only_if_birth_agrees(tree, reach, born, sex, expected):
    make.person(tree["branch"], "陈丽", born="1985-08-12", sex="female")

    assert by(reach, make.claim("陈丽", born=born, sex=sex)) == expected


def test_without_a_birth_the_branch_tells(tree, reach):
    make.person(tree["branch"], "陈丽", born="1985-08-12")
    claim = make.claim("陳麗")

    assert by(reach, claim, home=tree["branch"]) == [("陈丽", ("branch",))]
    assert by(reach, claim, home=tree["other branch"]) == []


def test_nobody_outside_the_reach_is_shown(tree, reach):
    number = make.id_number()
    make.person(tree["beside branch"], "陈丽", id_number=number, phone="13800001111")

    assert by(reach, make.claim("陈丽", id_number=number, phone="13800001111")) == []


def test_a_file_knows_its_own_duplicates_without_itself(tree, reach):
    one = make.person(tree["branch"], "陈丽", born="1985-08")
    make.person(tree["other branch"], "陈丽", born="1985-08-12")

    assert [like.person.home for like in queries.duplicates_of(one, reach)] == [tree["other branch"]]


def test_elsewhere_is_answered_with_yes_or_no_and_only_for_whole_numbers(tree, reach):
    number, user = make.id_number(), make.user()
    make.person(tree["beside branch"], "陈丽", id_number=number)
    make.person(tree["branch"], "雷建国", id_number=make.id_number())

    def asks(**more):
        return queries.known_elsewhere(make.claim(**more), reach, by=user, at=make.NOON)

    assert asks(id_number=number) is True
    assert asks(id_number=make.id_number()) is False
    assert asks(id_number=number[:17]) is False
    assert asks() is False


def test_nobody_is_told_more_than_thirty_times_an_hour(tree, reach, monkeypatch):
    monkeypatch.setattr(duplicates, "LOOKUPS_AN_HOUR", 2)
    user, number = make.user(), make.id_number()
    for _ in range(2):
        actions.note_lookup(by=user, at=make.NOON)

    claim = make.claim(id_number=number)
    assert queries.known_elsewhere(claim, reach, by=user, at=make.NOON) is None
    assert queries.known_elsewhere(claim, reach, by=make.user(), at=make.NOON) is False


def test_pending_arrivals_of_the_same_person(tree):
    reach = Reach.of(make.user("station_officer", tree["station"]), Permission.ARRIVAL_REGISTER)
    waiting = make.arrival(tree["station"], None, "陈丽", phone="13800001111")
    refused = make.arrival(tree["station"], None, "陈丽", phone="13800001111")
    actions.refuse_arrival(refused, reason="重复", by=None, at=make.NOON)
    make.arrival(tree["beside station"], None, "陈丽", phone="13800001111")

    found = duplicates.pending_arrivals_like(make.claim("陈莉", phone="13800001111"), reach)

    assert found == [waiting]
