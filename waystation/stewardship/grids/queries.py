"""Questions about grids that pages, the desk and exports ask alike."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from waystation.organizations.models import Mandate, Unit
from waystation.stewardship.grids.models import Grid, GridAssignment
from waystation.stewardship.people.models import MemberKind, Person, Stay

WEEKLY = 5
NEWLY_DAYS = 30
AGED_YEARS = 80


def leaders_of(grid: Grid, day: date) -> list[Mandate]:
    """Who leads the grid on the day: one person, or nobody while it is vacant."""
    return list(Mandate.objects.in_force(day).filter(unit=grid.pk, role="grid_leader").select_related("user", "unit"))


def in_use() -> QuerySet[Grid]:
    """Grids that are not closed, with their unit and station."""
    return Grid.objects.filter(unit__closed_on=None).select_related("unit", "station")


def with_heads(grids: QuerySet[Grid], day: date) -> QuerySet[Grid]:
    """The grids with `members`, `is_vacant` and the leader's `leader_name`."""
    led = Mandate.objects.in_force(day).filter(unit=OuterRef("pk"), role="grid_leader")
    return grids.annotate(
        members=Count("assignments", filter=Q(assignments__ends_on=None)),
        is_vacant=~Exists(led),
        leader_name=Subquery(led.values("user__full_name")[:1]),
    )


def vacant(grids: QuerySet[Grid], day: date) -> QuerySet[Grid]:
    """Those of the grids that nobody leads on the day."""
    led = Mandate.objects.in_force(day).filter(unit=OuterRef("pk"), role="grid_leader")
    return grids.filter(~Exists(led))


def without_grid(stays: QuerySet[Stay]) -> QuerySet[Stay]:
    """Open stays at stations with grids, of members who are in none."""
    held = GridAssignment.objects.filter(stay=OuterRef("pk"), ends_on=None)
    has_grids = Grid.objects.filter(station=OuterRef("station"), unit__closed_on=None)
    return stays.open().filter(~Exists(held), Exists(has_grids))


def unassigned(station: Unit) -> QuerySet[Stay]:
    """Open stays at the station of members who are in no grid."""
    held = GridAssignment.objects.filter(stay=OuterRef("pk"), ends_on=None)
    return Stay.objects.open().filter(~Exists(held), station=station)


def with_proposals(stays: QuerySet[Stay], station: Unit) -> QuerySet[Stay]:
    """The stays with `proposed_grid`: the grid that the member's community lies in, or None."""
    here = Grid.communities.through.objects.filter(
        grid__station=station, grid__unit__closed_on=None, unit=OuterRef("destination")
    )
    return stays.annotate(proposed_grid=Subquery(here.order_by("grid").values("grid")[:1]))


@dataclass(frozen=True)
class Due:
    """A member whom the grid leader should see this week, with the sentences why."""

    person: Person
    reasons: list[str]


def members(grid: Grid) -> QuerySet[Person]:
    """Everybody in the grid now, by name."""
    return (
        Person.objects.living()
        .filter(grid_assignments__grid=grid, grid_assignments__ends_on=None)
        .select_related("destination", "home")
        .order_by("name_key", "pk")
    )


def weekly_five(people: QuerySet[Person], day: date) -> list[Due]:
    """At most five members, each with the reason in words.

    The rule, in this order: arrived within 30 days; no phone on the file; 80 years or older;
    probationary member; then by name. Nothing but what the organisation itself wrote down is used.
    """
    since = {
        row["person"]: row["starts_on"]
        for row in Stay.objects.open()
        .filter(person__in=people, starts_on__gt=day - timedelta(days=NEWLY_DAYS))
        .values("person", "starts_on")
    }
    oldest = f"{day.year - AGED_YEARS}-{day:%m-%d}"
    wanted = people.filter(
        Q(pk__in=list(since))
        | Q(phone_mask="")
        | Q(born__gt="", born__lte=oldest)
        | Q(member_kind=MemberKind.PROBATIONARY)
    )
    found = [Due(person, _reasons(person, since.get(person.pk), day)) for person in wanted]
    found = [due for due in found if due.reasons]
    rank = {id(due): _rank(due.person, since, oldest) for due in found}
    return sorted(found, key=lambda due: (rank[id(due)], due.person.name_key))[:WEEKLY]


def _rank(person: Person, since: dict, oldest: str) -> int:
    if person.pk in since:
        return 0
    if not person.phone_mask:
        return 1
    return 2 if _is_aged(person, oldest) else 3


def _is_aged(person: Person, oldest: str) -> bool:
    # A partial date counts as its latest day: nobody is called eighty before they surely are.
    latest = person.born + "-12-31"[len(person.born) - 4 :] if person.born else ""
    return bool(latest) and latest <= oldest


def _reasons(person: Person, arrived: date | None, day: date) -> list[str]:
    words = []
    if arrived is not None:
        days = (day - arrived).days
        words.append(
            _("In care since today: a first visit is due")
            if days < 1
            else ngettext(
                "In care for %(days)s day: a first visit is due",
                "In care for %(days)s days: a first visit is due",
                days,
            )
            % {"days": days}
        )
    if not person.phone_mask:
        words.append(_("No phone on the file: ask for one"))
    if _is_aged(person, f"{day.year - AGED_YEARS}-{day:%m-%d}"):
        words.append(_("80 years or older"))
    if person.member_kind == MemberKind.PROBATIONARY:
        words.append(_("Probationary member"))
    return words
