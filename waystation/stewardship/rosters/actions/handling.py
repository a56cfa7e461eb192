"""Acts around a pair that leave a trace: reading a sealed value, taking rows out, sending a row back."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from waystation.kernel import audit
from waystation.kernel.sealing import unseal
from waystation.stewardship.people.actions import refuse_departure
from waystation.stewardship.people.models import Arrival, Departure
from waystation.stewardship.rosters.actions.lanes import drop_row
from waystation.stewardship.rosters.models import Import, MatchCandidate

REVEALABLE = ("id_number", "phone", "other_phone", "address")


@transaction.atomic
def reveal_row(candidate: MatchCandidate, *, side: str, field: str, purpose: str, by, at: datetime) -> str:
    """The clear text of one sealed value of the departure ("departure") or the arrival ("arrival").

    The event is written first: no trace, no reading. Raises ValueError for a value that the row
    does not have, Tampered when it does not open.
    """
    row: Departure | Arrival | None = getattr(candidate, side)
    if row is None or field not in REVEALABLE or not hasattr(row, field):
        raise ValueError(field)
    path = candidate.origin_path if side == "departure" else candidate.station_path
    audit.record(
        f"{side}.revealed", on=row, by=by, at=at, unit_path=path, purpose=purpose, fields=(field,),
        pair=str(candidate.pk),
    )  # fmt: skip
    return unseal(row, field) or ""


def note_board_export(*, tab: str, rows: int, unit_path: str, by, at: datetime) -> None:
    """Record that a tab of the board was taken out as a ledger."""
    audit.record("board.exported", by=by, at=at, unit_path=unit_path, tab=tab, rows=rows)


def note_wrong_rows(batch: Import, *, rows: int, by, at: datetime) -> None:
    """Record that the wrong rows of an import, with all they say, were taken out to be corrected."""
    audit.record("import.wrong_rows_taken", on=batch, by=by, at=at, unit_path=batch.unit_path, rows=rows)


@transaction.atomic
def send_back(candidate: MatchCandidate, *, reason: str, by, at: datetime) -> Departure:
    """The station sends a lone departure back to its origin with a written reason.

    Refuses (NotPending, ReasonMissing) as `refuse_departure` does; the row leaves the board.
    """
    departure = refuse_departure(candidate.departure, reason=reason, by=by, at=at)
    drop_row(departure=departure)
    return departure
