"""Each side says whether a proposed pair is the same person; two yeses open a stay."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from waystation.kernel import audit
from waystation.stewardship.people.actions import Confirmation, open_stay
from waystation.stewardship.people.actions.errors import Refused
from waystation.stewardship.people.models import Arrival, Departure, Person, Stay
from waystation.stewardship.rosters.actions.lanes import restore
from waystation.stewardship.rosters.models import MatchCandidate

ORIGIN, STATION = "origin", "station"


class NotOpenAnyMore(Refused):
    """Somebody decided this pair first."""

    def __init__(self):
        super().__init__(_("This pair has been decided already."))


class SamePerson(Refused):
    """One user cannot confirm for both sides."""

    def __init__(self):
        super().__init__(_("You confirmed for the other side. Somebody else must confirm for this one."))


class NotYours(Refused):
    """Only who has confirmed takes the confirmation back."""

    def __init__(self):
        super().__init__(_("You have not confirmed this pair."))


class NeedsAHuman(Refused):
    """A conflicting pair is confirmed one by one, never in bulk."""

    def __init__(self):
        super().__init__(_("This pair has conflicts. Open it and decide by itself."))


class OverrideRefused(Refused):
    """The county overrides one side's silence, with a reason, after the other side has confirmed."""


@dataclass
class BulkResult:
    """What a bulk confirmation did: how many were confirmed, how many stays that opened, and what was refused."""

    confirmed: int = 0
    opened: int = 0
    refused: list[tuple[MatchCandidate, str]] = field(default_factory=list)


def _lock(candidate: MatchCandidate) -> MatchCandidate:
    """The proposal as it stands, with everything that a decision may change.

    The order is that of every other act (person, departure, arrival, proposal, then the trail's head), so that a
    confirmation and a cancellation at one moment wait for each other instead of dying in a deadlock. The keys
    stay free: another proposal about one of the rows may be written meanwhile.
    """
    departures = Departure.objects.filter(pk=candidate.departure_id)
    list(Person.objects.select_for_update(no_key=True).filter(pk__in=list(departures.values_list("person", flat=True))))
    list(departures.select_for_update(no_key=True))
    list(Arrival.objects.select_for_update(no_key=True).filter(pk=candidate.arrival_id))
    fresh = MatchCandidate.objects.select_for_update().filter(pk=candidate.pk).first()
    # A new run may have replaced the proposal meanwhile.
    if (
        fresh is None
        or fresh.state != MatchCandidate.State.OPEN
        or fresh.departure_id is None
        or fresh.arrival_id is None
    ):
        raise NotOpenAnyMore
    return fresh


@transaction.atomic
def confirm_pair(candidate: MatchCandidate, *, side: str, by, at: datetime) -> Stay | None:
    """Say for one side that the pair is one person; returns the stay if the other side had said so.

    Refuses a decided pair (NotOpenAnyMore), the same user for both sides (SamePerson), and what the stay's own
    laws refuse.
    """
    fresh = _lock(candidate)
    other = STATION if side == ORIGIN else ORIGIN
    if getattr(fresh, f"{other}_confirmed_by_id") == by.pk:
        raise SamePerson
    if getattr(fresh, f"{side}_confirmed_at") is None:
        setattr(fresh, f"{side}_confirmed_at", at)
        setattr(fresh, f"{side}_confirmed_by", by)
        fresh.save(update_fields=[f"{side}_confirmed_at", f"{side}_confirmed_by"])
        audit.record("pair.confirmed", on=fresh, by=by, at=at, unit_path=_path(fresh, side), side=side)
    if fresh.origin_confirmed_at and fresh.station_confirmed_at:
        return _settle(fresh, by=by, at=at)
    return None


@transaction.atomic
def withdraw_confirmation(candidate: MatchCandidate, *, by, at: datetime) -> MatchCandidate:
    """Take one's own yes back while the other side is silent.

    Refuses once the pair is decided (NotOpenAnyMore) and for whoever has not said yes (NotYours).
    """
    fresh = _lock(candidate)
    side = next((side for side in (ORIGIN, STATION) if getattr(fresh, f"{side}_confirmed_by_id") == by.pk), None)
    if side is None:
        raise NotYours
    setattr(fresh, f"{side}_confirmed_at", None)
    setattr(fresh, f"{side}_confirmed_by", None)
    fresh.save(update_fields=[f"{side}_confirmed_at", f"{side}_confirmed_by"])
    audit.record("pair.withdrawn", on=fresh, by=by, at=at, unit_path=_path(fresh, side), side=side)
    return fresh


def _path(candidate: MatchCandidate, side: str) -> str:
    return candidate.origin_path if side == ORIGIN else candidate.station_path


