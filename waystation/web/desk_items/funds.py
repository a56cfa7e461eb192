"""What a desk counts of funds."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from waystation.organizations.permissions import Permission
from waystation.stations.funds import queries
from waystation.web.desk_items.core import Desk, Item, item, url_of

P = Permission


@item(P.FUND_APPROVE)
def to_approve(desk: Desk) -> Iterator[Item]:
    """What stations have entered: expenses, changes of the budget, reversals of appropriations."""
    reach = desk.reach(P.FUND_APPROVE)
    waiting = (
        ("expenses", _("Expenses to approve"), queries.expenses_waiting(reach)),
        ("changes", _("Changes of a budget to approve"), queries.changes_waiting(reach)),
        ("reversals", _("Reversals of appropriations to approve"), queries.reversals_waiting(reach)),
    )
    for shown, label, rows in waiting:
        yield Item(
            f"funds-{shown}",
            label,
            rows,
            url_of("funds:queue", show=shown),
            button=pgettext("button", "Look and decide"),
            hides=True,
        )


@item(P.FUND_GRANT)
def to_grant(desk: Desk) -> Iterator[Item]:
    """Stations without the money of this year from the user's own side, the city or the county."""
    reach = desk.reach(P.FUND_GRANT)
    source = queries.own_source(reach)
    city, county = _("Stations without this year's city grant"), _("Stations without this year's county match")
    yield Item(
        "funds-to-grant",
        city if source == "city" else county,
        queries.stations_without(reach, source, desk.today.year),
        url_of("funds:grant-all"),
        button=pgettext("button", "Record the grants"),
        order=60,
        from_start=True,
        hides=True,
    )


@item(P.FUND_ENTER, of_the_moment=True)
def returned(desk: Desk) -> Iterator[Item]:
    """What the user entered in an open year and got back; a new entry takes its place."""
    rows = queries.returned_to(desk.user, desk.reach(P.FUND_ENTER), since=desk.now)
    yield Item(
        "funds-returned",
        _("Expenses that were returned to you"),
        rows,
        url_of("funds:returned"),
        button=pgettext("button", "Look"),
        order=40,
        hides=True,
    )
