"""Paying less in hardship: the branch asks, another person of the committee above decides."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from waystation.kernel import audit, dated
from waystation.kernel.ids import new_id
from waystation.kernel.money import ZERO
from waystation.kernel.sealing import seal
from waystation.stewardship.dues.actions.errors import AlreadyDecided, DuesRefused, Overlapping, SamePerson
from waystation.stewardship.dues.actions.standing import locked, path_of, renew
from waystation.stewardship.dues.models import DuesReduction
from waystation.stewardship.dues.months import count, month_of, plus
from waystation.stewardship.dues.rules import REDUCTION_MONTHS
from waystation.stewardship.people.models import Person

Kind, State = DuesReduction.Kind, DuesReduction.State


@transaction.atomic
def ask_reduction(
    person: Person,
    *,
    kind: str,
    amount: Decimal | None = None,
    starts_on: date,
    last_month: date,
    reason: str,
    by,
    at: datetime,
) -> DuesReduction:
    """Ask that the member pay less, or nothing, from one month to another.

    Refuses (DuesRefused) no reason, months in the wrong order or more than the rule of the day allows, and paying
    less without an amount.
    """
    person, kind = locked(person.pk), Kind(kind)
    first, last = month_of(starts_on), month_of(last_month)
    if not reason.strip():
        raise DuesRefused(_("Say why the member should pay less."))
    longest = dated.value(REDUCTION_MONTHS, timezone.localdate(at))
    if not 1 <= count(first, last) <= longest:
        raise DuesRefused(_("The months are in order and at most %(n)d.") % {"n": longest})
    if kind == Kind.LOWER and not (amount and amount > 0):
        raise DuesRefused(_("Say how much the member should pay a month."))
    made = DuesReduction(
        id=new_id(), person=person, original=person, kind=kind, starts_on=first, ends_on=plus(last, 1),
        amount=amount if kind == Kind.LOWER else ZERO, asked_at=at, asked_by=by,
    )  # fmt: skip
    seal(made, "reason", reason.strip())
    made.save(force_insert=True)
    audit.record("dues.reduction_asked", on=made, by=by, at=at, unit_path=path_of(person), person=str(person.pk))
    return made


def _decide(reduction: DuesReduction, state: str, decision: str, by, at: datetime) -> Person:
    person = locked(reduction.person_id)
    if reduction.asked_by_id == by.pk:
        raise SamePerson
    rows = DuesReduction.objects.filter(pk=reduction.pk, state=State.ASKED)
    try:
        with transaction.atomic():
            decided = rows.update(state=state, decided_at=at, decided_by=by, decision=decision.strip())
    except IntegrityError:
        raise Overlapping from None
    if not decided:
        raise AlreadyDecided
    reduction.refresh_from_db()
    return person


@transaction.atomic
def approve_reduction(reduction: DuesReduction, *, decision: str = "", by, at: datetime) -> DuesReduction:
    """Let the reduction hold.

    Refuses whoever asked for it (SamePerson), a second decision (AlreadyDecided), and months in which another
    one holds (Overlapping).
    """
    locked(reduction.person_id)
    others = DuesReduction.objects.filter(person=reduction.person_id, state=State.APPROVED).exclude(pk=reduction.pk)
    if others.filter(starts_on__lt=reduction.ends_on, ends_on__gt=reduction.starts_on).exists():
        raise Overlapping
    person = _decide(reduction, State.APPROVED, decision, by, at)
    renew([person])
    audit.record(
        "dues.reduction_approved", on=reduction, by=by, at=at, unit_path=path_of(person), person=str(person.pk)
    )
    return reduction


@transaction.atomic
def refuse_reduction(reduction: DuesReduction, *, decision: str, by, at: datetime) -> DuesReduction:
    """Refuse the request. Refuses itself (DuesRefused) to do so without a reason."""
    if not decision.strip():
        raise DuesRefused(_("A refusal has a written reason."))
    person = _decide(reduction, State.REFUSED, decision, by, at)
    audit.record("dues.reduction_refused", on=reduction, by=by, at=at, unit_path=path_of(person), person=str(person.pk))
    return reduction


@transaction.atomic
def end_reduction(reduction: DuesReduction, *, last_month: date, by, at: datetime) -> DuesReduction:
    """Let an approved reduction end earlier than it was approved for: the hardship is over."""
    person = locked(reduction.person_id)
    ends_on = max(plus(month_of(last_month), 1), reduction.starts_on)
    rows = DuesReduction.objects.filter(pk=reduction.pk, state=State.APPROVED, ends_on__gt=ends_on)
    if not rows.update(ends_on=ends_on):
        raise DuesRefused(_("It ends no later than that already."))
    reduction.refresh_from_db()
    renew([person])
    audit.record(
        "dues.reduction_ended", on=reduction, by=by, at=at, unit_path=path_of(person), person=str(person.pk),
        ends_on=ends_on,
    )  # fmt: skip
    return reduction
