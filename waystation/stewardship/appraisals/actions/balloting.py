"""The anonymous ballot: boxes, papers, ballots, counts. Why it is made so stands in docs/adr/0009."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from waystation.kernel import audit, bulk
from waystation.kernel.fields import prefix_q
from waystation.kernel.sealing import blind
from waystation.organizations.models import Unit
from waystation.stewardship.appraisals import tallies
from waystation.stewardship.appraisals.actions import errors
from waystation.stewardship.appraisals.actions.rounds import lock
from waystation.stewardship.appraisals.models import (
    GRADES,
    AppraisalRound,
    BallotBox,
    BallotPaper,
    BallotVoter,
    PaperCount,
)
from waystation.stewardship.appraisals.queries.ballots import LABEL, papers_of
from waystation.stewardship.appraisals.tallies import Tally

ALPHABET = "ACDEFGHJKLMNPQRTUVWXY3479"  # none that is taken for another on paper
CODE_LENGTH = 12  # 55 bits: nobody guesses one of a few hundred
MOST_VOTERS = 100


class BallotRefused(errors.AppraisalRefused):
    """The act on a ballot box is refused; the sentence says why."""


class PaperUsedOrUnknown(BallotRefused):
    """The code is no paper of this box, or a ballot was cast with it."""

    def __init__(self):
        super().__init__(_("This code is not valid: it was used already, or it is not a code of this ballot."))


class BallotsExceedPapers(BallotRefused):
    """More ballots than members who were given a paper."""

    def __init__(self):
        super().__init__(
            _("There are more ballots than papers given out. Mark everybody who was given one, and count again.")
        )


def _lock_box(box: BallotBox) -> BallotBox:
    held = BallotBox.objects.select_for_update().get(pk=box.pk)
    if held.closed_at is not None:
        raise errors.NotInThisState
    return held


@transaction.atomic
def open_box(appraisal_round: AppraisalRound, *, unit: Unit, by, at: datetime) -> BallotBox:
    """Open a box for the members of a station or grid in the round; they vote, and they are voted on.

    Refuses (BallotRefused) a unit without members who have no box yet, and one with too many for a paper.
    """
    held = lock(appraisal_round, AppraisalRound.State.SCORING)
    if held.mutual != AppraisalRound.Mutual.BALLOT:
        raise errors.NotInThisState
    here = held.appraisals.filter(prefix_q("person__stay_path", unit.path), voter=None)
    members = sorted(here.values_list("pk", flat=True))
    if not members:
        raise BallotRefused(_("Nobody of this round without a box is in care here."))
    if len(members) > MOST_VOTERS:
        raise BallotRefused(_("More than %(most)d members: open a box for each grid.") % {"most": MOST_VOTERS})
    made = BallotBox(round=held, unit=unit, unit_path=unit.path, opened_at=at, opened_by=by)
    tallies.write(made, "tally", Tally.of_nothing(members))
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as error:
        raise BallotRefused(_("This unit has a box already.")) from error
    bulk.insert([BallotVoter(appraisal_id=pk, box=made) for pk in members])
    audit.record("ballot_box.opened", on=made, by=by, at=at, unit_path=unit.path, voters=len(members))
    return made


@transaction.atomic
def print_papers(box: BallotBox, *, by, at: datetime) -> list[str]:
    """Make a code for every voter who has none printed, and return them once, in an order by chance.

    Only digests are kept, sorted by themselves, so that neither their order nor their time tells one from another.
    """
    held = _lock_box(box)
    wanted = held.voters.count() - held.printed
    if wanted <= 0:
        raise BallotRefused(_("The papers were printed already. Spoilt ones can be cancelled all together."))
    codes = set()
    while len(codes) < wanted:
        codes.add("".join(secrets.choice(ALPHABET) for _place in range(CODE_LENGTH)))
    bulk.insert([BallotPaper(digest=digest, box=held) for digest in sorted(blind(LABEL, code) for code in codes)])
    held.printed += wanted
    held.save(update_fields=["printed"])
    audit.record("ballot_papers.printed", on=held, by=by, at=at, unit_path=held.unit_path, papers=wanted)
    shuffled = list(codes)
    secrets.SystemRandom().shuffle(shuffled)
    return shuffled


@transaction.atomic
def cancel_papers(box: BallotBox, *, by, at: datetime) -> int:
    """Make every unused paper of the box worthless, for instance when a sheet was seen; they can be printed anew."""
    held = _lock_box(box)
    gone = held.papers.count()
    held.papers.all().delete()
    held.printed -= gone
    held.save(update_fields=["printed"])
    audit.record("ballot_papers.cancelled", on=held, by=by, at=at, unit_path=held.unit_path, papers=gone)
    return gone


@transaction.atomic
def mark_voters(box: BallotBox, appraisals: Iterable, *, by, at: datetime) -> int:
    """Note for several voters at once that each was given a paper. Which one, and when, is not kept."""
    held = _lock_box(box)
    marked = held.voters.filter(appraisal__in=list(appraisals), has_taken=False).update(has_taken=True)
    audit.record("ballot_voters.marked", on=held, by=by, at=at, unit_path=held.unit_path, voters=marked)
    return marked


@transaction.atomic
def cast(box: BallotBox, *, code: str, ballot: dict[str, str]) -> None:
    """Use up a paper and add what it says to the sums. Nothing else is written: no row, no time, no event.

    Refuses a code that was used or never printed (PaperUsedOrUnknown) and a ballot that is none (BallotRefused).
    """
    held = _lock_box(box)
    voters = {str(pk) for pk in held.voters.values_list("appraisal", flat=True)}
    if not ballot or not set(ballot) <= voters or not set(ballot.values()) <= set(GRADES):
        raise BallotRefused(_("Choose a grade for at least one member."))
    # The row that goes is the lock: of two ballots with one paper the second finds none.
    used, _by_model = papers_of(held, code).delete()
    if not used:
        raise PaperUsedOrUnknown
    tally = tallies.read(held, "tally")
    tally.drop_in(ballot)
    tallies.write(held, "tally", tally)
    held.save(update_fields=["tally"])


@transaction.atomic
def type_count(box: BallotBox, tally: Tally, *, by, at: datetime) -> PaperCount:
    """Enter the count of the ballots on paper. A second person enters it anew; if both agree it counts at closing.

    If they differ, both entries are gone and are typed again. Refuses the same person twice (BallotRefused).
    """
    held = _lock_box(box)
    _refuse_impossible(held, tally)
    row = PaperCount.objects.filter(box=held).first() or PaperCount(box=held)
    if row.agreed_at is not None:
        raise errors.NotInThisState
    if row.first_at is None:
        tallies.write(row, "first", tally)
        row.first_at, row.first_by = at, by
    elif row.first_by_id == by.pk:
        raise BallotRefused(_("You typed the first count; somebody else types the second."))
    else:
        tallies.write(row, "second", tally)
        row.second_at, row.second_by = at, by
        if _same(tallies.read(row, "first"), tally):
            row.agreed_at = at
        else:
            row.first = row.first_at = row.first_by = row.second = row.second_at = row.second_by = None
    row.save()
    differ = row.first_at is None
    audit.record(
        "paper_count.differed" if differ else "paper_count.typed", on=held, by=by, at=at, unit_path=held.unit_path,
        agreed=row.agreed_at is not None,
    )  # fmt: skip
    return row


def _refuse_impossible(held: BallotBox, tally: Tally) -> None:
    known = {str(pk) for pk in held.voters.values_list("appraisal", flat=True)}
    numbers = [number for counts in tally.counts.values() for number in counts.values()]
    if set(tally.counts) != known or any(number < 0 for number in [tally.ballots, *numbers]):
        raise BallotRefused(_("The count does not fit the voters' list."))
    if any(sum(counts.values()) > tally.ballots for counts in tally.counts.values()):
        raise BallotRefused(_("A member has more marks than there are ballots."))


def _same(one: Tally, other: Tally) -> bool:
    texts = [
        f"{tally.ballots}|{sorted((k, sorted(v.items())) for k, v in tally.counts.items())}" for tally in (one, other)
    ]
    return hmac.compare_digest(*(text.encode() for text in texts))


@transaction.atomic
def close_box(box: BallotBox, *, by, at: datetime) -> BallotBox:
    """End the ballot: add the paper count, destroy the unused papers, and let the sums be read.

    Refuses a paper count that only one person typed (BallotRefused) and more ballots than papers given out
    (BallotsExceedPapers).
    """
    held = _lock_box(box)
    tally = tallies.read(held, "tally")
    count = PaperCount.objects.filter(box=held, first_at__isnull=False).first()
    if count is not None:
        if count.agreed_at is None:
            raise BallotRefused(_("The count of the papers was typed by one person only."))
        tally.add(tallies.read(count, "first"))
    given = held.voters.aggregate(given=Count("pk", filter=Q(has_taken=True)))["given"]
    if tally.ballots > given:
        raise BallotsExceedPapers
    held.papers.all().delete()
    tallies.write(held, "tally", tally)
    held.ballots, held.closed_at, held.closed_by = tally.ballots, at, by
    held.save(update_fields=["tally", "ballots", "closed_at", "closed_by"])
    audit.record("ballot_box.closed", on=held, by=by, at=at, unit_path=held.unit_path, ballots=tally.ballots)
    return held
