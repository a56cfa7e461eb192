"""Changes of a duty sheet by agreement of those concerned."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from waystation.kernel import audit
from waystation.organizations.access import Reach
from waystation.organizations.models import Unit
from waystation.organizations.permissions import Permission
from waystation.stewardship.duties.actions.errors import (
    AlreadyProposed,
    NotAParty,
    NotConcerned,
    NotOpenAnyMore,
    PastDay,
    ReasonMissing,
    SameUnit,
    TwoPeople,
)
from waystation.stewardship.duties.actions.handing import hand_over, locked
from waystation.stewardship.duties.models import Proposal
from waystation.stewardship.duties.queries import holder_on, parties
from waystation.stewardship.people.models import Stay

HOLDER, TAKER = "holder", "taker"


@transaction.atomic
def propose_change(stay: Stay, *, kind: str, to: Unit, starts_on: date, reason: str, by, at: datetime) -> Proposal:
    """Propose that the unit answers for the duty from a day on. Whoever proposes agrees for the own unit.

    Refuses an ended stay (StayEnded), a day that is over (PastDay), a unit that has the duty then (SameUnit) or
    is no party of the stay (NotAParty), somebody who speaks for no party (NotConcerned), no reason
    (ReasonMissing) and a second open proposal for the duty (AlreadyProposed).
    """
    stay = locked(stay)
    if not reason.strip():
        raise ReasonMissing
    if starts_on < max(timezone.localdate(at), stay.starts_on):
        raise PastDay
    holder = holder_on(stay, kind, starts_on)
    if holder.pk == to.pk:
        raise SameUnit
    concerned = [unit for _part, unit in parties(stay)]
    if to.pk not in {unit.pk for unit in concerned}:
        raise NotAParty
    proposer = _spoken_for(by, [holder, to, *concerned])
    proposal = Proposal(
        stay=stay, kind=kind, holder=holder, holder_path=holder.path, taker=to, taker_path=to.path,
        proposer=proposer, proposer_path=proposer.path, starts_on=starts_on, reason=reason.strip()[:200],
        proposed_at=at, proposed_by=by,
    )  # fmt: skip
    if proposer.pk == holder.pk:
        proposal.holder_agreed_at, proposal.holder_agreed_by = at, by
    elif proposer.pk == to.pk:
        proposal.taker_agreed_at, proposal.taker_agreed_by = at, by
    try:
        with transaction.atomic():
            proposal.save(force_insert=True)
    except IntegrityError as error:
        raise AlreadyProposed from error
    _record("duty.proposed", proposal, by=by, at=at)
    return proposal


def _spoken_for(user, units: list[Unit]) -> Unit:
    """The unit that the user speaks for: the one of the own mandate before one that only lies below it."""
    reach = Reach.of(user, Permission.DUTY_AGREE)
    own = next((unit for unit in units if unit.pk in reach.units), None)
    found = own or next((unit for unit in units if reach.covers(unit.path)), None)
    if found is None:
        raise NotConcerned
    return found


@transaction.atomic
def agree(proposal: Proposal, *, side: str, by, at: datetime) -> Proposal:
    """Agree for the unit that holds the duty, or for the one that takes it. With both, the duty changes hands.

    It does so on the day proposed or, if that is over by now, today. Agreeing twice changes nothing. If the
    duty has come to a third unit meanwhile, the proposal lapses. Refuses a closed proposal (NotOpenAnyMore),
    a user who does not speak for the unit (NotConcerned) or agreed for the other side (TwoPeople).
    """
    proposal, stay = _locked(proposal)
    unit = proposal.holder if side == HOLDER else proposal.taker
    other = proposal.taker_agreed_by_id if side == HOLDER else proposal.holder_agreed_by_id
    if not Reach.of(by, Permission.DUTY_AGREE).covers(unit.path):
        raise NotConcerned
    if getattr(proposal, f"{side}_agreed_by_id") is not None:
        return proposal
    if other == by.pk:
        raise TwoPeople
    setattr(proposal, f"{side}_agreed_at", at)
    setattr(proposal, f"{side}_agreed_by", by)
    if other is not None:
        _settle(proposal, stay, by=by, at=at)
    proposal.save()
    _record(f"duty.{proposal.state}" if proposal.closed_at else "duty.seconded", proposal, by=by, at=at)
    return proposal


def _settle(proposal: Proposal, stay: Stay, *, by, at: datetime) -> None:
    """Both have agreed: the duty changes hands, unless it is not the holder's any more."""
    day = max(proposal.starts_on, timezone.localdate(at))
    proposal.closed_at, proposal.closed_by = at, by
    if holder_on(stay, proposal.kind, day).pk != proposal.holder_id:
        proposal.state = Proposal.State.LAPSED
        proposal.closing_reason = _("The duty has come to another unit meanwhile.")
        return
    proposal.state = Proposal.State.AGREED
    hand_over(stay, proposal.kind, to=proposal.taker, on=day, by=by, at=at, proposal=proposal)


