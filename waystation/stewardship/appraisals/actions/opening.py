"""Opening a round: everybody in care on the cut-off day is taken in and each side asked, at once or as a job."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from operator import itemgetter

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from waystation.kernel import audit, bulk
from waystation.kernel.fields import prefix_q
from waystation.kernel.jobs import Job, enqueue
from waystation.organizations.access import Reach
from waystation.organizations.permissions import Permission
from waystation.stations.duty.actions import batch_of, finish_key, new_item, open_items
from waystation.stations.duty.actions.items import ItemBatch
from waystation.stations.duty.models import OpenItem
from waystation.stewardship.appraisals.actions import errors
from waystation.stewardship.appraisals.actions.rounds import lock
from waystation.stewardship.appraisals.models import Appraisal, AppraisalRound, Assessment
from waystation.stewardship.appraisals.queries.rounds import is_being_opened, paths_above
from waystation.stewardship.contacts.queries import is_excused
from waystation.stewardship.people.models import MemberKind, Stay

State, Side = AppraisalRound.State, Assessment.Side
KIND = "appraisal_round.open"
AT_ONCE = 500  # members up to whom the user waits for it
_CHUNK = 1_000  # members held in memory together
# Neither the rest of a person nor that of a departure is needed, and their sealed columns are not small.
_READ = (
    "station_path", "station__path", "person__full_name", "person__member_kind", "departure__origin__path",
)  # fmt: skip
LINKS = {Side.STATION: "appraisals:score-station", Side.ORIGIN: "appraisals:score-origin"}


@transaction.atomic
def start_opening(appraisal_round: AppraisalRound, *, by, at: datetime) -> Job | None:
    """Open the round at once if few members take part (returns nothing), else put its opening into the queue.

    Until the job ends the round stays published, and nobody opens it a second time or withdraws it (BeingOpened).
    Refuses what `open_round` refuses.
    """
    held = _ready(appraisal_round, at=at)
    members = in_care(held).count()
    if members <= AT_ONCE:
        open_round(held, by=by, at=at)
        return None
    args = {"round": str(held.pk), "language": get_language()}
    job = enqueue(KIND, by=by, at=at, args=args, unit_path=held.unit_path, title=held.title)
    held.opening = job.pk
    held.save(update_fields=["opening"])
    audit.record(
        "appraisal_round.opening_started", on=held, by=by, at=at, unit_path=held.unit_path, members=members,
    )  # fmt: skip
    return job


@transaction.atomic
def open_round(
    appraisal_round: AppraisalRound, *, by, at: datetime, job: Job | None = None, known: Opening | None = None
) -> AppraisalRound:
    """Take in everybody in care on the cut-off day and ask each side for its assessment; all of it or nothing.

    `known` is what `prepared` made of the round a moment ago; if anything has changed since, it is made anew.
    Refuses before the cut-off day (BeforeCutoff), where nobody was in care (NobodyInCare), and while another job
    than the one named opens the round (BeingOpened).
    """
    held = _ready(appraisal_round, at=at, job=job)
    members = participants(held)
    if known is None or known.members != members:
        known = prepared(held, members, by=by, at=at)
    held.state, held.opened_at, held.opened_by = State.SCORING, at, by
    held.opening = job.pk if job else None
    held.save(update_fields=["state", "opened_at", "opened_by", "opening"])
    for rows in known.rows:
        bulk.write(rows)
    open_items(known.items, by=by, at=at)
    audit.record("appraisal_round.opened", on=held, by=by, at=at, unit_path=held.unit_path, members=len(members))
    return held


def _ready(appraisal_round: AppraisalRound, *, at: datetime, job: Job | None = None) -> AppraisalRound:
    _hold_overlapping(appraisal_round)
    held = lock(appraisal_round, State.PUBLISHED)
    if is_being_opened(held) and (job is None or held.opening != job.pk):
        raise errors.BeingOpened
    if timezone.localdate(at) < held.cutoff_on:
        raise errors.BeforeCutoff
    if not in_care(held).exists():
        raise errors.NobodyInCare
    return held


def _hold_overlapping(appraisal_round: AppraisalRound) -> None:
    """Hold the published rounds of the year above and below, in one order: of two that are opened at one moment the
    second sees whom the first has taken in."""
    path = appraisal_round.unit_path
    year = AppraisalRound.objects.filter(year=appraisal_round.year, state=State.PUBLISHED)
    near = year.filter(prefix_q("unit_path", path) | Q(unit_path__in=paths_above(path)))
    list(near.select_for_update().order_by("pk").values_list("pk"))


def run_opening(job: Job, *, beat) -> AppraisalRound:
    """Open the round that the job was asked for. Run again after a crash it finds what the first run has done.

    Refuses (ManagingEnded) if its starter manages the round no more, and what `open_round` refuses.
    """
    held = AppraisalRound.objects.get(pk=job.args["round"])
    if held.opened_at is not None and held.opening == job.pk:
        return held
    if not Reach.of(job.created_by, Permission.APPRAISAL_MANAGE).covers(held.unit_path):
        raise errors.ManagingEnded
    # What takes time is done before anything is locked: on SQLite nobody else writes while this does.
    now = timezone.now()
    members = participants(held)
    known = prepared(held, members, by=job.created_by, at=now, beat=lambda done: beat(done, len(members)))
    with transaction.atomic():
        opened = open_round(held, by=job.created_by, at=now, job=job, known=known)
        # Whoever stopped the job meanwhile, or took it over, leaves the round as it was.
        beat.checkpoint(len(members), len(members))
    return opened


# --- who takes part -------------------------------------------------------------------------------


def in_care(held: AppraisalRound):
    """The stays under the unit of the round that were open on the cut-off day.

    Whoever is in another round of the year already stays there: a member is appraised once a year.
    """
    day: date = held.cutoff_on
    under = Stay.objects.filter(Q(ends_on=None) | Q(ends_on__gt=day), prefix_q("station_path", held.unit_path))
    return (
        under.filter(starts_on__lte=day)
        .exclude(ending=Stay.Ending.MISTAKEN)
        .exclude(person__appraisals__round__year=held.year)
    )


# All that the rows of a round are made of, station and stay first.
_MADE_OF = (
    "station", "pk", "station_path", "person", "person__full_name", "person__member_kind", "departure__origin",
    "departure__origin__path", "excused",
)  # fmt: skip


def participants(held: AppraisalRound) -> list[tuple]:
    """Everybody who takes part, station by station, with all that the rows of the round are made of."""
    stays = in_care(held).annotate(excused=is_excused(held.cutoff_on, "person"))
    return list(stays.order_by("station", "pk").values_list(*_MADE_OF))


def _chunks(members: list[tuple]) -> Iterator[list]:
    """The keys of the stays in parts of about a thousand; a station is never parted, for it draws its own lots."""
    chunk: list = []
    for _station, here in groupby(members, itemgetter(0)):
        chunk += [row[1] for row in here]
        if len(chunk) >= _CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


# --- what is written ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Opening:
    """All the rows of a round, ready to be written, and the members they were made of."""

    members: list[tuple]
    rows: list[bulk.Prepared]
    items: list[ItemBatch]


def prepared(held: AppraisalRound, members: list[tuple], *, by, at: datetime, beat=lambda done: None) -> Opening:
    """The appraisals, assessments and items of these members; `beat` hears of how many they are made."""
    made, done = Opening(members, [], []), 0
    for chunk in _chunks(members):
        _make(made, held, chunk, by=by, at=at)
        done += len(chunk)
        beat(done)
    return made


def _make(made: Opening, held: AppraisalRound, chunk: list, *, by, at: datetime) -> None:
    stays = list(
        Stay.objects.filter(pk__in=chunk)
        .annotate(excused=is_excused(held.cutoff_on, "person"))
        .select_related("person", "station", "departure__origin")
        .only(*_READ)
        .order_by("station", "pk")
    )
    appraisals = [_appraisal(held, stay) for stay in stays]
    assessments = [made for appraisal in appraisals for made in _asked(held, appraisal)]
    for _station, here in groupby(appraisals, lambda appraisal: appraisal.station_id):
        assessments += _drawn(held, list(here))
    items = [_item(held, row, by=by, at=at) for row in assessments if row.side in LINKS]
    made.rows.extend([bulk.prepare(appraisals), bulk.prepare(assessments)])
    made.items.append(batch_of(items))


def _appraisal(held: AppraisalRound, stay: Stay) -> Appraisal:
    origin = stay.departure.origin
    return Appraisal(
        round=held, person=stay.person, stay=stay, station=stay.station, station_path=stay.station_path,
        origin=origin, origin_path=origin.path, is_excused=stay.excused,
        is_probationary=stay.person.member_kind == MemberKind.PROBATIONARY,
    )  # fmt: skip


def _asked(held: AppraisalRound, appraisal: Appraisal) -> list[Assessment]:
    """One of each side; of an excused member nothing is required."""
    person = appraisal.person
    asked = [(Side.STATION, appraisal.station_path), (Side.ORIGIN, appraisal.origin_path)]
    of_units = [
        Assessment(round=held, appraisal=appraisal, side=side, person=person, unit_path=path) for side, path in asked
    ]
    if not held.weight_self:
        return of_units
    required = not appraisal.is_excused
    own = Assessment(
        round=held, appraisal=appraisal, side=Side.SELF, person=person, assessor=person, is_required=required
    )  # fmt: skip
    return [*of_units, own]


def _drawn(held: AppraisalRound, here: list[Appraisal]) -> list[Assessment]:
    """Who of a station assesses whom by name, drawn by lot, everybody the same number of times.

    Of an excused member nothing is required, so none assesses others; others assess the member all the same.
    """
    if held.mutual != AppraisalRound.Mutual.NAMED:
        return []
    random.SystemRandom().shuffle(here)
    able = [appraisal for appraisal in here if not appraisal.is_excused]
    places = {appraisal.pk: place for place, appraisal in enumerate(able)}
    made = []
    for number, appraisal in enumerate(here):
        start = places.get(appraisal.pk, number)
        others = _next_to(able, start, appraisal.person_id, held.peers)
        made += [
            Assessment(
                round=held, appraisal=appraisal, side=Side.MUTUAL, person=appraisal.person, assessor=other.person
            )
            for other in others
        ]  # fmt: skip
    return made


def _next_to(able: list[Appraisal], start: int, person_id, peers: int) -> list[Appraisal]:
    """The next `peers` in the circle who are not the person."""
    others: list[Appraisal] = []
    for step in range(len(able)):
        if len(others) == peers:
            break
        other = able[(start + step) % len(able)]
        if other.person_id != person_id:
            others.append(other)
    return others


# --- what the units are to do ---------------------------------------------------------------------


def item_key(assessment: Assessment) -> str:
    """The name of the open item that asks for the assessment."""
    return f"appraisal:{assessment.pk}"


def _item(held: AppraisalRound, row: Assessment, *, by, at: datetime) -> OpenItem:
    """The assessment on the list of the side that gives it, and of nobody else.

    Station and origin appraise together, each for its own side (P2.9), so the item is in no bundle: it stays where
    it is when the duty of appraisal is handed over, which says who organises, and when the stay ends or passes on.
    """
    return new_item(
        unit=row.appraisal.station if row.side == Side.STATION else row.appraisal.origin, topic="appraisal",
        title=_("Assess %(name)s: %(round)s") % {"name": row.person.full_name, "round": held.title},
        due_on=held.due_on, key=item_key(row), link=LINKS[row.side], link_pk=row.pk, by=by, at=at,
    )  # fmt: skip


def finish_items(assessments, *, outcome: str, by, at: datetime) -> None:
    """What is handed in, or not waited for any more, leaves the lists."""
    for row in assessments:
        if row.side in LINKS:
            finish_key(item_key(row), outcome=outcome, by=by, at=at)
