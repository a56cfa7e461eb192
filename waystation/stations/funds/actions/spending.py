"""Expenses: entered with their voucher, approved or returned by another, reversed and never edited."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import BinaryIO

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from waystation.kernel import audit, files
from waystation.kernel.ids import new_id
from waystation.stations.funds.actions.accounts import decide, locked, send_back
from waystation.stations.funds.actions.errors import (
    AlreadyReversed,
    FundRefused,
    LineOverspent,
    NotEnoughReceived,
)
from waystation.stations.funds.files import VOUCHER
from waystation.stations.funds.models import Account, BudgetLine, Expense, State
from waystation.stations.funds.queries import balance_of, line_of


@transaction.atomic
def enter_expense(
    account: Account,
    *,
    line: BudgetLine,
    amount: Decimal,
    spent_on: date,
    payee: str,
    purpose: str,
    voucher: BinaryIO,
    voucher_name: str,
    by,
    at: datetime,
) -> Expense:
    """Enter an expense with its scanned voucher; another person approves it.

    Refuses (FundRefused) a line of another account, more than the line has left (LineOverspent), and a file
    that is no voucher (files.UploadRefused).
    """
    account = locked(account.pk)
    if line.account_id != account.pk:
        raise FundRefused(_("Choose a line of this budget."))
    if amount > (left := line_of(line).left):
        raise LineOverspent(line, left)
    stored = files.store(voucher, kind=VOUCHER, name=voucher_name, by=by, at=at)
    made = Expense.objects.create(
        id=new_id(), account=account, number=_next_number(account), line=line, amount=amount, spent_on=spent_on,
        payee=payee, purpose=purpose, voucher=stored, entered_at=at, entered_by=by,
    )  # fmt: skip
    audit.record("expense.entered", on=made, by=by, at=at, unit_path=account.station.path, amount=amount)
    return made


def _next_number(account: Account) -> int:
    """Vouchers of a year are numbered without gaps; the lock of the account keeps two from one number."""
    return (Expense.objects.filter(account=account).aggregate(last=Max("number"))["last"] or 0) + 1


@transaction.atomic
def approve_expense(expense: Expense, *, by, at: datetime) -> Expense:
    """Book the expense, or its reversal.

    Refuses more than the line has left (LineOverspent) or than is in hand (NotEnoughReceived), a second
    decision (AlreadyDecided) and whoever entered it (SamePerson).
    """
    account = locked(expense.account_id)
    if expense.reverses_id is None:
        line = line_of(expense.line)
        if expense.amount > line.left:
            raise LineOverspent(line, line.left)
        in_hand = balance_of(account).balance
        if expense.amount > in_hand:
            raise NotEnoughReceived(in_hand)
    decide(expense, state=State.BOOKED, booked_on=timezone.localdate(at), by=by, at=at)
    audit.record("expense.booked", on=expense, by=by, at=at, unit_path=account.station.path, amount=expense.amount)
    return expense


@transaction.atomic
def return_expense(expense: Expense, *, reason: str, by, at: datetime) -> Expense:
    """Return the entry to whoever made it, with the reason; a new entry takes its place."""
    send_back(expense, verb="expense.returned", reason=reason, by=by, at=at)
    return expense


@transaction.atomic
def reverse_expense(expense: Expense, *, reason: str, by, at: datetime) -> Expense:
    """Enter the reversal of a booked expense; another person approves it.

    Refuses (FundRefused) no reason, an entry that is not booked or is a reversal, and a second reversal
    (AlreadyReversed).
    """
    account = locked(expense.account_id)
    if not reason.strip():
        raise FundRefused(_("Say why it is reversed."))
    if expense.reverses_id or expense.state != State.BOOKED:
        raise FundRefused(_("Only a booked entry is reversed, and a reversal is not."))
    try:
        with transaction.atomic():
            made = Expense.objects.create(
                id=new_id(), account=account, number=_next_number(account), line=expense.line,
                amount=-expense.amount, spent_on=timezone.localdate(at), payee=expense.payee, purpose=expense.purpose,
                reverses=expense, reason=reason.strip(), entered_at=at, entered_by=by,
            )  # fmt: skip
    except IntegrityError:
        raise AlreadyReversed from None
    audit.record("expense.reversal_entered", on=made, by=by, at=at, unit_path=account.station.path)
    return made
