"""Questions about rounds: which there are, how far each is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from waystation.kernel.models import Job
from waystation.organizations.access import Reach
from waystation.organizations.models import Unit
from waystation.stewardship.appraisals.models import Appraisal, AppraisalRound, Assessment

State, Side = AppraisalRound.State, Assessment.Side
ORDER = [State.DRAFT, State.PUBLISHED, State.SCORING, State.UNSEALED, State.REPLIES, State.DECIDED, State.CLOSED]
KINDS = (Unit.Kind.STATION, Unit.Kind.TOWN, Unit.Kind.COUNTY, Unit.Kind.CITY)


def rounds_by(filters: dict, reach: Reach, managing: Reach | None) -> QuerySet[AppraisalRound]:
    """The rounds in reach that the filters find; drafts only for those who manage them."""
    rows = AppraisalRound.objects.within(reach).select_related("unit")
    drafts = managing.path_q("unit_path") if managing else Q(pk__in=[])
    rows = rows.filter(~Q(state=State.DRAFT) | drafts)
    for name in ("year", "state"):
        if filters.get(name):
            rows = rows.filter(**{name: filters[name]})
    return rows


def managed(reach: Reach) -> QuerySet[AppraisalRound]:
    """The rounds of units in reach."""
    return AppraisalRound.objects.filter(reach.path_q("unit_path")).select_related("unit")


def units_for(reach: Reach) -> QuerySet[Unit]:
    """The units for which somebody with this reach may hold a round."""
    return Unit.objects.within(reach).active().filter(kind__in=KINDS).order_by("path")


@dataclass(frozen=True)
class Progress:
    """How many assessments of a side are in, of how many that are required. Never what they say."""

    side: str
    label: str
    handed_in: int
    required: int
    handed_in_required: int

    @property
    def missing(self) -> int:
        return self.required - self.handed_in_required


def progress(appraisal_round: AppraisalRound, reach: Reach | None = None) -> list[Progress]:
    """The progress of each side, of the members in reach."""
    rows = Assessment.objects.filter(round=appraisal_round)
    whole = reach is None or any(appraisal_round.unit_path.startswith(path) for path in reach.paths)
    if not whole:
        rows = rows.filter(reach.path_q("appraisal__station_path") | reach.path_q("appraisal__origin_path"))
    counted = rows.values("side").annotate(
        handed_in=Count("pk", filter=Q(handed_in_at__isnull=False)),
        required=Count("pk", filter=Q(is_required=True)),
        handed_in_required=Count("pk", filter=Q(is_required=True, handed_in_at__isnull=False)),
    )
    by_side = {row.pop("side"): row for row in counted}
    return [Progress(side.value, str(side.label), **by_side[side.value]) for side in Side if side.value in by_side]


def due_assessments(side: str, reach: Reach) -> QuerySet[Assessment]:
    """What a unit in reach still has to hand in for its side, the soonest first."""
    rows = Assessment.objects.due().filter(reach.path_q("unit_path"), side=side)
    return rows.select_related("round", "person", "appraisal__station", "appraisal__origin")


def steps_of(appraisal_round: AppraisalRound) -> tuple[list[dict], int]:
    """The steps of a round in words, and the number of the present one."""
    if appraisal_round.state == State.WITHDRAWN:
        return [], 0
    return [{"label": str(state.label)} for state in ORDER], ORDER.index(State(appraisal_round.state)) + 1


def published_for(person, day: date) -> QuerySet[AppraisalRound]:
    """The rounds that concern a member: those that appraise the member, and published ones of the place of care."""
    taking_part = Q(appraisals__person=person)
    coming = Q(state=State.PUBLISHED, unit_path__in=paths_above(person.stay_path), due_on__gte=day)
    rows = AppraisalRound.objects.exclude(state__in=[State.DRAFT, State.WITHDRAWN])
    return rows.filter(taking_part | coming).distinct().select_related("unit").order_by("-year", "-pk")


def paths_above(path: str) -> list[str]:
    """The paths of a unit and of every unit above it."""
    parts = path.split(".")[:-1]
    return [".".join(parts[: number + 1]) + "." for number in range(len(parts))]


def opening_of(appraisal_round: AppraisalRound) -> Job | None:
    """The job that opens a published round, or that tried to."""
    if appraisal_round.opening is None or appraisal_round.state != State.PUBLISHED:
        return None
    return Job.objects.filter(pk=appraisal_round.opening).first()


def is_being_opened(appraisal_round: AppraisalRound) -> bool:
    """A job that has not ended opens the round."""
    job = opening_of(appraisal_round)
    return job is not None and job.is_unfinished


def figures(year: int, reach: Reach) -> QuerySet:
    """Members in the rounds of a year by station: how many, and by grade once decided."""
    rows = appraisals_of_year(year, reach).order_by()
    return (
        rows.values("station", "station__name", "station_path")
        .annotate(
            members=Count("pk"),
            probationary=Count("pk", filter=Q(is_probationary=True)),
            excused=Count("pk", filter=Q(is_excused=True, is_probationary=False)),
            base=Count("pk", filter=Q(is_probationary=False, is_excused=False)),
            excellent_in_base=Count("pk", filter=Q(grade="excellent", is_excused=False)),
            excellent=Count("pk", filter=Q(grade="excellent")),
            qualified=Count("pk", filter=Q(grade="qualified")),
            basic=Count("pk", filter=Q(grade="basic")),
            unqualified=Count("pk", filter=Q(grade="unqualified")),
            undecided=Count("pk", filter=Q(grade="", is_probationary=False)),
        )
        .order_by("station_path")
    )


def appraisals_of_year(year: int, reach: Reach) -> QuerySet[Appraisal]:
    """Every appraisal of a year in reach; a member is in one round a year."""
    return Appraisal.objects.within(reach).filter(round__year=year)
