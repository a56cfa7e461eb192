"""The things of appraisals that its addresses take, in each place of the small world."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from tests import make
from waystation.stewardship.appraisals.actions import (
    assessing,
    balloting,
    deciding,
    noticing,
    opening,
    rounds,
    unsealing,
)
from waystation.stewardship.appraisals.models import Assessment
from waystation.stewardship.appraisals.sheets import Sheet
from waystation.stewardship.people.models import Person, Stay

# Which thing each argument of an address takes: {"appraisals:name": "kind"}.
THINGS: dict[str, str] = {
    f"appraisals:{name}": thing
    for thing, names in {
        "appraisal round": ("round", "propose-all", "notice-list", "step"),
        "appraisal draft": ("edit",),
        "appraisal voting": ("open-box",),
        "appraisal": ("member", "consult", "consult-answer", "propose", "reply-for", "decide", "my-result"),
        "assessment station": ("score-station",),
        "assessment origin": ("score-origin",),
        "assessment self": ("hand-in-for", "my-assessment"),
        "result letter": ("letter-received", "notice-paper"),
        "result feedback": ("feedback-received", "my-notice-received"),
        "ballot box": ("box", "papers", "cancel-papers", "mark-voters", "count", "close-box", "ballot"),
    }.items()
    for name in names
}
# What the arguments of an address that are words stand for: {"argument": "word"}.
WORDS: dict[str, str] = {"step": "conclude", "form": "docx"}
_WORDS = {"standards": "标准", "demands": "要求", "goals": "目标", "method": "方法"}


def _round(unit, year: int, *, publishes: bool = True, **more):
    now = timezone.now()
    day = timezone.localdate(now)
    made = rounds.draft_round(
        unit=unit, criteria=[{"title": "政治素质", "explanation": "", "weight": 100}], year=year, title=f"{year}年评议",
        cutoff_on=day, due_on=day + timedelta(days=20), by=None, at=now,
        **{"mutual": "none", "weight_self": 20, "weight_mutual": 0, "weight_station": 40, "weight_origin": 40,
           **_WORDS, **more},
    )  # fmt: skip
    return rounds.publish_round(made, by=make.user(), at=now) if publishes else made


def _answered(unit, year: int):
    """A round in which everybody may answer."""
    now = timezone.now()
    held = opening.open_round(_round(unit, year), by=make.user(), at=now)
    sheet = Sheet({str(pk): 80 for pk in held.criteria.values_list("pk", flat=True)})
    scorers = {side: make.user() for side in ("self", "station", "origin")}
    for row in Assessment.objects.filter(round=held):
        assessing.hand_in(row, sheet, by=scorers[row.side], at=now)
    held = unsealing.unseal_round(held, by=make.user(), at=now)
    for one in held.appraisals.select_related("round"):
        deciding.propose(one, grade="qualified", by=make.user(), at=now)
    return deciding.open_replies(held, by=make.user(), at=now)


def fill(things: dict, place: str, units: dict) -> None:
    """Put `things["kind", place]` there. `units` has branch, station, grid, community, county, town; `things`
    has what was made before: ("person", place), ("stay", place), ("card", place), ("user", place)."""
    now, station = timezone.now(), units["station"]
    stay = Stay.objects.get(pk=things["stay", place])
    Person.objects.filter(pk=stay.person_id).update(stay_path=station.path)
    closed = _answered(station, 2024)
    for one in closed.appraisals.all():
        deciding.reply(one, agrees=True, by=make.user(), at=now)
        deciding.decide(one, grade="qualified", by=make.user(), at=now)
    closed = noticing.close_round(deciding.conclude(closed, by=make.user(), at=now), by=make.user(), at=now)
    answered = _answered(station, 2025)
    ballots = {"mutual": "ballot", "weight_mutual": 10, "weight_self": 10}
    voting = opening.open_round(_round(station, 2026, **ballots), by=make.user(), at=now)
    box = balloting.open_box(voting, unit=station, by=make.user(), at=now)
    Person.objects.filter(pk=stay.person_id).update(stay_path=units["grid"].path)
    asked = {row.side: row.pk for row in Assessment.objects.filter(round=voting, appraisal__stay=stay)}
    things |= {
        ("appraisal round", place): answered.pk,
        ("appraisal voting", place): voting.pk,
        ("appraisal draft", place): _round(station, 2027, publishes=False).pk,
        ("appraisal", place): answered.appraisals.get(stay=stay).pk,
        ("ballot box", place): box.pk,
        ("result letter", place): closed.notices.get(kind="origin", origin=units["branch"]).pk,
        ("result feedback", place): closed.notices.get(appraisal__stay=stay).pk,
        **{(f"assessment {side}", place): pk for side, pk in asked.items()},
    }
