"""Organization life and learning, as a desk counts them."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from waystation.kernel import dated
from waystation.organizations.permissions import Permission
from waystation.stewardship.education import rules
from waystation.stewardship.education.queries.learning import ABSENT, LONG, claims_by, learners_by
from waystation.stewardship.education.queries.occasions import rolls_open
from waystation.stewardship.education.queries.packs import deliveries_due, overdue
from waystation.stewardship.education.queries.plans import plans_by
from waystation.stewardship.education.queries.totals import reminds
from waystation.web.desk_items.core import Desk, Item, item, url_of

P = Permission
# They oversee too many members to invite them one by one; each station and branch has its own list.
_OVERSEERS = {"county_organiser", "city_organiser"}


@item(P.EDUCATION_APPROVE)
def plans_to_approve(desk: Desk) -> Iterator[Item]:
    yield Item(
        "plans-draft",
        _("Plans of organization life to approve"),
        plans_by({"state": "draft"}, desk.reach(P.EDUCATION_APPROVE)),
        url_of("education:plan-list", state="draft"),
        button=pgettext("button", "Look and approve"),
        hides=True,
    )


@item(P.EDUCATION_RECORD)
def rolls_to_close(desk: Desk) -> Iterator[Item]:
    yield Item(
        "rolls-open",
        _("Rolls of organization life still open"),
        rolls_open(desk.reach(P.EDUCATION_RECORD)),
        url_of("education:list", state="open"),
        button=pgettext("button", "Mark and close"),
        hides=True,
    )


@item(P.EDUCATION_RECORD)
def reported_study(desk: Desk) -> Iterator[Item]:
    yield Item(
        "study-reported",
        _("Study reported by members, to confirm"),
        claims_by(desk.reach(P.EDUCATION_RECORD)),
        url_of("education:claims"),
        button=pgettext("button", "Confirm"),
        hides=True,
    )


@item(P.EDUCATION_RECORD)
def study_to_bring(desk: Desk) -> Iterator[Item]:
    reach = desk.reach(P.EDUCATION_RECORD)
    yield Item(
        "study-to-bring",
        _("Study to be brought home"),
        deliveries_due(reach),
        url_of("education:pack-list"),
        urgent=overdue(reach, desk.today),
        urgent_words=lambda n: ngettext("%(n)s of it overdue", "%(n)s of them overdue", n) % {"n": n},
        urgent_url=url_of("education:pack-list"),
        button=pgettext("button", "Note it"),
        hides=True,
    )


@item(P.EDUCATION_RECORD)
def absent_for_months(desk: Desk) -> Iterator[Item]:
    """A prompt to ask why they came to nothing; those who oversee many find them by the filter of the list."""
    reach = desk.reach(P.EDUCATION_RECORD)
    if reach.roles & _OVERSEERS:
        return
    long = dated.value(rules.AWAY_LONG_MONTHS, desk.today)
    yield Item(
        "life-absent",
        _("Absent from organization life for %(n)d months") % {"n": dated.value(rules.AWAY_MONTHS, desk.today)},
        learners_by({"absent": ABSENT}, reach, desk.today),
        url_of("education:learning", absent=ABSENT),
        urgent=learners_by({"absent": LONG}, reach, desk.today),
        urgent_words=lambda n: _("%(n)s of them for %(months)d months") % {"n": n, "months": long},
        urgent_url=url_of("education:learning", absent=LONG),
        button=pgettext("button", "Ask why"),
        hides=True,
    )


@item(P.EDUCATION_RECORD)
def behind_with_hours(desk: Desk) -> Iterator[Item]:
    """A prompt to invite them; it asks nothing of anybody and is no fault."""
    reach = desk.reach(P.EDUCATION_RECORD)
    if not reminds(desk.today) or reach.roles & _OVERSEERS:
        return
    yield Item(
        "hours-behind",
        _("Behind with this year's hours: to invite"),
        learners_by({"behind": True}, reach, desk.today),
        url_of("education:learning", behind="on"),
        is_task=False,
        hides=True,
    )
