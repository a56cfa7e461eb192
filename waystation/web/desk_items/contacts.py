"""What a desk counts of contacts."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from waystation.organizations.permissions import Permission
from waystation.stewardship.contacts import queries
from waystation.stewardship.contacts.queries.lost import to_decide
from waystation.web.desk_items.core import Desk, Item, item, url_of

P = Permission


@item(P.CONTACT_VIEW)
def contacts_due(desk: Desk) -> Iterator[Item]:
    reach, acts = desk.reach(P.CONTACT_VIEW), bool(desk.reach(P.CONTACT_LOG))
    yield Item(
        "contacts-due",
        _("Members without real contact"),
        queries.states_by({}, reach, day=desk.today),
        url_of("contacts:list"),
        is_task=acts,
        button=pgettext("button", "Contact"),
    )
    yield Item(
        "visits-due",
        _("Home visits due"),
        queries.visits_due({}, reach, day=desk.today),
        url_of("contacts:visit-list"),
        is_task=acts,
        hides=True,
        button=pgettext("button", "Visit"),
    )


@item(P.LOST_REPORT)
def lost(desk: Desk) -> Iterator[Item]:
    reach = desk.reach(P.LOST_REPORT)
    yield Item(
        "lost-prompts",
        _("Is contact lost? To be asked"),
        queries.lost_prompts({}, reach, day=desk.today),
        url_of("contacts:lost-list"),
        hides=True,
        button=pgettext("button", "Ask"),
    )
    yield Item(
        "lost-searching",
        _("Lost members being searched for"),
        queries.cases_by({"tab": "searching"}, reach, day=desk.today),
        url_of("contacts:lost-list", tab="searching"),
        is_task=False,
        hides=True,
    )


@item(P.LOST_DECIDE)
def lost_to_decide(desk: Desk) -> Iterator[Item]:
    yield Item(
        "lost-decide",
        _("Lost members to decide on"),
        to_decide(desk.reach(P.LOST_DECIDE), day=desk.today),
        url_of("contacts:lost-list", tab="decide"),
        hides=True,
        button=pgettext("button", "Decide"),
    )


@item(P.EXCUSE_MANAGE)
def excuses_to_review(desk: Desk) -> Iterator[Item]:
    yield Item(
        "excuses-review",
        _("Excuses to look at again"),
        queries.excuses_by({"tab": "review"}, desk.reach(P.EXCUSE_MANAGE), day=desk.today),
        url_of("contacts:excuse-list", tab="review"),
        hides=True,
        button=pgettext("button", "Look"),
    )
