"""The anonymous ballot: every paper once, sums that equal the votes, and nothing that leads to a voter."""

import random
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import places as make
from tests.stewardship.appraisals import rounds as make_round
from tests.stewardship.appraisals.rounds import OPENED
from waystation.kernel import dated
from waystation.kernel.models import AuditEvent, Submission
from waystation.kernel.sealing import blind
from waystation.stewardship.appraisals import rules, tallies
from waystation.stewardship.appraisals.actions import balloting, errors, unsealing
from waystation.stewardship.appraisals.actions.balloting import BallotRefused, BallotsExceedPapers, PaperUsedOrUnknown
from waystation.stewardship.appraisals.models import GRADES, BallotBox, BallotPaper, PaperCount
from waystation.stewardship.appraisals.queries.ballots import LABEL
from waystation.stewardship.appraisals.tallies import BoxStillOpen, Tally

pytestmark = pytest.mark.django_db
BY_BALLOT = {"mutual": "ballot", "weight_self": 10, "weight_mutual": 10}


def box_of(places, members=6) -> BallotBox:
    for number in range(members):
        make.stay(places, f"成员{number}")
    held = make_round.opened(places["station"], **BY_BALLOT)
    return balloting.open_box(held, unit=places["station"], by=make.user(), at=OPENED)


def members_of(box) -> list[str]:
    return sorted(str(pk) for pk in box.voters.values_list("appraisal", flat=True))


def mark_all(box):
    balloting.mark_voters(box, members_of(box), by=make.user(), at=OPENED)


def everything() -> dict[str, list]:
    """Every row of every table, as the database holds it, in its physical order."""
    place = "rowid" if connection.vendor == "sqlite" else "ctid::text, xmin::text"
    found = {}
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names()):
            cursor.execute(f"SELECT {place}, t.* FROM {table} t")
            found[table] = [tuple(map(str, row)) for row in cursor.fetchall()]
    return found


def test_a_vote_changes_nothing_but_the_sealed_sums_and_the_unused_papers(places):
    box = box_of(places)
    codes = balloting.print_papers(box, by=make.user(), at=OPENED)
    mark_all(box)
    before, events = everything(), AuditEvent.objects.count()

    balloting.cast(box, code=codes[0], ballot={members_of(box)[0]: "unqualified"})

    after = everything()
    changed = {table for table in before if before[table] != after[table]}
    assert changed == {"appraisals_ballotbox", "appraisals_ballotpaper"}
    assert (AuditEvent.objects.count(), Submission.objects.count()) == (events, 0)
    gone = set(before["appraisals_ballotpaper"]) - set(after["appraisals_ballotpaper"])
    assert len(gone) == 1
    assert not set(after["appraisals_ballotpaper"]) - set(before["appraisals_ballotpaper"])
    (sums,) = BallotBox.objects.values_list("tally", flat=True)
    assert "unqualified" not in sums


def test_the_voters_list_keeps_neither_the_time_nor_the_order_nor_the_paper():
    from waystation.stewardship.appraisals.models import BallotVoter  # noqa: PLC0415 - the subject of the test

    assert {field.name for field in BallotVoter._meta.get_fields()} == {"appraisal", "box", "has_taken"}
    assert {field.name for field in BallotPaper._meta.get_fields()} == {"digest", "box"}


def test_papers_lie_in_the_order_of_their_digests_and_come_out_in_another(places):
    box = box_of(places, 12)
    codes = balloting.print_papers(box, by=make.user(), at=OPENED)

    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT digest FROM appraisals_ballotpaper ORDER BY {'rowid' if connection.vendor == 'sqlite' else 'ctid'}"
        )
        lying = [digest for (digest,) in cursor.fetchall()]
    printed = [blind(LABEL, code) for code in codes]
    assert lying == sorted(lying)
    assert (sorted(printed), len(set(codes))) == (lying, 12)
    assert printed != lying
    assert not any(code in str(event.facts) for code in codes for event in AuditEvent.objects.all())


def test_the_order_of_voting_leaves_the_same_database_as_any_other_order(places):
    """Whoever compares two histories of the same votes finds nothing that tells which was which."""
    box = box_of(places)
    codes = balloting.print_papers(box, by=make.user(), at=OPENED)
    one = members_of(box)[0]
    votes = [{one: GRADES[number % 4]} for number in range(len(codes))]

    seen = []
    for seed in (1, 2):
        with transaction.atomic():
            order = list(range(len(codes)))
            random.Random(seed).shuffle(order)
            for number in order:
                balloting.cast(box, code=codes[number], ballot=votes[number])
            state = BallotBox.objects.get(pk=box.pk)
            rows = {table: len(lines) for table, lines in everything().items()}
            seen.append((tallies.read(state, "tally").counts, len(state.tally), rows))
            transaction.set_rollback(True)
    assert seen[0] == seen[1]


