"""What can stand on a desk: each item is a number, the rows behind it, and where they open.

An item asks exactly the query of the page that it leads to, so that the number on the desk and
the rows of that page cannot differ. All numbers of a desk are one question to the database.

To put the questions together takes longer than to answer them, so they are kept for a user from one desk to
the next. The numbers are not, but for very large ones (`kernel.counting`).
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import lru_cache

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from waystation.accounts.models import User
from waystation.kernel import dated
from waystation.kernel.counting import Counted, Question, counted_together
from waystation.organizations.access import Reach, mandates_of
from waystation.organizations.models import Unit
from waystation.organizations.permissions import Permission


@dataclass(frozen=True)
class Desk:
    """For whom a desk is laid, and when; `now` only for items of the moment."""

    user: User
    now: datetime | None
    today: date

    def reach(self, permission: Permission) -> Reach:
        return Reach.of(self.user, permission)

    def stations(self, permission: Permission) -> list[Unit]:
        """The stations in which the user holds the permission by a mandate of that very station, by their path."""
        reach = self.reach(permission)
        units = {one.unit_id: one.unit for one in mandates_of(self.user) if one.unit_id in reach.units}
        return sorted((one for one in units.values() if one.kind == Unit.Kind.STATION), key=lambda one: one.path)


@dataclass
class Item:
    """A number of the desk: `rows` behind it, the `url` that opens them, and those that are urgent.

    `is_task` items count something to be done; the others only say how things stand. An item that
    `hides` is left out while it is zero. `button` is the word on its line of the list of what is due,
    which is sorted by `order`. What stands `from_start` is no sign that work has
    begun. `rows` may be parts that share none, where those are counted faster.
    More than a thousand are counted only of a `whole` item, and of no list either (`kernel.paging`).
    """

    key: str
    label: str
    rows: QuerySet | Sequence[QuerySet]
    url: str
    urgent: QuerySet | None = None
    urgent_words: Callable[[int], str] | None = None
    urgent_url: str = ""
    is_task: bool = True
    hides: bool = False
    from_start: bool = False
    button: str = ""
    order: int = 50
    whole: bool = False
    number: int = field(default=0, init=False)
    urgent_number: int = field(default=0, init=False)

    @property
    def tone(self) -> str:
        if not self.is_task:
            return ""
        if self.urgent_number:
            return "due"
        return "" if self.number else "done"

    @property
    def note(self) -> str:
        if self.urgent_number and self.urgent_words:
            return self.urgent_words(self.urgent_number)
        return _("nothing waits") if self.is_task and not self.number else ""


@dataclass(frozen=True)
class _Maker:
    permission: Permission
    make: Callable[[Desk], Iterable[Item]]
    of_the_moment: bool


@dataclass(frozen=True)
class _Laid:
    """An item with the questions behind its two numbers, and its place on the desk."""

    place: int
    item: Item
    rows: tuple[Question, ...]
    urgent: tuple[Question, ...]


@dataclass(frozen=True)
class _Kept:
    """Whose items are kept: they follow from what is compared here and from nothing else."""

    compared: tuple
    desk: Desk = field(compare=False)

    @classmethod
    def of(cls, desk: Desk) -> _Kept:
        mandates = tuple((one.pk, one.role, one.unit.path, one.unit.name) for one in mandates_of(desk.user))
        rules = tuple(sorted(dated.settings_of(desk.today).items()))
        return cls((desk.user.pk, mandates, desk.today, rules, get_language()), replace(desk, now=None))


_makers: list[_Maker] = []
_MOST_DESKS = 128  # of the last users; each takes some 300 kB


def item(permission: Permission, *, of_the_moment: bool = False):
    """Register items for everybody who holds the permission somewhere.

    Which items there are follows from the user's mandates, the day and the rules in force; what needs the
    minute or a look into the database to know is `of_the_moment`.
    """

    def register(make):
        _makers.append(_Maker(permission, make, of_the_moment))
        return make

    return register


def items_of(desk: Desk) -> list[Item]:
    """The items of the user's desk with their numbers, in the order of this file."""
    laid = sorted((*_laid(_Kept.of(desk)), *_lay(desk, of_the_moment=True)), key=lambda one: one.place)
    numbers = iter(counted_together([asked for one in laid for asked in (one.rows, one.urgent)]))
    found = []
    for one in laid:
        shown = copy.copy(one.item)
        number, shown.urgent_number = Counted(next(numbers)), Counted(next(numbers))
        shown.number = int(number) if shown.whole else number
        found.append(shown)
    return [one for one in found if one.number or not one.hides]


@lru_cache(maxsize=_MOST_DESKS)
def _laid(kept: _Kept) -> list[_Laid]:
    return _lay(kept.desk, of_the_moment=False)


def _lay(desk: Desk, *, of_the_moment: bool) -> list[_Laid]:
    return [
        _Laid(place, one, _questions(one.rows, whole=one.whole), _questions(one.urgent, whole=False))
        for place, maker in enumerate(_makers)
        if maker.of_the_moment == of_the_moment and desk.reach(maker.permission)
        for one in maker.make(desk)
    ]


def _questions(rows: QuerySet | Sequence[QuerySet] | None, *, whole: bool) -> tuple[Question, ...]:
    parts = [rows] if isinstance(rows, QuerySet) else rows or []
    return tuple(Question.of(part.order_by(), whole=whole) for part in parts)


def url_of(name: str, **filters) -> str:
    query = f"?{urlencode(filters)}" if filters else ""
    return f"{reverse(name)}{query}"
