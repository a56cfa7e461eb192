"""Questions about members in a round."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from waystation.kernel.counting import counts_of
from waystation.organizations.access import Reach
from waystation.stewardship.appraisals import sheets
from waystation.stewardship.appraisals.models import Appraisal, AppraisalRound, Assessment, Consultation, Criterion

State, Side = AppraisalRound.State, Assessment.Side


class What(StrEnum):
    """What waits for somebody in an appraisal."""

    MISSING = "missing"
    GAP = "gap"
    UNCONFIRMED = "unconfirmed"
    UNPROPOSED = "unproposed"
    OBJECTION = "objection"
    DECIDABLE = "decidable"
    PROBATIONARY = "probationary"
    EXCUSED = "excused"
    UNDECIDED = "undecided"


WHAT_WORDS = {
    What.MISSING: _("Assessments missing"),
    What.GAP: _("Consultation needed"),
    What.UNCONFIRMED: _("Consultations to be confirmed"),
    What.UNPROPOSED: _("To be proposed"),
    What.OBJECTION: _("The member objects"),
    What.DECIDABLE: _("To be decided"),
    What.PROBATIONARY: _("Probationary members"),
    What.EXCUSED: _("Excused members"),
    What.UNDECIDED: _("Without a grade yet"),
}


def _condition(what: str, day: date) -> Q:
    answered = Q(replied_at__isnull=False) | Q(reply_until__lt=day)
    open_records = Consultation.objects.filter(appraisal=OuterRef("pk"), agrees=None)
    waits = Assessment.objects.missing().filter(appraisal=OuterRef("pk"))
    return {
        What.MISSING: Q(Exists(waits), round__state=State.SCORING),
        What.GAP: Q(round__state=State.UNSEALED, gap__gt=0, consulted_at=None),
        What.UNCONFIRMED: Q(Exists(open_records), round__state=State.UNSEALED, proposed_grade=""),
        What.UNPROPOSED: Q(round__state=State.UNSEALED, is_probationary=False, proposed_grade=""),
        What.OBJECTION: Q(round__state=State.REPLIES, reply_agrees=False, grade=""),
        What.DECIDABLE: Q(round__state=State.REPLIES, is_probationary=False, grade="") & answered,
        What.PROBATIONARY: Q(is_probationary=True),
        What.EXCUSED: Q(is_excused=True, is_probationary=False),
        What.UNDECIDED: Q(is_probationary=False, grade=""),
    }[What(what)]


def counts_in(held: AppraisalRound, reach: Reach, day: date) -> dict[str, int]:
    """How many members of a round wait for what, by one question."""
    asked = {what: appraisals_by({"round": held.pk, "what": what}, reach, day=day) for what in WHAT_WORDS}
    return counts_of(asked, whole=False)


def appraisals_by(filters: dict, reach: Reach, *, day: date) -> QuerySet[Appraisal]:
    """The members in rounds, in reach, that the filters find. Nothing in a sealed round can be filtered by a score."""
    rows = Appraisal.objects.within(reach)
    if filters.get("round"):
        rows = rows.filter(round=filters["round"])
    if filters.get("year"):
        rows = rows.filter(round__year=filters["year"])
    if filters.get("station"):
        rows = rows.filter(station=filters["station"])
    if filters.get("grade"):
        rows = rows.filter(grade=filters["grade"])
    if filters.get("what"):
        rows = rows.filter(_condition(filters["what"], day))
    if filters.get("name"):
        rows = rows.filter(person__full_name__contains=filters["name"])
    return rows.select_related("person", "round", "station", "origin")


@dataclass(frozen=True)
class Handing:
    """One assessment as everybody sees it before the unsealing: whose, and whether it is in."""

    assessment: Assessment
    label: str
    who: str


def handings(appraisal: Appraisal) -> list[Handing]:
    """The assessments of a member: sides and whether each is in."""
    rows = appraisal.assessments.select_related("assessor", "round").defer("sheet").order_by("side", "pk")
    units = {Side.STATION: appraisal.station.name, Side.ORIGIN: appraisal.origin.name}
    order = list(Side.values)
    found = [Handing(row, row.get_side_display(), units.get(row.side) or row.assessor.full_name) for row in rows]
    return sorted(found, key=lambda one: order.index(one.assessment.side))


@dataclass(frozen=True)
class Line:
    """One criterion with what self, station and origin said of it. Peers are seen only as a mean."""

    criterion: Criterion
    cells: list[dict]


SHOWN = (Side.SELF, Side.STATION, Side.ORIGIN)


def opened_lines(appraisal: Appraisal, *, with_reasons: bool) -> list[Line]:
    """The points of each side by criterion. Refuses (StillSealed) until the round is unsealed."""
    said = {}
    for row in appraisal.assessments.filter(side__in=SHOWN):
        said[row.side] = sheets.opened(row)
    lines = []
    for criterion in appraisal.round.criteria.order_by("order"):
        key, cells = str(criterion.pk), []
        for side in SHOWN:
            sheet = said.get(side)
            reason = sheet.reasons.get(key, "") if sheet and with_reasons else ""
            cells.append({"label": side.label, "points": sheet.points[key] if sheet else None, "reason": reason})
        lines.append(Line(criterion, cells))
    return lines


@dataclass(frozen=True)
class Part:
    """One addend of the arithmetic: a side, its points, its published weight, the grade that the points mean."""

    label: str
    points: object
    weight: int
    grade: str


def arithmetic(appraisal: Appraisal) -> list[Part]:
    """The sides with their points and weights, as they were added up. A suggestion; people decide."""
    held, parts = appraisal.round, []
    for side in Side:
        weight, points = getattr(held, f"weight_{side.value}"), getattr(appraisal, f"{side.value}_points")
        if weight:
            grade = "" if points is None else held.grade_of(points).label
            parts.append(Part(side.label, points, weight, grade))
    return parts


def missing_by_appraisal(rows) -> dict:
    """How many required assessments each of the members still waits for."""
    found: dict = defaultdict(int)
    for pk in (
        Assessment.objects.due().filter(appraisal__in=[row.pk for row in rows]).values_list("appraisal", flat=True)
    ):
        found[pk] += 1
    return found
