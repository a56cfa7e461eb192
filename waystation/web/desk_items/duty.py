"""What a desk counts of duty."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from waystation.organizations.permissions import Permission
from waystation.stations.duty.queries.items import OVERDUE, OWN, items_by
from waystation.stations.duty.queries.swapping import MINE, leaves_by, swaps_by
from waystation.web.desk_items.core import Desk, Item, item, url_of

P = Permission


@item(P.ITEM_VIEW)
def open_items(desk: Desk) -> Iterator[Item]:
    reach, ours = desk.reach(P.ITEM_VIEW), {"user": desk.user, "day": desk.today}
    yield Item(
        "open-items",
        _("Open items for us to do"),
        items_by({"state": OWN}, reach, **ours),
        url_of("duty:item-list", state=OWN),
        urgent=items_by({"state": OVERDUE}, reach, **ours),
        urgent_words=lambda n: _("%(n)s of them overdue") % {"n": n},
        urgent_url=url_of("duty:item-list", state=OVERDUE),
        is_task=bool(desk.reach(P.ITEM_WORK)),
        hides=True,
        order=8,
    )


@item(P.SHIFT_WORK)
def swaps(desk: Desk) -> Iterator[Item]:
    yield Item(
        "swaps",
        _("Colleagues who ask you to take a shift"),
        swaps_by(MINE, desk.reach(P.SHIFT_VIEW), user=desk.user),
        url_of("duty:swap-list", state=MINE),
        hides=True,
        button=pgettext("button", "Answer"),
        order=3,
    )


@item(P.ROTA_MANAGE)
def leave(desk: Desk) -> Iterator[Item]:
    yield Item(
        "leave-asked",
        _("Leave to decide"),
        leaves_by({"state": "asked"}, desk.reach(P.SHIFT_VIEW)),
        url_of("duty:leave-list", state="asked"),
        hides=True,
        button=pgettext("button", "Decide"),
        order=4,
    )
