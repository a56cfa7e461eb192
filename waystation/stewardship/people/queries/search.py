"""Finding a person by what is typed into one box.

Characters of the name or of the given name, pinyin with or without spaces, initials, the last four
digits of a phone, a whole phone or ID number. Part of a number finds nothing, so that nobody can
feel their way towards one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import QuerySet

from waystation.kernel.fields import prefix_q
from waystation.kernel.sealing import blinds
from waystation.organizations.access import Reach
from waystation.stewardship.people.identity import PhoneKind, read_id_number, read_phones
from waystation.stewardship.people.models import Person
from waystation.stewardship.people.names import half_width, name_key
from waystation.stewardship.people.queries.lists import SEALED_COLUMNS, in_reach, is_wide, walked
from waystation.stewardship.people.queries.syllables import cuts

MOST_HITS = 50


class QueryKind(StrEnum):
    """What the typed words are taken for."""

    NOTHING = "nothing"
    NAME = "name"
    LETTERS = "letters"
    TAIL = "tail"  # the last four digits of a phone
    PHONE = "phone"
    ID_NUMBER = "id_number"
    PART_OF_NUMBER = "part_of_number"


@dataclass(frozen=True)
class Query:
    """The words, what they are taken for, and the normalised value."""

    kind: QueryKind
    value: str = ""

    @property
    def is_private(self) -> bool:
        """Whether the words must not stand in an address: they are a number or part of one."""
        return self.kind in (QueryKind.PHONE, QueryKind.ID_NUMBER, QueryKind.PART_OF_NUMBER)


def read_query(text: str) -> Query:
    """What somebody typed, told apart."""
    text = half_width(text or "").strip()
    compact = re.sub(r"[\s\-]", "", text)
    if not compact:
        return Query(QueryKind.NOTHING)
    if re.fullmatch(r"[\d*]+[Xx]?", compact):
        return _read_number(compact)
    if re.fullmatch(r"[A-Za-züÜ' ]+", text):
        return Query(QueryKind.LETTERS, _letters(text))
    key = name_key(text)
    return Query(QueryKind.NAME, key) if key else Query(QueryKind.NOTHING)


def _letters(text: str) -> str:
    return re.sub(r"[' ]+", " ", text.lower().replace("ü", "v")).strip()


def _read_number(digits: str) -> Query:
    if len(digits) == 4:
        return Query(QueryKind.TAIL, digits)
    number = read_id_number(digits)
    if number.is_sure:
        return Query(QueryKind.ID_NUMBER, number.text)
    phones = read_phones(digits)
    if len(phones) == 1 and phones[0].kind is not PhoneKind.BAD:
        return Query(QueryKind.PHONE, phones[0].text)
    return Query(QueryKind.PART_OF_NUMBER)


@dataclass(frozen=True)
class Group:
    """Hits of one kind: "name", "given", "pinyin", "initials", "tail", "phone" or "id_number"."""

    kind: str
    people: list[Person]


@dataclass(frozen=True)
class Found:
    """The hits of a search, best kind first; `is_cut` when there may be more than are shown."""

    query: Query
    groups: list[Group]
    is_cut: bool = False

    @property
    def people(self) -> list[Person]:
        return [person for group in self.groups for person in group.people]


def search(user, text: str, reach: Reach) -> Found:
    """The people in reach whom the words find, at most fifty.

    Numbers find only people for whom the user answers: a helper of the destination who may not
    see a number must not learn it by trying either.
    """
    query = read_query(text)
    groups: list[Group] = []
    seen: set = set()
    room = MOST_HITS + 1
    for kind, people, order in _stages(user, query, reach):
        if room <= 0:
            break
        hits = [person for person in people.order_by(order, "pk")[: room + len(seen)] if person.pk not in seen][:room]
        if hits:
            seen.update(person.pk for person in hits)
            groups.append(Group(kind, hits))
            room -= len(hits)
    is_cut = room <= 0
    if is_cut:
        groups[-1].people.pop()
    return Found(query, [group for group in groups if group.people], is_cut)


def _stages(user, query: Query, reach: Reach):
    """Kind, queryset and order of each way in which the words may find somebody."""
    if query.kind in (QueryKind.ID_NUMBER, QueryKind.PHONE, QueryKind.TAIL):
        people = _shown(walked(Person.objects.living(), reach.caring))
        for condition in _number_conditions(query):
            yield str(query.kind), people.filter(**condition), "name_key"
    elif query.kind is QueryKind.NAME:
        yield "name", _by_key("name_key", query.value, reach), "name_key"
        yield "given", _by_key("given_key", query.value, reach), "given_key"
    elif query.kind is QueryKind.LETTERS:
        for cut in _readings(query.value):
            yield "pinyin", _by_key("pinyin", cut, reach), "pinyin"
        yield "initials", _by_key("initials", query.value.replace(" ", ""), reach), "initials"
        yield "name", _by_key("name_key", query.value.replace(" ", ""), reach), "name_key"


def _number_conditions(query: Query) -> list[dict]:
    """One condition an index: an "or" over two of them would read the whole table."""
    if query.kind is QueryKind.TAIL:
        return [{"phone_tail": query.value}]
    if query.kind is QueryKind.ID_NUMBER:
        return [{"id_index__in": blinds("id_number", query.value)}]
    digests = blinds("phone", query.value)
    return [{"phone_index__in": digests}, {"other_phone_index__in": digests}]


def _readings(letters: str) -> list[str]:
    """Letters with spaces are taken as they are; without, every way to cut them is tried."""
    return [letters] if " " in letters else list(cuts(letters))


def _by_key(column: str, value: str, reach: Reach) -> QuerySet:
    """People whose key starts with the value, by the index of the key or by that of the places.

    One character of a name is so common that in a small reach the places find it sooner.
    """
    by_places = len(value) == 1 and not is_wide(reach)
    people = in_reach(reach) if by_places else walked(Person.objects.living(), reach)
    return _shown(people.filter(prefix_q(column, value)))


def _shown(people: QuerySet) -> QuerySet:
    return people.select_related("home__parent", "station", "destination").defer(*SEALED_COLUMNS)
