"""What was changed about a station and when, told from the audit trail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from waystation.kernel.models import AuditEvent
from waystation.kernel.templatetags.ui import zh_date
from waystation.stations.sites.models import Function, FunctionStatement, Room, Station
from waystation.stations.sites.week import from_facts, week_words

SHOWN = 200


@dataclass(frozen=True)
class Change:
    """One event in words: the sentence, and each field with what it was and what it became."""

    at: datetime
    who: str
    what: str
    values: list[tuple[str, str, str]]


def events_of(station: Station) -> QuerySet[AuditEvent]:
    """What happened to the station and its rooms, the newest first."""
    rooms = [str(pk) for pk in Room.objects.filter(station=station).values_list("pk", flat=True)]
    mine = Q(object_label=Station._meta.label_lower, object_pk=str(station.pk))
    theirs = Q(object_label=Room._meta.label_lower, object_pk__in=rooms)
    return AuditEvent.objects.filter(mine | theirs).order_by("-number")


def events_of_room(room: Room) -> QuerySet[AuditEvent]:
    return AuditEvent.objects.about(room).order_by("-number")


def told(event: AuditEvent) -> Change:
    """The event as officers read it."""
    facts = event.facts
    tell = _TELLERS.get(event.verb)
    what = tell(facts) if tell else event.verb
    values = [
        (_label(name), _shown(name, before), _shown(name, after))
        for name, (before, after) in facts.get("changes", {}).items()
    ]
    return Change(event.at, event.actor_label or _("the system"), what, values)


def _day(text: str) -> str:
    return zh_date(date.fromisoformat(text))


def _hours(facts: dict) -> str:
    week = facts["week"]
    words = _("with the station") if week is None else week_words(from_facts(week))
    return _("Opening hours from %(day)s: %(hours)s") % {"day": _day(facts["starts_on"]), "hours": words}


def _specials(facts: dict) -> str:
    values = {
        "first": _day(facts["first"]),
        "last": _day(facts["last"]),
        "hours": "、".join(facts["hours"]) or _("closed"),
        "reason": facts["reason"],
    }
    return _("Special days %(first)s to %(last)s: %(hours)s, %(reason)s") % values


def _stated(facts: dict) -> str:
    state = FunctionStatement.State(facts["state"]).label
    planned = _day(facts["planned_by"]) if facts["planned_by"] else ""
    said = " · ".join(part for part in (str(state), planned, facts["evidence"]) if part)
    return _("%(item)s: %(said)s") % {"item": facts["item"], "said": said}


_TELLERS = {
    "station.opened": lambda facts: _("The station was opened"),
    "station.edited": lambda facts: _("Facts of the station changed"),
    "station.hours_set": _hours,
    "station.hours_dropped": lambda facts: _("Hours from %(day)s taken back") % {"day": _day(facts["starts_on"])},
    "station.special_days_set": _specials,
    "station.special_day_withdrawn": lambda facts: (
        _("Special day %(day)s taken back: %(reason)s") % {"day": _day(facts["day"]), "reason": facts["reason"]}
    ),
    "station.function_stated": _stated,
    "room.opened": lambda facts: _("Room added: %(name)s") % {"name": facts["name"]},
    "room.edited": lambda facts: _("Facts of a room changed"),
    "room.closed": lambda facts: (
        _("Room closed on %(day)s: %(reason)s") % {"day": _day(facts["closed_on"]), "reason": facts["reason"]}
    ),
    "room.reopened": lambda facts: _("Room opened again"),
    "room.hours_set": _hours,
    "room.hours_dropped": lambda facts: _("Hours from %(day)s taken back") % {"day": _day(facts["starts_on"])},
}


def _label(name: str) -> str:
    labels = {
        "address": _("Station address"),
        "phone": _("Telephone"),
        "other_phone": _("Second telephone"),
        "hours_note": _("Remark on the hours"),
        "services": _("Services"),
        "host_town": _("Host town"),
        "communities": _("Communities served"),
        "name": _("Name"),
        "function": _("Function"),
        "capacity": _("Capacity"),
        "equipment": _("Equipment"),
        "open_to": _("Open to"),
        "note": _("Remark"),
    }
    return labels.get(name, name)


def _shown(name: str, value) -> str:
    if value in (None, ""):
        return "—"
    choices = {"function": Function, "open_to": Room.OpenTo}.get(name)
    return str(choices(value).label) if choices else str(value)
