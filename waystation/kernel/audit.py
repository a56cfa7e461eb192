"""The audit trail: one event per act, appended in the transaction of the act itself.

If the event cannot be written the act rolls back, because both are one transaction.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import connection, models, transaction
from django.utils import timezone

from . import bulk
from .actors import current_actor
from .models import AuditEvent, AuditHead

GENESIS = "0" * 64
_ID_NUMBER = re.compile(r"(?<![0-9A-Za-z])\d{17}[0-9Xx](?![0-9A-Za-z])")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True)
class Fault:
    """One thing wrong with the chain, at one number."""

    number: int
    kind: str

    def __str__(self):
        return f"{self.kind} at event {self.number}"


def record(
    verb: str,
    *,
    on: models.Model | None = None,
    by=None,
    at: datetime | None = None,
    result: str = "ok",
    purpose: str = "",
    fields: Iterable[str] = (),
    **facts,
) -> AuditEvent:
    """Append one event. `facts` may name `unit_path` and `role`; they never hold values of S3.

    `fields` are the names of the fields that were read or changed.
    """
    entry = {
        "verb": verb,
        "on": on,
        "result": result,
        "purpose": purpose,
        "fields": fields,
        **facts,
    }
    return record_many([entry], by=by, at=at)[0]


# Without a savepoint a failed event dooms the whole transaction, even if somebody catches it.
@transaction.atomic(savepoint=False)
def record_many(entries: list[dict], *, by, at: datetime | None = None) -> list[AuditEvent]:
    """Append one event per entry (the arguments of `record`) under a single lock of the head."""
    if not entries:
        return []
    at = (at or timezone.now()).astimezone(UTC)
    head = _locked_head()
    events = []
    for entry in entries:
        event = _event(by=by, at=at, **entry)
        event.number, event.prev_hash = head.number + 1, head.hash
        event.hash = hash_of(event)
        head.number, head.hash = event.number, event.hash
        events.append(event)
    bulk.insert(events)
    head.save(update_fields=["number", "hash"])
    return events


def _locked_head() -> AuditHead:
    heads = AuditHead.objects.select_for_update()
    head = heads.filter(pk=1).first()
    if head is None:
        AuditHead.objects.get_or_create(pk=1, defaults={"number": 0, "hash": GENESIS})
        head = heads.get(pk=1)
    return head


def _event(*, by, at, verb, on=None, result="ok", purpose="", fields=(), **facts) -> AuditEvent:
    actor = current_actor()
    user = by if by is not None and by.pk is not None else None
    return AuditEvent(
        at=at,
        actor=user,
        actor_label=_text(str(by))[:200] if user else "",
        role=_text(facts.pop("role", "") or actor.role)[:40],
        session=actor.session,
        ip=actor.ip,
        verb=verb,
        object_label=on._meta.label_lower if on is not None else "",
        object_pk=str(on.pk) if on is not None else "",
        unit_path=_text(facts.pop("unit_path", "") or "")[:255],
        purpose=_text(purpose)[:500],
        result=result,
        fields=sorted({_text(name) for name in fields}),
        facts=_plain(facts),
    )


def _plain(value):
    """Only what both databases return exactly as it was given; an ID number is blotted out."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, dict):
        return {_text(key): _plain(held) for key, held in value.items()}
    if isinstance(value, list | tuple | set | frozenset | models.QuerySet):
        return [_plain(held) for held in value]
    if isinstance(value, models.Model):
        return str(value.pk)
    return value.isoformat() if hasattr(value, "isoformat") else _text(value)


def _text(value) -> str:
    return _ID_NUMBER.sub("*" * 18, _UNSTORABLE.sub("\ufffd", str(value)))


def hash_of(event: AuditEvent) -> str:
    """SHA-256 over everything the event says and the hash before it."""
    said = [
        event.number,
        event.prev_hash,
        event.at.astimezone(UTC).isoformat(timespec="microseconds"),
        str(event.actor_id or ""),
        event.actor_label,
        event.role,
        event.session,
        event.ip or "",
        event.verb,
        event.object_label,
        event.object_pk,
        event.unit_path,
        event.purpose,
        str(event.result),
        event.fields,
        event.facts,
    ]
    text = json.dumps(said, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


# --- checking -------------------------------------------------------------------------------------


def verify_chain(heads: Iterable[tuple[int, str]] = ()) -> list[Fault]:
    """Everything wrong with the trail: edited, missing, inserted, reordered or cut off events.

    `heads` are numbers and hashes that were kept elsewhere; the trail must still contain them.
    """
    kept = dict(heads)
    faults = list(_guard_faults())
    number, last = 0, GENESIS
    for event in AuditEvent.objects.order_by("number").iterator(chunk_size=2000):
        if event.number != number + 1:
            faults.append(Fault(number + 1, "missing"))
        elif event.prev_hash != last:
            faults.append(Fault(event.number, "broken link"))
        if event.hash != hash_of(event):
            faults.append(Fault(event.number, "altered"))
        if kept.pop(event.number, event.hash) != event.hash:
            faults.append(Fault(event.number, "differs from the exported head"))
        number, last = event.number, event.hash
    if current_head() != (number, last):
        faults.append(Fault(number, "head does not match"))
    faults.extend(Fault(gone, "exported head is gone") for gone in sorted(kept) if gone > number)
    return faults


def current_head() -> tuple[int, str]:
    """Number and hash of the last event."""
    head = AuditHead.objects.filter(pk=1).first()
    return (head.number, head.hash) if head else (0, GENESIS)


GUARDED = {"sqlite": ["update", "delete"], "postgresql": ["update", "delete", "truncate"]}


def _guard_faults() -> Iterator[Fault]:
    """The triggers that keep the trail append-only must be in the database."""
    question = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'",
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(question)
        present = {name for (name,) in cursor.fetchall()}
    wanted = {f"audit_event_refuses_{event}" for event in GUARDED[connection.vendor]}
    for name in sorted(wanted - present):
        yield Fault(0, f"guard {name} is missing")
