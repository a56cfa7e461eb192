"""What an assessment says, sealed and opened. This is the one way in, and it opens nothing before its time."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _

from waystation.kernel.sealing import seal, unseal
from waystation.stewardship.appraisals.models import AppraisalRound, Assessment, Criterion

MOST_POINTS = 100
BLOCK = 1024  # the length of a sealed sheet must not tell what is in it
_CENT = Decimal("0.01")


class StillSealed(Exception):
    """Nobody reads an assessment before the round is unsealed."""

    def __init__(self):
        super().__init__(_("The assessments are sealed until the round is unsealed."))


class NotASheet(ValueError):
    """The points are not whole numbers from 0 to 100 for exactly the criteria of the round."""


@dataclass(frozen=True)
class Sheet:
    """Points from 0 to 100 for each criterion, by its id as text, and reasons where some were written."""

    points: dict[str, int]
    reasons: dict[str, str] = field(default_factory=dict)

    def __repr__(self):
        return "<Sheet>"

    def total(self, criteria: Iterable[Criterion]) -> Decimal:
        """The points weighed by the published criteria."""
        weighed = sum(Decimal(self.points[str(criterion.pk)] * criterion.weight) for criterion in criteria)
        return (weighed / 100).quantize(_CENT, ROUND_HALF_UP)


def check(sheet: Sheet, criteria: Iterable[Criterion]) -> None:
    """Refuse (NotASheet) what is no answer to the criteria."""
    wanted = {str(criterion.pk) for criterion in criteria}
    whole = all(type(value) is int and 0 <= value <= MOST_POINTS for value in sheet.points.values())
    if set(sheet.points) != wanted or not whole or not set(sheet.reasons) <= wanted:
        raise NotASheet(_("Give each criterion whole points from 0 to 100."))


def close(assessment: Assessment, sheet: Sheet) -> None:
    """Seal the sheet into the assessment; the caller saves."""
    text = json.dumps({"points": sheet.points, "reasons": sheet.reasons}, ensure_ascii=False)
    length = len(text.encode())
    seal(assessment, "sheet", text + " " * (-length % BLOCK))


def opened(assessment: Assessment) -> Sheet | None:
    """What was handed in; None if nothing was. Refuses (StillSealed) until the round is unsealed."""
    if not AppraisalRound.objects.filter(pk=assessment.round_id, unsealed_at__isnull=False).exists():
        raise StillSealed
    return _read(assessment)


def opened_by_unsealing(assessments: Iterable[Assessment], appraisal_round: AppraisalRound) -> list[Sheet | None]:
    """The sheets of a whole round, for the act that unseals it and for what is read after."""
    if appraisal_round.unsealed_at is None:
        raise StillSealed
    return [_read(assessment) for assessment in assessments]


def _read(assessment: Assessment) -> Sheet | None:
    text = unseal(assessment, "sheet")
    return Sheet(**json.loads(text)) if text else None
