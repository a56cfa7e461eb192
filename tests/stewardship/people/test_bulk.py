"""Writing many rows at once keeps what the fields and the database ask for."""

import pytest
from django.db import IntegrityError
from django.utils import timezone

from tests import make
from waystation.kernel import bulk
from waystation.kernel.fields import NotSealed
from waystation.stewardship.people.actions import build_departure, build_person
from waystation.stewardship.people.models import Departure, Membership, Person
from waystation.stewardship.people.names import name_key

pytestmark = pytest.mark.django_db


@pytest.fixture
def built(tree):
    """Two unsaved people, each with a membership and a pending departure."""
    at, rows = timezone.now(), []
    for name in ("缪春花", "卓秋月"):
        claim = make.claim(name, id_number=make.id_number(), phone=make.phone_number(), born="1985-08-12")
        person, membership = build_person(claim, home=tree["branch"], at=at)
        departure = build_departure(
            person, claim, origin=tree["branch"], station=tree["station"], destination=None, by=None, at=at
        )
        rows.append((person, membership, departure))
    return list(zip(*rows, strict=True))


def stored(row):
    fresh = type(row).objects.get(pk=row.pk)
    return {field.attname: getattr(fresh, field.attname) for field in row._meta.concrete_fields}


def test_a_row_written_in_bulk_reads_like_one_saved_alone(built):
    for rows in built:
        bulk.insert(rows)

    for rows in built:
        for row in rows:
            written = stored(row)
            row.save()
            assert written == stored(row)


def test_an_update_writes_the_named_columns_alone(built):
    people = built[0]
    bulk.insert(people)
    for person in people:
        person.full_name, person.name_key, person.trade = "阮冬梅", name_key("阮冬梅"), "餐饮服务"

    bulk.update(people, ["full_name", "name_key"])

    assert list(Person.objects.values_list("full_name", "trade")) == [("阮冬梅", "")] * 2


def test_clear_text_is_refused(built):
    people = built[0]
    people[1].id_number = "350982198508120020"

    with pytest.raises(NotSealed):
        bulk.insert(people)

    assert Person.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_one_row_that_breaks_a_law_takes_the_others_with_it(built):
    people, memberships, departures = built
    bulk.insert(people)
    bulk.insert(memberships)
    departures[1].person = people[0]

    with pytest.raises(IntegrityError):
        bulk.insert(departures)

    assert (Departure.objects.count(), Membership.objects.count()) == (0, 2)


def test_nothing_to_write_is_no_mistake():
    bulk.insert([])
    bulk.update([], ["name"])
