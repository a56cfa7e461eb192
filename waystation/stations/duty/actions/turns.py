"""Who is on which shift: by hand with a reason, and by consent of two."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from waystation.kernel import audit
from waystation.stations.duty.actions.items import return_items
from waystation.stations.duty.models import Posting, Shift, Swap, Turn
from waystation.stations.duty.queries.fitting import Limits, around_shifts, refusal


class TurnRefused(Exception):
    """This person cannot be put on or taken off; the sentence says why."""


class SwapRefused(Exception):
    """This cannot be asked or accepted; the sentence says why."""


def lock_people(users: Iterable) -> None:
    """Lock everything that says where these users are posted: nobody else plans them at this moment."""
    list(Posting.objects.select_for_update().filter(user__in=list(users)).order_by("pk").values_list("pk", flat=True))


def lock_shifts(shifts: Iterable) -> dict[object, Shift]:
    """The shifts by their ids, locked in one order."""
    rows = Shift.objects.select_for_update(of=("self",)).filter(pk__in=list(shifts)).order_by("pk")
    return {row.pk: row for row in rows.select_related("station", "rota")}


# --- by hand --------------------------------------------------------------------------------------


@transaction.atomic
def put_on(shift: Shift, posting: Posting, *, reason: str, by, at: datetime) -> Turn:
    """Put somebody of the staff on a shift; a new draft keeps it so.

    Refuses (TurnRefused) without a reason, on a shift that is over or cancelled, and whom a hard rule keeps away.
    """
    _refuse_without(reason)
    lock_people([posting.user_id])
    shift = _changeable(lock_shifts([shift.pk])[shift.pk], at)
    posting = Posting.objects.select_related("user").get(pk=posting.pk)
    words = refusal(shift, posting, around_shifts(posting.user, [shift]), Limits.on(shift.day))
    if words:
        raise TurnRefused(f"{posting.user.full_name}: {words}")
    if shift.turns.filter(user=posting.user_id, removed_at=None).exists():
        raise TurnRefused(_("%(name)s is on this shift already.") % {"name": posting.user.full_name})
    turn = add_turn(shift, posting, at=at, is_fixed=True, reason=reason)
    facts = {"shift": str(shift.pk), "user": str(turn.user_id), "reason": reason}
    audit.record("turn.put_on", on=turn, by=by, at=at, unit_path=shift.station.path, **facts)
    return turn


@transaction.atomic
def take_off(turn: Turn, *, reason: str, by, at: datetime) -> None:
    """Take somebody off a shift. Refuses without a reason, on a shift that is over, and who has checked in."""
    _refuse_without(reason)
    lock_people([turn.user_id])
    shift = _changeable(lock_shifts([turn.shift_id])[turn.shift_id], at)
    turn = Turn.objects.select_for_update().get(pk=turn.pk)
    if turn.removed_at is not None or turn.checked_in_at is not None:
        raise TurnRefused(_("This person has checked in or is off the shift already."))
    facts = {"turn": str(turn.pk), "user": str(turn.user_id), "reason": reason}
    overtake_swaps([turn.pk], at=at)
    remove_turn(turn, at=at, reason=reason)
    release_unstaffed(shift, at=at)
    audit.record("turn.taken_off", on=shift, by=by, at=at, unit_path=shift.station.path, **facts)


@transaction.atomic
def keep_turn(turn: Turn, *, is_fixed: bool, by, at: datetime) -> Turn:
    """Say whether a new draft keeps the person on this shift."""
    if Turn.objects.live().filter(pk=turn.pk).update(is_fixed=is_fixed):
        turn.refresh_from_db()
        verb = "turn.fixed" if is_fixed else "turn.freed"
        audit.record(verb, on=turn, by=by, at=at, unit_path=turn.shift.station.path)
    return turn


def _refuse_without(reason: str) -> None:
    if not reason.strip():
        raise TurnRefused(_("Say why; it stays with the shift."))


def _changeable(shift: Shift, at: datetime) -> Shift:
    if shift.cancelled_at is not None or shift.closed_at is not None or shift.ends_at <= at:
        raise TurnRefused(_("This shift is over or cancelled."))
    return shift


def add_turn(shift: Shift, posting: Posting, *, at: datetime, is_fixed: bool = False, reason: str = "") -> Turn:
    """A turn row; published at once where the rota is. The caller holds the locks."""
    return Turn.objects.create(
        shift=shift, posting=posting, user_id=posting.user_id, starts_at=shift.starts_at, is_fixed=is_fixed,
        reason=reason[:200], changed_at=at, published_at=at if shift.rota.is_published else None,
    )  # fmt: skip


def remove_turn(turn: Turn, *, at: datetime, reason: str = "") -> None:
    """Take a turn away: what nobody has seen vanishes, what was published stays as removed."""
    if turn.published_at is None:
        Swap.objects.filter(turn=turn).delete()
        Swap.objects.filter(wanted=turn).delete()
        turn.delete()
        return
    turn.removed_at = turn.changed_at = at
    turn.sequence += 1
    turn.reason = reason[:200]
    turn.save(update_fields=["removed_at", "changed_at", "sequence", "reason"])


def release_unstaffed(shift: Shift, *, at: datetime) -> None:
    """Items that were handed to a shift on which nobody is left go back to the unit."""
    if not shift.turns.filter(removed_at=None).exists():
        return_items(shift, by=None, at=at)


# --- by consent -----------------------------------------------------------------------------------


@transaction.atomic
def ask_swap(turn: Turn, *, of, wanted: Turn | None = None, reason: str = "", by, at: datetime) -> Swap:
    """Ask a colleague to take one's turn, or to exchange it for one of theirs.

    Refuses (SwapRefused) somebody else's turn, a shift that has begun, an exchange for what is not theirs, a
    second request to the same person, and what a hard rule would not allow even now.
    """
    locked = _lock_for_swap(turn, wanted, users=[turn.user_id, of.pk])
    turn, wanted = locked
    if turn.user_id != by.pk:
        raise SwapRefused(_("Only one's own shift can be given away."))
    if of.pk == by.pk:
        raise SwapRefused(_("Ask a colleague."))
    if wanted is not None and wanted.user_id != of.pk:
        raise SwapRefused(_("That shift is not one of this colleague's."))
    _refuse_swap(turn, wanted, of, at)
    try:
        with transaction.atomic():
            swap = Swap.objects.create(
                turn=turn, wanted=wanted, asked_of=of, reason=reason[:200], asked_at=at, asked_by=by
            )
    except IntegrityError as error:
        raise SwapRefused(_("You have asked this colleague about this shift already.")) from error
    audit.record("swap.asked", on=swap, by=by, at=at, unit_path=turn.shift.station.path)
    return swap


@transaction.atomic
def accept_swap(swap: Swap, *, by, at: datetime) -> Swap:
    """Say yes: the turns change hands at once, by the rules as they stand now.

    Refuses (SwapRefused) anybody but the one asked, what is decided or overtaken, and what a hard rule forbids.
    """
    turn, wanted = _lock_for_swap(swap.turn, swap.wanted, users=[swap.asked_by_id, swap.asked_of_id])
    swap = Swap.objects.select_for_update().get(pk=swap.pk)
    if swap.asked_of_id != by.pk:
        raise SwapRefused(_("Only the colleague who was asked says yes or no."))
    if swap.state != Swap.State.ASKED:
        raise SwapRefused(_("This request has been decided or overtaken already."))
    if turn.removed_at is not None or (wanted is not None and wanted.removed_at is not None):
        raise SwapRefused(_("One of the two shifts has changed hands meanwhile."))
    _refuse_swap(turn, wanted, by, at)
    swap.state, swap.decided_at, swap.decided_by = Swap.State.ACCEPTED, at, by
    swap.save(update_fields=["state", "decided_at", "decided_by"])
    _change_hands(turn, wanted, swap, at)
    overtake_swaps([one.pk for one in (turn, wanted) if one is not None], at=at)
    facts = {"turn": str(turn.pk), "wanted": str(wanted.pk) if wanted else ""}
    audit.record("swap.accepted", on=swap, by=by, at=at, unit_path=turn.shift.station.path, **facts)
    return swap


def _change_hands(turn: Turn, wanted: Turn | None, swap: Swap, at: datetime) -> None:
    """Both turns end before the new ones begin, or somebody would be on two shifts for a moment."""
    taker = _posting_on(turn, swap.asked_of_id)
    giver = _posting_on(wanted, swap.asked_by_id) if wanted is not None else None
    for one in (turn, wanted):
        if one is not None:
            remove_turn(one, at=at, reason=swap.reason)
    add_turn(turn.shift, taker, at=at, is_fixed=True, reason=swap.reason)
    if wanted is not None:
        add_turn(wanted.shift, giver, at=at, is_fixed=True, reason=swap.reason)


def _lock_for_swap(turn: Turn, wanted: Turn | None, *, users: list) -> tuple[Turn, Turn | None]:
    """The turns as they stand, with people, shifts and turns locked in the order of duty."""
    lock_people(users)
    both = [one for one in (turn, wanted) if one is not None]
    shifts = lock_shifts([one.shift_id for one in both])
    rows = Turn.objects.select_for_update().filter(pk__in=[one.pk for one in both]).order_by("pk")
    found = {row.pk: row for row in rows}
    if len(found) < len(both):
        raise SwapRefused(_("One of the two shifts has changed hands meanwhile."))
    for row in found.values():
        row.shift = shifts[row.shift_id]
    return found[turn.pk], found[wanted.pk] if wanted is not None else None


def _posting_on(turn: Turn, user) -> Posting:
    """The posting by which the user may be on the shift of the turn."""
    rows = Posting.objects.filter(station=turn.shift.station_id, user=user).in_force(turn.shift.day)
    posting = rows.select_related("user").first()
    if posting is None:
        raise SwapRefused(_("Only the staff of this station on that day can be on the shift."))
    return posting


def _refuse_swap(turn: Turn, wanted: Turn | None, of, at: datetime) -> None:
    """Refuse what is not live, has begun, or is against a hard rule for either of the two."""
    pairs = [(turn, of.pk, wanted)]
    if wanted is not None:
        pairs.append((wanted, turn.user_id, turn))
    for one, user, given_up in pairs:
        shift = one.shift
        if one.removed_at is not None or one.published_at is None or shift.starts_at <= at:
            raise SwapRefused(_("Only a published shift that has not begun changes hands."))
        posting = _posting_on(one, user)
        if shift.turns.filter(user=user, removed_at=None).exists():
            raise SwapRefused(_("%(name)s is on this shift already.") % {"name": posting.user.full_name})
        without = [given_up.shift_id] if given_up is not None else []
        shifts = [shift] if given_up is None else [shift, given_up.shift]
        person = around_shifts(posting.user, shifts)
        words = refusal(shift, posting, person, Limits.on(shift.day), without=without)
        if words:
            raise SwapRefused(f"{posting.user.full_name}: {words}")
        _refuse_uncovered(one, posting)


def _refuse_uncovered(turn: Turn, taker: Posting) -> None:
    """A swap never closes a window that was covered."""
    stay = turn.shift.turns.filter(removed_at=None).exclude(pk=turn.pk).select_related("posting")
    rest = {key for other in stay for key in other.posting.windows}
    lost = set(turn.shift.windows) & set(turn.posting.windows) - rest - set(taker.windows)
    if lost:
        raise SwapRefused(_("A window of this shift would be left without anybody who may open it."))


@transaction.atomic
def decide_swap(swap: Swap, *, state: str, by, at: datetime) -> Swap:
    """Decline what one was asked, or withdraw what one asked. Refuses others and what is decided (SwapRefused)."""
    person = {Swap.State.DECLINED: swap.asked_of_id, Swap.State.WITHDRAWN: swap.asked_by_id}[Swap.State(state)]
    if person != by.pk:
        raise SwapRefused(_("Only the two people concerned decide this."))
    if not Swap.objects.open().filter(pk=swap.pk).update(state=state, decided_at=at, decided_by=by):
        raise SwapRefused(_("This request has been decided or overtaken already."))
    swap.refresh_from_db()
    audit.record(f"swap.{state}", on=swap, by=by, at=at, unit_path=swap.turn.shift.station.path)
    return swap


def overtake_swaps(turns: Iterable, *, at: datetime) -> None:
    """Requests about turns that have changed hands are settled by that."""
    ids = list(turns)
    for column in ("turn__in", "wanted__in"):
        Swap.objects.open().filter(**{column: ids}).update(state=Swap.State.LAPSED, decided_at=at)
