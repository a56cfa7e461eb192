"""Questions about grids that pages, the desk and exports ask alike."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from waystation.organizations.models import Mandate, Unit
from waystation.stewardship.grids.models import Grid, GridAssignment, GridSuccession
from waystation.stewardship.people.models import Person, Stay


def leaders_of(grid: Grid, day: date) -> list[Mandate]:
    """Who leads the grid on the day: one person, or nobody while it is vacant."""
    return list(Mandate.objects.in_force(day).filter(unit=grid.pk, role="grid_leader").select_related("user", "unit"))


def in_use() -> QuerySet[Grid]:
    """Grids that are not closed, with their unit and station."""
    return Grid.objects.filter(unit__closed_on=None).select_related("unit", "station")


def with_heads(grids: QuerySet[Grid], day: date) -> QuerySet[Grid]:
    """The grids with `members`, `is_vacant` and the leader's `leader_name`."""
    led = Mandate.objects.in_force(day).filter(unit=OuterRef("pk"), role="grid_leader")
    held = GridAssignment.objects.filter(grid=OuterRef("pk"), ends_on=None).order_by().values("grid")
    return grids.annotate(
        members=Coalesce(Subquery(held.annotate(number=Count("*")).values("number")), 0),
        is_vacant=~Exists(led),
        leader_name=Subquery(led.values("user__full_name")[:1]),
        leads_until=Subquery(led.values("ends_on")[:1]),
    )


def with_terms(grids: QuerySet[Grid], day: date) -> QuerySet[Grid]:
    """The grids of `with_heads`, with `leads_since` and their communities."""
    led = Mandate.objects.in_force(day).filter(unit=OuterRef("pk"), role="grid_leader")
    communities = Prefetch("communities", Unit.objects.order_by("path"))
    return grids.annotate(leads_since=Subquery(led.values("starts_on")[:1])).prefetch_related(communities)


def with_vacancy(grids: QuerySet[Grid], day: date) -> QuerySet[Grid]:
    """The grids with `is_vacant`: whether nobody leads it on the day."""
    led = Mandate.objects.in_force(day).filter(unit=OuterRef("pk"), role="grid_leader")
    return grids.annotate(is_vacant=~Exists(led))


def grids_by(filters: dict, reach, *, day: date, notice_days: int) -> QuerySet[Grid]:
    """The grids that the filters of their list ask for; without a filter those in use."""
    grids = Grid.objects.select_related("unit", "station").within(reach)
    grids = grids.filter(unit__closed_on__isnull=not filters.get("closed"))
    if filters.get("station"):
        grids = grids.filter(station=filters["station"])
    if filters.get("vacant"):
        grids = vacant(grids, day)
    if filters.get("ending"):
        grids = ending(grids, day, notice_days)
    return grids


def terms_of(grid: Grid) -> QuerySet[Mandate]:
    """Everybody who led the grid, leads it or is named to, the newest first."""
    return Mandate.objects.filter(unit=grid.pk, role="grid_leader").select_related("user").order_by("-starts_on", "-pk")


def history_of(grid: Grid) -> list[GridSuccession]:
    """The splits and merges that made the grid or ended it, the newest first."""
    rows = GridSuccession.objects.filter(Q(predecessor=grid) | Q(successor=grid))
    return list(
        rows.select_related("predecessor__unit", "successor__unit", "recorded_by").order_by("-happened_on", "-pk")
    )


def going(grid: Grid, communities: list, people: list) -> QuerySet[GridAssignment]:
    """The members of the grid who live in the communities (ids) or are among the people (ids)."""
    rows = GridAssignment.objects.filter(grid=grid, ends_on=None)
    return rows.filter(Q(stay__destination__in=communities) | Q(person__in=people))


def free_codes(station: Unit, number: int) -> list[str]:
    """The next numbers that no grid of the station has or had."""
    used = {int(code) for code in station.grids.values_list("code", flat=True) if code.isdigit()}
    start = max(used, default=0) + 1
    return [f"{start + n:02d}" for n in range(number)]


def vacant(grids: QuerySet[Grid], day: date) -> QuerySet[Grid]:
    """Those of the grids that nobody leads on the day."""
    led = Mandate.objects.in_force(day).filter(unit=OuterRef("pk"), role="grid_leader")
    return grids.filter(~Exists(led))


def ending(grids: QuerySet[Grid], day: date, days: int) -> QuerySet[Grid]:
    """Those of the grids whose leader's term ends within so many days, with nobody named for after."""
    until = day + timedelta(days=days)
    led = Mandate.objects.filter(unit=OuterRef("pk"), role="grid_leader")
    goes = led.in_force(day).filter(ends_on__lte=until)
    comes = led.filter(Q(ends_on=None) | Q(ends_on__gt=until), starts_on__lte=until)
    return grids.filter(Exists(goes), ~Exists(comes))


def ancestry(grid: Grid) -> list[Grid]:
    """The grids from which this one came, by splits and merges, the nearest first."""
    found: dict[int, Grid] = {}
    ask = [grid.pk]
    while ask:
        rows = Grid.objects.filter(successions__successor__in=ask).exclude(pk__in=found)
        ask = []
        for one in rows.select_related("unit").distinct():
            found[one.pk] = one
            ask.append(one.pk)
    return list(found.values())


def without_grid(stays: QuerySet[Stay]) -> QuerySet[Stay]:
    """Open stays at stations with grids, of members who are in none."""
    held = GridAssignment.objects.filter(stay=OuterRef("pk"), ends_on=None)
    has_grids = Grid.objects.filter(station=OuterRef("station"), unit__closed_on=None)
    return stays.open().filter(~Exists(held), Exists(has_grids))


def unassigned(station: Unit) -> QuerySet[Stay]:
    """Open stays at the station of members who are in no grid: their place is the station itself."""
    return Stay.objects.open().filter(station=station, person__stay_path=station.path)


def with_proposals(stays: QuerySet[Stay], station: Unit) -> QuerySet[Stay]:
    """The stays with `proposed_grid`: the grid that the member's community lies in, or None."""
    here = Grid.communities.through.objects.filter(
        grid__station=station, grid__unit__closed_on=None, unit=OuterRef("destination")
    )
    return stays.annotate(proposed_grid=Subquery(here.order_by("grid").values("grid")[:1]))


def members(grid: Grid) -> QuerySet[Person]:
    """Everybody in the grid now, by name; the path of the stay says it, whose index has them in this order."""
    return (
        Person.objects.living()
        .filter(stay_path=grid.unit.path)
        .select_related("destination", "home")
        .order_by("name_key", "pk")
    )
