"""Questions about the papers of a ballot."""

from __future__ import annotations

from django.db.models import QuerySet

from waystation.kernel.sealing import blinds
from waystation.stewardship.appraisals.models import BallotBox, BallotPaper

LABEL = "appraisals.ballot"


def normal_code(text: str) -> str:
    """A code as it was printed, without the gaps and small letters of whoever typed it."""
    return "".join(character for character in text.upper() if character.isalnum())


def papers_of(box: BallotBox, code: str) -> QuerySet[BallotPaper]:
    """The unused paper of the box with this code, if there is one. Asking leaves nothing behind."""
    return BallotPaper.objects.filter(box=box, digest__in=blinds(LABEL, normal_code(code)))
