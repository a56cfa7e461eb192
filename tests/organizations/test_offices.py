"""How offices are reached: kept once, by whom, and found for every unit."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from tests import places as make
from waystation.kernel.models import AuditEvent
from waystation.organizations import actions, offices, queries
from waystation.organizations.models import Unit, UnitContact
from waystation.stations.sites.models import Station

pytestmark = pytest.mark.django_db

TOWN = {
    "address": "福鼎市叠石乡叠石街1号", "phone": "0593-0000201", "fax": "0593-0000202", "postcode": "355200",
    "contact_person": "林晓",
}  # fmt: skip


def put(unit, **said):
    actions.set_contacts(unit, by=None, at=make.NOON, **said)


# --- one question for every unit ------------------------------------------------------------------


def test_an_office_is_the_units_own_or_the_nearest_above_and_never_mixed(places):
    put(places["county"], address="福鼎市桐山街道政府路1号", phone="0593-0000100", fax="0593-0000101")
    put(places["origin town"], phone="0593-0000201", contact_person="林晓")

    of_branch = offices.office_of(places["branch"])
    of_seat = offices.office_of(places["community"])

    assert (of_branch.unit, of_branch.phone, of_branch.address, of_branch.fax) == (
        places["origin town"].pk, "0593-0000201", "", "",
    )  # fmt: skip
    assert (of_seat.unit, of_seat.phone) == (places["county"].pk, "0593-0000100")
    assert offices.office_of(places["beside branch"]) is None


def test_of_a_station_the_register_of_stations_answers_and_the_tree_adds_the_rest(places):
    put(places["station"], contact_person="雷建国", postcode="355200")

    office = offices.office_of(places["station"])

    assert office == offices.Office(
        places["station"].pk, "驿站路11号", "0593-0000111", "", "355200", "雷建国",
    )  # fmt: skip
    Station.objects.filter(pk=places["station"].pk).update(other_phone="0593-0000112", address="新街2号")
    office = offices.office_of(places["station"])
    assert (office.address, office.phone) == ("新街2号", "0593-0000111、0593-0000112")


def test_a_closed_office_answers_for_nobody(places):
    put(places["county"], phone="0593-0000100")
    put(places["origin town"], phone="0593-0000201")
    Unit.objects.filter(pk=places["origin town"].pk).update(closed_on="2026-11-01")
    Unit.objects.filter(pk=places["station"].pk).update(closed_on="2026-11-01")

    found = offices.offices_of([places["branch"], places["station"]])

    assert {office.phone for office in found.values()} == {"0593-0000100"}


def test_many_are_asked_for_at_once(places, django_assert_num_queries):
    put(places["county"], phone="0593-0000100")
    units = list(Unit.objects.all())

    with django_assert_num_queries(2):
        offices.offices_of(units[:1])
    with django_assert_num_queries(2):
        offices.offices_of(units)
    with django_assert_num_queries(0):
        assert offices.offices_of([]) == {}


def test_the_committee_over_a_branch_is_its_town_or_the_county_above(places):
    assert queries.committee_of(places["branch"]) == places["origin town"]
    assert queries.committee_of(places["beside branch"]) == places["beside county"]
    assert queries.committee_of(places["city"]) is None


# --- the one act ----------------------------------------------------------------------------------


def test_what_changed_is_recorded_with_what_it_was_and_what_is_not_said_stays(places):
    put(places["origin town"], **TOWN)
    put(places["origin town"], phone="0593-0000299")
    put(places["origin town"], phone="0593-0000299")

    row = UnitContact.objects.get()
    assert {name: getattr(row, name) for name in TOWN} == TOWN | {"phone": "0593-0000299"}
    first, second = AuditEvent.objects.filter(verb="unit.contacts_set").order_by("number")
    assert (second.fields, second.facts["changes"]) == (["phone"], {"phone": ["0593-0000201", "0593-0000299"]})
    assert (sorted(first.fields), first.unit_path) == (sorted(TOWN), places["origin town"].path)


def test_an_emptied_office_leaves_no_row(places):
    put(places["origin town"], **TOWN)
    put(places["origin town"], **dict.fromkeys(TOWN, ""))

    assert not UnitContact.objects.exists()
    assert AuditEvent.objects.filter(verb="unit.contacts_set").count() == 2


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ("station", {"address": "别处1号"}),
        ("station", {"phone": "0593-0000999"}),
        ("origin town", {"postcode": "35520"}),
        ("origin town", {"postcode": "35520a"}),
        ("origin town", {"postcode": "３５５２００"}),
    ],
)
def test_what_stands_elsewhere_or_is_no_postcode_is_refused(places, where, said):
    with pytest.raises(actions.ContactsRefused):
        put(places[where], **said)

    assert not UnitContact.objects.exists()


def test_of_a_closed_unit_nothing_is_written(places):
    Unit.objects.filter(pk=places["branch"].pk).update(closed_on="2026-11-01")

    with pytest.raises(actions.ContactsRefused):
        put(places["branch"], phone="0593-0000201")


@pytest.mark.parametrize("said", [{}, {"postcode": "3552"}, {"phone": "0593-0000201", "postcode": "355"}])
def test_the_database_keeps_no_empty_row_and_no_short_postcode(places, said):
    with pytest.raises(IntegrityError), transaction.atomic():
        UnitContact.objects.create(unit=places["branch"], **said)


# --- the pages ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "where", "target", "status"),
    [
        ("system_admin", "city", "county", 200),
        ("city_organiser", "city", "county", 200),
        ("county_organiser", "county", "county", 200),
        ("county_organiser", "county", "station", 200),
        ("county_organiser", "county", "beside branch", 404),
        ("township_organiser", "origin town", "origin town", 200),
        ("township_organiser", "origin town", "branch", 200),
        ("township_organiser", "origin town", "county", 404),
        ("branch_secretary", "branch", "branch", 200),
        ("branch_secretary", "branch", "other branch", 404),
        ("branch_secretary", "branch", "village", 404),
        ("station_head", "station", "station", 200),
        ("station_officer", "station", "station", 403),
        ("destination_contact", "community", "community", 403),
        ("member", "branch", "branch", 403),
        ("security_admin", "city", "county", 403),
    ],
)
def test_who_may_keep_the_particulars(client, places, enter, role, where, target, status):
    enter(role, places[where])
    address = reverse("organizations:unit-contacts", args=[places[target].pk])

    assert client.get(address).status_code == status
    assert client.post(address, {"fax": "0593-0000202"}).status_code == (302 if status == 200 else status)
    assert UnitContact.objects.filter(unit=places[target]).exists() == (status == 200)


def test_an_office_keeps_its_own_and_its_page_shows_them(client, places, enter):
    user = enter("township_organiser", places["origin town"])
    page = reverse("organizations:unit", args=[places["origin town"].pk])
    address = reverse("organizations:unit-contacts", args=[places["origin town"].pk])
    assert address in client.get(page).content.decode()

    client.post(address, TOWN)
    html = client.get(page).content.decode()

    assert all(text in html for text in TOWN.values())
    assert "本单位未填写" not in html
    assert AuditEvent.objects.get(verb="unit.contacts_set").actor == user


def test_a_unit_without_its_own_shows_whose_they_are(client, places, enter):
    put(places["origin town"], **TOWN)
    enter("branch_secretary", places["branch"])

    html = client.get(reverse("organizations:unit", args=[places["branch"].pk])).content.decode()

    assert ("本单位未填写，以下为叠石乡的通讯信息" in html, "0593-0000201" in html) == (True, True)


def test_who_may_not_change_them_is_offered_nothing(client, places, enter):
    enter("station_officer", places["station"])

    html = client.get(reverse("organizations:unit", args=[places["station"].pk])).content.decode()

    assert (reverse("organizations:unit-contacts", args=[places["station"].pk]) in html) is False
    assert "驿站路11号" in html


def test_the_form_of_a_station_does_not_ask_for_what_the_station_keeps(client, places, enter):
    enter("station_head", places["station"])
    address = reverse("organizations:unit-contacts", args=[places["station"].pk])

    form = client.get(address).context["form"]
    client.post(address, TOWN)

    row = UnitContact.objects.get()
    assert list(form.fields) == ["fax", "postcode", "contact_person"]
    assert (row.address, row.phone, row.contact_person) == ("", "", "林晓")


@pytest.mark.parametrize("postcode", ["35520", "35520a", "3552000"])
def test_a_wrong_postcode_is_refused_at_its_field(client, places, enter, postcode):
    enter("branch_secretary", places["branch"])

    response = client.post(
        reverse("organizations:unit-contacts", args=[places["branch"].pk]), {**TOWN, "postcode": postcode}
    )

    assert list(response.context["form"].errors) == ["postcode"]
    assert response.context["form"]["phone"].value() == TOWN["phone"]
