"""The budget: lines, and changes of what is allotted to them, proposed by one and approved by another."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from waystation.kernel import audit
from waystation.kernel.ids import new_id
from waystation.stations.funds.actions.accounts import decide, locked, send_back
from waystation.stations.funds.actions.errors import FundRefused, LineOverspent, NotEnoughGranted
from waystation.stations.funds.models import Account, BudgetChange, BudgetLine, State
from waystation.stations.funds.queries import balance_of, line_of


@transaction.atomic
def add_line(
    account: Account, *, title: str, amount: Decimal | None = None, reason: str = "", by, at: datetime
) -> BudgetLine:
    """Add a line to the budget of the year and, with an amount, propose to allot it.

    Refuses (FundRefused) a title that the year has already.
    """
    account = locked(account.pk)
    try:
        with transaction.atomic():
            place = BudgetLine.objects.filter(account=account).count() + 1
            line = BudgetLine.objects.create(id=new_id(), account=account, title=title.strip(), place=place)
    except IntegrityError:
        raise FundRefused(_("The budget of this year has a line of that name.")) from None
    audit.record("budget.line_added", on=line, by=by, at=at, unit_path=account.station.path, title=line.title)
    if amount:
        propose_change(account, taker=line, amount=amount, reason=reason or _("Budget of the year"), by=by, at=at)
    return line


@transaction.atomic
def propose_change(
    account: Account,
    *,
    amount: Decimal,
    reason: str,
    giver: BudgetLine | None = None,
    taker: BudgetLine | None = None,
    by,
    at: datetime,
) -> BudgetChange:
    """Propose to allot money to a line, to move it from one line to another, or to give it back.

    Refuses (FundRefused) a change without a reason, within one line, or with a line of another account.
    """
    account = locked(account.pk)
    lines = [line for line in (giver, taker) if line is not None]
    if not reason.strip():
        raise FundRefused(_("Say why the budget is changed."))
    if not lines or giver == taker or any(line.account_id != account.pk for line in lines):
        raise FundRefused(_("Choose two different lines of this budget."))
    made = BudgetChange.objects.create(
        id=new_id(), account=account, giver=giver, taker=taker, amount=amount, reason=reason.strip(), entered_at=at,
        entered_by=by,
    )  # fmt: skip
    audit.record("budget.change_proposed", on=made, by=by, at=at, unit_path=account.station.path, amount=amount)
    return made


@transaction.atomic
def approve_change(change: BudgetChange, *, by, at: datetime) -> BudgetChange:
    """Let the change hold.

    Refuses more than is granted (NotEnoughGranted), taking from a line what is spent (LineOverspent), and
    whoever proposed it (SamePerson).
    """
    account = locked(change.account_id)
    if change.giver is None:
        free = balance_of(account).unallotted
        if change.amount > free:
            raise NotEnoughGranted(free)
    else:
        line = line_of(change.giver)
        if change.amount > line.left:
            raise LineOverspent(line, line.left)
    decide(change, state=State.BOOKED, by=by, at=at)
    audit.record("budget.changed", on=change, by=by, at=at, unit_path=account.station.path, amount=change.amount)
    return change


@transaction.atomic
def return_change(change: BudgetChange, *, reason: str, by, at: datetime) -> BudgetChange:
    """Return the proposal with the reason."""
    send_back(change, verb="budget.change_returned", reason=reason, by=by, at=at)
    return change
