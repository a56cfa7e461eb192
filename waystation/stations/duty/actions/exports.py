"""Records of what leaves the system: rotas and figures."""

from __future__ import annotations

from datetime import datetime

from waystation.kernel import audit
from waystation.organizations.models import Unit


def note_export(station: Unit, *, ledger: str, rows: int, by, at: datetime) -> None:
    """Record that a rota or the figures of a station were taken out."""
    audit.record("ledger.exported", by=by, at=at, unit_path=station.path, ledger=ledger, rows=rows)