@transaction.atomic
def refuse_proposal(proposal: Proposal, *, reason: str, by, at: datetime) -> Proposal:
    """The holder or the taker refuses, with a written reason (ReasonMissing, NotOpenAnyMore, NotConcerned)."""
    proposal, _stay = _locked(proposal)
    if not reason.strip():
        raise ReasonMissing
    reach = Reach.of(by, Permission.DUTY_AGREE)
    if not (reach.covers(proposal.holder_path) or reach.covers(proposal.taker_path)):
        raise NotConcerned
    return _close(proposal, Proposal.State.REFUSED, reason=reason, by=by, at=at)


@transaction.atomic
def withdraw_proposal(proposal: Proposal, *, by, at: datetime) -> Proposal:
    """Whoever proposed, or the unit proposed for, takes it back (NotOpenAnyMore, NotConcerned)."""
    proposal, _stay = _locked(proposal)
    reach = Reach.of(by, Permission.DUTY_AGREE)
    if by.pk != proposal.proposed_by_id and not reach.covers(proposal.proposer_path):
        raise NotConcerned
    return _close(proposal, Proposal.State.WITHDRAWN, reason="", by=by, at=at)


def lapse_proposals(stay: Stay, *, reason: str, at: datetime, of: Unit | None = None) -> int:
    """Close the open proposals of a stay, or those that name a unit, because they have lost their ground."""
    closed = 0
    for proposal in Proposal.objects.open().select_for_update().filter(stay=stay):
        if of is None or of.pk in (proposal.holder_id, proposal.taker_id):
            _close(proposal, Proposal.State.LAPSED, reason=reason, by=None, at=at)
            closed += 1
    return closed


def _locked(proposal: Proposal) -> tuple[Proposal, Stay]:
    """The stay locked first, as everywhere, then the proposal as it is now. Refuses a closed one."""
    stay = locked(proposal.stay, open_only=False)
    fresh = Proposal.objects.select_for_update(of=("self",)).select_related("holder", "taker").get(pk=proposal.pk)
    if fresh.state != Proposal.State.OPEN:
        raise NotOpenAnyMore
    return fresh, stay


def _close(proposal: Proposal, state: str, *, reason: str, by, at: datetime) -> Proposal:
    proposal.state, proposal.closing_reason = state, reason.strip()[:200]
    proposal.closed_at, proposal.closed_by = at, by
    proposal.save(update_fields=["state", "closing_reason", "closed_at", "closed_by"])
    _record(f"duty.{state}", proposal, by=by, at=at)
    return proposal


def _record(verb: str, proposal: Proposal, *, by, at: datetime) -> None:
    audit.record(
        verb, on=proposal, by=by, at=at, unit_path=proposal.holder_path, person=str(proposal.stay.person_id),
        kind=str(proposal.kind), holder=proposal.holder_id, taker=proposal.taker_id, starts_on=proposal.starts_on,
    )  # fmt: skip
