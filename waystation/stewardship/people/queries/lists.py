"""The lists of people, departures and arrivals: what the filters mean, and what a row shows."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from django.core.cache import caches
from django.db.models import CharField, Exists, F, Func, Model, OuterRef, Q, QuerySet, TextChoices
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from waystation.kernel.fields import disjoint, prefix_q
from waystation.organizations.access import Reach
from waystation.organizations.models import Unit
from waystation.stewardship.people import classes
from waystation.stewardship.people.models import Arrival, Card, Departure, Person
from waystation.stewardship.people.names import name_key

SEALED_OF_DEPARTURES = ("id_number", "phone", "other_phone")
SEALED_COLUMNS = (*SEALED_OF_DEPARTURES, "address", "hardship")  # of people and of arrivals
_WIDE_DEPTH = 2  # a city or a county
_MANY = 5000


class Status(TextChoices):
    """Where a person stands, as one word of a list."""

    CARE = "care", _("In care")
    WAITING = "waiting", _("Awaiting arrival")
    AWAY = "away", _("Departed, outside the area")
    RETURNED = "returned", _("Returned home")
    TRANSFERRED = "transferred", _("Formal relation transferred")
    ENDED = "ended", _("No member any more")
    FILE = "file", _("On file")


TONES = {
    Status.CARE: "ok",
    Status.WAITING: "warn",
    Status.AWAY: "info",
    Status.RETURNED: "",
    Status.TRANSFERRED: "",
    Status.ENDED: "",
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


def holds_many(pieces: Callable[[], Iterable[QuerySet]], *, of: type[Model], reach: Reach) -> bool:
    """Whether one of the pieces has so many rows that walking an index of all rows soon meets a pageful of them.

    It only says which way to the same rows is the shorter one, so the answer may be an hour old.
    """
    where = sha256("\n".join((*reach.paths, "", *reach.exact)).encode()).hexdigest()
    return caches["hour"].get_or_set(
        f"many.{of._meta.label}.{where}",
        lambda: any(piece.order_by()[_MANY - 1 : _MANY].exists() for piece in pieces()),
    )


def in_reach(reach: Reach) -> QuerySet:
    """Files in use within the reach, by the index that fits how many there are."""
    people = Person.objects.living()
    walks = is_wide(reach) and holds_many(lambda: people.pieces(reach), of=Person, reach=reach)
    return walked(people, reach) if walks else people.within(reach)


def people_by(filters: dict, reach: Reach) -> QuerySet:
    """The people that the filters of the list ask for. Unknown or empty filters change nothing.

    `pks` are people ticked one by one; the classes of people are filters, too.
    """
    people = walked(Person.objects.living(), reach) if _finds_few(filters) else in_reach(reach)
    return _narrowed(people, filters).select_related("home", "station", "destination").defer(*SEALED_COLUMNS)


def people_pieces(filters: dict, reach: Reach) -> list[QuerySet]:
    """Those of `people_by` in parts that share nobody, by which they are counted."""
    if _finds_few(filters):
        return [people_by(filters, reach)]
    return [_narrowed(piece, filters) for piece in Person.objects.living().pieces(reach)]


def _finds_few(filters: dict) -> bool:
    return any(filters.get(name) for name in ("origin", "community", "grid", "pks")) or classes.find_few(filters)


def _narrowed(people: QuerySet, filters: dict) -> QuerySet:
    for name, column in (("origin", "home_path"), ("community", "destination_path"), ("grid", "stay_path")):
        if filters.get(name):
            people = people.filter(prefix_q(column, filters[name].path))
    if filters.get("pks"):
        people = people.filter(pk__in=filters["pks"])
    people = classes.narrowed(people, filters, timezone.localdate())
    if filters.get("status"):
        people = people.filter(_status_q(filters["status"]))
    if key := name_key(filters.get("q") or ""):
        people = people.filter(prefix_q("name_key", key) | prefix_q("given_key", key))
    return people


def _status_q(status: str) -> Q:
    def has(*states):
        return Exists(Departure.objects.filter(person=OuterRef("pk"), state__in=states))

    def last(state):
        """Of the departures that are over, the last one ended so."""
        rows = Departure.objects.filter(person=OuterRef("pk"), state=state)
        later = Departure.objects.filter(
            person=OuterRef("person"), state__in=Departure.OVER, closed_at__gt=OuterRef("closed_at")
        )
        return Exists(rows.filter(~Exists(later)))

    state = Departure.State
    no_stay, nobody_away = Q(stay_path=""), ~Q(has(*Departure.OPEN))
    return {
        Status.CARE: Q(stay_path__gt=""),
        Status.WAITING: no_stay & Q(has(state.PENDING)),
        Status.AWAY: no_stay & Q(has(state.DEPARTED)),
        Status.RETURNED: no_stay & Q(last(state.RETURNED)) & nobody_away,
        Status.TRANSFERRED: no_stay & Q(last(state.TRANSFERRED)) & nobody_away,
        Status.ENDED: no_stay & Q(last(state.ENDED)) & nobody_away,
        Status.FILE: no_stay & ~Q(has(*Departure.OPEN, *Departure.OVER)),
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
    rows = Departure.objects.filter(person__in=wanted).order_by("closed_at", "pk").values_list("person", "state")
    for person, state in rows:
        states.setdefault(person, []).append(state)
    names = dict(Unit.objects.filter(path__in={p.stay_path for p in people if p.stay_path}).values_list("path", "name"))
    return [
        PersonRow(
            person,
            _status_of(person, states.get(person.pk, [])),
            names.get(person.stay_path, ""),
            sees(person),
        )
        for person in people
    ]


def _status_of(person: Person, states: list[str]) -> Status:
    """`states` are those of the person's departures, the last closed at the end."""
    if person.station_id:
        return Status.CARE
    if Departure.State.PENDING in states:
        return Status.WAITING
    if Departure.State.DEPARTED in states:
        return Status.AWAY
    return status_over(states)


