"""The things of funds that its addresses take, in each place of the small world."""

from tests.stations.funds import make
from waystation.stations.funds import actions

# Which thing each argument of an address takes: {"funds:name": "kind"}.
THINGS: dict[str, str] = {
    "funds:account": "account", "funds:ledger": "account", "funds:ledger-xlsx": "account",
    "funds:account-close": "account",
    "funds:line-new": "account", "funds:change-new": "account", "funds:expense-new": "account",
    "funds:grant": "grant", "funds:grant-receive": "grant", "funds:grant-reverse": "grant",
    "funds:grant-approve": "grant reversal", "funds:grant-return": "grant reversal",
    "funds:change": "change", "funds:change-approve": "change", "funds:change-return": "change",
    "funds:expense": "expense", "funds:expense-approve": "expense", "funds:expense-return": "expense",
    "funds:expense-reverse": "booked expense", "funds:voucher": "expense", "funds:expense-form": "expense",
}  # fmt: skip
# What the arguments of an address that are words stand for: {"argument": "word"}.
WORDS: dict[str, str] = {}


def fill(things: dict, place: str, units: dict) -> None:
    """Put `things["kind", place]` there. `units` has branch, station, grid, community, county, town; `things`
    has what was made before: ("person", place), ("stay", place), ("card", place), ("user", place)."""
    station, by = units["station"], make.places.user()
    granted = make.granted(station)
    account = granted.account
    line = make.line(account)
    extra = make.granted(station, source="other", amount="5")
    reversal = actions.reverse_grant(extra, reason="重复", by=by, at=make.NOON)
    change = actions.propose_change(account, taker=line, amount=1, reason="增加", by=by, at=make.NOON)
    things |= {
        ("account", place): account.pk,
        ("grant", place): granted.pk,
        ("grant reversal", place): reversal.pk,
        ("change", place): change.pk,
        ("expense", place): make.expense(line).pk,
        ("booked expense", place): make.booked(line).pk,
    }
