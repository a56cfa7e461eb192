"""The list of members with their dues, and who is in arrears for how long."""

from __future__ import annotations

from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet, TextChoices
from django.utils.translation import gettext_lazy as _

from waystation.kernel import dated
from waystation.organizations.access import Reach
from waystation.organizations.models import Unit
from waystation.stewardship.dues.models import DuesReduction
from waystation.stewardship.dues.months import month_of, plus
from waystation.stewardship.dues.rules import PROMPT_MONTHS, WARN_MONTHS
from waystation.stewardship.people import classes
from waystation.stewardship.people.models import Person
from waystation.stewardship.people.queries import people_by
from waystation.stewardship.people.queries.lists import is_wide


class Standing(TextChoices):
    """How a member stands, as one word of the list."""

    PROMPT = "prompt", _("Unpaid for some months")
    WARN = "warn", _("Unpaid for long")
    NO_BASE = "no-base", _("No base set")


def overdue(months: int, day: date) -> Q:
    """A condition on people: for so many months that are over nothing has been settled in a row."""
    return Q(dues_standing__owes_from__lte=plus(month_of(day), -months))


def dues_by(filters: dict, reach: Reach, *, day: date) -> QuerySet[Person]:
    """Members of a branch in reach, by the filters of the list."""
    people = people_by({name: filters.get(name) for name in ("q", "origin", "grid", *classes.names())}, reach)
    people = people.exclude(party_status__in=Person.ENDED)
    people = people.filter(home_path__gt="").select_related("home", "station", "dues_standing")
    standing = filters.get("standing")
    if standing == Standing.NO_BASE:
        people = people.filter(dues_standing=None)
    elif standing:
        rule = {Standing.PROMPT: PROMPT_MONTHS, Standing.WARN: WARN_MONTHS}[standing]
        people = people.in_standing().filter(overdue(dated.value(rule, day), day))
    return people


def branches_of(reach: Reach) -> QuerySet[Unit] | None:
    """The branches with members in reach, to choose from; None where the reach is wide and one types a name."""
    if is_wide(reach):
        return None
    homes = Person.objects.living().within(reach).filter(home__kind=Unit.Kind.BRANCH).values("home")
    return Unit.objects.filter(pk__in=homes).order_by("path")


def members_of(branch: Unit, reach: Reach) -> QuerySet[Person]:
    """The members of one branch whom the viewer may see, by name."""
    people = people_by({}, reach).filter(home=branch).exclude(party_status__in=Person.ENDED)
    people = people.select_related("dues_standing")
    return people.order_by("name_key", "pk")


def reductions_by(state: str, reach: Reach) -> QuerySet[DuesReduction]:
    """Requests to pay less, in a state or all, of members in reach."""
    people = Person.objects.living().within(reach).filter(pk=OuterRef("person"))
    rows = DuesReduction.objects.filter(Exists(people))
    return rows.filter(state=state) if state else rows
