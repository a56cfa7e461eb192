"""Confirming many pairs of the matched lane at once, as a job that may be stopped and goes on."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone

from waystation.kernel.counting import AT_ONCE
from waystation.kernel.jobs import Job, enqueue
from waystation.organizations.access import Reach
from waystation.stewardship.rosters.actions.confirming import confirm_in_bulk
from waystation.stewardship.rosters.models import MatchCandidate
from waystation.stewardship.rosters.queries.powers import Powers

KIND = "pairs.confirm"
MOST = AT_ONCE  # pairs in one go
AT_ONCE = 100  # up to here the user waits for the result
_CHUNK = 200


@transaction.atomic
def start_bulk(candidates: Iterable, *, side: str, reach: Reach, by, at: datetime) -> Job:
    """Begin to confirm these pairs (their ids) for one side, as a job.

    The ids are fixed now: a pair that the matcher finds meanwhile was not seen and is not confirmed.
    """
    ids = [str(pk) for pk in candidates][:MOST]
    path = next(iter((*reach.paths, *reach.exact)), "")
    return enqueue(KIND, by=by, at=at, args={"side": side, "pairs": ids}, unit_path=path)


def run_bulk(job: Job, *, beat) -> dict:
    """Confirm the pairs of the job; the result counts what was done and lists what was refused and why.

    A second run after a crash counts what the first has done and doubles nothing. The user's reach
    is read again: a mandate that has ended meanwhile confirms nothing.
    """
    side, ids = job.args["side"], job.args["pairs"]
    by = get_user_model().objects.get(pk=job.created_by_id)
    reach = Powers.of(by).speaks[side]
    confirmed = opened = done = 0
    refused: list[dict] = []
    for start in range(0, len(ids), _CHUNK):
        found = {str(row.pk): row for row in MatchCandidate.objects.filter(pk__in=ids[start : start + _CHUNK])}
        todo = []
        for row in sorted(found.values(), key=lambda row: (row.name_key, row.pk)):
            if getattr(row, f"{side}_confirmed_by_id") == by.pk:
                confirmed += 1
                opened += row.state == MatchCandidate.State.SETTLED
            elif reach.covers(row.origin_path if side == "origin" else row.station_path):
                todo.append(row)
        result = confirm_in_bulk(
            todo, side=side, by=by, at=timezone.now(), beat=lambda number, before=done: beat(before + number, len(ids))
        )
        done += len(ids[start : start + _CHUNK])
        beat(done, len(ids))
        confirmed += result.confirmed
        opened += result.opened
        refused += [{"pair": str(pair.pk), "why": why} for pair, why in result.refused]
    missing = len(ids) - confirmed - len(refused)
    return {"side": side, "confirmed": confirmed, "opened": opened, "refused": refused, "missing": missing}
