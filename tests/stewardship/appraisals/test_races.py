"""Two people, one moment: each assessment, unsealing, decision and ballot happens once and whole."""

from functools import partial

import pytest

from tests import places as make
from tests.fault.conftest import together
from tests.stewardship.appraisals import rounds as make_round
from tests.stewardship.appraisals.rounds import OPENED
from waystation.kernel import audit
from waystation.kernel.models import AuditEvent
from waystation.stewardship.appraisals import tallies
from waystation.stewardship.appraisals.actions import assessing, balloting, deciding, errors, noticing, unsealing
from waystation.stewardship.appraisals.models import AppraisalRound, BallotBox, ResultNotice

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture(autouse=True)
def the_trail_stays_whole(db):
    yield
    assert audit.verify_chain() == []


def kinds(outcomes):
    return sorted(type(outcome).__name__ for outcome in outcomes)


def hand_in(held, side, points=88):
    row = make_round.of(held, side)
    return partial(assessing.hand_in, row, make_round.sheet(held, points), by=make.user(), at=OPENED)


def unseal(held):
    return partial(unsealing.unseal_round, held, by=make.user(), at=OPENED)


def test_the_last_two_assessments_and_the_unsealing_at_one_moment(places):
    make.stay(places)
    held = make_round.opened(places["station"])
    make_round.hand_in(held, "self")

    outcomes = together(hand_in(held, "station", 95), hand_in(held, "origin", 80), unseal(held))

    held.refresh_from_db()
    assert kinds(outcomes[:2]) == ["Assessment", "Assessment"]
    if isinstance(outcomes[2], errors.SomethingMissing):
        held = unseal(held)()
    one = held.appraisals.get()
    assert (held.state, one.station_points, one.origin_points, one.gap) == ("unsealed", 95, 80, 1)


def test_an_unsealing_twice_at_one_moment_happens_once(places):
    make.stay(places)
    held = make_round.handed_in(places["station"])

    outcomes = together(unseal(held), unseal(held))

    assert kinds(outcomes) == ["AppraisalRound", "NotInThisState"]
    assert AuditEvent.objects.filter(verb="appraisal_round.unsealed").count() == 1


def test_one_assessment_handed_in_twice_at_one_moment_is_taken_once(places):
    make.stay(places)
    held = make_round.opened(places["station"])

    outcomes = together(hand_in(held, "station", 95), hand_in(held, "station", 60))

    assert kinds(outcomes) == ["AlreadyHandedIn", "Assessment"]


def test_one_person_speaking_for_both_sides_at_one_moment_is_refused_once(places):
    make.stay(places)
    held, officer = make_round.opened(places["station"]), make.user()
    acts = [
        partial(assessing.hand_in, make_round.of(held, side), make_round.sheet(held), by=officer, at=OPENED)
        for side in ("station", "origin")
    ]

    assert kinds(together(*acts)) == ["Assessment", "OtherSideScored"]


def test_a_grade_decided_twice_at_one_moment_is_decided_once(places):
    make.stay(places)
    held = make_round.replying(places["station"])
    one, moment = held.appraisals.get(), make_round.after_window(held)
    acts = [
        partial(deciding.decide, one, grade=grade, reason="综合", by=make.user(), at=moment)
        for grade in ("qualified", "basic")
    ]

    assert kinds(together(*acts)) == ["AlreadyDecided", "Appraisal"]


def test_two_rounds_of_a_unit_closed_at_one_moment_share_no_number(places):
    make.stay(places)
    rounds = [make_round.decided(places["station"], year=year) for year in (2025, 2026)]
    acts = [partial(noticing.close_round, held, by=make.user(), at=OPENED) for held in rounds]

    together(*acts)

    assert sorted(ResultNotice.objects.values_list("serial", flat=True)) == [1, 2, 3, 4]
    assert AppraisalRound.objects.filter(state="closed").count() == 2


@pytest.fixture
def box(places):
    for number in range(6):
        make.stay(places, f"成员{number}")
    held = make_round.opened(places["station"], mutual="ballot", weight_self=10, weight_mutual=10)
    return balloting.open_box(held, unit=places["station"], by=make.user(), at=OPENED)


def test_one_paper_used_twice_at_one_moment_is_one_ballot(box):
    code = balloting.print_papers(box, by=make.user(), at=OPENED)[0]
    member = str(box.voters.values_list("appraisal", flat=True)[0])
    acts = [partial(balloting.cast, box, code=code, ballot={member: grade}) for grade in ("excellent", "basic")]

    assert kinds(together(*acts)) == ["NoneType", "PaperUsedOrUnknown"]
    assert tallies.read(BallotBox.objects.get(pk=box.pk), "tally").ballots == 1


def test_ballots_of_everybody_at_one_moment_all_count(box):
    codes = balloting.print_papers(box, by=make.user(), at=OPENED)
    member = str(box.voters.values_list("appraisal", flat=True)[0])

    together(*(partial(balloting.cast, box, code=code, ballot={member: "excellent"}) for code in codes))

    tally = tallies.read(BallotBox.objects.get(pk=box.pk), "tally")
    assert (tally.ballots, tally.counts[member]["excellent"]) == (6, 6)
