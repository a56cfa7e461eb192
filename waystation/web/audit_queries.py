"""The audit trail as its administrator reads it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.dateparse import parse_date

from waystation.kernel.days import midnight
from waystation.kernel.models import AuditEvent
from waystation.organizations.access import Reach

SIZE = 50


def visible(reach: Reach) -> QuerySet[AuditEvent]:
    """Events in the units in reach, and those of no unit, such as signing in."""
    return AuditEvent.objects.filter(Q(unit_path="") | reach.path_q("unit_path"))


def filtered(events: QuerySet[AuditEvent], filters: dict) -> QuerySet[AuditEvent]:
    """The events that the filters ask for. Days are whole local days, `until` included."""
    since, until = (_day(filters.get(name)) for name in ("since", "until"))
    if since:
        events = events.filter(at__gte=midnight(since))
    if until:
        events = events.filter(at__lt=midnight(until + timedelta(days=1)))
    if filters.get("result"):
        events = events.filter(result=filters["result"])
    if verb := (filters.get("verb") or "").strip():
        # "person." is everything about people, "exported" every export, "person.revealed" one act.
        ends = Q(verb__endswith=f".{verb}") | Q(verb=verb)
        events = events.filter(Q(verb__startswith=verb) if verb.endswith(".") else ends)
    if actor := (filters.get("actor") or "").strip():
        events = events.filter(Q(actor__username=actor.lower()) | Q(actor_label__startswith=actor))
    if about := (filters.get("about") or "").strip():
        events = events.filter(object_pk=about)
    return events


def _day(given) -> date | None:
    if isinstance(given, date):
        return given
    try:
        return parse_date(given) if given else None
    except ValueError:
        return None


@dataclass(frozen=True)
class EventPage:
    """Some events, newest first; the numbers of the trail are the pages' bounds."""

    rows: list[AuditEvent]
    previous: str
    next: str

    def __iter__(self) -> Iterator[AuditEvent]:
        return iter(self.rows)


def page_of(events: QuerySet[AuditEvent], params: QueryDict) -> EventPage:
    """The page after (older than) or before (newer than) the numbered event."""
    after, before = (_number(params.get(name)) for name in ("after", "before"))
    backwards = before is not None and after is None
    if backwards:
        found = list(events.filter(number__gt=before).order_by("number")[: SIZE + 1])
    else:
        rows = events.filter(number__lt=after) if after is not None else events
        found = list(rows.order_by("-number")[: SIZE + 1])
    more, found = len(found) > SIZE, found[:SIZE]
    if backwards:
        found.reverse()
    newer, older = (more, True) if backwards else (after is not None, more)
    return EventPage(
        found,
        _link(params, "before", found[0]) if newer and found else "",
        _link(params, "after", found[-1]) if older and found else "",
    )


def _number(text) -> int | None:
    return int(text[:18]) if text and text.isdigit() else None


def _link(params: QueryDict, name: str, event: AuditEvent) -> str:
    query = params.copy()
    for place in ("after", "before"):
        query.pop(place, None)
    query[name] = str(event.number)
    return f"?{query.urlencode()}"
