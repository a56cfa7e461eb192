"""Another table of rates from a month on."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from waystation.kernel import audit
from waystation.kernel.ids import new_id
from waystation.stewardship.dues.actions.errors import DuesRefused
from waystation.stewardship.dues.models import RateLine, RateTable
from waystation.stewardship.dues.months import month_of
from waystation.stewardship.dues.rates import Bracket, Category, NotATable, check


@transaction.atomic
def adopt_rates(brackets: Iterable[Bracket], *, starts_on: date, source: str, by, at: datetime) -> RateTable:
    """Let another table hold from a month on; what was owed before stays reckoned by the table of its month.

    Refuses (DuesRefused) rows that leave an income out or name it twice, and a second table of a month.
    """
    brackets = list(brackets)
    try:
        check(brackets)
    except NotATable as fault:
        label = Category(fault.args[0]).label
        raise DuesRefused(
            _("The rows of “%(category)s” do not cover every income once.") % {"category": label}
        ) from None
    try:
        with transaction.atomic():
            table = RateTable.objects.create(
                id=new_id(), starts_on=month_of(starts_on), source=source, created_at=at, created_by=by
            )
            RateLine.objects.bulk_create(
                RateLine(
                    id=new_id(), table=table, category=one.category, over=one.over, up_to=one.up_to,
                    basis_points=one.basis_points, least=one.least, most=one.most,
                )
                for one in brackets
            )  # fmt: skip
    except IntegrityError:
        raise DuesRefused(_("A table begins with this month already.")) from None
    audit.record("dues.rates_adopted", on=table, by=by, at=at, starts_on=table.starts_on, source=source)
    return table
