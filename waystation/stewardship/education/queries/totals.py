"""Hours of a year: totals, and who is behind. Lists stand in the order of names; nobody is ranked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import (
    Case,
    DecimalField,
    Exists,
    ExpressionWrapper,
    F,
    FilteredRelation,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from waystation.kernel import dated
from waystation.organizations.models import Mandate
from waystation.stewardship.contacts.queries import is_excused
from waystation.stewardship.education import rules
from waystation.stewardship.education.models import LearningRecord
from waystation.stewardship.people.models import MemberKind, Person

LEADERS = ("branch_secretary", "station_head")
_HOURS = DecimalField(max_digits=8, decimal_places=1)


def with_target(people: QuerySet[Person], day: date) -> QuerySet[Person]:
    """The people with `target`: the hours of a leader for those who lead a branch or a station, else a member's."""
    leads = Mandate.objects.in_force(day).filter(user=OuterRef("user"), role__in=LEADERS)
    return people.annotate(
        target=Case(
            When(Exists(leads), then=Value(dated.value(rules.LEADER_HOURS, day))),
            default=Value(dated.value(rules.HOURS, day)),
            output_field=IntegerField(),
        )
    )


def reminds(day: date) -> bool:
    """Whether it is late enough in the year to remind of the hours."""
    return day.month >= dated.value(rules.REMIND_FROM, day)


def behind(people: QuerySet[Person], day: date) -> QuerySet[Person]:
    """Members in care with fewer hours than their share by the end of last month; excused members never.

    The share of a year is counted in whole months, from January or from the month after the stay began: what a
    member learnt elsewhere before is not known here. Nobody is listed before the month of the rule.
    """
    if not reminds(day):
        return people.none()
    # There is at most one open stay of a person and one total of a year: joined, they are read once for a row.
    rows = with_target(people.exclude(station=None), day).annotate(
        open_stay=FilteredRelation("stays", condition=Q(stays__ends_on=None)),
        total=FilteredRelation("year_totals", condition=Q(year_totals__year=day.year)),
        in_care_since=F("open_stay__starts_on"),
        year_hours=Coalesce("total__hours", Value(Decimal(0)), output_field=_HOURS),
    )
    # Twelve times the hours, so that no share is rounded.
    twelvefold = ExpressionWrapper(F("year_hours") * 12, output_field=_HOURS)
    rows = rows.annotate(months=_months(day), twelvefold=twelvefold)
    return rows.filter(
        ~is_excused(day), in_care_since__isnull=False, months__gt=0, twelvefold__lt=F("target") * F("months")
    )


def _months(day: date) -> Case:
    """Whole months of this year in care (`in_care_since`) that are over on the day."""
    over = day.month - 1
    since = [(date(day.year, month, 1), max(0, over - month)) for month in range(day.month, 0, -1)]
    return Case(
        *(When(in_care_since__gte=first, then=Value(months)) for first, months in since),
        default=Value(over),
        output_field=IntegerField(),
    )


@dataclass(frozen=True)
class Sources:
    """Hours of one person in one year by where they come from."""

    by_source: dict[str, Decimal]

    @property
    def total(self) -> Decimal:
        return sum(self.by_source.values(), Decimal(0))


def by_source(people: Iterable, year: int) -> dict:
    """For each of the people (ids) the hours of the year by source; one query."""
    rows = (
        LearningRecord.objects.counting()
        .filter(person__in=list(people), year=year)
        .order_by()
        .values_list("person", "source")
        .annotate(hours=Sum("hours"))
    )
    found: dict = {}
    for person, source, hours in rows:
        found.setdefault(person, {})[source] = hours
    return {person: Sources(hours) for person, hours in found.items()}


def is_newcomer(person: Person, day: date) -> bool:
    """Within the first year after joining the Party, as far as the file knows the day."""
    if person.member_kind == MemberKind.PROBATIONARY:
        return True
    joined = person.joined
    return len(joined) == 10 and joined > f"{day.year - 1}-{day:%m-%d}" and joined <= day.isoformat()
