"""The account of a year: opened, locked by whoever books, and closed."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from waystation.kernel import audit
from waystation.kernel.ids import new_id
from waystation.organizations.models import Unit
from waystation.stations.funds.actions.errors import AccountClosed, AlreadyDecided, FundRefused, SamePerson
from waystation.stations.funds.models import Account, Appropriation, BudgetChange, Expense, State
from waystation.stations.funds.queries import balance_of


def locked(account_id) -> Account:
    """The open account, held until the end of the transaction. Raises AccountClosed."""
    account = Account.objects.select_for_update().get(pk=account_id)
    if not account.is_open:
        raise AccountClosed
    account.station = Unit.objects.get(pk=account.station_id)
    return account


def decide(row, *, state: str, decision: str = "", by, at: datetime, **more) -> None:
    """Take the decision on an entry, once and by another person. Raises SamePerson, AlreadyDecided."""
    if row.entered_by_id == by.pk:
        raise SamePerson
    mine = type(row).objects.filter(pk=row.pk, state=State.ENTERED)
    if not mine.update(state=state, decided_at=at, decided_by=by, decision=decision, **more):
        raise AlreadyDecided
    row.refresh_from_db()


def send_back(row, *, verb: str, reason: str, by, at: datetime) -> None:
    """Return an entry to whoever made it, with the reason. Raises FundRefused without one."""
    if not reason.strip():
        raise FundRefused(_("Say why it is returned."))
    account = locked(row.account_id)
    decide(row, state=State.RETURNED, decision=reason.strip(), by=by, at=at)
    audit.record(verb, on=row, by=by, at=at, unit_path=account.station.path)


@transaction.atomic
def open_account(station: Unit, year: int, *, by, at: datetime) -> Account:
    """The account of the station for the year; opened if there is none yet."""
    known = Account.objects.select_related("station").filter(station=station, year=year)
    if found := known.first():
        return found
    try:
        with transaction.atomic():
            made = Account.objects.create(id=new_id(), station=station, year=year, opened_at=at, opened_by=by)
    except IntegrityError:
        return known.get()
    audit.record("account.opened", on=made, by=by, at=at, unit_path=station.path, year=year)
    return made


@transaction.atomic
def close_account(account: Account, *, by, at: datetime) -> Account:
    """Close the year and carry what is left into the next one.

    Refuses (FundRefused) while entries wait for approval or granted money has not come.
    """
    account = locked(account.pk)
    waiting = (model.objects.filter(account=account, state=State.ENTERED) for model in _DECIDED)
    if any(rows.exists() for rows in waiting):
        raise FundRefused(_("Some entries wait for approval. Decide on them first."))
    sums = balance_of(account)
    if sums.outstanding:
        raise FundRefused(_("Some money is granted and has not come. Reverse it, or enter the day it came."))
    Account.objects.filter(pk=account.pk).update(closed_at=at, closed_by=by)
    if sums.balance:
        following = locked(open_account(account.station, account.year + 1, by=by, at=at).pk)
        first = date(following.year, 1, 1)
        Appropriation.objects.create(
            id=new_id(), account=following, source=Appropriation.Source.CARRIED, amount=sums.balance, granted_on=first,
            received_on=first, entered_at=at, entered_by=by,
        )  # fmt: skip
    audit.record(
        "account.closed", on=account, by=by, at=at, unit_path=account.station.path, year=account.year,
        carried=sums.balance,
    )  # fmt: skip
    account.refresh_from_db()
    return account


_DECIDED = (Appropriation, BudgetChange, Expense)
