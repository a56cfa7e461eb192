"""Handing in an assessment."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from waystation.kernel import audit
from waystation.stewardship.appraisals import sheets
from waystation.stewardship.appraisals.actions import errors
from waystation.stewardship.appraisals.actions.opening import finish_items
from waystation.stewardship.appraisals.actions.rounds import lock
from waystation.stewardship.appraisals.models import Appraisal, AppraisalRound, Assessment, Criterion
from waystation.stewardship.appraisals.sheets import Sheet

Side = Assessment.Side
_SCORER = {Side.STATION: "station_scorer", Side.ORIGIN: "origin_scorer"}


@transaction.atomic
def hand_in(assessment: Assessment, sheet: Sheet, *, on_behalf: bool = False, by, at: datetime) -> Assessment:
    """Seal what one side says of a member. It is never changed after, and nobody reads it before the unsealing.

    Refuses outside the time of scoring (NotInThisState), a second time (AlreadyHandedIn), the person who spoke for
    the other side (OtherSideScored) and what is no answer to the criteria (NotASheet).
    """
    # The row of the round is taken first: an unsealing at the same moment waits, or this is refused.
    held = lock(AppraisalRound(pk=assessment.round_id), AppraisalRound.State.SCORING)
    row = Assessment.objects.select_for_update().get(pk=assessment.pk)
    if row.handed_in_at is not None:
        raise errors.AlreadyHandedIn
    sheets.check(sheet, Criterion.objects.filter(round=held))
    _note_scorer(row, by)
    sheets.close(row, sheet)
    row.handed_in_at, row.handed_in_by, row.on_behalf = at, by, on_behalf
    row.save(update_fields=["sheet", "handed_in_at", "handed_in_by", "on_behalf"])
    finish_items([row], outcome=_("handed in"), by=by, at=at)
    path = Appraisal.objects.values_list("station_path", flat=True).get(pk=row.appraisal_id)
    audit.record(
        "assessment.handed_in", on=row, by=by, at=at, unit_path=path, side=str(row.side), on_behalf=on_behalf,
        person=str(row.person_id),
    )  # fmt: skip
    return row


def _note_scorer(row: Assessment, by) -> None:
    """Keep who spoke for the side, so that the same person neither speaks for the other nor decides."""
    name = _SCORER.get(Side(row.side))
    if name is None:
        return
    appraisal = Appraisal.objects.select_for_update().get(pk=row.appraisal_id)
    if by is not None and by.pk in (appraisal.station_scorer_id, appraisal.origin_scorer_id):
        raise errors.OtherSideScored
    setattr(appraisal, name, by)
    appraisal.save(update_fields=[name])
