"""Two people, one moment: each act happens once, and whoever came second is told.

Every thread has its own connection, so the databases decide and not the order of the test.
"""

import threading
import time
import uuid
from functools import partial

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests import make
from tests.fault.conftest import together
from waystation.kernel import audit
from waystation.kernel.models import AuditEvent
from waystation.kernel.sealing import unseal
from waystation.stewardship.people.actions import cancel_departure, correct_person, register_departure
from waystation.stewardship.people.actions.errors import AlreadyDeparted, AlreadyOnFile, Changed, NotPending
from waystation.stewardship.people.models import Correction, Departure, Person, Stay
from waystation.stewardship.rosters.actions import confirming
from waystation.stewardship.rosters.actions.confirming import (
    ORIGIN,
    STATION,
    NotOpenAnyMore,
    SamePerson,
    confirm_pair,
    withdraw_confirmation,
)
from waystation.stewardship.rosters.models import MatchCandidate

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def tree(db):
    return make.tree()


@pytest.fixture
def pair(tree):
    """A proposal that both sides may confirm."""
    number, phone = make.id_number(), make.phone_number()
    make.departure(tree["branch"], tree["station"], id_number=number, phone=phone)
    make.arrival(tree["station"], tree["branch"], id_number=number, phone=phone)
    return MatchCandidate.objects.get(arrival__isnull=False, departure__isnull=False)


def confirm(pair, side, by):
    return partial(confirm_pair, pair, side=side, by=by, at=timezone.now())


def kinds(outcomes):
    """What came of each act: the class of what it returned or raised."""
    return sorted(type(outcome).__name__ for outcome in outcomes)


@pytest.fixture(autouse=True)
def the_trail_stays_whole(db):
    yield
    assert audit.verify_chain() == []


def test_both_sides_confirming_at_one_moment_open_one_stay(pair):
    outcomes = together(confirm(pair, ORIGIN, make.user()), confirm(pair, STATION, make.user()))

    assert kinds(outcomes) == ["NoneType", "Stay"]
    assert Stay.objects.count() == AuditEvent.objects.filter(verb="stay.opened").count() == 1
    assert AuditEvent.objects.filter(verb="pair.confirmed").count() == 2


def test_one_side_confirmed_by_two_officers_at_one_moment_is_confirmed_once(pair):
    officers = [make.user(), make.user()]

    outcomes = together(*(confirm(pair, ORIGIN, officer) for officer in officers))

    assert outcomes == [None, None]
    event = AuditEvent.objects.get(verb="pair.confirmed")
    pair.refresh_from_db()
    assert pair.origin_confirmed_by == event.actor
    assert (pair.state, Stay.objects.count()) == ("open", 0)


def test_one_officer_confirming_for_both_sides_at_one_moment_is_refused_once(pair):
    officer = make.user()

    outcomes = together(confirm(pair, ORIGIN, officer), confirm(pair, STATION, officer))

    assert kinds(outcomes) == ["NoneType", "SamePerson"]
    assert Stay.objects.count() == 0
    assert SamePerson in map(type, outcomes)


def test_a_confirmation_taken_back_while_the_other_side_confirms_ends_one_way(pair):
    officer = make.user()
    confirm(pair, ORIGIN, officer)()

    withdraw = partial(withdraw_confirmation, pair, by=officer, at=timezone.now())
    settled, withdrawn = together(confirm(pair, STATION, make.user()), withdraw)

    pair.refresh_from_db()
    if isinstance(settled, Stay):
        assert isinstance(withdrawn, NotOpenAnyMore)
        assert (pair.state, Stay.objects.count()) == ("settled", 1)
    else:
        assert (settled, type(withdrawn)) == (None, MatchCandidate)
        assert (pair.state, pair.origin_confirmed_by, Stay.objects.count()) == ("open", None, 0)


@pytest.fixture
def lingering(monkeypatch):
    """Whoever confirms stays a moment between the lock of the rows and the trail; the event tells when."""
    locked, lock = threading.Event(), confirming._lock

    def locks_and_lingers(candidate):
        fresh = lock(candidate)
        locked.set()
        time.sleep(1)
        return fresh

    monkeypatch.setattr(confirming, "_lock", locks_and_lingers)
    return locked


def after(event, act):
    """The act, begun once the event has come."""

    def waits():
        assert event.wait(30)
        return act()

    return waits


