"""A station with money: functions with defaults, the real actions underneath."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from decimal import Decimal

from tests import places
from waystation.stations.funds import actions

NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)
PDF = b"%PDF-1.4\n%an invented voucher\n"


def granted(station, *, year=2026, source="city", amount="100000", received=True, by=None):
    """An appropriation with a document, received the same day."""
    day = date(year, 3, 1)
    return actions.grant(
        station, year=year, source=source, amount=Decimal(amount), granted_on=day, document_no="宁委组〔2026〕1号",
        received_on=day if received else None, by=by or places.user(), at=NOON,
    )  # fmt: skip


def line(account, title="办公用品", amount="10000"):
    """A budget line with its allotment approved."""
    made = actions.add_line(account, title=title, amount=Decimal(amount), by=places.user(), at=NOON)
    for change in made.taken.filter(state="entered"):
        actions.approve_change(change, by=places.user(), at=NOON)
    return made


def expense(line, amount="1200.50", *, by=None, at=NOON, content=PDF, name="发票.pdf", **more):
    """An expense that waits for approval."""
    said = {"spent_on": date(2026, 11, 20), "payee": "霞浦县城关文具店", "purpose": "购买档案盒", **more}
    return actions.enter_expense(
        line.account, line=line, amount=Decimal(amount), voucher=io.BytesIO(content), voucher_name=name,
        by=by or places.user(), at=at, **said,
    )  # fmt: skip


def booked(line, amount="1200.50", *, at=NOON, **more):
    """An expense that was approved."""
    return actions.approve_expense(expense(line, amount, at=at, **more), by=places.user(), at=at)
