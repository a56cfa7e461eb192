"""Records of who read what an assessment says, and of what leaves the system."""

from __future__ import annotations

from datetime import datetime

from waystation.kernel import audit
from waystation.stewardship.appraisals.models import Appraisal


def note_reading(appraisal: Appraisal, *, fields: list[str], by, at: datetime) -> None:
    """Record that somebody read the opened sheets or texts of a member; which, never what they say."""
    audit.record(
        "appraisal.read", on=appraisal, by=by, at=at, unit_path=appraisal.station_path, fields=fields,
        person=str(appraisal.person_id),
    )  # fmt: skip


def note_export(*, rows: int, unit_path: str, by, at: datetime) -> None:
    """Record that a ledger of an appraisal was taken out."""
    audit.record("ledger.exported", by=by, at=at, unit_path=unit_path, ledger="appraisals", rows=rows)
