"""Records of what leaves the system: ledgers and sheets of cards."""

from __future__ import annotations

from datetime import datetime

from waystation.kernel import audit


def note_export(
    *, by, at: datetime, ledger: str, rows: int, fields: tuple[str, ...], purpose: str,
    unit_path: str,
) -> None:  # fmt: skip
    """Record that a ledger was taken out: which, how many rows, which sealed columns, what for."""
    audit.record(
        "ledger.exported",
        by=by,
        at=at,
        purpose=purpose,
        fields=fields,
        unit_path=unit_path,
        ledger=ledger,
        rows=rows,
    )


def note_cards_printed(*, by, at: datetime, cards: int, unit_path: str) -> None:
    """Record that a sheet of member cards was made."""
    audit.record("cards.printed", by=by, at=at, unit_path=unit_path, cards=cards)
