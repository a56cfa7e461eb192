"""Writes on open items: what is to be done, and who holds it.

The order of locks is that of duty: shifts, then items, then the head of the trail.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from waystation.kernel import audit, bulk
from waystation.organizations.models import Unit
from waystation.stations.duty.models import ItemStep, OpenItem, Shift
from waystation.stations.duty.queries.holding import takers


class AlreadyDone(Exception):
    """Somebody else finished this item first."""


class ItemRefused(Exception):
    """The item cannot rest there; the sentence says why."""


def new_item(
    *,
    unit: Unit,
    topic: str,
    title: str,
    by,
    at: datetime,
    due_on: date | None = None,
    key: str = "",
    bundle: str = "",
    link: str = "",
    link_pk="",
) -> OpenItem:
    """The row of something that a unit is to do, not yet written; for `open_items`."""
    return OpenItem(
        unit=unit, unit_path=unit.path, topic=OpenItem.Topic(topic), title=title[:200], key=key, bundle=bundle,
        link=link, link_pk=str(link_pk), due_on=due_on, opened_at=at, opened_by=by,
    )  # fmt: skip


@transaction.atomic
def open_item(*, unit: Unit, key: str = "", by, at: datetime, **more) -> OpenItem:
    """Give the unit something to do (`new_item`). While an item of the same `key` is open, that one is returned
    as it is."""
    item = new_item(unit=unit, key=key, by=by, at=at, **more)
    held = OpenItem.objects.open().filter(key=key)
    if key and (found := held.first()):
        return found
    try:
        with transaction.atomic():
            item.save(force_insert=True)
    except IntegrityError:
        if key and (found := held.first()):
            return found
        raise
    audit.record("item.opened", on=item, by=by, at=at, unit_path=unit.path, topic=str(item.topic))
    return item


@dataclass(frozen=True)
class ItemBatch:
    """Many items ready to be written, and how many there are for each unit and topic."""

    rows: bulk.Prepared
    counted: Counter


def batch_of(items: list[OpenItem]) -> ItemBatch:
    """Rows made by `new_item`, whose keys no open item has, ready for `open_items`."""
    return ItemBatch(bulk.prepare(items), Counter((item.unit_path, str(item.topic)) for item in items))


@transaction.atomic
def open_items(batches: Iterable[ItemBatch], *, by, at: datetime) -> None:
    """Give units many things to do at once, all or none.

    Where `open_item` leaves an event an item this leaves one a unit and topic, with how many there are: the head
    of the trail, for which everybody else waits, is held for as long as few rows take.
    """
    counted: Counter = Counter()
    for batch in batches:
        bulk.write(batch.rows)
        counted += batch.counted
    entries = [
        {"verb": "item.opened", "unit_path": path, "topic": topic, "items": number}
        for (path, topic), number in sorted(counted.items())
    ]
    audit.record_many(entries, by=by, at=at)


@transaction.atomic
def finish_item(item: OpenItem, *, outcome: str, by, at: datetime) -> OpenItem:
    """Close the item with what came of it. Refuses one that is closed already (AlreadyDone)."""
    mine = OpenItem.objects.open().filter(pk=item.pk)
    if not mine.update(done_at=at, done_by=by, outcome=outcome[:200], shift=None, parked_until=None):
        raise AlreadyDone
    item.refresh_from_db()
    audit.record("item.done", on=item, by=by, at=at, unit_path=item.unit_path, topic=item.topic)
    return item


@transaction.atomic
def finish_key(key: str, *, outcome: str, by, at: datetime) -> int:
    """Close the open item of the key, if there is one; returns how many were closed."""
    items = list(OpenItem.objects.open().select_for_update().filter(key=key))
    for item in items:
        finish_item(item, outcome=outcome, by=by, at=at)
    return len(items)


@transaction.atomic
def move_items(bundle: str, *, topics: Iterable[str] | None = None, to: Unit, by, at: datetime) -> int:
    """Give all open items of the bundle, or those of some topics, to another unit; returns how many moved.

    The other unit holds them itself, whatever shift had them or until when they were parked.
    """
    items = OpenItem.objects.open().filter(bundle=bundle).exclude(unit=to)
    if topics is not None:
        items = items.filter(topic__in=list(topics))
    moved = list(items.select_for_update().values_list("pk", flat=True))
    OpenItem.objects.filter(pk__in=moved).update(unit=to, unit_path=to.path, shift=None, parked_until=None)
    if moved:
        audit.record("item.moved", by=by, at=at, unit_path=to.path, bundle=bundle, items=len(moved))
    return len(moved)


# --- where an item rests ---------------------------------------------------------------------------


@transaction.atomic
def hand_item(item: OpenItem, *, to: Shift, note: str = "", by, at: datetime, of: Shift | None = None) -> OpenItem:
    """Let a shift of the unit hold the item; `of` is the shift that hands it on.

    Refuses a shift that has closed, is over, has nobody on it or is another unit's (ItemRefused), and an item
    that is done (AlreadyDone).
    """
    # The shift is locked first: it cannot close before it is known to hold the item.
    Shift.objects.select_for_update().get(pk=to.pk)
    if not takers(item.unit, at=at, besides=of).filter(pk=to.pk).exists():
        raise ItemRefused(_("That shift cannot take the item: it is over, handed over, or nobody is on it."))
    return _rest(item, ItemStep.Kind.HANDED, by=by, at=at, of=of, to_shift=to, note=note)


@transaction.atomic
def park_item(item: OpenItem, *, until: date, note: str = "", by, at: datetime, of: Shift | None = None) -> OpenItem:
    """Let the item rest with its unit until a day. Refuses a day that is not to come (ItemRefused), AlreadyDone."""
    if until <= timezone.localdate(at):
        raise ItemRefused(_("An item is parked until a day to come."))
    return _rest(item, ItemStep.Kind.PARKED, by=by, at=at, of=of, parked_until=until, note=note)


@transaction.atomic
def take_item(item: OpenItem, *, note: str = "", by, at: datetime) -> OpenItem:
    """Give an item that was handed on or parked back to the unit itself. Refuses one that is done (AlreadyDone)."""
    return _rest(item, ItemStep.Kind.TAKEN, by=by, at=at, note=note)


def _rest(item: OpenItem, kind: str, *, by, at: datetime, of: Shift | None = None, **where) -> OpenItem:
    """Write where the item rests, with the step that says so; the row of the item is the lock."""
    fresh = OpenItem.objects.select_for_update().get(pk=item.pk)
    if fresh.done_at is not None:
        raise AlreadyDone
    came_from = of.pk if of is not None else fresh.shift_id
    fresh.shift, fresh.parked_until = where.get("to_shift"), where.get("parked_until")
    fresh.save(update_fields=["shift", "parked_until"])
    step = ItemStep.objects.create(
        item=fresh, unit_id=fresh.unit_id, kind=kind, at=at, by=by, from_shift_id=came_from, **where
    )
    audit.record(f"item.{kind}", on=fresh, by=by, at=at, unit_path=fresh.unit_path, step=str(step.pk))
    return fresh


@transaction.atomic
def return_items(shift: Shift, *, by, at: datetime) -> int:
    """Give what a shift holds that will not be kept back to the unit; returns how many items."""
    items = list(OpenItem.objects.open().select_for_update().filter(shift=shift).order_by("pk"))
    for item in items:
        take_item(item, by=by, at=at)
    return len(items)
