"""The log of contacts and the list of those who have been quiet for long."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from waystation.kernel import dated
from waystation.kernel.fields import prefix_q
from waystation.organizations.access import Reach, mandates_of
from waystation.organizations.models import Unit
from waystation.organizations.permissions import ROLES, Depth, Permission
from waystation.stewardship.contacts import rules
from waystation.stewardship.contacts.models import Contact, ContactState, Excuse, LostContact
from waystation.stewardship.contacts.queries.excused import is_excused
from waystation.stewardship.duties.queries import accountable
from waystation.stewardship.people import classes
from waystation.stewardship.people.models import Person, Stay
from waystation.stewardship.people.names import name_key
from waystation.stewardship.people.queries.lists import SEALED_COLUMNS


def months_before(day: date, months: int) -> date:
    """The same day of the month so many months earlier, or the last one of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    for last in range(day.day, 27, -1):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    return date(year, month + 1, min(day.day, 28))


def about_member(filters: dict, day: date, *, without: Iterable[str] = ()) -> Q:
    """The filters that ask about the member: name, origin, station or grid, and the classes of people."""
    found = classes.about(filters, day, without=without)
    if filters.get("origin"):
        found &= prefix_q("person__home_path", filters["origin"].path)
    if filters.get("grid"):
        found &= prefix_q("person__stay_path", filters["grid"].path)
    if key := name_key(filters.get("q") or ""):
        found &= prefix_q("person__name_key", key) | prefix_q("person__given_key", key)
    return found


def with_people(rows: QuerySet) -> QuerySet:
    hidden = [f"person__{name}" for name in SEALED_COLUMNS]
    return rows.select_related("person__home", "person__station", "person__destination").defer(*hidden)


def people_within(reach: Reach) -> QuerySet[Person]:
    """Files in use of people whom somebody in the reach answers for, as origin or as station."""
    people = Person.objects.living().filter(reach.path_q("home_path") | reach.path_q("stay_path"))
    return people.select_related("home", "station", "destination").defer(*SEALED_COLUMNS)


def states_by(filters: dict, reach: Reach, *, day: date) -> QuerySet[ContactState]:
    """Mobile members in reach without real contact for longer than asked, or than the rule.

    Excused members are left out unless asked for; they have a list of visits of their own.
    """
    days = filters.get("days") or dated.value(rules.QUIET_DAYS, day)
    rows = ContactState.objects.mobile().within(reach).filter(quiet_since__lte=day - timedelta(days=days))
    rows = rows.filter(about_member(filters, day, without=("excused",)))
    if not filters.get("excused"):
        rows = rows.filter(~is_excused(day, "person"))
    return with_people(rows).annotate(
        excused=is_excused(day, "person"),
        is_lost=Exists(LostContact.objects.open().filter(person=OuterRef("person"))),
    )


def visits_due(filters: dict, reach: Reach, *, day: date) -> QuerySet[ContactState]:
    """Excused members and members in hardship who were not visited at home within the rule's time."""
    edge = day - timedelta(days=dated.value(rules.VISIT_DAYS, day))
    # Two lists of few people, each found within the reach, instead of a question to everybody in it.
    excused = Excuse.objects.in_force(day).within(reach).filter(person__merged_into=None).values("person")
    living = Person.objects.living().filter(reach.path_q("home_path") | reach.path_q("stay_path"))
    in_hardship = living.filter(hardship__isnull=False).values("pk")
    rows = ContactState.objects.mobile().filter(pk__in=excused.union(in_hardship))
    if not filters.get("all"):
        rows = rows.filter(Q(last_visit_on=None) | Q(last_visit_on__lte=edge))
    rows = rows.filter(about_member(filters, day))
    return with_people(rows).annotate(excused=is_excused(day, "person"))


def contacts_by(filters: dict, reach: Reach, *, day: date) -> QuerySet[Contact]:
    """The log in reach, by channel, outcome, days and who the member is on the day; struck out ones if asked for."""
    rows = Contact.objects.within(reach)
    for name in ("channel", "outcome", "source"):
        if filters.get(name):
            rows = rows.filter(**{name: filters[name]})
    if filters.get("since"):
        rows = rows.filter(contacted_on__gte=filters["since"])
    if filters.get("until"):
        rows = rows.filter(contacted_on__lte=filters["until"])
    if not filters.get("struck"):
        rows = rows.standing()
    rows = rows.filter(about_member(filters, day))
    return with_people(rows).select_related("person__home", "unit", "recorded_by").defer("sealed_note", "needs")


def holder_of(person: Person, kind: str, day: date) -> Unit | None:
    """The unit that answers for a duty towards the member on the day: by the duty sheet in care, else the origin.

    `kind` is one of those of `accountable`: "contact", "service".
    """
    stay = Stay.objects.open().filter(person=person).select_related("station", "departure__origin").first()
    return accountable(stay, kind, day) if stay else person.home


def bundle_of(person: Person) -> str:
    """The name under which open items about the member move with the stay."""
    stay = Stay.objects.open().filter(person=person).values_list("pk", flat=True).first()
    return f"stay:{stay}" if stay else ""


def unit_for(user, person: Person, permission: Permission) -> Unit | None:
    """On whose behalf the user deals with the member: the unit of the nearest mandate that reaches them."""
    found = []
    for mandate in mandates_of(user):
        role = ROLES[mandate.role]
        if permission not in role.permissions or role.helps:
            continue
        for path in (person.home_path, person.stay_path):
            covers = path == mandate.unit.path if role.depth is Depth.UNIT else path.startswith(mandate.unit.path)
            if path and covers:
                found.append(mandate.unit)
    return max(found, key=lambda unit: len(unit.path), default=None)


def excuse_of(person: Person, day: date) -> Excuse | None:
    """The excuse of the member in force on the day."""
    return Excuse.objects.in_force(day).filter(person=person).first()
