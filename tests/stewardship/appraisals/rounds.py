"""Rounds of appraisal in the small prefecture, brought to any step by the actions themselves."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from tests import places as make
from waystation.stewardship.appraisals.actions import (
    assessing,
    consulting,
    deciding,
    noticing,
    opening,
    rounds,
    unsealing,
)
from waystation.stewardship.appraisals.models import Appraisal, AppraisalRound, Assessment
from waystation.stewardship.appraisals.sheets import Sheet

OPENED = datetime(2026, 11, 20, 4, tzinfo=UTC)
DUE = date(2026, 12, 10)
CRITERIA = [
    {"title": "政治素质", "explanation": "", "weight": 40},
    {"title": "作用发挥", "explanation": "", "weight": 35},
    {"title": "组织生活", "explanation": "", "weight": 25},
]
WORDS = {"standards": "标准", "demands": "要求", "goals": "目标", "method": "方法"}


def draft(unit, *, criteria=None, **more) -> AppraisalRound:
    values = {
        "year": 2026, "title": "2026年度双向评议", "cutoff_on": date(2026, 11, 15), "due_on": DUE, "mutual": "none",
        "weight_self": 20, "weight_mutual": 0, "weight_station": 40, "weight_origin": 40, **WORDS, **more,
    }  # fmt: skip
    return rounds.draft_round(unit=unit, criteria=criteria or CRITERIA, by=None, at=OPENED, **values)


def published(unit, **more) -> AppraisalRound:
    return rounds.publish_round(draft(unit, **more), by=make.user(), at=OPENED)


def opened(unit, **more) -> AppraisalRound:
    return opening.open_round(published(unit, **more), by=make.user(), at=OPENED)


def sheet(held: AppraisalRound, points: int = 88, reason: str = "") -> Sheet:
    ids = [str(pk) for pk in held.criteria.order_by("order").values_list("pk", flat=True)]
    return Sheet(dict.fromkeys(ids, points), {ids[0]: reason} if reason else {})


def of(held: AppraisalRound, side: str, appraisal: Appraisal | None = None) -> Assessment:
    rows = Assessment.objects.filter(round=held, side=side)
    return (rows.filter(appraisal=appraisal) if appraisal else rows).order_by("pk").first()


def hand_in(held, side, points=88, *, by=None, at=OPENED, appraisal=None, reason=""):
    given = sheet(held, points, reason)
    return assessing.hand_in(of(held, side, appraisal), given, by=by or make.user(), at=at)


def handed_in(unit, *, station=88, origin=88, own=88, **more) -> AppraisalRound:
    """Everything is in; every member has the same points of each side."""
    held = opened(unit, **more)
    sides = {"self": own, "station": station, "origin": origin, "mutual": 88}
    scorers = {side: make.user() for side in sides}
    for row in Assessment.objects.filter(round=held):
        assessing.hand_in(row, sheet(held, sides[row.side]), by=scorers[row.side], at=OPENED)
    return held


def unsealed(unit, **more) -> AppraisalRound:
    return unsealing.unseal_round(handed_in(unit, **more), by=make.user(), at=OPENED)


def consult(appraisal, conclusion="qualified"):
    return consulting.consult(
        appraisal, held_on=date(2026, 11, 21), station_people="罗春生", origin_people="缪家旺", text="双方充分交换意见",
        conclusion=conclusion, by=make.user(), at=OPENED,
    )  # fmt: skip


def agreed(appraisal, conclusion="qualified"):
    """A consultation whose record the origin has confirmed."""
    consult(appraisal, conclusion)
    return consulting.answer_consultation(appraisal, agrees=True, by=make.user(), at=OPENED)


def replying(unit, *, grade="", excess_reason="", **more) -> AppraisalRound:
    """Everybody has a proposal, by default the arithmetic, and may answer."""
    held = unsealed(unit, **more)
    for row in held.appraisals.filter(is_probationary=False).select_related("round"):
        if row.gap:
            agreed(row)
            row.refresh_from_db()
        wanted = grade or deciding.expected(row)
        deciding.propose(row, grade=wanted, reason="综合表现", by=make.user(), at=OPENED)
    return deciding.open_replies(held, excess_reason=excess_reason, by=make.user(), at=OPENED)


def after_window(held) -> datetime:
    return OPENED + timedelta(days=held.reply_days + 1)


def decided(unit, **more) -> AppraisalRound:
    held = replying(unit, **more)
    for row in held.appraisals.filter(is_probationary=False):
        deciding.decide(row, grade=row.proposed_grade, by=make.user(), at=after_window(held))
    return deciding.conclude(held, by=make.user(), at=after_window(held))


def closed(unit, **more) -> AppraisalRound:
    held = decided(unit, **more)
    return noticing.close_round(held, by=make.user(), at=after_window(held))
