"""What a desk counts of groups."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from waystation.kernel import dated
from waystation.organizations.permissions import Permission
from waystation.stewardship.groups.queries import groups_by
from waystation.stewardship.groups.rules import QUIET_DAYS
from waystation.web.desk_items.core import Desk, Item, item, url_of

P = Permission


@item(P.GROUP_MANAGE)
def groups(desk: Desk) -> Iterator[Item]:
    """Groups that nobody leads, and those in which nothing has happened for long."""
    reach, days = desk.reach(P.GROUP_VIEW), dated.value(QUIET_DAYS, desk.today)
    yield Item(
        "groups-without-leader",
        _("Functional groups without a leader"),
        groups_by({"vacant": True}, reach, day=desk.today, quiet_days=days),
        url_of("groups:list", vacant="on"),
        button=pgettext("button", "Name a leader"),
        hides=True,
    )
    words = ngettext(
        "Functional groups without activity for %(days)d day",
        "Functional groups without activity for %(days)d days",
        days,
    )
    yield Item(
        "groups-quiet",
        words % {"days": days},
        groups_by({"quiet": True}, reach, day=desk.today, quiet_days=days),
        url_of("groups:list", quiet="on"),
        button=pgettext("button", "Plan"),
        hides=True,
    )
