"""The formal relation on its way: issued, received, expired or withdrawn."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from waystation.kernel import audit, dated
from waystation.organizations.access import Reach
from waystation.organizations.models import Unit
from waystation.organizations.permissions import Permission
from waystation.stations.duty.actions import finish_key, open_item
from waystation.stations.duty.models import OpenItem
from waystation.stewardship.formalities import rules
from waystation.stewardship.formalities.actions.errors import (
    AlreadyClosed,
    AlreadyOnItsWay,
    MembershipMoved,
    NoBranch,
    NotAllowed,
    NotWhileValid,
    OwnLetter,
    ReasonMissing,
    TooLong,
    WrongDay,
)
from waystation.stewardship.formalities.models import Transfer
from waystation.stewardship.formalities.queries.sides import may_sign
from waystation.stewardship.people.actions import close_transferred, end_stay, move_membership
from waystation.stewardship.people.models import Departure, Person, Stay

LINK = "formalities:transfer"


@transaction.atomic
def issue_transfer(
    person: Person, *, to: Unit | None, channel: str, issued_on: date, by, at: datetime, number: str = "",
    to_text: str = "", reason: str = "", dues_paid_to: str = "", valid_days: int | None = None,
) -> Transfer:  # fmt: skip
    """Issue the letter, or record that the transfer was begun online. The membership stays where it is.

    Both sides get it on their list: the receiving branch until the letter expires, the issuing one until the
    receipt is due. Refuses a file without a branch (NoBranch), a user who does not speak for it (NotAllowed),
    a validity that the rules forbid (TooLong), a day to come (WrongDay), a second transfer (AlreadyOnItsWay).
    """
    person = Person.objects.select_for_update(of=("self",)).select_related("home").get(pk=person.pk)
    if person.home is None or person.home.kind != Unit.Kind.BRANCH:
        raise NoBranch
    if not Reach.of(by, Permission.TRANSFER_TRACK).covers(person.home_path):
        raise NotAllowed
    if issued_on > timezone.localdate(at):
        raise WrongDay
    days = valid_days if valid_days is not None else usual_days(to, issued_on)
    if not 1 <= days <= dated.value(rules.MOST_DAYS, issued_on):
        raise TooLong
    transfer = Transfer(
        person=person, filed_as=person, channel=channel, number=number.strip(), origin=person.home,
        origin_path=person.home_path, to=to, to_path=to.path if to else "", to_text=to_text.strip()[:100],
        reason=reason.strip()[:200], dues_paid_to=dues_paid_to, issued_on=issued_on, valid_days=days,
        expires_on=issued_on + timedelta(days=days),
        receipt_due_on=issued_on + timedelta(days=dated.value(rules.RECEIPT_DAYS, issued_on)),
        issued_at=at, issued_by=by,
    )  # fmt: skip
    try:
        with transaction.atomic():
            transfer.save(force_insert=True)
    except IntegrityError as error:
        if Transfer.objects.open().filter(person=person).exists():
            raise AlreadyOnItsWay from error
        raise
    _prompt(transfer, by=by, at=at)
    _record("transfer.issued", transfer, by=by, at=at)
    return transfer


def usual_days(to: Unit | None, day: date) -> int:
    """How long such a letter is usually valid: shorter within the city than to elsewhere."""
    return dated.value(rules.NEAR_DAYS if to is not None else rules.FAR_DAYS, day)


def _prompt(transfer: Transfer, *, by, at: datetime) -> None:
    names = {"name": transfer.person.full_name, "branch": transfer.origin.name, "to": transfer.to_name}
    common = {
        "topic": OpenItem.Topic.TRANSFER, "by": by, "at": at, "bundle": f"transfer:{transfer.pk}", "link": LINK,
        "link_pk": transfer.pk,
    }  # fmt: skip
    if transfer.to is not None:
        open_item(
            unit=transfer.to, title=_("Receive the transfer of %(name)s from %(branch)s") % names,
            key=f"transfer:{transfer.pk}:in", due_on=transfer.expires_on, **common,
        )  # fmt: skip
    open_item(
        unit=transfer.origin, title=_("Receipt for the transfer of %(name)s to %(to)s") % names,
        key=f"transfer:{transfer.pk}:out", due_on=transfer.receipt_due_on, **common,
    )  # fmt: skip


@transaction.atomic
def receive_transfer(
    transfer: Transfer, *, received_on: date, handled_by: str, handler_phone: str = "", ends_stay: bool, by,
    at: datetime,
) -> Transfer:  # fmt: skip
    """Record the receipt: from that day on the formal relation is with the receiving branch, and nothing before.

    In one transaction the membership moves, the file's home, the duty sheet and its open items follow, and,
    if so said, the stay ends and the departure closes, because the member is no mobile member any more. The
    receiving side records it, never the unit that issued the letter; for a branch outside the area the issuing
    one does, from the slip that came by post. A receipt within the validity may be recorded late, as long as no
    newer letter is on its way.

    Refuses somebody else (NotAllowed), the issuing side (OwnLetter), what is decided (AlreadyClosed), a day that
    cannot be (WrongDay, NotWhileValid), and a membership that has moved in another way (MembershipMoved).
    """
    transfer = _locked(transfer, Transfer.State.ISSUED, Transfer.State.EXPIRED)
    path = transfer.to_path if transfer.to_id is not None else transfer.origin_path
    if not Reach.of(by, Permission.TRANSFER_TRACK).covers(path):
        raise NotAllowed
    if not may_sign(transfer, by):
        raise OwnLetter
    if not transfer.issued_on <= received_on <= timezone.localdate(at):
        raise WrongDay
    if received_on > transfer.expires_on:
        raise NotWhileValid
    if transfer.state == Transfer.State.EXPIRED and Transfer.objects.open().filter(person=transfer.person).exists():
        raise AlreadyOnItsWay
    if transfer.person.home_id != transfer.origin_id:
        raise MembershipMoved
    transfer.state, transfer.received_on = Transfer.State.RECEIVED, received_on
    transfer.handled_by, transfer.handler_phone = handled_by.strip()[:50], handler_phone.strip()[:30]
    transfer.closed_at, transfer.closed_by, transfer.closing_reason = at, by, ""
    transfer.save()
    if ends_stay or transfer.to is None:
        _no_longer_mobile(transfer, on=received_on, by=by, at=at)
    move_membership(transfer.person, to=transfer.to, on=received_on, by=by, at=at)
    _finish(transfer, _("The receipt was recorded."), by=by, at=at)
    _record("transfer.received", transfer, by=by, at=at)
    return transfer


def _no_longer_mobile(transfer: Transfer, *, on: date, by, at: datetime) -> None:
    """The stay ends and the departure closes: the member belongs where the member lives."""
    stay = Stay.objects.open().filter(person=transfer.person).first()
    if stay is not None:
        end_stay(stay, on=on, ending=Stay.Ending.TRANSFERRED, by=by, at=at)
    departure = Departure.objects.open().filter(person=transfer.person).first()
    if departure is not None:
        remark = _("Formal relation transferred to %(to)s") % {"to": transfer.to_name}
        close_transferred(departure, on=on, by=by, at=at, remark=remark)


@transaction.atomic
def withdraw_transfer(transfer: Transfer, *, reason: str, by, at: datetime) -> Transfer:
    """The issuing branch takes the letter back (ReasonMissing, NotAllowed, AlreadyClosed)."""
    if not reason.strip():
        raise ReasonMissing
    transfer = _locked(transfer, Transfer.State.ISSUED)
    if not Reach.of(by, Permission.TRANSFER_TRACK).covers(transfer.origin_path):
        raise NotAllowed
    transfer.state, transfer.closing_reason = Transfer.State.WITHDRAWN, reason.strip()[:200]
    transfer.closed_at, transfer.closed_by = at, by
    transfer.save(update_fields=["state", "closing_reason", "closed_at", "closed_by"])
    _finish(transfer, _("The letter was withdrawn."), by=by, at=at)
    _record("transfer.withdrawn", transfer, by=by, at=at)
    return transfer


def expire_transfers(at: datetime) -> int:
    """Close the letters whose validity is over; returns how many. A round of the worker.

    The issuing branch stays responsible and is told to issue another letter or to leave it.
    """
    late = Transfer.objects.open().filter(expires_on__lt=timezone.localdate(at))
    return sum(_expire(transfer, at) for transfer in late.order_by("pk"))


@transaction.atomic
def _expire(transfer: Transfer, at: datetime) -> bool:
    mine = Transfer.objects.open().filter(pk=transfer.pk, expires_on__lt=timezone.localdate(at))
    if not mine.update(state=Transfer.State.EXPIRED, closed_at=at):
        return False
    transfer.refresh_from_db()
    _finish(transfer, _("The letter has expired."), by=None, at=at)
    open_item(
        unit=transfer.origin, topic=OpenItem.Topic.TRANSFER, by=None, at=at, key=f"transfer:{transfer.pk}:again",
        title=_("The transfer letter of %(name)s has expired without a receipt") % {"name": transfer.person.full_name},
        bundle=f"transfer:{transfer.pk}", link=LINK, link_pk=transfer.pk, due_on=timezone.localdate(at),
    )  # fmt: skip
    _record("transfer.expired", transfer, by=None, at=at)
    return True


def _locked(transfer: Transfer, *states: str) -> Transfer:
    """The rows in the order in which everybody locks them: stays, the person, the transfer."""
    list(Stay.objects.select_for_update().filter(person=transfer.person_id, ends_on=None).order_by("pk"))
    Person.objects.select_for_update().get(pk=transfer.person_id)
    rows = Transfer.objects.select_for_update(of=("self",)).select_related("person", "origin", "to")
    fresh = rows.get(pk=transfer.pk)
    if fresh.state not in states:
        raise AlreadyClosed
    return fresh


def _finish(transfer: Transfer, outcome: str, *, by, at: datetime) -> None:
    for end in ("in", "out", "again"):
        finish_key(f"transfer:{transfer.pk}:{end}", outcome=outcome, by=by, at=at)


def _record(verb: str, transfer: Transfer, *, by, at: datetime) -> None:
    audit.record(
        verb, on=transfer, by=by, at=at, unit_path=transfer.origin_path, person=str(transfer.person_id),
        channel=str(transfer.channel), to=transfer.to_id,
    )  # fmt: skip