def test_a_paper_is_good_for_one_ballot(places):
    box = box_of(places)
    codes = balloting.print_papers(box, by=make.user(), at=OPENED)
    ballot = {members_of(box)[0]: "excellent"}
    balloting.cast(box, code=f" {codes[0][:4].lower()}-{codes[0][4:]}", ballot=ballot)

    for code in (codes[0], "", "AAAA AAAA AAAA", codes[1][:-1]):
        with pytest.raises(PaperUsedOrUnknown):
            balloting.cast(box, code=code, ballot=ballot)
    assert tallies.read(BallotBox.objects.get(pk=box.pk), "tally").ballots == 1


@pytest.mark.parametrize("ballot", [{}, {"x": "excellent"}, {"first": "best"}])
def test_a_ballot_that_is_none_uses_up_no_paper(places, ballot):
    box = box_of(places)
    code = balloting.print_papers(box, by=make.user(), at=OPENED)[0]
    ballot = {members_of(box)[0] if key == "first" else key: grade for key, grade in ballot.items()}

    with pytest.raises(BallotRefused):
        balloting.cast(box, code=code, ballot=ballot)
    balloting.cast(box, code=code, ballot={members_of(box)[0]: "basic"})


def test_papers_are_printed_once_for_each_voter_and_cancelled_together(places):
    box = box_of(places)
    first = balloting.print_papers(box, by=make.user(), at=OPENED)
    with pytest.raises(BallotRefused):
        balloting.print_papers(box, by=make.user(), at=OPENED)
    balloting.cast(box, code=first[0], ballot={members_of(box)[0]: "basic"})
    assert balloting.cancel_papers(box, by=make.user(), at=OPENED) == 5

    second = balloting.print_papers(box, by=make.user(), at=OPENED)
    assert len(second) == 5
    with pytest.raises(PaperUsedOrUnknown):
        balloting.cast(box, code=first[1], ballot={members_of(box)[0]: "basic"})


def test_no_sum_is_read_before_the_box_is_closed(places):
    box = box_of(places)

    with pytest.raises(BoxStillOpen):
        tallies.counted(box)
    hand_in_all(box)
    with pytest.raises(errors.BoxesOpen):
        unsealing.unseal_round(box.round, by=make.user(), at=OPENED)


def hand_in_all(box):
    """Every side but the ballot, each by one person."""
    for side in ("self", "station", "origin"):
        scorer = make.user()
        for row in box.round.assessments.filter(side=side):
            make_round.hand_in(box.round, side, by=scorer, appraisal=row.appraisal)


def count_of(box, ballots, **marks) -> Tally:
    tally = Tally.of_nothing(members_of(box))
    tally.ballots = ballots
    tally.counts[members_of(box)[0]].update(marks)
    return tally


def test_ballots_on_paper_count_when_two_people_typed_the_same(places):
    box = box_of(places)
    mark_all(box)
    first, second = make.user(), make.user()
    balloting.type_count(box, count_of(box, 3, basic=3), by=first, at=OPENED)
    with pytest.raises(BallotRefused):
        balloting.close_box(box, by=first, at=OPENED)
    with pytest.raises(BallotRefused):
        balloting.type_count(box, count_of(box, 3, basic=3), by=first, at=OPENED)
    with pytest.raises(IntegrityError), transaction.atomic():
        PaperCount.objects.update(second_by=first, second_at=OPENED, second=PaperCount.objects.get().first)
    assert balloting.type_count(box, count_of(box, 3, basic=3), by=second, at=OPENED).agreed_at

    closed = balloting.close_box(box, by=first, at=OPENED)

    assert closed.ballots == 3
    assert tallies.counted(closed).counts[members_of(box)[0]]["basic"] == 3


def test_two_counts_that_differ_are_both_typed_again(places):
    box = box_of(places)
    balloting.type_count(box, count_of(box, 3, basic=3), by=make.user(), at=OPENED)

    row = balloting.type_count(box, count_of(box, 3, basic=2), by=make.user(), at=OPENED)

    assert (row.first_at, row.second_at, row.agreed_at) == (None, None, None)


