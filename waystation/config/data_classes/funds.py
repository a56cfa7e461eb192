"""What funds holds."""

from waystation.config.data_classes.holding import Holding, holding

_MONEY = "accounting for the money of a station (会计法; 会计档案管理办法)"
_KEPT = "thirty years, as vouchers and account books"

DATA_CLASSES: dict[str, Holding] = {
    "funds.account": holding(
        "the money of a station in a year", _MONEY, _KEPT, S1="id station year opened_at opened_by closed_at closed_by"
    ),
    "funds.appropriation": holding(
        "money granted to a station, with its document", _MONEY, _KEPT,
        S1="id account source document_no amount granted_on received_on remark reverses reason state entered_at entered_by decided_at decided_by decision",
    ),
    "funds.budgetline": holding("what a part of the money is for", _MONEY, _KEPT, S1="id account title place"),
    "funds.budgetchange": holding(
        "changes of the budget and who approved them", _MONEY, _KEPT,
        S1="id account giver taker amount reason state entered_at entered_by decided_at decided_by decision",
    ),
    "funds.expense": holding(
        "expenses with voucher and approval", _MONEY, _KEPT,
        S2="payee purpose voucher",
        S1="id account number line amount spent_on reverses reason state entered_at entered_by decided_at decided_by decision booked_on",
    ),
}  # fmt: skip
