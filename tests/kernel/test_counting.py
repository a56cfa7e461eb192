"""Counting many things at once; a large number is not counted at every look."""

from types import SimpleNamespace

import pytest

from tests import make
from waystation.kernel import counting
from waystation.kernel.counting import Counted, Question, counted_together
from waystation.stewardship.people import bulk_acts
from waystation.stewardship.people.models import Person
from waystation.stewardship.rosters.actions import bulk as pairs

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch):
    monkeypatch.setattr(counting, "_lately", counting.Lately())
    monkeypatch.setattr(counting, "_not_many", counting.Lately())


def asked(*names) -> tuple[Question, ...]:
    return tuple(Question.of(Person.objects.filter(full_name=name)) for name in names)


def people(places, *names):
    for name in names:
        make.person(places["branch"], name)


def test_groups_are_summed_and_a_question_nobody_can_fulfil_is_none(places):
    people(places, "钟一", "钟一", "钟二")
    nobody = (Question.of(Person.objects.filter(pk__in=[])),)

    assert counted_together([asked("钟一", "钟二"), nobody, (), asked("钟二")]) == [3, 0, 0, 1]


def test_a_small_number_is_always_counted_anew(places):
    people(places, "钟一")
    assert counted_together([asked("钟一")]) == [1]
    people(places, "钟一")

    assert counted_together([asked("钟一")]) == [2]


def test_a_large_number_is_counted_again_after_a_while(places, monkeypatch):
    monkeypatch.setattr(counting, "LARGE", 1)
    now = [100.0]
    monkeypatch.setattr(counting, "time", SimpleNamespace(monotonic=lambda: now[0]))
    people(places, "钟一", "钟一")
    assert counted_together([asked("钟一"), asked("钟二")]) == [2, 0]
    people(places, "钟一", "钟二")

    now[0] += counting.KEPT_FOR - 1
    assert counted_together([asked("钟一"), asked("钟二")]) == [2, 1]
    now[0] += 1
    assert counted_together([asked("钟一"), asked("钟二")]) == [3, 1]


def test_more_than_a_thousand_are_said_again_only_where_they_are_many(places, monkeypatch):
    """A bulk act on some thousand rows is seen at once."""
    monkeypatch.setattr(counting, "COUNTED", 1)
    monkeypatch.setattr(counting, "MANY", 3)
    people(places, "钟一", "钟一", *["钟二"] * 4)
    lists = {name: [Person.objects.filter(full_name=name)] for name in ("钟一", "钟二")}
    assert [counting.counted_for_list(rows) for rows in lists.values()] == [2, 2]
    together = [(Question.of(rows[0], whole=False),) for rows in lists.values()]
    assert counted_together(together) == [2, 2]

    Person.objects.update(full_name="钟三")
    assert [counting.counted_for_list(rows) for rows in lists.values()] == [0, 2]
    assert counted_together(together) == [0, 2]


def test_no_act_for_many_takes_so_many_that_fewer_than_a_thousand_are_left():
    assert max(bulk_acts.MOST, pairs.MOST) <= counting.AT_ONCE == counting.MANY - counting.COUNTED


def test_pieces_are_counted_in_turn_until_there_are_enough(places, django_assert_num_queries):
    people(places, "钟一", "钟一", "钟二", "钟三")
    pieces = asked("钟一", "钟二", "钟三")
    pieces = tuple(Question(one.text, one.parameters, whole=False) for one in pieces)

    with django_assert_num_queries(2):
        assert counting.counted_in_turn(pieces, most=3) == 3
    assert counting.counted_in_turn(pieces, most=9) == 4


def test_what_is_kept_does_not_grow_without_end(monkeypatch):
    monkeypatch.setattr(counting.Lately, "MOST", 2)
    lately = counting.Lately()
    for key in ("one", "two", "three"):
        lately.keep(key, key.upper())

    assert [lately.get(key) for key in ("one", "two", "three")] == [None, "TWO", "THREE"]


@pytest.mark.parametrize(("number", "said"), [(0, "0"), (1000, "1,000"), (1001, "1,000+"), (9000, "1,000+")])
def test_a_counted_number_says_where_counting_ended(number, said):
    assert f"{Counted(number):,}" == said
    assert str(Counted(number)) == said.replace(",", "")
