"""Issuing the notices of results and noting that they arrived; closing the round."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from waystation.kernel import audit, bulk
from waystation.organizations.models import Unit
from waystation.stewardship.appraisals.actions.rounds import lock
from waystation.stewardship.appraisals.models import AppraisalRound, ResultNotice

State, Kind = AppraisalRound.State, ResultNotice.Kind


@transaction.atomic
def close_round(appraisal_round: AppraisalRound, *, by, at: datetime) -> AppraisalRound:
    """Number and issue a letter to each origin and the feedback to each member, and close the round."""
    held = lock(appraisal_round, State.DECIDED)
    # The unit is the lock of its numbers: of two rounds closed at once the second goes on counting.
    issuer = Unit.objects.select_for_update().get(pk=held.unit_id)
    year = timezone.localdate(at).year
    last = ResultNotice.objects.filter(issuer=issuer, year=year).aggregate(last=Max("serial"))["last"] or 0
    rows = list(held.appraisals.select_related("origin").order_by("origin_path", "person__name_key", "pk"))
    origins = {row.origin_id: row.origin for row in rows}
    wanted = [(Kind.ORIGIN, origin, None) for origin in origins.values()]
    wanted += [(Kind.MEMBER, row.origin, row) for row in rows]
    bulk.insert([
        ResultNotice(
            kind=kind, round=held, issuer=issuer, year=year, serial=last + number, origin=origin,
            origin_path=origin.path, appraisal=appraisal, issued_at=at, issued_by=by,
        )
        for number, (kind, origin, appraisal) in enumerate(wanted, start=1)
    ])  # fmt: skip
    held.state, held.closed_at, held.closed_by = State.CLOSED, at, by
    held.save(update_fields=["state", "closed_at", "closed_by"])
    audit.record("appraisal_round.closed", on=held, by=by, at=at, unit_path=held.unit_path, notices=len(wanted))
    return held


@transaction.atomic
def receive_notice(notice: ResultNotice, *, on_behalf: bool = False, by, at: datetime) -> ResultNotice:
    """Note once that the notice arrived; a second time changes nothing."""
    row = ResultNotice.objects.select_for_update().get(pk=notice.pk)
    if row.received_at is not None:
        return row
    row.received_at, row.received_by, row.received_on_behalf = at, by, on_behalf
    row.save(update_fields=["received_at", "received_by", "received_on_behalf"])
    audit.record("result_notice.received", on=row, by=by, at=at, unit_path=row.origin_path, on_behalf=on_behalf)
    return row


def note_paper(notice: ResultNotice, *, form: str, by, at: datetime) -> None:
    """Record that a notice was drawn as a paper: which, in which form."""
    audit.record("result_notice.drawn", on=notice, by=by, at=at, unit_path=notice.origin_path, form=form)
