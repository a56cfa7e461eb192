"""What a weekly link asks, and which link a token stands for."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Prefetch, Q, QuerySet

from waystation.kernel import dated
from waystation.kernel.fields import prefix_q
from waystation.kernel.sealing import BadSignature, verify
from waystation.organizations.access import Reach
from waystation.organizations.models import Unit
from waystation.stewardship.contacts import rules
from waystation.stewardship.contacts.models import ContactState, LinkAnswer, LinkQuestion, WeeklyLink
from waystation.stewardship.people.queries.lists import SEALED_COLUMNS

PURPOSE = "weekly"
MOST = 300


def digest(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def link_of(token: str, *, at: datetime) -> WeeklyLink | None:
    """The open link of a token that we signed and whose time is not over; nothing for any other word."""
    try:
        payload = verify(PURPOSE, token, at=at)
    except BadSignature:
        return None
    rows = WeeklyLink.objects.open().filter(token_hash=digest(token), pk=payload.get("l"), expires_at__gt=at)
    return rows.select_related("branch", "sender").first()


def _away(branch: Unit, sender: Unit) -> QuerySet[ContactState]:
    """Members of the branch who are away and whom the sender answers for: its own, or those in its care."""
    rows = ContactState.objects.mobile().filter(prefix_q("person__home_path", branch.path), person__merged_into=None)
    if branch.path.startswith(sender.path):
        return rows
    return rows.filter(prefix_q("person__stay_path", sender.path))


def questions_for(branch: Unit, sender: Unit, day: date) -> list[ContactState]:
    """The members of the branch to ask about: the longest quiet first, as many as the rule lets."""
    edge = day - timedelta(days=dated.value(rules.LINK_QUIET_DAYS, day))
    rows = _away(branch, sender).filter(quiet_since__lte=edge).order_by("quiet_since", "pk")
    return list(rows[: dated.value(rules.LINK_QUESTIONS, day)])


@dataclass(frozen=True)
class Summary:
    """How the members of a branch who are away stand: everybody, heard of within the rule's time, and the rest."""

    away: int
    heard: int
    quiet: int


def summary_of(link: WeeklyLink, day: date) -> Summary:
    """The three numbers at the head of a weekly link."""
    edge = day - timedelta(days=dated.value(rules.QUIET_DAYS, day))
    found = _away(link.branch, link.sender).aggregate(
        away=Count("pk"), quiet=Count("pk", filter=Q(quiet_since__lte=edge))
    )
    return Summary(found["away"], found["away"] - found["quiet"], found["quiet"])


def questions_of(link: WeeklyLink) -> list[LinkQuestion]:
    """The questions of a link with the answers given, about members who still belong to its branch."""
    rows = link.questions.select_related("person__station", "person__destination", "person__contact_state")
    rows = rows.filter(prefix_q("person__home_path", link.branch.path), person__merged_into=None)
    rows = rows.defer(*(f"person__{name}" for name in SEALED_COLUMNS)).order_by("place")
    return list(rows.prefetch_related(Prefetch("answers", queryset=LinkAnswer.objects.order_by("answered_at"))))


def branches_to_ask(reach: Reach, day: date) -> list[Unit]:
    """Branches of members in reach who were not heard of lately, with `asked`: how many; the most first."""
    edge = day - timedelta(days=dated.value(rules.LINK_QUIET_DAYS, day))
    rows = ContactState.objects.mobile().within(reach).filter(quiet_since__lte=edge, person__merged_into=None)
    counts = rows.filter(person__home__kind=Unit.Kind.BRANCH).order_by().values("person__home")
    found = dict(counts.annotate(asked=Count("pk")).values_list("person__home", "asked").order_by("-asked")[:MOST])
    units = list(Unit.objects.active().filter(pk__in=found).select_related("parent__parent"))
    for unit in units:
        unit.asked = found[unit.pk]
    return sorted(units, key=lambda unit: (-unit.asked, unit.path))


def links_by(filters: dict, reach: Reach, *, at: datetime) -> QuerySet[WeeklyLink]:
    """The links to branches in reach with what came back: those in use, or the earlier ones."""
    rows = WeeklyLink.objects.within(reach)
    if filters.get("tab") == "ended":
        rows = rows.exclude(revoked_at=None, closed_at=None, expires_at__gt=at)
    else:
        rows = rows.open().filter(expires_at__gt=at)
    rows = rows.select_related("branch__parent", "sender", "made_by")
    return rows.annotate(
        asked=Count("questions", distinct=True),
        answered=Count("questions", filter=Q(questions__answers__isnull=False), distinct=True),
    )
