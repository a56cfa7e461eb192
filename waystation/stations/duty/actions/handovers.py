"""Coming to a shift and leaving it: nothing closes over an item that rests nowhere."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from waystation.kernel import audit
from waystation.stations.duty.actions.items import finish_item, hand_item, park_item, return_items
from waystation.stations.duty.models import Handover, OpenItem, Shift, Turn
from waystation.stations.duty.queries.holding import check_in_opens, in_hand, missed, unread_briefs


class ShiftRefused(Exception):
    """Not now, or not by this person; the sentence says why."""


class BriefUnread(ShiftRefused):
    """What the shifts before left has not been read."""

    def __init__(self):
        super().__init__(_("Read what the shift before left, and say so, before you check in."))


class ItemsLeft(ShiftRefused):
    """Open items of the station rest nowhere yet."""

    def __init__(self, number: int):
        self.number = number
        words = ngettext(
            "%(n)d open item is neither done, handed on nor parked.",
            "%(n)d open items are neither done, handed on nor parked.",
            number,
        )
        super().__init__(words % {"n": number})


@dataclass(frozen=True)
class Settled:
    """What becomes of one item at check-out: an outcome, or a shift that takes it, or a day to come."""

    item: OpenItem
    outcome: str = ""
    to: Shift | None = None
    until: date | None = None
    note: str = ""


# --- coming ---------------------------------------------------------------------------------------


@transaction.atomic
def check_in(turn: Turn, *, read: Iterable = (), by, at: datetime) -> Turn:
    """Come to one's shift; the first who comes opens it. `read` are the ids of the hand-overs one has read.

    Refuses (ShiftRefused) somebody else's turn, a shift that is not published, is over or begins much later,
    one who is there already, and anybody while a hand-over to the shift is unread (BriefUnread).
    """
    shift = Shift.objects.select_for_update().select_related("station", "rota").get(pk=turn.shift_id)
    turn = Turn.objects.select_for_update().get(pk=turn.pk)
    if by is None or turn.user_id != by.pk:
        raise ShiftRefused(_("Only the person whose turn it is checks in."))
    if turn.removed_at is not None or turn.published_at is None or shift.cancelled_at is not None:
        raise ShiftRefused(_("You are not on this shift any more."))
    if turn.checked_in_at is not None:
        raise ShiftRefused(_("You have checked in already."))
    if shift.closed_at is not None or (shift.opened_at is None and shift.ends_at <= at):
        raise ShiftRefused(_("This shift is over."))
    if at < check_in_opens(shift):
        raise ShiftRefused(_("It is too early to check in to this shift."))
    _read_briefs(shift, read, by=by, at=at)
    turn.checked_in_at = at
    turn.save(update_fields=["checked_in_at"])
    Shift.objects.filter(pk=shift.pk, opened_at=None).update(opened_at=at)
    audit.record("shift.checked_in", on=turn, by=by, at=at, unit_path=shift.station.path, shift=str(shift.pk))
    return turn


def _read_briefs(shift: Shift, read: Iterable, *, by, at: datetime) -> None:
    known = {str(pk) for pk in read}
    waiting = list(unread_briefs(shift.station).select_related(None).select_for_update())
    if any(str(brief.pk) not in known for brief in waiting):
        raise BriefUnread
    Handover.objects.filter(pk__in=[brief.pk for brief in waiting], read_at=None).update(
        read_at=at, read_by=by, read_on_shift=shift
    )


# --- leaving --------------------------------------------------------------------------------------


@transaction.atomic
def leave_desk(turn: Turn, *, by, at: datetime) -> Turn:
    """Check out while colleagues stay on the shift; they keep its items.

    Refuses the last one there, who closes the shift instead, and somebody else's turn (ShiftRefused).
    """
    shift = Shift.objects.select_for_update().select_related("station").get(pk=turn.shift_id)
    turn = shift.turns.get(pk=turn.pk)
    if turn.user_id != by.pk or not turn.is_at_desk or not shift.is_running:
        raise ShiftRefused(_("You are not at the desk of this shift."))
    if not _at_desk(shift).exclude(pk=turn.pk).exists():
        raise ShiftRefused(_("You are the last one on this shift: close it and hand it over."))
    turn.checked_out_at = at
    turn.save(update_fields=["checked_out_at"])
    audit.record("shift.left", on=turn, by=by, at=at, unit_path=shift.station.path, shift=str(shift.pk))
    return turn


def _at_desk(shift: Shift):
    return shift.turns.filter(removed_at=None, checked_in_at__isnull=False, checked_out_at=None)


@transaction.atomic
def close_shift(
    shift: Shift, *, settled: Iterable[Settled] = (), rest_to: Shift | None = None, note: str = "", by, at: datetime
) -> Handover:
    """Settle the items of the station, close the shift and leave a brief; `rest_to` takes what is not named.

    Refuses a shift that is not running (ShiftRefused), and any open item of the station that rests nowhere
    then (ItemsLeft).
    """
    settled = list(settled)
    wanted = {one.to.pk for one in settled if one.to} | ({rest_to.pk} if rest_to else set())
    # All shifts at once in one order, so that two check-outs that hand to each other do not wait for ever.
    rows = Shift.objects.select_for_update().filter(pk__in=wanted | {shift.pk}).order_by("pk")
    locked = {row.pk: row for row in rows}
    shift = locked[shift.pk]
    if not shift.is_running:
        raise ShiftRefused(_("This shift is not running."))
    day = timezone.localdate(at)
    _lock_items([one.item.pk for one in settled], shift, at=at, day=day)
    for one in settled:
        _settle(one, shift, by=by, at=at)
    if rest_to is not None:
        for item in list(in_hand(shift, at=at, day=day).select_related("unit").order_by("pk")):
            hand_item(item, to=rest_to, by=by, at=at, of=shift)
    handover = _close(shift, note=note, by=by, at=at)
    # Every act on an item holds the head of the trail when it ends, and so do we now: an item that was opened
    # before us is seen by this question, and one that is not seen was opened after we closed.
    left = in_hand(shift, at=at, day=day).count()
    if left:
        raise ItemsLeft(left)
    Shift.objects.filter(pk=shift.pk).update(closed_at=at, closed_by=by)
    return handover


def _lock_items(ids: list, shift: Shift, *, at: datetime, day: date) -> None:
    """Lock every item that may be written, before the head of the trail is held."""
    held = in_hand(shift, at=at, day=day).order_by().values("pk")
    rows = OpenItem.objects.filter(Q(pk__in=ids) | Q(pk__in=held))
    list(rows.select_for_update().order_by("pk").values_list("pk", flat=True))


def _settle(one: Settled, shift: Shift, *, by, at: datetime) -> None:
    if one.outcome:
        finish_item(one.item, outcome=one.outcome, by=by, at=at)
    elif one.to is not None:
        hand_item(one.item, to=one.to, note=one.note, by=by, at=at, of=shift)
    elif one.until is not None:
        park_item(one.item, until=one.until, note=one.note, by=by, at=at, of=shift)


def _close(shift: Shift, *, note: str, by, at: datetime) -> Handover:
    _at_desk(shift).update(checked_out_at=at)
    handover = Handover.objects.create(
        station_id=shift.station_id, shift=shift, note=note[:400], made_at=at, made_by=by
    )
    path = shift.station.path
    audit.record("shift.closed", on=shift, by=by, at=at, unit_path=path, handover=str(handover.pk))
    return handover


@transaction.atomic
def return_missed(*, at: datetime) -> int:
    """Give the items of shifts to which nobody came back to their units; returns how many."""
    held = OpenItem.objects.open().filter(missed(at), shift__isnull=False)
    ids = set(held.values_list("shift", flat=True))
    shifts = list(Shift.objects.select_for_update().filter(pk__in=ids, opened_at=None).order_by("pk"))
    items = OpenItem.objects.open().filter(shift__in=shifts).order_by("pk")
    list(items.select_for_update().values_list("pk", flat=True))
    return sum(return_items(shift, by=None, at=at) for shift in shifts)
