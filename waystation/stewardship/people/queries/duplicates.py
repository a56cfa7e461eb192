"""Files that may be the same human being as the one somebody is about to write down."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet

from waystation.kernel.models import AuditEvent
from waystation.kernel.partial_dates import PartialDate
from waystation.kernel.sealing import blinds, unseal
from waystation.organizations.access import Reach
from waystation.organizations.models import Unit
from waystation.stewardship.people.claims import Claim
from waystation.stewardship.people.identity import read_id_number
from waystation.stewardship.people.models import Arrival, Person
from waystation.stewardship.people.names import name_key
from waystation.stewardship.people.queries.lists import SEALED_COLUMNS, walked

MOST = 10
_LOOKED_AT = 200
LOOKUPS_AN_HOUR = 30
LOOKED_UP = "person.looked_up"


@dataclass(frozen=True)
class Likeness:
    """A file that may be the same person, and by what: "id_number", "phone", "born", "branch"."""

    person: Person
    by: tuple[str, ...]

    @property
    def is_certain(self) -> bool:
        """Equal whole ID numbers: a second file is impossible."""
        return "id_number" in self.by


@dataclass(frozen=True)
class _Traits:
    name: str
    born: str
    sex: str
    home: Unit | None
    id_digests: frozenset[str]
    phone_digests: frozenset[str]


def possible_duplicates(claim: Claim, reach: Reach, *, home: Unit | None = None) -> list[Likeness]:
    """The files in reach that may be the claim's person, the surest first, at most ten.

    Equal ID numbers, equal phones, or equal names that agree in birth or, where one birth is
    missing, in the branch.
    """
    return _alike(_traits_of(claim, home=home), reach, without=None)


def _traits_of(claim: Claim, *, home: Unit | None) -> _Traits:
    number = claim.id_number
    phones = [phone.text for phone in (claim.phone, claim.other_phone) if phone]
    return _Traits(
        name=name_key(claim.full_name),
        born=claim.born,
        sex=claim.sex,
        home=home,
        id_digests=frozenset(blinds("id_number", number.text))
        if number is not None and number.is_sure
        else frozenset(),
        phone_digests=frozenset(d for text in phones for d in blinds("phone", text)),
    )


def duplicates_of(person: Person, reach: Reach) -> list[Likeness]:
    """Other files in reach that may be the same person as this file."""
    number = read_id_number(unseal(person, "id_number") or "")
    phones = [text for name in ("phone", "other_phone") if (text := unseal(person, name))]
    traits = _Traits(
        name=person.name_key,
        born=person.born,
        sex=person.sex,
        home=person.home,
        id_digests=frozenset(blinds("id_number", number.text)) if number.is_sure else frozenset(),
        phone_digests=frozenset(d for text in phones for d in blinds("phone", text)),
    )
    return _alike(traits, reach, without=person.pk)


def _alike(traits: _Traits, reach: Reach, *, without) -> list[Likeness]:
    people = walked(Person.objects.living(), reach)
    ids = _found_by(people, traits.name, traits.id_digests, traits.phone_digests)
    rows = Person.objects.filter(pk__in=ids - {without}).order_by("name_key", "pk")
    found = []
    for person in rows.select_related("home__parent", "station", "destination").defer(*SEALED_COLUMNS):
        if by := _agreements(traits, person):
            found.append(Likeness(person, by))
    return sorted(found, key=lambda like: (not like.is_certain, -len(like.by)))[:MOST]


def _found_by(rows: QuerySet, name: str, id_digests, phone_digests) -> set:
    """The ids of rows that share a key: one query an index, for an "or" would read the whole table."""
    conditions = [{"name_key": name}]
    if id_digests:
        conditions.append({"id_index__in": id_digests})
    if phone_digests:
        conditions.append({"phone_index__in": phone_digests})
        conditions.append({"other_phone_index__in": phone_digests})
    ids: set = set()
    for condition in conditions:
        ids.update(rows.filter(**condition).values_list("pk", flat=True)[:_LOOKED_AT])
    return ids


def _agreements(traits: _Traits, person: Person) -> tuple[str, ...]:
    by = []
    if person.id_index and person.id_index in traits.id_digests:
        by.append("id_number")
    if {person.phone_index, person.other_phone_index} & traits.phone_digests:
        by.append("phone")
    if person.name_key != traits.name:
        return tuple(by)
    if not by and _contradict(traits, person):
        return ()
    if traits.born and person.born and _births_agree(traits.born, person.born):
        by.append("born")
    if traits.home is not None and person.home_id == traits.home.pk:
        by.append("branch")
    return tuple(by)


def _contradict(traits: _Traits, person: Person) -> bool:
    """Namesakes, not one person: another sex, or births that cannot be one."""
    if traits.sex and person.sex and traits.sex != person.sex:
        return True
    return bool(traits.born and person.born and not _births_agree(traits.born, person.born))


def _births_agree(one: str, other: str) -> bool:
    return PartialDate.parse_iso(one).agrees(PartialDate.parse_iso(other))


def known_elsewhere(claim: Claim, reach: Reach, *, by, at: datetime) -> bool | None:
    """Whether a file outside the reach holds this whole ID number: yes, no, or None for no answer.

    Exact match only, the answer says nothing but yes or no, and nobody is told yes more than
    thirty times an hour, so that the register cannot be read out by trying numbers.
    """
    number = claim.id_number
    if number is None or not number.is_sure:
        return False
    asked = AuditEvent.objects.filter(actor=by, verb=LOOKED_UP, at__gte=at - timedelta(hours=1)).count()
    if asked >= LOOKUPS_AN_HOUR:
        return None
    digests = blinds("id_number", number.text)
    holder = Person.objects.living().filter(id_index__in=digests).first()
    return holder is not None and not any(
        reach.covers(path) for path in (holder.home_path, holder.stay_path, holder.destination_path)
    )


def pending_arrivals_like(claim: Claim, reach: Reach) -> list[Arrival]:
    """Arrivals in reach that wait for verification and may be the claim's person."""
    traits = _traits_of(claim, home=None)
    pending = Arrival.objects.within(reach).pending()
    same_name = pending.filter(name_key=traits.name, born=traits.born).values_list("pk", flat=True)
    ids = set(same_name[:_LOOKED_AT])
    if traits.id_digests:
        same = pending.filter(id_index__in=traits.id_digests)
        ids.update(same.values_list("pk", flat=True)[:_LOOKED_AT])
    if traits.phone_digests:
        same = pending.filter(phone_index__in=traits.phone_digests)
        ids.update(same.values_list("pk", flat=True)[:_LOOKED_AT])
    rows = Arrival.objects.filter(pk__in=ids).select_related("station", "home")
    return list(rows.defer(*SEALED_COLUMNS).order_by("-pk")[:MOST])
