"""Writes on rounds: drafting, publishing, withdrawing. Opening has a module of its own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils import timezone

from waystation.kernel import audit, bulk, dated
from waystation.organizations.models import Unit
from waystation.stewardship.appraisals import rules
from waystation.stewardship.appraisals.actions import errors
from waystation.stewardship.appraisals.models import AppraisalRound, Criterion
from waystation.stewardship.appraisals.queries.rounds import is_being_opened

State = AppraisalRound.State


def lock(appraisal_round: AppraisalRound, *states: str) -> AppraisalRound:
    """The round as it is now, held until the end of the transaction. Refuses other states (NotInThisState).

    Whoever writes on a round takes its row first, then other rows, and the audit trail last.
    """
    held = AppraisalRound.objects.select_for_update().get(pk=appraisal_round.pk)
    if held.state not in states:
        raise errors.NotInThisState
    return held


@transaction.atomic
def draft_round(*, unit: Unit, criteria: Sequence[dict], by, at: datetime, **fields) -> AppraisalRound:
    """Write a round that nobody but its unit sees yet; what is not given is as the rules of the day say.

    Refuses a second one a unit and year (RoundExists).
    """
    values = {**rules.first_values(timezone.localdate(at)), **fields}
    made = AppraisalRound(unit=unit, unit_path=unit.path, created_at=at, created_by=by, **values)
    _save(made, force_insert=True)
    _write_criteria(made, criteria)
    audit.record("appraisal_round.drafted", on=made, by=by, at=at, unit_path=unit.path, year=made.year)
    return made


@transaction.atomic
def edit_draft(appraisal_round: AppraisalRound, *, criteria: Sequence[dict], by, at: datetime, **fields):
    """Change a draft. What is published never changes any more (NotInThisState)."""
    held = lock(appraisal_round, State.DRAFT)
    for name, value in fields.items():
        setattr(held, name, value)
    _save(held, update_fields=list(fields))
    held.criteria.all().delete()
    _write_criteria(held, criteria)
    audit.record("appraisal_round.edited", on=held, by=by, at=at, unit_path=held.unit_path, fields=fields)
    return held


def _save(row: AppraisalRound, **how) -> None:
    try:
        with transaction.atomic():
            row.save(**how)
    except IntegrityError as error:
        same = AppraisalRound.objects.exclude(pk=row.pk).exclude(state=State.WITHDRAWN)
        if same.filter(unit=row.unit_id, year=row.year).exists():
            raise errors.RoundExists from error
        raise


def _write_criteria(held: AppraisalRound, criteria: Sequence[dict]) -> None:
    bulk.insert([Criterion(round=held, order=order, **one) for order, one in enumerate(criteria, start=1)])


@transaction.atomic
def publish_round(appraisal_round: AppraisalRound, *, by, at: datetime) -> AppraisalRound:
    """Publish standards, demands, goals, method, criteria and weights; none of them changes from now on.

    Refuses weights that do not add up to 100 (WeightsDoNotAddUp). The rules with a date are those of this day.
    """
    held = lock(appraisal_round, State.DRAFT)
    if held.criteria.aggregate(total=Sum("weight"))["total"] != 100:
        raise errors.WeightsDoNotAddUp
    day = timezone.localdate(at)
    held.reply_days = dated.value(rules.REPLY_DAYS, day)
    held.excellent_limit = str(dated.value(rules.EXCELLENT_LIMIT, day))
    held.ballot_points = {grade: dated.value(key, day) for grade, key in rules.POINTS.items()}
    held.state, held.published_at, held.published_by = State.PUBLISHED, at, by
    held.save(update_fields=["reply_days", "excellent_limit", "ballot_points", "state", "published_at", "published_by"])
    audit.record("appraisal_round.published", on=held, by=by, at=at, unit_path=held.unit_path, year=held.year)
    return held


@transaction.atomic
def withdraw_round(appraisal_round: AppraisalRound, *, reason: str, by, at: datetime) -> AppraisalRound:
    """Take back a round that nobody has assessed in, with a written reason. Refuses while it is being opened
    (BeingOpened)."""
    held = lock(appraisal_round, State.DRAFT, State.PUBLISHED)
    if is_being_opened(held):
        raise errors.BeingOpened
    held.state, held.withdrawal_reason = State.WITHDRAWN, reason
    held.save(update_fields=["state", "withdrawal_reason"])
    audit.record(
        "appraisal_round.withdrawn", on=held, by=by, at=at, unit_path=held.unit_path, purpose=reason, year=held.year
    )
    return held
