"""The reconciliation board: its tabs and their counts, what the filters mean, who handed in what."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Q, QuerySet, TextChoices, TextField, Window
from django.db.models.aggregates import Sum
from django.db.models.functions import Cast, RowNumber
from django.utils.translation import gettext_lazy as _

from waystation.kernel.fields import prefix_q
from waystation.organizations.access import Reach
from waystation.organizations.models import Mandate, Unit
from waystation.stewardship.people.names import half_width, name_key
from waystation.stewardship.people.queries.lists import SEALED_COLUMNS, SEALED_OF_DEPARTURES
from waystation.stewardship.rosters.models import Import, MatchCandidate, MatchRun

ORIGIN, STATION, NOBODY = "origin", "station", "nobody"
_UNITS = {
    "departure": ("origin__parent", "station", "destination"),
    "arrival": ("home__parent", "station", "destination"),
}
_BOTH = ("origin_confirmed_by", "station_confirmed_by", "decided_by", "followed_up_by")
_MOST_STATIONS_AND_TOWNS = 400


class Tab(TextChoices):
    """A tab of the board: the four lanes of what is open, and what has been decided."""

    MATCHED = "matched", _("Matched")
    CONFLICTING = "conflicting", _("In doubt (conflicts)")
    ONLY_DEPARTED = "only_departed", _("Only departed")
    ONLY_ARRIVED = "only_arrived", _("Only arrived")
    SETTLED = "settled", _("Taken into care")
    REJECTED = "rejected", _("Rejected")


LONE = (Tab.ONLY_DEPARTED, Tab.ONLY_ARRIVED)
_DECIDED = (Tab.SETTLED, Tab.REJECTED)


class Why(TextChoices):
    """What a pair rests on, or what speaks against it: the kinds of reasons one filters by."""

    ID_SAME = "id_same", _("Same ID number")
    PHONE_SAME = "phone_same", _("Same phone")
    NAME_OTHER = "name_other", _("Name written differently")
    ID_DIFFERS = "id_differs", _("ID numbers differ")
    BIRTH_DIFFERS = "birth_differs", _("Birth dates differ")
    HOME_DIFFERS = "home_differs", _("Origins differ")


# The codes of `matching.model` that each kind stands for.
CODES = {
    Why.ID_SAME: ("id_same", "id_same_upgraded", "id_same_unproven"),
    Why.PHONE_SAME: ("phone_same",),
    Why.NAME_OTHER: ("name_variant", "name_sound", "name_part", "name_one_character"),
    Why.ID_DIFFERS: ("id_differs", "id_one_digit", "id_old_one_digit", "id_unlike"),
    Why.BIRTH_DIFFERS: (
        "birth_slip", "birth_near", "birth_days_apart", "birth_month_slip", "birth_year_same", "birth_differs",
    ),
    Why.HOME_DIFFERS: ("home_differs", "home_village_differs"),
}  # fmt: skip


def tab_q(tab: str) -> Q:
    """The candidates of a tab."""
    if tab in _DECIDED:
        return Q(state=tab)
    return Q(state=MatchCandidate.State.OPEN, lane=tab)


def counts(reach: Reach) -> dict[str, int]:
    """How many candidates each tab holds within the reach; one query."""
    found = dict.fromkeys(Tab.values, 0)
    rows = MatchCandidate.objects.within(reach).values_list("state", "lane").order_by()
    for state, lane, count in rows.annotate(count=Count("pk")):
        found[lane if state == MatchCandidate.State.OPEN else state] += count
    return found


def candidates_by(tab: str, filters: dict, reach: Reach) -> QuerySet:
    """The candidates of a tab that the filters ask for. Unknown or empty filters change nothing."""
    rows = MatchCandidate.objects.within(reach).filter(tab_q(tab))
    for name in (ORIGIN, STATION):
        if filters.get(name):
            rows = rows.filter(prefix_q(f"{name}_path", filters[name].path))
    rows = rows.filter(_confirmed_q(filters.get("confirmed")))
    if filters.get("followed") == "yes":
        rows = rows.filter(followed_up_at__isnull=False)
    elif filters.get("followed") == "no":
        rows = rows.filter(followed_up_at=None)
    if filters.get("why"):
        rows = _by_reason(rows, filters["why"])
    return rows.filter(_text_q(filters.get("q") or ""))


def _confirmed_q(whose: str | None) -> Q:
    if whose == NOBODY:
        return Q(origin_confirmed_at=None, station_confirmed_at=None)
    if whose in (ORIGIN, STATION):
        return Q(**{f"{whose}_confirmed_at__isnull": False})
    return Q()


def _by_reason(rows: QuerySet, why: str) -> QuerySet:
    """Pairs with a reason of the kind. SQLite cannot look into JSON arrays, so the text is searched."""
    condition = Q()
    for code in CODES[Why(why)]:
        condition |= Q(said__contains=f'"code": "{code}"')
    return rows.alias(said=Cast("reasons", TextField())).filter(condition)


def _text_q(text: str) -> Q:
    """A name (either spelling), pinyin, initials, or the last four digits of a phone."""
    text = half_width(text).strip()
    if not text:
        return Q()
    columns, value = ("name_key",), name_key(text)
    if re.fullmatch(r"\d{4}", text):
        return Q(departure__phone_tail=text) | Q(arrival__phone_tail=text)
    if re.fullmatch(r"[A-Za-z' ]+", text):
        columns, value = ("pinyin", "initials"), re.sub(r"[' ]+", " ", text.lower()).strip()
    if not value:
        return Q(pk__in=[])
    condition = prefix_q("name_key", value)
    for side in ("departure", "arrival"):
        for column in columns:
            condition |= prefix_q(f"{side}__{column}", value)
    return condition


def with_rows(candidates: QuerySet, *, places: bool = True) -> QuerySet:
    """Both rows and everybody who decided, without the sealed columns, in one query; with their units if `places`."""
    units = (f"{side}__{name}" for side, names in _UNITS.items() for name in names) if places else ()
    return candidates.select_related("departure", "arrival", *units, *_BOTH).defer(
        *(f"departure__{name}" for name in SEALED_OF_DEPARTURES),
        *(f"arrival__{name}" for name in SEALED_COLUMNS),
    )


def put_places(candidates: Iterable[MatchCandidate]) -> None:
    """Give both rows of each pair their units: to plan eight more joins takes longer than these two questions."""
    fields = [
        (row, name.removesuffix("__parent"))
        for candidate in candidates
        for side, names in _UNITS.items()
        if (row := getattr(candidate, side))
        for name in names
    ]
    units = Unit.objects.in_bulk({getattr(row, f"{name}_id") for row, name in fields} - {None})
    above = Unit.objects.in_bulk({unit.parent_id for unit in units.values()} - {None})
    for unit in units.values():
        unit.parent = above.get(unit.parent_id)
    for row, name in fields:
        setattr(row, name, units.get(getattr(row, f"{name}_id")))


def places(reach: Reach) -> tuple[list[Unit], list[Unit]]:
    """The towns one may come from and the stations one may report to, for the filters; one query.

    Both ends count: a station's board has the towns of its county, though the county is above it.
    """
    counties = {path for path in (_county_path(path) for path in (*reach.paths, *reach.exact)) if path}
    condition = Q(pk__in=[])
    for path in counties:
        condition |= prefix_q("path", path)
    found = Unit.objects.active().filter(condition, kind__in=[Unit.Kind.TOWN, Unit.Kind.STATION])
    units = list(found.order_by("path")[:_MOST_STATIONS_AND_TOWNS])
    towns = [unit for unit in units if unit.kind == Unit.Kind.TOWN]
    return towns, [unit for unit in units if unit.kind == Unit.Kind.STATION]


def _county_path(path: str) -> str:
    """The path of the county (the second unit of the chain), or of the city if it stops there."""
    return "".join(f"{part}." for part in path.split(".")[:2] if part)


@dataclass(frozen=True)
class HandedIn:
    """What one side handed in so far: people, files, and the last file's day, unit and hands."""

    kind: str
    people: int
    files: int
    day: date
    unit: str
    by: str


