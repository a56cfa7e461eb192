"""What a desk counts of duties."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from waystation.organizations.permissions import Permission
from waystation.stewardship.duties.queries.sheets import proposals_waiting, transfers_waiting
from waystation.web.desk_items.core import Desk, Item, item, url_of

P = Permission


@item(P.DUTY_AGREE)
def proposals(desk: Desk) -> Iterator[Item]:
    yield Item(
        "duty-proposals",
        _("Duties: proposals waiting for our answer"),
        proposals_waiting(desk.user, desk.reach(P.DUTY_AGREE)),
        url_of("duties:list", tab="waiting"),
        button=pgettext("button", "Answer"),
        hides=True,
        order=12,
    )


@item(P.STAY_TRANSFER)
def transfers(desk: Desk) -> Iterator[Item]:
    yield Item(
        "stay-transfers",
        _("Members whom another station hands over"),
        transfers_waiting(desk.user, desk.reach(P.STAY_TRANSFER)),
        url_of("duties:list", tab="waiting"),
        button=pgettext("button", "Answer"),
        hides=True,
        order=11,
    )
