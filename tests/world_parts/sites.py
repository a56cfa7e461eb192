"""The things of sites that its addresses take, in each place of the small world."""

from datetime import timedelta

from django.utils import timezone

from waystation.stations.sites import actions
from waystation.stations.sites.models import ChecklistItem, Station
from waystation.stations.sites.week import Week, read_week

# Which thing each argument of an address takes: {"sites:name": "kind"}.
THINGS: dict[str, str] = {
    "sites:hours-drop": "coming hours",
    "sites:special-withdraw": "special day",
    "sites:room": "room",
    "sites:room-edit": "room",
    "sites:room-hours": "room",
    "sites:room-close": "room",
    "sites:room-reopen": "closed room",
    "sites:item-edit": "checklist item",
    "sites:item-end": "checklist item",
}
# What the arguments of an address that are words stand for: {"argument": "word"}.
WORDS: dict[str, str] = {}


def fill(things: dict, place: str, units: dict) -> None:
    """Put `things["kind", place]` there. `units` has branch, station, grid, community, county, town; `things`
    has what was made before: ("person", place), ("stay", place), ("card", place), ("user", place)."""
    station, now = Station.objects.select_related("unit").get(unit=units["station"]), timezone.now()
    today = timezone.localdate(now)
    actions.set_hours(station, read_week("每天 8:00–18:00"), starts_on=today, by=None, at=now)
    later = actions.set_hours(station, Week(), starts_on=today + timedelta(days=30), by=None, at=now)
    (special,) = actions.set_special_days(
        [station], first=today, last=today, openings=(), reason="停电", by=None, at=now
    )
    room, closed = (_room(station, name, today, now) for name in ("会议室", "旧会议室"))
    actions.close_room(closed, on=today, reason="改造", by=None, at=now)
    item = ChecklistItem.objects.first() or actions.add_item(
        function="office", title="会议室", meaning="", starts_on=today, source="", by=None, at=now
    )
    actions.state_functions(station, {item: actions.Said("missing")}, by=None, at=now)
    things |= {
        ("coming hours", place): later.pk,
        ("special day", place): special.pk,
        ("room", place): room.pk,
        ("closed room", place): closed.pk,
        ("checklist item", place): item.pk,
    }


def _room(station, name, day, now):
    facts = {"function": "office", "capacity": 20, "equipment": "", "open_to": "everybody", "note": ""}
    return actions.open_room(station, name=name, opened_on=day, by=None, at=now, **facts)