def status_over(states: Iterable[str]) -> Status:
    """The status of somebody who is not away: how the last departure ended, in the order of their ends."""
    ends = [state for state in states if state in Departure.OVER]
    return Status(ends[-1]) if ends else Status.FILE


# --- departures and arrivals ----------------------------------------------------------------------


def _newest_first(model, columns: tuple[str, ...], filters: dict, reach: Reach) -> QuerySet:
    """A register in reach. The newest rows of a whole county are walked to; a filter may ask for
    rows so rare that the walk would be through the whole table."""
    if (
        is_wide(reach)
        and not any(filters.values())
        and holds_many(lambda: _pieces(model, columns, reach), of=model, reach=reach)
    ):
        return walked(model.objects.all(), reach, columns)
    return model.objects.within(reach)


def _pieces(model, columns: tuple[str, ...], reach: Reach) -> list[QuerySet]:
    return disjoint(model.objects.all(), *(reach.path_q(f"{name}_path") for name in columns))


def departures_by(filters: dict, reach: Reach) -> QuerySet:
    """The departures that the filters of their list ask for."""
    rows = _departures(_newest_first(Departure, ("origin", "station"), filters, reach), filters)
    return rows.select_related("origin__parent", "station", "destination").defer(*SEALED_OF_DEPARTURES)


def departure_pieces(filters: dict, reach: Reach) -> list[QuerySet]:
    """Those of `departures_by` in parts that share none, by which they are counted."""
    return [_departures(piece, filters) for piece in _pieces(Departure, ("origin", "station"), reach)]


def _departures(rows: QuerySet, filters: dict) -> QuerySet:
    for name in ("state", "kind", "place_kind"):
        if filters.get(name):
            rows = rows.filter(**{name: filters[name]})
    if filters.get("station"):
        rows = rows.filter(prefix_q("station_path", filters["station"].path))
    if filters.get("origin"):
        rows = rows.filter(prefix_q("origin_path", filters["origin"].path))
    if key := name_key(filters.get("q") or ""):
        rows = rows.filter(prefix_q("name_key", key))
    return rows


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
