"""Questions about the papers of a ballot."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils import timezone

from waystation.kernel import dated
from waystation.kernel.sealing import blinds
from waystation.stewardship.appraisals import rules
from waystation.stewardship.appraisals.models import BallotBox, BallotPaper

LABEL = "appraisals.ballot"


def normal_code(text: str) -> str:
    """A code as it was printed, without the gaps and small letters of whoever typed it."""
    return "".join(character for character in text.upper() if character.isalnum())


def papers_of(box: BallotBox, code: str) -> QuerySet[BallotPaper]:
    """The unused paper of the box with this code, if there is one. Asking leaves nothing behind."""
    return BallotPaper.objects.filter(box=box, digest__in=blinds(LABEL, normal_code(code)))


def least_of(box: BallotBox) -> int:
    """How many ballots the box must hold to be shown and counted: by the rule of the day on which it was closed.

    A rule that is lowered later opens no box whose voters cast their ballots under the higher number.
    """
    return dated.value(rules.BALLOT_LEAST, timezone.localdate(box.closed_at))
