"""Classes of people: by level of the origin, trade, age, kind of member or of place, and what apps above know.

A class is a filter that stands wherever people are listed. People's own are declared here; an app above adds
its own with `register`, and every list has it. A form gets its fields from `fields`, a queryset of people is
narrowed by `narrowed`, rows that name a person by `about`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from waystation.organizations.access import Reach
from waystation.organizations.models import Unit
from waystation.stewardship.people.models import Departure, MemberKind, Person, Sex

ANY = ("", _("All"))
LONGEST = 50


@dataclass(frozen=True)
class Classification:
    """One way to tell people apart.

    `choices(reach)` are the values with their words, None where a word is typed; `condition(value, day)` is a
    condition on people. A value that `finds_few` people whatever the reach is looked up before the places.
    `is_main` stands in sight, the others behind "more filters".
    """

    name: str
    label: str
    condition: Callable[[str, date], Q]
    choices: Callable[[Reach], Iterable[tuple[str, str]]] | None = None
    finds_few: Callable[[str], bool] = lambda value: False
    is_main: bool = False


_known: dict[str, Classification] = {}


def register(one: Classification) -> Classification:
    """Let every list of people have this filter."""
    if _known.setdefault(one.name, one) != one:
        raise ValueError(f"The class {one.name} is declared twice.")
    return one


def names() -> tuple[str, ...]:
    """The names of all classes, in the order in which they were declared."""
    return tuple(_known)


def fields(reach: Reach, *, without: Iterable[str] = (), behind_more: bool = False) -> dict[str, forms.Field]:
    """The fields of a form of filters. A class with nothing to choose from has none.

    In a list that is not first of all one of people they all stand `behind_more`.
    """
    made = {}
    for one in _known.values():
        if one.name in without:
            continue
        field = _field(one, reach)
        if field is not None:
            field.is_more = behind_more or not one.is_main
            made[one.name] = field
    return made


def _field(one: Classification, reach: Reach) -> forms.Field | None:
    if one.choices is None:
        return forms.CharField(label=one.label, max_length=LONGEST, required=False)
    choices = list(one.choices(reach))
    return forms.ChoiceField(label=one.label, choices=[ANY, *choices], required=False) if choices else None


def narrowed(people: QuerySet, filters: dict, day: date) -> QuerySet:
    """The people who fulfil every class among the filters; other filters change nothing."""
    for one in _known.values():
        if filters.get(one.name):
            people = people.filter(one.condition(filters[one.name], day))
    return people


def about(filters: dict, day: date, *, person: str = "person", without: Iterable[str] = ()) -> Q:
    """A condition on rows that name a person in the column `person`; it asks nothing where no class is chosen."""
    asked = {name: filters[name] for name in _known if filters.get(name) and name not in without}
    if not asked:
        return Q()
    return Q(**{f"{person}__in": narrowed(Person.objects.living(), asked, day).values("pk")})


def find_few(filters: dict) -> bool:
    """Whether one of the filters finds few people whatever the reach."""
    return any(filters.get(one.name) and one.finds_few(filters[one.name]) for one in _known.values())


class ClassFilterForm(forms.Form):
    """The filters of any list of people: each class, as a form of GET. Wrong values filter nothing."""

    def __init__(self, data, *, reach: Reach, without: Iterable[str] = ()):
        super().__init__(data)
        self.fields.update(fields(reach, without=without))

    def chosen(self) -> dict:
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


# --- the classes that people know -----------------------------------------------------------------


def _given(choices) -> Callable[[Reach], list]:
    return lambda reach: [choice for choice in choices if choice[0]]


def _equal(column: str) -> Callable[[str, date], Q]:
    return lambda value, day: Q(**{column: value})


def _within(column: str) -> Callable[[str, date], Q]:
    return lambda value, day: Q(**{f"{column}__contains": value})


LEVELS = (
    (Unit.Kind.COUNTY, _("County level")),
    (Unit.Kind.TOWN, _("Township level")),
    (Unit.Kind.VILLAGE, _("Village level")),
)
YOUNG, AGED, OLD = "young", "aged", "old"
AGES = (
    (YOUNG, _("35 or younger")),
    (AGED, _("60 or older")),
    (OLD, _("80 or older")),
)
_YEARS = {YOUNG: 36, AGED: 60, OLD: 80}


def _age(value: str, day: date) -> Q:
    """Whoever surely has that age: of a partial date of birth the latest day counts for old, the first for young."""
    limit = f"{day.year - _YEARS.get(value, 0):04d}-{day:%m-%d}"
    if value == YOUNG:
        return Q(born__gt=limit)
    return Q(born__gt="", born__lte=limit) & ~Q(born__in=[limit[:4], limit[:7]])


def _yes_no(yes, no) -> Callable[[Reach], list]:
    return lambda reach: [("yes", yes), ("no", no)]


register(
    Classification("member_kind", _("Kind of member"), _equal("member_kind"), _given(MemberKind.choices), is_main=True)
)
register(Classification("trade", _("Trade"), _within("trade"), is_main=True))
register(Classification("sex", _("Sex"), _equal("sex"), _given(Sex.choices), is_main=True))
register(Classification("level", _("Level of the origin"), _equal("home__parent__kind"), _given(LEVELS)))
register(Classification("age", _("Age"), _age, _given(AGES)))
register(Classification("skill", _("Skill"), _within("skill")))
register(
    Classification(
        "phone", _("Phone"), lambda value, day: ~Q(phone_mask="") if value == "yes" else Q(phone_mask=""),
        _yes_no(_("on file"), _("not on file")),
    )
)  # fmt: skip
register(
    Classification(
        "volunteers", _("Willing to volunteer"), lambda value, day: Q(volunteers=value == "yes"),
        _yes_no(pgettext_lazy("answer", "Yes"), pgettext_lazy("answer", "No")),
    )
)  # fmt: skip
register(
    Classification(
        "place_kind", _("Kind of place gone to"),
        lambda value, day: Q(Exists(Departure.objects.open().filter(person=OuterRef("pk"), place_kind=value))),
        _given(Departure.PlaceKind.choices),
    )
)  # fmt: skip
