"""Records of what was read or taken out."""

from __future__ import annotations

from datetime import datetime

from waystation.kernel import audit
from waystation.stewardship.dues.actions.standing import path_of
from waystation.stewardship.dues.models import DuesReduction
from waystation.stewardship.people.models import Person


def note_reason_read(reduction: DuesReduction, person: Person, *, by, at: datetime) -> None:
    """Record that somebody read why a member should pay less."""
    audit.record(
        "dues.reason_read", on=reduction, by=by, at=at, fields=("reason",), unit_path=path_of(person),
        person=str(person.pk),
    )  # fmt: skip


def note_export(unit, *, year: int, rows: int, by, at: datetime) -> None:
    """Record that a ledger of dues was taken out."""
    audit.record("dues.exported", on=unit, by=by, at=at, unit_path=unit.path, year=year, rows=rows)
