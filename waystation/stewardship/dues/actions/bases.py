"""The base of a member's dues: set from a month on, withdrawn if it was wrong."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from waystation.kernel import audit
from waystation.kernel.ids import new_id
from waystation.kernel.sealing import seal
from waystation.stewardship.dues.actions.errors import BaseExists, DuesRefused
from waystation.stewardship.dues.actions.standing import locked, path_of, renew
from waystation.stewardship.dues.models import DuesBase
from waystation.stewardship.dues.months import month_of
from waystation.stewardship.dues.queries import tables
from waystation.stewardship.dues.rates import Category, NotInTable
from waystation.stewardship.people.models import Person


@transaction.atomic
def set_base(
    person: Person,
    *,
    category: str,
    starts_on: date,
    income: Decimal | None = None,
    agreed: Decimal | None = None,
    basis: str = "",
    by,
    at: datetime,
) -> DuesBase:
    """Let the member's dues be reckoned by this from a month on.

    Refuses a month that has a base (BaseExists), an income where none is asked or none where one is, and an
    agreed amount outside the limits of the table (DuesRefused).
    """
    person, month = locked(person.pk), month_of(starts_on)
    category = Category(category)
    income, agreed = _fitting(category, month, income, agreed)
    made = DuesBase(
        id=new_id(), person=person, original=person, category=category, agreed=agreed, starts_on=month,
        basis=basis.strip(), recorded_at=at, recorded_by=by,
    )  # fmt: skip
    seal(made, "income", None if income is None else f"{income:.2f}")
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError:
        raise BaseExists from None
    renew([person])
    audit.record(
        "dues.base_set", on=made, by=by, at=at, unit_path=path_of(person), person=str(person.pk), category=str(category)
    )
    return made


def _fitting(category: str, month: date, income, agreed) -> tuple[Decimal | None, Decimal | None]:
    """Income and agreed amount as the table of the month wants them."""
    try:
        row = tables().on(month).bracket(category, income)
    except NotInTable:
        raise DuesRefused(_("The table of rates has no row for this.")) from None
    if row.is_share:
        if income is None or income < 0:
            raise DuesRefused(_("Enter the income that the dues are reckoned by."))
        return income, None
    if row.is_chosen and (agreed is None or not row.least <= agreed <= row.most):
        words = {"least": row.least, "most": row.most}
        raise DuesRefused(_("The branch agrees on an amount from %(least)s to %(most)s yuan a month.") % words)
    return None, agreed if row.is_chosen else None


@transaction.atomic
def withdraw_base(base: DuesBase, *, reason: str, by, at: datetime) -> DuesBase:
    """Take a wrong base back; the one before it holds again. Refuses (DuesRefused) no reason and a second time."""
    person = locked(base.person_id)
    if not reason.strip():
        raise DuesRefused(_("Say why it is withdrawn."))
    rows = DuesBase.objects.filter(pk=base.pk, withdrawn_at=None)
    if not rows.update(withdrawn_at=at, withdrawn_by=by, withdrawn_reason=reason.strip()):
        raise DuesRefused(_("This base is withdrawn already."))
    base.refresh_from_db()
    renew([person])
    audit.record("dues.base_withdrawn", on=base, by=by, at=at, unit_path=path_of(person), person=str(person.pk))
    return base
