"""Lists of members with their hours, of claims, and one member's year."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from waystation.kernel import dated
from waystation.organizations.access import Reach
from waystation.stewardship.contacts.queries import is_excused
from waystation.stewardship.contacts.queries.log import months_before
from waystation.stewardship.education import rules
from waystation.stewardship.education.models import LearningRecord, YearTotal
from waystation.stewardship.education.queries.totals import behind
from waystation.stewardship.people import classes
from waystation.stewardship.people.models import Person
from waystation.stewardship.people.queries.lists import SEALED_COLUMNS

ABSENT, LONG = "absent", "long"


def learners_by(filters: dict, reach: Reach, day: date) -> QuerySet[Person]:
    """Members in reach, in a branch or in care; by the classes of people;
    with `behind` only those behind with this year's hours, with `absent` those who came to nothing for months."""
    people = Person.objects.living().in_standing().within(reach).exclude(Q(home=None) & Q(station=None))
    if filters.get("station"):
        people = people.filter(station=filters["station"])
    people = classes.narrowed(people, filters, day)
    if filters.get("behind"):
        people = behind(people, day)
    if filters.get("absent"):
        people = absent(people, day, rules.AWAY_LONG_MONTHS if filters["absent"] == LONG else rules.AWAY_MONTHS)
    return people.select_related("home", "station").defer(*SEALED_COLUMNS)


def absent(people: QuerySet[Person], day: date, months: str) -> QuerySet[Person]:
    """Mobile members who for the months of this rule were absent whenever a roll was called for them, without leave
    or excuse, and lately too. It is a prompt to ask why, and no finding (条例 2019, art. 31(6)).
    """
    since = months_before(day, dated.value(months, day))
    away = {"contact_state__absent_since__lte": since, "contact_state__absent_last_on__gt": since}
    return people.filter(~is_excused(day), contact_state__is_mobile=True, **away)


def excused_among(people: list, day: date) -> set:
    """Who of these (ids) is excused on the day."""
    return set(Person.objects.filter(is_excused(day), pk__in=people).values_list("pk", flat=True))


def totals_of(people: list, year: int) -> dict:
    """The hours of these people (ids) in a year."""
    return dict(YearTotal.objects.filter(person__in=people, year=year).values_list("person", "hours"))


def claims_by(reach: Reach) -> QuerySet[LearningRecord]:
    """What members in reach reported and nobody has decided, the oldest first."""
    people = Person.objects.living().within(reach)
    rows = LearningRecord.objects.claimed().filter(person__in=people.values("pk"))
    return rows.select_related("person__home", "person__station")


def records_of(person: Person, year: int) -> QuerySet[LearningRecord]:
    """Everything written about a member's learning in a year, the latest first; what counts and what does not."""
    rows = LearningRecord.objects.filter(person=person, year=year, is_double=False)
    return rows.select_related("occasion__unit", "decided_by", "reversed_by").order_by("-learnt_on", "-pk")


def years_of(person: Person) -> list[int]:
    """The years in which anything is written about the member's learning, the latest first."""
    rows = LearningRecord.objects.filter(person=person).order_by("-year").values_list("year", flat=True).distinct()
    return list(rows)
