"""What stations have of the city's checklist, and what they lack."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from waystation.stations.sites.models import ChecklistItem, FunctionStatement, Station

State = FunctionStatement.State
TONES = {State.PRESENT: "ok", State.PLANNED: "info", State.MISSING: "due"}


@dataclass(frozen=True)
class Line:
    """An item with what one station says of it, if it said anything."""

    item: ChecklistItem
    statement: FunctionStatement | None
    day: date

    @property
    def is_present(self) -> bool:
        return self.statement is not None and self.statement.state == State.PRESENT

    @property
    def is_late(self) -> bool:
        """A plan whose day is past."""
        return bool(self.statement and self.statement.planned_by and self.statement.planned_by < self.day)

    @property
    def word(self) -> str:
        if self.statement is None:
            return _("Not stated")
        return _("Plan overdue") if self.is_late else self.statement.get_state_display()

    @property
    def tone(self) -> str:
        if self.statement is None:
            return "warn"
        return "due" if self.is_late else TONES[State(self.statement.state)]


def asked(day: date) -> QuerySet[ChecklistItem]:
    """The checklist of the day in its order."""
    return ChecklistItem.objects.in_force(day).order_by("position", "pk")


def _present(**of) -> QuerySet[FunctionStatement]:
    return FunctionStatement.objects.current().filter(state=State.PRESENT, **of)


def lacking(station: Station, day: date) -> QuerySet[ChecklistItem]:
    """What is asked on the day and the station does not have: missing, planned or not stated."""
    return asked(day).filter(~Exists(_present(item=OuterRef("pk"), station=station.pk)))


def missing_of(stations: Iterable[Station], day: date) -> dict[int, list[str]]:
    """What each of the stations lacks of what is asked on the day, by title; three queries at most."""
    items, ids = list(asked(day)), [station.pk for station in stations]
    held = set(_present(station__in=ids).values_list("station", "item"))
    return {pk: [item.title for item in items if (pk, item.pk) not in held] for pk in ids}


def overdue(station: Station, day: date) -> QuerySet[ChecklistItem]:
    """What the station planned to have before the day and still does not."""
    late = FunctionStatement.objects.current().filter(item=OuterRef("pk"), station=station.pk, planned_by__lt=day)
    return asked(day).filter(Exists(late))


def lines(station: Station, items: Iterable[ChecklistItem], day: date) -> list[Line]:
    """The items with what the station says of each."""
    rows = FunctionStatement.objects.current().filter(station=station).select_related("stated_by")
    held = {row.item_id: row for row in rows}
    return [Line(item, held.get(item.pk), day) for item in items]


def earlier(station: Station) -> QuerySet[FunctionStatement]:
    """Every statement of the station, the newest first."""
    rows = FunctionStatement.objects.filter(station=station).select_related("item", "stated_by")
    return rows.order_by("-stated_at", "-pk")


def with_counts(stations: QuerySet[Station], day: date) -> QuerySet[Station]:
    """The stations with `present` and `planned`: how many of the items asked on the day they have and plan."""
    in_force = Q(statements__superseded_at=None, statements__item__starts_on__lte=day) & (
        Q(statements__item__ends_on=None) | Q(statements__item__ends_on__gt=day)
    )
    return stations.annotate(
        present=Count("statements", filter=in_force & Q(statements__state=State.PRESENT)),
        planned=Count("statements", filter=in_force & Q(statements__state=State.PLANNED)),
        stated=Count("statements", filter=in_force),
    )


def lacking_something(stations: QuerySet[Station], day: date) -> QuerySet[Station]:
    """Those of the stations that do not have everything that is asked on the day."""
    absent = ChecklistItem.objects.in_force(day).filter(
        ~Exists(_present(item=OuterRef("pk"), station=OuterRef(OuterRef("pk"))))
    )
    return stations.filter(Exists(absent))


def with_overdue(stations: QuerySet[Station], day: date) -> QuerySet[Station]:
    """Those of the stations with a plan whose day is past."""
    late = FunctionStatement.objects.current().filter(
        station=OuterRef("pk"), planned_by__lt=day, item__in=ChecklistItem.objects.in_force(day)
    )
    return stations.filter(Exists(late))
