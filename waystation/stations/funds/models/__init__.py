"""The money of a station, year by year."""

from waystation.stations.funds.models.accounts import Account, Appropriation, BudgetChange, BudgetLine
from waystation.stations.funds.models.decisions import State
from waystation.stations.funds.models.expenses import Expense

__all__ = ["Account", "Appropriation", "BudgetChange", "BudgetLine", "Expense", "State"]
