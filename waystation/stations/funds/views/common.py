"""What the pages of funds share: who may do what with an account, and how a refusal is shown."""

from __future__ import annotations

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from waystation.organizations.access import Reach
from waystation.organizations.permissions import Permission
from waystation.stations.funds.models import Account, Appropriation, BudgetChange, Expense

P = Permission
PATH = "account__station__path"


def account_or_404(reach: Reach, pk) -> Account:
    return get_object_or_404(Account.objects.within(reach).select_related("station"), pk=pk)


def expense_or_404(reach: Reach, pk) -> Expense:
    rows = Expense.objects.within(reach).select_related(
        "account__station", "line", "voucher", "entered_by", "decided_by", "reverses__account"
    )
    return get_object_or_404(rows, pk=pk)


def change_or_404(reach: Reach, pk) -> BudgetChange:
    rows = BudgetChange.objects.filter(reach.path_q(PATH))
    return get_object_or_404(
        rows.select_related("account__station", "giver", "taker", "entered_by", "decided_by"), pk=pk
    )


def grant_or_404(reach: Reach, pk) -> Appropriation:
    rows = Appropriation.objects.filter(reach.path_q(PATH))
    return get_object_or_404(rows.select_related("account__station", "entered_by", "decided_by", "reverses"), pk=pk)


def may(user, account: Account) -> dict[str, bool]:
    """What the user may do with the account, by the short names that the templates use."""
    path, is_open = account.station.path, account.is_open
    rights = {"enter": P.FUND_ENTER, "budget": P.FUND_BUDGET, "grant": P.FUND_GRANT, "approve": P.FUND_APPROVE}
    return {name: is_open and Reach.of(user, right).covers(path) for name, right in rights.items()}


def heading(account: Account) -> str:
    return _("Funds of %(year)s") % {"year": account.year}
