"""Members with dues: functions with defaults, the real actions underneath."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from tests import places
from waystation.stewardship.dues import actions

NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)
TODAY = date(2026, 11, 23)


def month(number, year=2026):
    return date(year, number, 1)


def base(person, category="wage", *, income="4000.00", agreed=None, starts_on=None, by=None, **more):
    """A base from January on: 4,000 yuan of wage owe 40.00 a month."""
    income = Decimal(income) if income is not None and category in ("wage", "salary", "business", "retired") else None
    return actions.set_base(
        person, category=category, income=income, agreed=Decimal(agreed) if agreed else None,
        starts_on=starts_on or month(1), by=by or places.user(), at=NOON, **more,
    )  # fmt: skip


def paid(person, amount="40.00", first=1, last=None, *, paid_on=None, unit=None, by=None, **more):
    """A payment on record, in the first of its months."""
    first_month, last_month = month(first), month(last or first)
    return actions.record(
        person, amount=Decimal(amount), paid_on=paid_on or first_month, first_month=first_month, last_month=last_month,
        unit=unit or person.home, by=by or places.user(), at=NOON, **more,
    )  # fmt: skip


def asked(person, kind="exempt", first=1, last=12, *, amount=None, by=None):
    """A request to pay less that waits for approval."""
    return actions.ask_reduction(
        person, kind=kind, amount=Decimal(amount) if amount else None, starts_on=month(first), last_month=month(last),
        reason="重病住院，生活困难", by=by or places.user(), at=NOON,
    )  # fmt: skip


def reduced(person, *args, **how):
    return actions.approve_reduction(asked(person, *args, **how), by=places.user(), at=NOON)
