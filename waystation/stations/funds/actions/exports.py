"""Records of statements and ledgers that leave the system."""

from __future__ import annotations

from datetime import datetime

from waystation.kernel import audit
from waystation.organizations.models import Unit


def note_statement(unit: Unit, *, year: int, rows: int, form: str, by, at: datetime) -> None:
    """Record that a statement was taken out: whose, of which year, in which form."""
    audit.record("statement.exported", on=unit, by=by, at=at, unit_path=unit.path, year=year, rows=rows, form=form)


def note_ledger(station: Unit, *, rows: int, by, at: datetime) -> None:
    """Record that the ledger of a station's year was taken out."""
    audit.record("ledger.exported", by=by, at=at, unit_path=station.path, ledger="fund account", rows=rows)
