"""The record of what is taken out of the register of stations as a spreadsheet."""

from __future__ import annotations

from datetime import datetime

from waystation.kernel import audit


def note_export(what: str, *, rows: int, unit_path: str, by, at: datetime) -> None:
    """Record that a ledger was taken out: which, and how many rows."""
    audit.record("ledger.exported", by=by, at=at, unit_path=unit_path, ledger=what, rows=rows)
