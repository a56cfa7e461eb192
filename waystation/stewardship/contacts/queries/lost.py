"""Who may be lost, and how far each case has come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from waystation.kernel import dated
from waystation.organizations.access import Reach
from waystation.stewardship.contacts import rules
from waystation.stewardship.contacts.models import ContactState, LostContact
from waystation.stewardship.contacts.queries.log import about_member, months_before, with_people

STAGES = {"searching": LostContact.State.SEARCHING, "suspended": LostContact.State.SUSPENDED}


def lost_prompts(filters: dict, reach: Reach, *, day: date) -> QuerySet[ContactState]:
    """Mobile members without real contact or dues paid for the months of the rule, and without an open case.

    Somebody is asked whether contact is lost; nothing is decided by this list.
    """
    edge = months_before(day, dated.value(rules.PROMPT_MONTHS, day))
    cases = LostContact.objects.open().filter(person=OuterRef("person"))
    rows = ContactState.objects.mobile().within(reach).perhaps_lost(edge)
    return with_people(rows.filter(~Exists(cases)).filter(about_member(filters, day)))


def cases_by(filters: dict, reach: Reach, *, day: date) -> QuerySet[LostContact]:
    """Cases in reach: those of a stage, those that wait for a decision on the day, the closed ones, or all open ones.

    The page and its ledger ask here, so that what is handed up is what was shown.
    """
    rows = LostContact.objects.within(reach).filter(person__merged_into=None)
    tab = filters.get("tab") or ""
    if tab == "decide":
        rows = rows.open().filter(_is_ripe(day))
    elif tab in STAGES:
        rows = rows.filter(state=STAGES[tab])
    elif tab == "closed":
        rows = rows.exclude(closed_on=None)
    else:
        rows = rows.open()
    return rows.select_related("person__home", "person__station", "unit", "reported_by")


def to_decide(reach: Reach, *, day: date) -> QuerySet[LostContact]:
    """Open cases whose time has come for a decision of either stage; the steps taken are for a human to weigh."""
    return cases_by({"tab": "decide"}, reach, day=day)


def _is_ripe(day: date) -> Q:
    """A condition on cases: the months before a decision of their stage have passed on the day."""
    six = months_before(day, dated.value(rules.SUSPEND_MONTHS, day))
    two_years = months_before(day, dated.value(rules.REMOVE_MONTHS, day))
    suspend, remove = LostContact.State.SEARCHING, LostContact.State.SUSPENDED
    return Q(state=suspend, lost_since__lte=six) | Q(state=remove, suspended_on__lte=two_years)


@dataclass(frozen=True)
class Timers:
    """When each decision of a case may be made at the earliest, and what is still missing."""

    suspend_from: date
    remove_from: date | None
    ways: int
    ways_needed: int
    may_suspend: bool
    may_remove: bool
    heard_since: date | None


def months_after(day: date, months: int) -> date:
    """The first day on which so many months have passed."""
    return months_before(day, -months)


def timers(case: LostContact, *, day: date) -> Timers:
    """How far the case has come on the day, by the rules of that day."""
    suspend_from = months_after(case.lost_since, dated.value(rules.SUSPEND_MONTHS, day))
    remove_from = months_after(case.suspended_on, dated.value(rules.REMOVE_MONTHS, day)) if case.suspended_on else None
    needed = dated.value(rules.SEARCH_WAYS, day)
    ways = case.steps.values("way").distinct().count()
    state = ContactState.objects.filter(pk=case.person_id).first()
    heard = state.heard_on if state else None
    return Timers(
        suspend_from=suspend_from,
        remove_from=remove_from,
        ways=ways,
        ways_needed=needed,
        may_suspend=case.state == LostContact.State.SEARCHING and day >= suspend_from and ways >= needed,
        may_remove=remove_from is not None and case.state == LostContact.State.SUSPENDED and day >= remove_from,
        heard_since=heard if heard is not None and heard > case.lost_since else None,
    )
