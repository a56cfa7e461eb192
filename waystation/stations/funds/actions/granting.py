"""Money granted to a station: recorded with its document, received, and taken back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from waystation.kernel import audit
from waystation.kernel.ids import new_id
from waystation.organizations.models import Unit
from waystation.stations.funds.actions.accounts import decide, locked, open_account, send_back
from waystation.stations.funds.actions.errors import (
    AlreadyDecided,
    AlreadyReversed,
    FundRefused,
    NotEnoughGranted,
    NotEnoughReceived,
)
from waystation.stations.funds.models import Account, Appropriation, State
from waystation.stations.funds.queries import balance_of, granted_from


@transaction.atomic
def grant(
    station: Unit,
    *,
    year: int,
    source: str,
    amount: Decimal,
    granted_on: date,
    document_no: str = "",
    received_on: date | None = None,
    remark: str = "",
    by,
    at: datetime,
) -> Appropriation:
    """Record an appropriation. Refuses (FundRefused) one without a document from city or county."""
    source = Appropriation.Source(source)
    if source in (Appropriation.Source.CITY, Appropriation.Source.COUNTY) and not document_no:
        raise FundRefused(_("Money of the city or the county has a document number."))
    if source == Appropriation.Source.CARRIED:
        raise FundRefused(_("What is left of a year is carried over when the year is closed."))
    account = locked(open_account(station, year, by=by, at=at).pk)
    made = Appropriation.objects.create(
        id=new_id(), account=account, source=source, document_no=document_no, amount=amount, granted_on=granted_on,
        received_on=received_on, remark=remark, entered_at=at, entered_by=by,
    )  # fmt: skip
    audit.record(
        "appropriation.granted", on=made, by=by, at=at, unit_path=station.path, amount=amount, source=str(source)
    )
    return made


@transaction.atomic
def grant_to_all(
    stations: Iterable[Unit], *, year: int, source: str, amount: Decimal, granted_on: date, document_no: str, by,
    at: datetime,
) -> int:  # fmt: skip
    """Grant the same to each station that has nothing from this source in the year; returns how many got it."""
    # The stations are the lock: of two that grant at once the second finds what the first has given.
    ids = [station.pk for station in stations]
    stations = list(Unit.objects.select_for_update().filter(pk__in=ids).order_by("pk"))
    has = granted_from(source, year).filter(account__station__in=stations)
    held = set(has.values_list("account__station", flat=True))
    accounts = Account.objects.select_for_update().filter(station__in=stations, year=year).order_by("pk")
    closed = {account.station_id for account in accounts if not account.is_open}
    given = [station for station in stations if station.pk not in held | closed]
    for station in given:
        grant(
            station, year=year, source=source, amount=amount, granted_on=granted_on, document_no=document_no, by=by,
            at=at,
        )  # fmt: skip
    return len(given)


@transaction.atomic
def receive(appropriation: Appropriation, *, received_on: date, by, at: datetime) -> Appropriation:
    """Enter the day on which granted money came. Refuses a second day, and money that is taken back."""
    account = locked(appropriation.account_id)
    _refuse_reversed(appropriation)
    rows = Appropriation.objects.filter(pk=appropriation.pk, received_on=None, state=State.BOOKED, reverses=None)
    if not rows.update(received_on=received_on):
        raise AlreadyDecided
    appropriation.refresh_from_db()
    audit.record(
        "appropriation.received", on=appropriation, by=by, at=at, unit_path=account.station.path,
        received_on=received_on,
    )  # fmt: skip
    return appropriation


def _refuse_reversed(appropriation: Appropriation) -> None:
    if appropriation.reversals.exclude(state=State.RETURNED).exists():
        raise AlreadyReversed


@transaction.atomic
def reverse_grant(appropriation: Appropriation, *, reason: str, by, at: datetime) -> Appropriation:
    """Ask that an appropriation be taken back; another person decides.

    Refuses (FundRefused) no reason, a reversal of a reversal, and a second one (AlreadyReversed).
    """
    account = locked(appropriation.account_id)
    if not reason.strip():
        raise FundRefused(_("Say why it is reversed."))
    if appropriation.reverses_id or appropriation.state != State.BOOKED:
        raise FundRefused(_("Only a booked entry is reversed, and a reversal is not."))
    if appropriation.source == Appropriation.Source.CARRIED:
        raise FundRefused(_("What was carried over stays with the year that it came from."))
    _refuse_reversed(appropriation)
    try:
        with transaction.atomic():
            made = Appropriation.objects.create(
                id=new_id(), account=account, source=appropriation.source, document_no=appropriation.document_no,
                amount=-appropriation.amount, granted_on=timezone.localdate(at), reverses=appropriation,
                reason=reason.strip(), state=State.ENTERED, entered_at=at, entered_by=by,
            )  # fmt: skip
    except IntegrityError:
        raise AlreadyReversed from None
    audit.record("appropriation.reversal_entered", on=made, by=by, at=at, unit_path=account.station.path)
    return made


@transaction.atomic
def approve_grant_reversal(reversal: Appropriation, *, by, at: datetime) -> Appropriation:
    """Take the appropriation back. Refuses when its money is allotted or spent already."""
    account = locked(reversal.account_id)
    original = Appropriation.objects.get(pk=reversal.reverses_id)
    sums = balance_of(account)
    if original.amount > sums.unallotted:
        raise NotEnoughGranted(sums.unallotted)
    came = original.received_on is not None
    if came and original.amount > sums.balance:
        raise NotEnoughReceived(sums.balance)
    # What came goes back today; what never came leaves no trace in the cash.
    decide(reversal, state=State.BOOKED, received_on=timezone.localdate(at) if came else None, by=by, at=at)
    audit.record("appropriation.reversed", on=reversal, by=by, at=at, unit_path=account.station.path)
    return reversal


@transaction.atomic
def return_grant_reversal(reversal: Appropriation, *, reason: str, by, at: datetime) -> Appropriation:
    """Refuse to take the appropriation back."""
    send_back(reversal, verb="appropriation.reversal_returned", reason=reason, by=by, at=at)
    return reversal
