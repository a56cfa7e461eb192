"""The members whom a grid leader should see this week, each with the reason in words.

Only what the organization itself wrote down is used; a rule can be checked by hand from the page of rules.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from waystation.kernel import dated
from waystation.organizations.models import Unit
from waystation.stewardship.contacts import rules
from waystation.stewardship.contacts.models import ContactState, Excuse, WeeklyDue
from waystation.stewardship.contacts.models.weekly import MOST
from waystation.stewardship.contacts.queries.excused import is_excused
from waystation.stewardship.contacts.queries.log import months_before
from waystation.stewardship.people.models import MemberKind, Person, Stay
from waystation.stewardship.people.queries.lists import SEALED_COLUMNS

# The reasons in the order of their urgency; what apps above register comes after them.
LOST, NEW, VISIT, QUIET, NO_PHONE, JOINED, AGED, PROBATION = (
    "lost", "new", "visit", "quiet", "no_phone", "joined", "aged", "probation",
)  # fmt: skip
ORDER = [LOST, NEW, VISIT, QUIET, NO_PHONE, JOINED, AGED, PROBATION]


@dataclass
class Due:
    """A member whom the grid leader should see this week: reasons as keys with a number, and the stored row."""

    person: Person
    keys: list[tuple[str, int]]
    row: WeeklyDue | None = None
    phone: str = field(default="", compare=False)

    @property
    def reasons(self) -> list[str]:
        """The sentences why, in the reader's language."""
        return [reason_text(key, number) for key, number in self.keys]


def monday(day: date) -> date:
    """The Monday of the week of a day."""
    return day - timedelta(days=day.weekday())


def _none(n: int) -> str:
    return ""


_WORDS: dict[str, Callable[[int], str]] = {
    LOST: lambda n: (
        ngettext(
            "No real contact for %(n)d month: is contact lost?", "No real contact for %(n)d months: is contact lost?", n
        )
        % {"n": n}
    ),
    NEW: lambda n: (
        ngettext("In care for %(days)s day: a first visit is due", "In care for %(days)s days: a first visit is due", n)
        % {"days": n}
        if n
        else _("In care since today: a first visit is due")
    ),
    VISIT: lambda n: _("Excused or in hardship: a home visit is due"),
    QUIET: lambda n: ngettext("%(n)d day without real contact", "%(n)d days without real contact", n) % {"n": n},
    NO_PHONE: lambda n: _("No phone on the file: ask for one"),
    JOINED: lambda n: (
        ngettext(
            "This week %(n)d year ago the member joined the Party",
            "This week %(n)d years ago the member joined the Party",
            n,
        )
        % {"n": n}
    ),
    AGED: lambda n: ngettext("%(n)d year or older", "%(n)d years or older", n) % {"n": n},
    PROBATION: lambda n: _("Probationary member"),
}
_more: list[tuple[str, Callable]] = []


def register_reason(key: str, words: Callable[[int], str]):
    """Let an app above add a reason: `find(people, day)` gives {person: number}, `words(number)` the sentence."""

    def register(find: Callable[[QuerySet[Person], date], dict]):
        if key not in _WORDS:
            _WORDS[key] = words
            ORDER.append(key)
            _more.append((key, find))
        return find

    return register


def reason_text(key: str, number: int) -> str:
    """The sentence of a stored reason; nothing for one that is not known any more."""
    return _WORDS.get(key, _none)(number)


def members_of(grid: Unit) -> QuerySet[Person]:
    """Everybody in the grid now."""
    people = Person.objects.living().filter(stay_path=grid.path).select_related("destination", "home")
    return people.defer(*SEALED_COLUMNS)


def weekly_five(people: QuerySet[Person], day: date) -> list[Due]:
    """At most five members with their reasons: by the order of the reasons, the longest quiet first, then by name."""
    return candidates(people, day)[:MOST]


def candidates(people: QuerySet[Person], day: date) -> list[Due]:
    """Everybody among the people who has a reason this week, the most urgent first."""
    facts = _facts(people, day)
    found = []
    for person in people.filter(_wanted(facts, day)):
        keys = sorted(_keys(person, facts, day), key=lambda pair: ORDER.index(pair[0]))
        if keys:
            found.append(Due(person, keys))
    return sorted(found, key=lambda due: (ORDER.index(due.keys[0][0]), -due.keys[0][1] * _counts(due), _name(due)))


def _counts(due: Due) -> int:
    return due.keys[0][0] in (LOST, QUIET)


def _name(due: Due) -> str:
    return due.person.name_key


@dataclass(frozen=True)
class _Facts:
    arrived: dict
    quiet: dict
    lost: set
    visits: set
    more: dict
    oldest: str
    years: int


