"""What a desk counts of formalities."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from waystation.organizations.permissions import Permission
from waystation.stewardship.formalities.queries.cards import window_of
from waystation.stewardship.formalities.queries.lists import RECEIPT_DUE, TO_RECEIVE, cards_by, transfers_by
from waystation.web.desk_items.core import Desk, Item, item, url_of

P = Permission


@item(P.TRANSFER_TRACK)
def transfers(desk: Desk) -> Iterator[Item]:
    reach = desk.reach(P.TRANSFER_TRACK)
    yield Item(
        "transfers-to-receive",
        _("Formal transfers to receive"),
        transfers_by({"tab": TO_RECEIVE}, reach, desk.today),
        url_of("formalities:transfer-list", tab=TO_RECEIVE),
        button=pgettext("button", "Receive"),
        hides=True,
        order=14,
    )
    overdue = transfers_by({"tab": RECEIPT_DUE}, reach, desk.today)
    yield Item(
        "transfers-overdue",
        _("Receipts of transfers overdue"),
        overdue,
        url_of("formalities:transfer-list", tab=RECEIPT_DUE),
        urgent=overdue,
        button=pgettext("button", "Follow up"),
        hides=True,
        order=13,
    )


@item(P.ACTIVITY_CARD_CHECK)
def cards(desk: Desk) -> Iterator[Item]:
    due = cards_by({"tab": "due"}, desk.reach(P.ACTIVITY_CARD_CHECK), desk.today)
    yield Item(
        "activity-cards-due",
        _("Activity cards to check"),
        due,
        url_of("formalities:card-list", tab="due"),
        urgent=due if window_of(desk.today).is_over(desk.today) else None,
        button=pgettext("button", "Check"),
        hides=True,
        order=30,
    )
