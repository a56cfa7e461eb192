"""Reading that leaves a trace: opening a file, showing a sealed value, looking a number up."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from waystation.kernel import audit
from waystation.kernel.sealing import Tampered, unseal
from waystation.stewardship.people.actions.files import SEALED
from waystation.stewardship.people.models import Person


def note_sighting(person: Person, *, by, at: datetime, relations: tuple[str, ...]) -> None:
    """Record that somebody opened the file, and as what: origin, station, grid or destination."""
    audit.record(
        "person.viewed",
        on=person,
        by=by,
        at=at,
        unit_path=person.stay_path or person.home_path,
        relations=list(relations),
    )


def reveal_field(person: Person, *, field: str, purpose: str, by, at: datetime) -> str:
    """The clear text of one sealed value. The event is written first: no trace, no reading.

    Raises Tampered when the value does not open; then nothing is shown and the failure is kept.
    """
    if field not in SEALED:
        raise ValueError(field)
    event = {
        "on": person,
        "by": by,
        "at": at,
        "purpose": purpose,
        "fields": (field,),
        "unit_path": person.stay_path or person.home_path,
    }
    try:
        with transaction.atomic():
            audit.record("person.revealed", **event)
            return unseal(person, field) or ""
    except Tampered:
        audit.record("person.revealed", result="error", **event)
        raise


def note_search(*, by, at: datetime, kind: str, hits: int) -> None:
    """Record that a number was looked up: what kind and how many hits, never the number."""
    audit.record("person.searched", by=by, at=at, kind=kind, hits=hits)


def note_lookup(*, by, at: datetime) -> None:
    """Record that somebody learned that a file outside their reach holds an ID number."""
    audit.record("person.looked_up", by=by, at=at, fields=("id_number",))