def handed_in(reach: Reach) -> dict[str, HandedIn]:
    """By kind of roster, what has been committed within the reach; one query."""
    mine = Import.objects.filter(reach.path_q("unit_path") | reach.path_q("station__path"))
    people = F("new") + F("changed") + F("duplicate")
    rows = (
        mine.filter(state=Import.State.COMMITTED)
        .annotate(
            people=Window(Sum(people), partition_by="kind"),
            files=Window(Count("pk"), partition_by="kind"),
            place=Window(RowNumber(), partition_by="kind", order_by=F("committed_at").desc()),
        )
        .filter(place=1)
        .select_related("unit", "committed_by")
    )
    return {
        row.kind: HandedIn(
            row.kind, row.people, row.files, row.committed_at, row.unit.name, str(row.committed_by or "")
        )
        for row in rows
    }


def last_run(reach: Reach) -> MatchRun | None:
    """The newest run of the matcher over a county that the reach lies in or covers."""
    condition = Q(pk__in=[])
    for path in (*reach.paths, *reach.exact):
        condition |= prefix_q("county__path", _county_path(path))
    runs = MatchRun.objects.filter(condition).select_related("job", "started_by", "county")
    return runs.order_by("-started_at").first()


def counties_of(reach: Reach) -> QuerySet:
    """The counties over which the user may start the matcher."""
    condition = Q(pk__in=[])
    for path in (*reach.paths, *reach.exact):
        condition |= prefix_q("path", _county_path(path))
    return Unit.objects.active().filter(condition, kind=Unit.Kind.COUNTY).order_by("path")


def secretaries(candidates, day: date) -> dict[int, str]:
    """Who to ask at the origin: the branch secretaries of the departures' branches, by unit."""
    origins = {row.departure.origin_id for row in candidates if row.departure_id}
    mandates = Mandate.objects.in_force(day).filter(role="branch_secretary", unit__in=origins)
    return {mandate.unit_id: str(mandate.user) for mandate in mandates.select_related("user")}
