"""Unsealing a round, and consulting where the sides are apart."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from waystation.kernel import audit, bulk
from waystation.stewardship.appraisals import sheets, tallies
from waystation.stewardship.appraisals.actions import errors
from waystation.stewardship.appraisals.actions.opening import finish_items
from waystation.stewardship.appraisals.actions.rounds import lock
from waystation.stewardship.appraisals.models import (
    GRADES,
    Appraisal,
    AppraisalRound,
    Assessment,
    BallotBox,
)
from waystation.stewardship.appraisals.queries.ballots import least_of

State, Side = AppraisalRound.State, Assessment.Side
POINTS = ("self_points", "mutual_points", "station_points", "origin_points")
_CENT = Decimal("0.01")


@transaction.atomic
def unseal_round(appraisal_round: AppraisalRound, *, reason: str = "", by, at: datetime) -> AppraisalRound:
    """Open every assessment of the round at once and work out the arithmetic that is shown beside them.

    Refuses while required assessments are missing: before the day until which they may be handed in always, after it
    without a written reason (SomethingMissing); and while a ballot box is open (BoxesOpen).
    """
    held = lock(appraisal_round, State.SCORING)
    missing = Assessment.objects.due().filter(round=held).count()
    if missing and timezone.localdate(at) <= held.due_on:
        raise errors.SomethingMissing(_("Required assessments are missing and may still be handed in."))
    if missing and not reason:
        raise errors.SomethingMissing(_("Required assessments are missing: write why the round goes on without them."))
    if held.boxes.filter(closed_at=None).exists():
        raise errors.BoxesOpen
    held.state, held.unsealed_at, held.unsealed_by = State.UNSEALED, at, by
    held.unsealing_reason = reason if missing else ""
    held.save(update_fields=["state", "unsealed_at", "unsealed_by", "unsealing_reason"])
    _work_out(held)
    finish_items(Assessment.objects.due().model.objects.filter(round=held, handed_in_at=None),
                 outcome=_("not handed in"), by=by, at=at)  # fmt: skip
    audit.record(
        "appraisal_round.unsealed", on=held, by=by, at=at, unit_path=held.unit_path, purpose=held.unsealing_reason,
        missing=missing,
    )  # fmt: skip
    return held


def _work_out(held: AppraisalRound) -> None:
    """Points of each side, their weighed mean, and how many grades station and origin are apart."""
    criteria = list(held.criteria.all())
    rows = list(Assessment.objects.filter(round=held, handed_in_at__isnull=False))
    said: dict = defaultdict(list)
    for row, sheet in zip(rows, sheets.opened_by_unsealing(rows, held), strict=True):
        said[row.appraisal_id, row.side].append(sheet.total(criteria))
    voted = _voted(held)
    appraisals = list(held.appraisals.all())
    for one in appraisals:
        for side in (Side.SELF, Side.MUTUAL, Side.STATION, Side.ORIGIN):
            setattr(one, f"{side.value}_points", _mean(said[one.pk, side]))
        one.mutual_points = voted.get(one.pk, one.mutual_points)
        one.points = weighed(held, one)
        one.gap = gap_between(held, one.station_points, one.origin_points)
    bulk.update(appraisals, [*POINTS, "points", "gap"])


def _voted(held: AppraisalRound) -> dict:
    """The points of the ballots by appraisal; a box with too few ballots says nothing."""
    found: dict = {}
    for box in BallotBox.objects.filter(round=held):
        if box.ballots < least_of(box):
            continue
        tally = tallies.counted(box)
        for pk in box.voters.values_list("appraisal", flat=True):
            found[pk] = tally.points(str(pk), held.ballot_points)
    return found


def _mean(totals: list[Decimal]) -> Decimal | None:
    if not totals:
        return None
    return (sum(totals, Decimal(0)) / len(totals)).quantize(_CENT, ROUND_HALF_UP)


def weighed(held: AppraisalRound, one: Appraisal) -> Decimal | None:
    """The mean of the sides by their published weights; a side that said nothing weighs nothing."""
    weights = (held.weight_self, held.weight_mutual, held.weight_station, held.weight_origin)
    present = [
        (getattr(one, name), weight)
        for name, weight in zip(POINTS, weights, strict=True)
        if weight and getattr(one, name) is not None
    ]
    total = sum(weight for _points, weight in present)
    if not total:
        return None
    return (sum(points * weight for points, weight in present) / total).quantize(_CENT, ROUND_HALF_UP)


def gap_between(held: AppraisalRound, station: Decimal | None, origin: Decimal | None) -> int:
    """How many grades the two sides are apart; none where one of them said nothing."""
    if station is None or origin is None:
        return 0
    return abs(GRADES.index(held.grade_of(station)) - GRADES.index(held.grade_of(origin)))
