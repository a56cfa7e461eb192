"""Two people, one moment: the sheet has one outcome."""

from functools import partial

import pytest
from django.utils import timezone

from tests import places as make
from tests.fault.conftest import together
from waystation.kernel import audit
from waystation.stewardship.duties import actions, queries
from waystation.stewardship.duties.models import Duty, Proposal
from waystation.stewardship.people.actions import end_stay
from waystation.stewardship.people.models import Stay

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
NOW = timezone.now


@pytest.fixture(autouse=True)
def the_trail_stays_whole(db):
    yield
    assert audit.verify_chain() == []
    assert queries.faulty_stays().count() == 0


@pytest.fixture
def stay(places):
    return make.stay(places)


@pytest.fixture
def people(places):
    roles = {
        "station": "station_officer", "branch": "branch_secretary", "community": "destination_contact",
        "county": "county_organiser", "beside": "station_head",
    }  # fmt: skip
    return {name: make.user(role, places[name]) for name, role in roles.items()}


def propose(stay, to, by):
    return actions.propose_change(
        stay, kind="talk", to=to, starts_on=timezone.localdate(), reason="商定", by=by, at=NOW()
    )


def names(outcomes):
    return sorted(type(outcome).__name__ for outcome in outcomes)


def test_both_units_agreeing_at_one_moment_hand_the_duty_over_once(stay, places, people):
    proposal = propose(stay, places["branch"], people["county"])
    Proposal.objects.update(holder_agreed_by=None, holder_agreed_at=None)

    together(
        partial(actions.agree, proposal, side="holder", by=people["station"], at=NOW()),
        partial(actions.agree, proposal, side="taker", by=people["branch"], at=NOW()),
    )

    assert Proposal.objects.get().state == "agreed"
    assert Duty.objects.filter(kind="talk").count() == 2
    assert queries.accountable(stay, "talk", timezone.localdate()) == places["branch"]


def test_of_two_officers_agreeing_for_one_unit_one_is_on_record(stay, places, people):
    proposal = propose(stay, places["branch"], people["branch"])
    second = make.user("station_head", places["station"])

    outcomes = together(
        *(partial(actions.agree, proposal, side="holder", by=by, at=NOW()) for by in (people["station"], second))
    )

    assert names(outcomes) == ["NotOpenAnyMore", "Proposal"]
    assert Duty.objects.filter(kind="talk").count() == 2


def test_an_agreement_and_a_refusal_at_one_moment_have_one_outcome(stay, places, people):
    proposal = propose(stay, places["branch"], people["station"])

    outcomes = together(
        partial(actions.agree, proposal, side="taker", by=people["branch"], at=NOW()),
        partial(actions.refuse_proposal, proposal, reason="不便", by=people["county"], at=NOW()),
    )

    assert names(outcomes) == ["NotOpenAnyMore", "Proposal"]
    state = Proposal.objects.get().state
    assert (state == "agreed") == (queries.accountable(stay, "talk", timezone.localdate()) == places["branch"])


def test_two_proposals_for_one_duty_at_one_moment_leave_one(stay, places, people):
    outcomes = together(
        partial(propose, stay, places["branch"], people["station"]),
        partial(propose, stay, places["community"], people["community"]),
    )

    assert names(outcomes) == ["AlreadyProposed", "Proposal"]


def test_a_stay_ending_while_a_change_is_agreed_leaves_no_work_behind(stay, places, people):
    proposal = propose(stay, places["branch"], people["station"])

    together(
        partial(actions.agree, proposal, side="taker", by=people["branch"], at=NOW()),
        partial(end_stay, stay, on=timezone.localdate(), ending="returned", by=people["station"], at=NOW()),
    )

    assert Stay.objects.get().ends_on is not None
    assert Proposal.objects.get().state in ("agreed", "lapsed")


def test_two_officers_accepting_a_member_at_one_moment_open_one_stay(stay, places, people):
    request = actions.ask_transfer(
        stay, to=places["beside"], destination=None, reason="迁居", by=people["station"], at=NOW()
    )
    second = make.user("station_officer", places["beside"])

    outcomes = together(
        *(partial(actions.accept_transfer, request, by=by, at=NOW()) for by in (people["beside"], second))
    )

    assert names(outcomes) == ["NotOpenAnyMore", "Stay"]
    assert Stay.objects.open().get().station == places["beside"]
    assert Stay.objects.count() == 2
