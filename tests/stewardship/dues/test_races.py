"""Two people at one moment on the dues of one member, on both databases."""

from decimal import Decimal
from functools import partial

import pytest

from tests import places as prefecture
from tests.fault.conftest import together
from tests.stewardship.dues import make
from waystation.kernel import audit
from waystation.stewardship.dues import actions
from waystation.stewardship.dues.models import DuesBase, DuesEntry, DuesReduction
from waystation.stewardship.dues.queries import book_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
NOON, month = make.NOON, make.month


@pytest.fixture
def person(places):
    return prefecture.stay(places).person


@pytest.fixture(autouse=True)
def the_trail_stays_whole(db):
    yield
    assert audit.verify_chain() == []


def kinds(outcomes):
    return sorted(type(outcome).__name__ for outcome in outcomes)


def test_two_bases_of_one_month_set_at_one_moment_are_one(person):
    acts = [partial(make.base, person, income=income, by=prefecture.user()) for income in ("3000", "9000")]

    assert kinds(together(*acts)) == ["BaseExists", "DuesBase"]
    assert DuesBase.objects.count() == 1


def test_two_reductions_that_overlap_approved_at_one_moment_are_one(person):
    make.base(person)
    requests = [make.asked(person, "exempt", first, first + 3) for first in (1, 3)]
    acts = [partial(actions.approve_reduction, one, by=prefecture.user(), at=NOON) for one in requests]

    assert kinds(together(*acts)) == ["DuesReduction", "Overlapping"]
    assert DuesReduction.objects.filter(state="approved").count() == 1


def test_one_row_reversed_twice_at_one_moment_is_reversed_once(person):
    make.base(person)
    entry = make.paid(person)
    acts = [partial(actions.reverse, entry, reason="冲销", by=prefecture.user(), at=NOON) for _ in range(2)]

    assert kinds(together(*acts)) == ["AlreadyReversed", "DuesEntry"]
    assert book_of(person).row(month(1)).paid == 0


def test_the_list_of_a_month_recorded_twice_at_one_moment_is_recorded_once(places, person):
    people = [person, *(prefecture.stay(places, name).person for name in ("钟建国", "雷秀英"))]
    for one in people:
        make.base(one)
    how = {"paid_on": month(10), "unit": places["branch"], "at": NOON}
    acts = [
        partial(actions.record_month, month(10), [(one, Decimal(40)) for one in order], by=prefecture.user(), **how)
        for order in (people, people[::-1])
    ]

    assert sorted(done for done, _left in together(*acts)) == [0, 3]
    assert DuesEntry.objects.count() == 3