def _facts(people: QuerySet[Person], day: date) -> _Facts:
    ids = people.order_by().values("pk")
    arrived = Stay.objects.open().filter(
        person__in=ids, starts_on__gt=day - timedelta(days=dated.value(rules.NEW_DAYS, day))
    )
    quiet_edge = day - timedelta(days=dated.value(rules.QUIET_DAYS, day))
    quiet = ContactState.objects.mobile().filter(
        ~is_excused(day, "person"), person__in=ids, quiet_since__lte=quiet_edge
    )
    quiet = list(quiet.values_list("person", "quiet_since", "last_paid_on"))
    lost_edge = months_before(day, dated.value(rules.PROMPT_MONTHS, day))
    visit_edge = day - timedelta(days=dated.value(rules.VISIT_DAYS, day))
    states = ContactState.objects.mobile().filter(person__in=ids)
    states = states.filter(Q(last_visit_on=None) | Q(last_visit_on__lte=visit_edge))
    states = states.filter(is_excused(day, "person") | Q(person__hardship__isnull=False))
    years = dated.value(rules.AGED_YEARS, day)
    return _Facts(
        arrived=dict(arrived.values_list("person", "starts_on")),
        quiet={person: since for person, since, _paid in quiet},
        lost={person for person, since, paid in quiet if max(since, paid or since) <= lost_edge},
        visits=set(states.values_list("person", flat=True)),
        more={key: find(people, day) for key, find in _more},
        oldest=f"{day.year - years}-{day:%m-%d}",
        years=years,
    )


def _wanted(facts: _Facts, day: date) -> Q:
    named = {*facts.arrived, *facts.quiet, *facts.visits}
    for numbers in facts.more.values():
        named |= set(numbers)
    week = [monday(day) + timedelta(days=n) for n in range(7)]
    joined = Q()
    for one in week:
        joined |= Q(joined__endswith=f"-{one:%m-%d}")
    return (
        Q(pk__in=named)
        | Q(phone_mask="")
        | Q(born__gt="", born__lte=facts.oldest)
        | Q(member_kind=MemberKind.PROBATIONARY)
        | joined
    )


def _keys(person: Person, facts: _Facts, day: date) -> Iterable[tuple[str, int]]:
    since = facts.quiet.get(person.pk)
    if since is not None:
        yield (LOST, _months_between(since, day)) if person.pk in facts.lost else (QUIET, (day - since).days)
    if person.pk in facts.arrived:
        yield NEW, max(0, (day - facts.arrived[person.pk]).days)
    if person.pk in facts.visits:
        yield VISIT, 0
    if not person.phone_mask:
        yield NO_PHONE, 0
    if years := _anniversary(person.joined, day):
        yield JOINED, years
    if _is_aged(person, facts.oldest):
        yield AGED, facts.years
    if person.member_kind == MemberKind.PROBATIONARY:
        yield PROBATION, 0
    for key, numbers in facts.more.items():
        if person.pk in numbers:
            yield key, numbers[person.pk]


def _months_between(since: date, day: date) -> int:
    return (day.year - since.year) * 12 + day.month - since.month - (day.day < since.day)


def _anniversary(joined: str, day: date) -> int:
    """How many years ago this week the member joined the Party; nothing where the day is not known."""
    if len(joined) != len("1949-10-01"):
        return 0
    first = monday(day)
    for one in (first + timedelta(days=n) for n in range(7)):
        if joined[5:] == f"{one:%m-%d}":
            return one.year - int(joined[:4])
    return 0


def _is_aged(person: Person, oldest: str) -> bool:
    # A partial date counts as its latest day: nobody is called eighty before they surely are.
    latest = person.born + "-12-31"[len(person.born) - 4 :] if person.born else ""
    return bool(latest) and latest <= oldest


def week_of(grid: Unit, day: date) -> list[Due]:
    """The five of the grid in the week of the day as they are kept; where none are kept yet, as they would be."""
    rows = stored(grid, day)
    return rows or weekly_five(members_of(grid), day)


def stored(grid: Unit, day: date) -> list[Due]:
    """The kept rows of a week, in their order."""
    rows = WeeklyDue.objects.filter(grid=grid, week=monday(day)).select_related(
        "person__destination", "person__home", "person__station"
    )
    rows = rows.defer(*(f"person__{name}" for name in SEALED_COLUMNS if name != "phone")).order_by("place")
    return [Due(row.person, [tuple(pair) for pair in row.reasons], row) for row in rows]


def excused_now(people: Iterable[Person], day: date) -> set:
    """Which of the people are excused on the day."""
    return set(Excuse.objects.in_force(day).filter(person__in=list(people)).values_list("person", flat=True))
