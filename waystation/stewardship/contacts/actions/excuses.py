"""Excusing members from what is required of the others."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from waystation.kernel import audit, dated
from waystation.kernel.ids import new_id
from waystation.kernel.sealing import Tampered, seal, unseal
from waystation.stewardship.contacts import rules
from waystation.stewardship.contacts.actions.errors import AlreadyEnded, AlreadyExcused, ContactRefused
from waystation.stewardship.contacts.models import Excuse
from waystation.stewardship.people.models import Person


@transaction.atomic
def excuse_member(
    person: Person, *, reason: str, starts_on: date, facts: str = "", review_on: date | None = None, by, at: datetime
) -> Excuse:
    """Ask nothing of the member from a day on; no ratio counts the absence. Refuses a second (AlreadyExcused)."""
    review_on = review_on or starts_on + timedelta(days=dated.value(rules.REVIEW_DAYS, starts_on))
    made = Excuse(
        id=new_id(), person=person, recorded_for=person, reason=Excuse.Reason(reason), starts_on=starts_on,
        review_on=review_on, granted_at=at, granted_by=by,
    )  # fmt: skip
    seal(made, "facts", facts or None)
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as error:
        raise AlreadyExcused from error
    _record("excuse.granted", made, by=by, at=at, reason=reason)
    return made


@transaction.atomic
def renew_excuse(excuse: Excuse, *, review_on: date, by, at: datetime) -> Excuse:
    """Somebody has looked again and it stands; the next look is due on another day. Refuses an ended one."""
    if review_on <= timezone.localdate(at):
        raise ContactRefused(_("The next look lies in the future."))
    if not Excuse.objects.open().filter(pk=excuse.pk).update(review_on=review_on):
        raise AlreadyEnded
    excuse.refresh_from_db()
    _record("excuse.renewed", excuse, by=by, at=at, review_on=review_on)
    return excuse


@transaction.atomic
def end_excuse(excuse: Excuse, *, ends_on: date, reason: str, by, at: datetime) -> Excuse:
    """From the day on the member takes part again like the others. Refuses an ended one (AlreadyEnded)."""
    if not reason.strip():
        raise ContactRefused(_("Write why the excuse ends."))
    if ends_on < excuse.starts_on:
        raise ContactRefused(_("The excuse cannot end before it starts."))
    mine = Excuse.objects.open().filter(pk=excuse.pk)
    if not mine.update(ends_on=ends_on, ended_at=at, ended_by=by, ending_reason=reason.strip()[:200]):
        raise AlreadyEnded
    excuse.refresh_from_db()
    _record("excuse.ended", excuse, by=by, at=at, ends_on=ends_on)
    return excuse


def open_facts(excuse: Excuse, *, purpose: str, by, at: datetime) -> str:
    """What was said about health. The event is written first: no trace, no reading. Raises Tampered."""
    event = {"purpose": purpose, "fields": ("facts",)}
    try:
        with transaction.atomic():
            _record("excuse.revealed", excuse, by=by, at=at, **event)
            return unseal(excuse, "facts") or ""
    except Tampered:
        _record("excuse.revealed", excuse, by=by, at=at, result="error", **event)
        raise


def _record(verb: str, excuse: Excuse, *, by, at: datetime, **facts) -> None:
    path = excuse.person.stay_path or excuse.person.home_path
    audit.record(verb, on=excuse, by=by, at=at, unit_path=path, person=str(excuse.person_id), **facts)
