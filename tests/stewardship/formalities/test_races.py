"""Two people, one moment: a letter is received or withdrawn, never both."""

from functools import partial

import pytest
from django.utils import timezone

from tests import places as make
from tests.fault.conftest import together
from waystation.kernel import audit
from waystation.stewardship.formalities import actions
from waystation.stewardship.formalities.models import ActivityCard, Transfer
from waystation.stewardship.people.actions import end_stay
from waystation.stewardship.people.models import Membership, Person

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
NOW = timezone.now


@pytest.fixture(autouse=True)
def the_trail_stays_whole(db):
    yield
    assert audit.verify_chain() == []


@pytest.fixture
def world(places):
    stay = make.stay(places)
    secretary = make.user("branch_secretary", places["branch"])
    receiver = make.user("branch_secretary", places["other branch"])
    return places, stay, secretary, receiver


def issue(person, to, by, number="1号"):
    return actions.issue_transfer(
        person, to=to, channel="letter", number=number, issued_on=timezone.localdate(), by=by, at=NOW()
    )


def receive(transfer, by):
    return actions.receive_transfer(
        transfer, received_on=timezone.localdate(), handled_by="", ends_stay=False, by=by, at=NOW()
    )


def names(outcomes):
    return sorted(type(outcome).__name__ for outcome in outcomes)


def test_a_letter_is_received_or_withdrawn_and_never_both(world):
    places, stay, secretary, receiver = world
    transfer = issue(stay.person, places["other branch"], secretary)

    outcomes = together(
        partial(receive, transfer, receiver),
        partial(actions.withdraw_transfer, transfer, reason="改变计划", by=secretary, at=NOW()),
    )

    assert names(outcomes) == ["AlreadyClosed", "Transfer"]
    state, home = Transfer.objects.get().state, Person.objects.get(pk=stay.person_id).home
    assert home == places["other branch" if state == "received" else "branch"]
    assert Membership.objects.get(ends_on=None).branch == home


def test_a_receipt_recorded_twice_at_one_moment_moves_the_membership_once(world):
    places, stay, secretary, receiver = world
    transfer = issue(stay.person, places["other branch"], secretary)
    second = make.user("branch_secretary", places["other branch"])

    outcomes = together(partial(receive, transfer, receiver), partial(receive, transfer, second))

    assert names(outcomes) == ["AlreadyClosed", "Transfer"]
    assert Membership.objects.count() == 2


def test_a_receipt_and_the_end_of_the_stay_do_not_block_each_other(world):
    places, stay, secretary, receiver = world
    transfer = issue(stay.person, places["other branch"], secretary)
    officer = make.user("station_officer", places["station"])

    outcomes = together(
        partial(receive, transfer, receiver),
        partial(end_stay, stay, on=timezone.localdate(), ending="returned", by=officer, at=NOW()),
    )

    assert names(outcomes) == ["Stay", "Transfer"]


def test_two_letters_at_one_moment_leave_one(world):
    places, stay, secretary, _receiver = world

    outcomes = together(
        *(partial(issue, stay.person, places["other branch"], secretary, number) for number in ("1号", "2号"))
    )

    assert names(outcomes) == ["AlreadyOnItsWay", "Transfer"]


def test_two_cards_at_one_moment_leave_one(world):
    _places, stay, secretary, _receiver = world

    def card(number):
        return actions.issue_card(stay.person, number=number, issued_on=timezone.localdate(), by=secretary, at=NOW())

    assert names(together(partial(card, "1"), partial(card, "2"))) == ["ActivityCard", "HasCard"]
    assert ActivityCard.objects.count() == 1