@pytest.mark.parametrize("side", ["departure", "arrival"])
def test_what_is_typed_while_its_neighbour_is_confirmed_waits_its_turn(tree, pair, lingering, side):
    phone = unseal(pair.arrival, "phone")
    typed = {
        "departure": partial(make.departure, tree["branch"], tree["station"], phone=phone),
        "arrival": partial(make.arrival, tree["station"], tree["branch"], phone=phone),
    }[side]

    outcomes = together(confirm(pair, ORIGIN, make.user()), after(lingering, typed))

    assert kinds(outcomes) == sorted(["NoneType", side.title()])


def test_two_pairs_that_share_rivals_are_settled_at_one_moment(tree, pair):
    phone = unseal(pair.arrival, "phone")
    make.arrival(tree["station"], tree["branch"], phone=phone)
    make.departure(tree["branch"], tree["station"], phone=phone)
    pairs = MatchCandidate.objects.open().filter(departure__isnull=False, arrival__isnull=False)
    other = pairs.exclude(departure=pair.departure_id).exclude(arrival=pair.arrival_id).get()
    for one in (pair, other):
        confirm(one, ORIGIN, make.user())()

    outcomes = together(confirm(pair, STATION, make.user()), confirm(other, STATION, make.user()))

    assert kinds(outcomes) == ["Stay", "Stay"]


def test_a_departure_cancelled_while_it_is_settled_ends_one_way(pair):
    confirm(pair, ORIGIN, make.user())()
    cancel = partial(cancel_departure, pair.departure, reason="", by=make.user(), at=timezone.now())

    settled, cancelled = together(confirm(pair, STATION, make.user()), cancel)

    departure = Departure.objects.get()
    if isinstance(settled, Stay):
        assert isinstance(cancelled, NotPending)
        assert (departure.state, Stay.objects.count()) == ("departed", 1)
    else:
        assert isinstance(settled, NotOpenAnyMore | NotPending)
        assert (departure.state, Stay.objects.count()) == ("cancelled", 0)


def test_of_two_stale_corrections_one_is_written_and_the_other_told(tree):
    person = make.person(tree["branch"])

    def correct(text):
        return correct_person(
            person, field="employer", value=text, reason="电话核对", version=person.version, by=officer,
            at=timezone.now(),
        )  # fmt: skip

    officer = make.user()
    outcomes = together(partial(correct, "甲厂"), partial(correct, "乙厂"))

    assert kinds(outcomes) == ["Changed", "Correction"]
    first = next(outcome for outcome in outcomes if isinstance(outcome, Correction))
    told = next(outcome for outcome in outcomes if isinstance(outcome, Changed))
    person.refresh_from_db()
    assert person.employer == ("甲厂" if outcomes[0] is first else "乙厂")
    assert (Correction.objects.count(), person.version) == (1, 2)
    assert str(told)


def test_one_person_leaving_twice_at_one_moment_leaves_once(tree):
    person = make.person(tree["branch"])
    leave = partial(
        register_departure, make.claim(), origin=tree["branch"], station=tree["station"], person=person, by=None,
        at=timezone.now(),
    )  # fmt: skip

    outcomes = together(leave, leave)

    assert kinds(outcomes) == ["AlreadyDeparted", "Departure"]
    assert Departure.objects.count() == 1
    assert AlreadyDeparted in map(type, outcomes)


def test_one_id_number_registered_by_two_branches_at_one_moment_opens_one_file(tree):
    number = make.id_number()
    acts = [
        partial(
            register_departure, make.claim(id_number=number), origin=tree[branch], station=tree["station"], by=None,
            at=timezone.now(),
        )
        for branch in ("branch", "other branch")
    ]  # fmt: skip

    outcomes = together(*acts)

    assert kinds(outcomes) == ["AlreadyOnFile", "Departure"]
    assert (Person.objects.count(), Departure.objects.count()) == (1, 1)
    assert AlreadyOnFile in map(type, outcomes)


def test_one_form_sent_eight_times_at_one_moment_has_one_effect(tree):
    """F5: a double click, a repeating proxy; the real page with its middleware."""
    secretary = make.user("branch_secretary", tree["branch"])
    form = {
        "full_name": "缪春花", "origin": "点头镇过笕党支部", "where": str(tree["station"].pk), "left": "2026年2月9日",
        "destination_text": "桐山街道", "reason": "务工", "idem": str(uuid.uuid4()),
    }  # fmt: skip
    clients = [Client() for _ in range(8)]
    for client in clients:
        client.force_login(secretary)

    answers = together(*(partial(client.post, reverse("people:departure-new"), form) for client in clients))

    departure = Departure.objects.get()
    page = reverse("people:departure", args=[departure.pk])
    assert [(answer.status_code, answer.headers.get("Location")) for answer in answers] == [(302, page)] * 8
    assert (Person.objects.count(), AuditEvent.objects.filter(verb="departure.registered").count()) == (1, 1)
