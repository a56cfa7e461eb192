"""Payments on record: what a branch or a station received on paper. Nothing is taken here."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from waystation.kernel import audit, dated
from waystation.kernel.ids import new_id
from waystation.organizations.models import Unit
from waystation.stewardship.contacts.actions import renew_states
from waystation.stewardship.dues.actions.errors import AlreadyCovered, AlreadyReversed, DuesRefused, NoBase
from waystation.stewardship.dues.actions.standing import locked, path_of, renew
from waystation.stewardship.dues.models import DuesBase, DuesEntry
from waystation.stewardship.dues.months import count, month_of, plus
from waystation.stewardship.dues.rules import BACK_MONTHS, PAYMENT_MONTHS
from waystation.stewardship.people.models import Person


@transaction.atomic
def record(
    person: Person,
    *,
    amount: Decimal,
    paid_on: date,
    first_month: date,
    last_month: date,
    unit: Unit,
    receipt_no: str = "",
    brought_by: str = "",
    remark: str = "",
    by,
    at: datetime,
) -> DuesEntry:
    """Record a payment for some months. A quarter is one row; what is too much or too little is shown.

    Refuses (DuesRefused) months in the wrong order or more than the rule of the day of payment allows, a day to
    come, a member without a base (NoBase), and months long gone without a remark.
    """
    person = locked(person.pk)
    first, last = month_of(first_month), month_of(last_month)
    _refuse_wrong(amount, paid_on, first, last, at)
    if not DuesBase.objects.filter(person=person, withdrawn_at=None, starts_on__lte=last).exists():
        raise NoBase
    months = dated.value(BACK_MONTHS, paid_on)
    if first < plus(month_of(paid_on), -months) and not remark.strip():
        raise DuesRefused(
            _("Dues are paid back for %(n)d months at most. Say in the remark why later.") % {"n": months}
        )
    made = DuesEntry.objects.create(
        id=new_id(), person=person, original=person, amount=amount, paid_on=paid_on, first_month=first, last_month=last,
        unit=unit, receipt_no=receipt_no.strip(), brought_by=brought_by.strip(), remark=remark.strip(), recorded_at=at,
        recorded_by=by,
    )  # fmt: skip
    renew([person])
    renew_states([person.pk])
    audit.record(
        "dues.recorded", on=made, by=by, at=at, unit_path=path_of(person), person=str(person.pk), amount=amount
    )
    return made


def _refuse_wrong(amount: Decimal, paid_on: date, first: date, last: date, at: datetime) -> None:
    if amount <= 0:
        raise DuesRefused(_("An amount is above zero. A wrong row is reversed."))
    longest = dated.value(PAYMENT_MONTHS, paid_on)
    if not 1 <= count(first, last) <= longest:
        raise DuesRefused(_("The months are in order and at most %(n)d.") % {"n": longest})
    if paid_on > timezone.localdate(at):
        raise DuesRefused(_("This date lies in the future."))


@transaction.atomic
def record_month(
    month: date, amounts: Iterable[tuple[Person, Decimal]], *, paid_on: date, unit: Unit, by, at: datetime
) -> tuple[int, list[tuple[Person, str]]]:
    """Record one month for many members, as the paper list of a branch says.

    Whoever has the month on record already, or cannot be recorded, is left out and named with the reason.
    Returns how many were recorded, and who was not and why.
    """
    month, done, left = month_of(month), 0, []
    amounts = sorted(amounts, key=lambda pair: pair[0].pk)
    # All files first, in one order: the trail is locked by the first row that is written.
    ids = [person.pk for person, _amount in amounts]
    list(Person.objects.select_for_update().filter(pk__in=ids).order_by("pk").values_list("pk", flat=True))
    for person, amount in amounts:
        try:
            with transaction.atomic():
                _record_once(person, month, amount, paid_on=paid_on, unit=unit, by=by, at=at)
        except DuesRefused as refusal:
            left.append((person, str(refusal)))
        else:
            done += 1
    return done, left


def _record_once(person: Person, month: date, amount: Decimal, **how) -> None:
    covered = DuesEntry.objects.live().filter(person=person, first_month__lte=month, last_month__gte=month)
    if covered.exists():
        raise AlreadyCovered
    record(person, amount=amount, first_month=month, last_month=month, **how)


@transaction.atomic
def reverse(entry: DuesEntry, *, reason: str, by, at: datetime) -> DuesEntry:
    """Reverse a wrong row by another row with the reason; the right one is recorded anew.

    Refuses (DuesRefused) no reason, a reversal, and a second one (AlreadyReversed).
    """
    person = locked(entry.person_id)
    if not reason.strip():
        raise DuesRefused(_("Say why it is reversed."))
    if entry.reverses_id:
        raise DuesRefused(_("A reversal is not reversed; record the payment anew."))
    try:
        with transaction.atomic():
            made = DuesEntry.objects.create(
                id=new_id(), person=person, original=person, amount=-entry.amount, paid_on=timezone.localdate(at),
                first_month=entry.first_month, last_month=entry.last_month, unit_id=entry.unit_id,
                remark=reason.strip(), reverses=entry, recorded_at=at, recorded_by=by,
            )  # fmt: skip
    except IntegrityError:
        raise AlreadyReversed from None
    renew([person])
    renew_states([person.pk])
    audit.record("dues.reversed", on=made, by=by, at=at, unit_path=path_of(person), person=str(person.pk))
    return made