def test_a_count_that_cannot_be_is_refused(places):
    box = box_of(places)
    for tally in (count_of(box, 2, basic=3), count_of(box, -1), Tally(1, {})):
        with pytest.raises(BallotRefused):
            balloting.type_count(box, tally, by=make.user(), at=OPENED)


def test_no_more_ballots_than_papers_given_out(places):
    box = box_of(places)
    for code in balloting.print_papers(box, by=make.user(), at=OPENED)[:2]:
        balloting.cast(box, code=code, ballot={members_of(box)[0]: "basic"})
    balloting.mark_voters(box, members_of(box)[:1], by=make.user(), at=OPENED)

    with pytest.raises(BallotsExceedPapers):
        balloting.close_box(box, by=make.user(), at=OPENED)


def test_closing_destroys_the_unused_papers_and_takes_no_more_ballots(places):
    box = box_of(places)
    code = balloting.print_papers(box, by=make.user(), at=OPENED)[0]
    closed = balloting.close_box(box, by=make.user(), at=OPENED)

    assert not BallotPaper.objects.exists()
    with pytest.raises(errors.NotInThisState):
        balloting.cast(closed, code=code, ballot={members_of(box)[0]: "basic"})


@pytest.mark.parametrize(("ballots", "counts"), [(4, None), (5, 100)])
def test_fewer_than_five_ballots_say_nothing(places, ballots, counts):
    box = box_of(places)
    mark_all(box)
    for code in balloting.print_papers(box, by=make.user(), at=OPENED)[:ballots]:
        balloting.cast(box, code=code, ballot=dict.fromkeys(members_of(box), "excellent"))
    balloting.close_box(box, by=make.user(), at=OPENED)
    hand_in_all(box)

    held = unsealing.unseal_round(box.round, by=make.user(), at=OPENED)

    assert {row.mutual_points for row in held.appraisals.all()} == {counts}


@pytest.mark.parametrize(("days", "shown"), [(1, 0), (0, 6)])
def test_a_changed_least_number_of_ballots_holds_for_boxes_closed_from_its_day_on(client, places, days, shown):
    box, starts_on = box_of(places), OPENED.date() + timedelta(days=days)
    mark_all(box)
    for code in balloting.print_papers(box, by=make.user(), at=OPENED)[:3]:
        balloting.cast(box, code=code, ballot=dict.fromkeys(members_of(box), "excellent"))
    dated.set_value(rules.BALLOT_LEAST, 3, starts_on=starts_on, source="本地办法", by=None, at=OPENED)
    balloting.close_box(box, by=make.user(), at=OPENED)
    hand_in_all(box)

    held = unsealing.unseal_round(box.round, by=make.user(), at=OPENED + timedelta(days=9))

    assert held.appraisals.filter(mutual_points=100).count() == shown
    client.force_login(make.user("station_head", places["station"]))
    page = client.get(reverse("appraisals:box", args=[box.pk]))
    assert (page.context["least"], len(page.context["sums"])) == (3 if shown else 5, shown)


@pytest.mark.parametrize("number", [0, 1, 2, 101])
def test_no_rule_says_a_number_by_which_a_voter_is_known(number):
    with pytest.raises(dated.NotAValue):
        dated.rule(rules.BALLOT_LEAST).parse(number)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.dictionaries(st.integers(0, 3), st.sampled_from(GRADES), min_size=1), max_size=4))
def test_the_sums_are_the_votes(places, votes):
    with transaction.atomic():
        box = box_of(places, 4)
        members, codes = members_of(box), balloting.print_papers(box, by=None, at=OPENED)
        mark_all(box)
        for code, vote in zip(codes, votes, strict=False):
            balloting.cast(box, code=code, ballot={members[number]: grade for number, grade in vote.items()})
        tally = tallies.counted(balloting.close_box(box, by=make.user(), at=OPENED))
        assert tally.ballots == len(votes)
        for number, member in enumerate(members):
            for grade in GRADES:
                assert tally.counts[member][grade] == sum(vote.get(number) == grade for vote in votes)
        transaction.set_rollback(True)


def test_a_box_takes_each_member_of_its_unit_once(places):
    box = box_of(places)

    with pytest.raises(BallotRefused):
        balloting.open_box(box.round, unit=places["station"], by=None, at=OPENED)
    with pytest.raises(BallotRefused):
        balloting.open_box(box.round, unit=places["beside"], by=None, at=OPENED)
