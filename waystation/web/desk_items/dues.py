"""What a desk counts of dues."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from waystation.kernel import dated
from waystation.organizations.permissions import Permission
from waystation.stewardship.dues import queries
from waystation.stewardship.dues.rules import PROMPT_MONTHS, WARN_MONTHS
from waystation.web.desk_items.core import Desk, Item, item, url_of

P = Permission
DECIDERS = {"city_organiser", "county_organiser"}  # they look at the list; the branch and the station remind


@item(P.DUES_RECORD)
def arrears(desk: Desk) -> Iterator[Item]:
    """Members whose dues nobody has recorded for months: people remind them and ask why."""
    reach = desk.reach(P.DUES_VIEW)
    if reach.roles & DECIDERS:
        return
    prompt, warn = dated.value(PROMPT_MONTHS, desk.today), dated.value(WARN_MONTHS, desk.today)
    words = ngettext("Dues unpaid for %(n)d month", "Dues unpaid for %(n)d months", prompt) % {"n": prompt}
    yield Item(
        "dues-unpaid",
        words,
        queries.dues_by({"standing": queries.Standing.PROMPT}, reach, day=desk.today),
        url_of("dues:list", standing=queries.Standing.PROMPT),
        urgent=queries.dues_by({"standing": queries.Standing.WARN}, reach, day=desk.today),
        urgent_words=lambda n: _("%(n)s of them for %(months)d months") % {"n": n, "months": warn},
        urgent_url=url_of("dues:list", standing=queries.Standing.WARN),
        button=pgettext("button", "Look and remind"),
        order=45,
        hides=True,
    )


@item(P.DUES_REDUCE)
def reductions(desk: Desk) -> Iterator[Item]:
    """Requests to pay less that wait for the committee above the branch."""
    yield Item(
        "dues-reductions",
        _("Requests for lower dues to decide"),
        queries.reductions_by("asked", desk.reach(P.DUES_VIEW)),
        url_of("dues:reduction-list", state="asked"),
        button=pgettext("button", "Look and decide"),
        hides=True,
    )
