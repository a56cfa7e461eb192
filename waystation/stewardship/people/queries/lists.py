"""The lists of people, departures and arrivals: what the filters mean, and what a row shows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import CharField, Exists, F, Func, OuterRef, Q, QuerySet, TextChoices
from django.utils.translation import gettext_lazy as _

from waystation.kernel.fields import prefix_q
from waystation.organizations.access import Reach
from waystation.organizations.models import Unit
from waystation.stewardship.people.models import Arrival, Card, Departure, Person
from waystation.stewardship.people.names import name_key

SEALED_COLUMNS = ("id_number", "phone", "other_phone", "address", "hardship")
_WIDE_DEPTH = 2  # a city or a county


class Status(TextChoices):
    """Where a person stands, as one word of a list."""

    CARE = "care", _("In care")
    WAITING = "waiting", _("Awaiting arrival")
    AWAY = "away", _("Departed, outside the area")
    RETURNED = "returned", _("Returned home")
    FILE = "file", _("On file")


TONES = {
    Status.CARE: "ok",
    Status.WAITING: "warn",
    Status.AWAY: "info",
    Status.RETURNED: "",
    Status.FILE: "",
}


def _plain(field: str) -> Func:
    """The column as an expression that no index serves."""
    return Func(F(field), template="(%(expressions)s || '')", output_field=CharField())


def walked(rows: QuerySet, reach: Reach, columns: Iterable[str] = ("home", "stay", "destination")) -> QuerySet:
    """Rows in reach, found by walking another index than those of the places in `columns`.

    For a whole county the first page lies near the start of the index of names, while its places
    are a tenth of the table; and an ID number finds one row whatever the reach.
    """
    paths = {f"{name}_walk": _plain(f"{name}_path") for name in columns}
    return rows.alias(**paths).within(reach, "walk")


def is_wide(reach: Reach) -> bool:
    """Whether the reach is a county or more."""
    return any(path.count(".") <= _WIDE_DEPTH for path in reach.paths)


def in_reach(reach: Reach) -> QuerySet:
    """Files in use within the reach, by the index that fits its width."""
    people = Person.objects.living()
    return walked(people, reach) if is_wide(reach) else people.within(reach)


def people_by(filters: dict, reach: Reach) -> QuerySet:
    """The people that the filters of the list ask for. Unknown or empty filters change nothing."""
    origin, community, grid = (filters.get(name) for name in ("origin", "community", "grid"))
    narrow = any((origin, community, grid))
    people = walked(Person.objects.living(), reach) if narrow else in_reach(reach)
    if origin:
        people = people.filter(prefix_q("home_path", origin.path))
    if community:
        people = people.filter(prefix_q("destination_path", community.path))
    if grid:
        people = people.filter(prefix_q("stay_path", grid.path))
    for name in ("sex", "member_kind"):
        if filters.get(name):
            people = people.filter(**{name: filters[name]})
    if filters.get("trade"):
        people = people.filter(trade__contains=filters["trade"])
    if filters.get("status"):
        people = people.filter(_status_q(filters["status"]))
    if key := name_key(filters.get("q") or ""):
        people = people.filter(prefix_q("name_key", key) | prefix_q("given_key", key))
    return people.select_related("home", "station", "destination").defer(*SEALED_COLUMNS)


def _status_q(status: str) -> Q:
    def has(*states):
        return Exists(Departure.objects.filter(person=OuterRef("pk"), state__in=states))

    state = Departure.State
    no_stay = Q(stay_path="")
    return {
        Status.CARE: Q(stay_path__gt=""),
        Status.WAITING: no_stay & Q(has(state.PENDING)),
        Status.AWAY: no_stay & Q(has(state.DEPARTED)),
        Status.RETURNED: no_stay & Q(has(state.RETURNED)) & ~Q(has(*Departure.OPEN)),
        Status.FILE: no_stay & ~Q(has(*Departure.OPEN, state.RETURNED)),
    }[status]


@dataclass
class PersonRow:
    """A person as one row of a list; `place` is the station or, once assigned, the grid."""

    person: Person
    status: Status
    place: str = ""
    shows_numbers: bool = False

    @property
    def tone(self) -> str:
        return TONES[self.status]


def with_states(people: Iterable[Person], sees) -> list[PersonRow]:
    """Each person with its status and grid, by two queries. `sees(person)` tells about numbers."""
    people = list(people)
    states: dict = {}
    wanted = [person.pk for person in people if not person.station_id]
    rows = Departure.objects.filter(person__in=wanted).values_list("person", "state")
    for person, state in rows:
        states.setdefault(person, set()).add(state)
    names = dict(Unit.objects.filter(path__in={p.stay_path for p in people if p.stay_path}).values_list("path", "name"))
    return [
        PersonRow(
            person,
            _status_of(person, states.get(person.pk, set())),
            names.get(person.stay_path, ""),
            sees(person),
        )
        for person in people
    ]


def _status_of(person: Person, states: set[str]) -> Status:
    if person.station_id:
        return Status.CARE
    if Departure.State.PENDING in states:
        return Status.WAITING
    if Departure.State.DEPARTED in states:
        return Status.AWAY
    return Status.RETURNED if Departure.State.RETURNED in states else Status.FILE


# --- departures and arrivals ----------------------------------------------------------------------


def _newest_first(model, columns: tuple[str, ...], filters: dict, reach: Reach) -> QuerySet:
    """A register in reach. The newest rows of a whole county are walked to; a filter may ask for
    rows so rare that the walk would be through the whole table."""
    if is_wide(reach) and not any(filters.values()):
        return walked(model.objects.all(), reach, columns)
    return model.objects.within(reach)


def departures_by(filters: dict, reach: Reach) -> QuerySet:
    """The departures that the filters of their list ask for."""
    rows = _newest_first(Departure, ("origin", "station"), filters, reach)
    for name in ("state", "kind"):
        if filters.get(name):
            rows = rows.filter(**{name: filters[name]})
    if filters.get("station"):
        rows = rows.filter(prefix_q("station_path", filters["station"].path))
    if filters.get("origin"):
        rows = rows.filter(prefix_q("origin_path", filters["origin"].path))
    if key := name_key(filters.get("q") or ""):
        rows = rows.filter(prefix_q("name_key", key))
    return rows.select_related("origin__parent", "station", "destination").defer("id_number", "phone", "other_phone")


def arrivals_by(filters: dict, reach: Reach, *, now: datetime, due_days: int) -> QuerySet:
    """The arrivals that the filters of their list ask for; "due" are those waiting too long."""
    rows = _newest_first(Arrival, ("station", "home"), filters, reach)
    for name in ("state", "channel"):
        if filters.get(name):
            rows = rows.filter(**{name: filters[name]})
    if filters.get("station"):
        rows = rows.filter(prefix_q("station_path", filters["station"].path))
    if filters.get("due"):
        rows = rows.pending().filter(created_at__lt=now - timedelta(days=due_days))
    if key := name_key(filters.get("q") or ""):
        rows = rows.filter(prefix_q("name_key", key))
    return rows.select_related("home__parent", "station", "destination").defer(*SEALED_COLUMNS)


def card_rows(people: Iterable[Person], cards: Iterable[Card]) -> list[dict]:
    """What is printed on each card: the name large, branch, station, grid and number."""
    people = list(people)
    paths = {person.stay_path for person in people if person.stay_path}
    names = dict(Unit.objects.filter(path__in=paths, kind=Unit.Kind.GRID).values_list("path", "name"))
    return [
        {
            "person": person,
            "card": card,
            "branch": person.home.name if person.home else "",
            "station": person.station.name if person.station else "",
            "grid": names.get(person.stay_path, ""),
        }
        for person, card in zip(people, cards, strict=True)
    ]