def _settle(candidate: MatchCandidate, *, by, at: datetime, override=None, override_reason: str = "") -> Stay:
    """Both sides agree: open the stay and close every other proposal about the same two rows."""
    stay = open_stay(
        candidate.departure, candidate.arrival, origin=_side(candidate, ORIGIN), station=_side(candidate, STATION),
        override=override, override_reason=override_reason, by=by, at=at,
    )  # fmt: skip
    candidate.state, candidate.decided_at, candidate.decided_by = MatchCandidate.State.SETTLED, at, by
    candidate.save(update_fields=["state", "decided_at", "decided_by"])
    about = Q(departure=candidate.departure_id) | Q(arrival=candidate.arrival_id)
    others = MatchCandidate.objects.open().filter(about)
    rows = list(others.values_list("departure", "arrival"))
    others.delete()
    restore(rows)
    return stay


def _side(candidate: MatchCandidate, side: str) -> Confirmation | None:
    by = getattr(candidate, f"{side}_confirmed_by")
    return Confirmation(by, getattr(candidate, f"{side}_confirmed_at")) if by else None


@transaction.atomic
def override_side(candidate: MatchCandidate, *, reason: str, by, at: datetime) -> Stay:
    """The county speaks for the side that stays silent, with a written reason.

    Refuses without a reason, before either side has confirmed, and for whoever confirmed (OverrideRefused).
    """
    fresh = _lock(candidate)
    if not reason.strip():
        raise OverrideRefused(_("Write why the county decides for the silent side."))
    sides = [fresh.origin_confirmed_by_id, fresh.station_confirmed_by_id]
    if not any(sides):
        raise OverrideRefused(_("One side must have confirmed before the county may speak for the other."))
    if by.pk in sides:
        raise OverrideRefused(_("You confirmed for one side. Somebody else at the county must override."))
    audit.record("pair.overridden", on=fresh, by=by, at=at, unit_path=fresh.station_path)
    return _settle(fresh, by=by, at=at, override=Confirmation(by, at), override_reason=reason)


@transaction.atomic
def reject_pair(candidate: MatchCandidate, *, side: str, reason: str, by, at: datetime) -> MatchCandidate:
    """Say that these are two people. It is remembered: the pair is never proposed again."""
    fresh = _lock(candidate)
    fresh.state, fresh.decided_at, fresh.decided_by, fresh.reason = (
        MatchCandidate.State.REJECTED, at, by, reason.strip()[:200],
    )  # fmt: skip
    fresh.save(update_fields=["state", "decided_at", "decided_by", "reason"])
    audit.record("pair.rejected", on=fresh, by=by, at=at, unit_path=_path(fresh, side), side=side)
    restore([(fresh.departure_id, fresh.arrival_id)])
    return fresh


@transaction.atomic
def reopen_pair(candidate: MatchCandidate, *, by, at: datetime) -> MatchCandidate:
    """Take back "not the same person". Refuses when either row has been settled with another."""
    fresh = MatchCandidate.objects.select_for_update().get(pk=candidate.pk)
    pending = fresh.departure.state == "pending" and fresh.arrival.state == "pending"
    if fresh.state != MatchCandidate.State.REJECTED or not pending:
        raise NotOpenAnyMore
    fresh.state, fresh.decided_at, fresh.decided_by, fresh.reason = MatchCandidate.State.OPEN, None, None, ""
    fresh.origin_confirmed_at = fresh.origin_confirmed_by = None
    fresh.station_confirmed_at = fresh.station_confirmed_by = None
    fresh.save()
    restore([(fresh.departure_id, fresh.arrival_id)])
    audit.record("pair.reopened", on=fresh, by=by, at=at, unit_path=fresh.station_path)
    return fresh


def confirm_in_bulk(candidates: Iterable[MatchCandidate], *, side: str, by, at: datetime, beat=None) -> BulkResult:
    """Confirm many pairs of the matched lane for one side; what is refused is listed and stops nothing.

    Each pair is a transaction of its own, so that one refusal does not undo the others.
    """
    result = BulkResult()
    for number, candidate in enumerate(candidates, start=1):
        try:
            if candidate.lane != MatchCandidate.Lane.MATCHED:
                raise NeedsAHuman
            stay = confirm_pair(candidate, side=side, by=by, at=at)
            result.confirmed += 1
            result.opened += stay is not None
        except Refused as refusal:
            result.refused.append((candidate, str(refusal)))
        if beat is not None:
            beat(number)
    return result


@transaction.atomic
def follow_up(candidate: MatchCandidate, *, note: str, by, at: datetime) -> MatchCandidate:
    """Note what was done about a row that stands alone: the member was called, the origin was asked."""
    mine = MatchCandidate.objects.open().filter(pk=candidate.pk)
    if not mine.update(follow_up=note.strip()[:200], followed_up_at=at, followed_up_by=by):
        raise NotOpenAnyMore
    candidate.refresh_from_db()
    audit.record("single.followed_up", on=candidate, by=by, at=at, unit_path=candidate.station_path)
    return candidate
