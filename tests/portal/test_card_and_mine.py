"""What a card is worth to a stranger, and a member's own pages."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tests import places as make
from waystation.kernel import audit
from waystation.kernel.models import AuditEvent
from waystation.kernel.sealing import sign
from waystation.stewardship.grids.actions import assign, set_leader
from waystation.stewardship.people.actions import issue_cards, revoke_card
from waystation.stewardship.people.cards import token
from waystation.stewardship.people.models import Person

pytestmark = pytest.mark.django_db
SECRETS = ("春花", "缪春花", "19900000077", "竹阳")


@pytest.fixture
def person(places):
    return make.stay(places, "缪春花", phone="19900000077").person


@pytest.fixture
def card(person):
    return issue_cards([person], by=make.user(), at=timezone.now())[0]


@pytest.fixture
def address(card):
    return reverse("portal:card", args=[token(card)])


@pytest.fixture
def member(person, places):
    user = make.user("member", places["branch"], name="缪春花")
    Person.objects.filter(pk=person.pk).update(user=user)
    return user


def test_a_stranger_learns_that_the_card_is_valid_and_no_name(client, address, card):
    page = client.get(address).content.decode()

    assert card.number in page
    assert "缪**" in page
    assert not any(secret in page for secret in SECRETS)


def test_a_withdrawn_card_says_so(client, address, card):
    revoke_card(card, by=make.user(), at=timezone.now())

    page = client.get(address)

    assert page.status_code == 200
    assert page.context["is_valid"] is False
    assert not any(secret in page.content.decode() for secret in SECRETS)


def test_unknown_and_forged_codes_answer_alike(client, card):
    codes = ["x", "a.b.c", sign("report", {"c": card.pk.hex}), sign("card", {"c": "0" * 32})]

    answers = [client.get(reverse("portal:card", args=[code])) for code in codes]

    assert {answer.status_code for answer in answers} == {404}
    pages = {re.sub(r"/m/c/[^\"/]*/|csrf[^>]*>|\"X-CSRFToken\": \"[^\"]*\"", "", a.content.decode()) for a in answers}
    assert len(pages) == 1


@pytest.mark.parametrize(
    ("role", "where", "opens"),
    [
        ("station_officer", "station", True),
        ("branch_secretary", "branch", True),
        ("station_officer", "beside", False),
        ("audit_admin", "city", False),
    ],
)
def test_a_scan_leads_those_who_care_to_the_file(client, places, address, person, role, where, opens):
    client.force_login(make.user(role, places[where]))

    response = client.get(address)

    if opens:
        assert response.url == reverse("people:file", args=[person.pk])
    else:
        assert response.status_code == 200
        assert not any(secret in response.content.decode() for secret in SECRETS)


# --- the member's own pages -----------------------------------------------------------------------


def test_the_first_page_names_station_grid_and_leader(client, places, member, person):
    grid = make.grid(places["station"])
    leader = make.user(name="蓝凤娇")
    set_leader(grid, user=leader, starts_on=timezone.localdate(), by=None, at=timezone.now())
    assign(person.stays.get(), grid, by=None, at=timezone.now())
    client.force_login(member)

    page = client.get(reverse("portal:mine")).content.decode()

    assert all(word in page for word in ("缪春花", "蓝凤娇", grid.unit.name, "0593-0000111"))


def test_the_own_file_is_masked_until_shown_and_showing_is_recorded(client, member, person):
    client.force_login(member)

    page = client.get(reverse("portal:my-file")).content.decode()
    shown = client.post(reverse("portal:show", args=["phone"])).content.decode()

    assert "19900000077" not in page
    assert person.phone_mask in page
    assert "19900000077" in shown.replace(" ", "")
    event = AuditEvent.objects.get(verb="person.revealed")
    assert (event.actor, event.fields) == (member, ["phone"])


def test_nothing_else_of_the_file_can_be_shown(client, member, person):
    client.force_login(member)

    assert client.post(reverse("portal:show", args=["hardship"])).status_code == 404
    assert client.get(reverse("portal:show", args=["phone"])).status_code == 405


def test_a_member_sees_who_looked_and_not_the_own_looks(client, places, member, person):
    officer, now = make.user(name="林晓燕"), timezone.now()
    audit.record("person.viewed", on=person, by=officer, at=now, role="station_officer")
    audit.record("person.viewed", on=person, by=officer, at=now - timedelta(days=400))
    audit.record("person.revealed", on=person, by=member, at=now)
    audit.record("person.viewed", on=make.stay(places, "别人").person, by=officer, at=now)
    client.force_login(member)

    rows = client.get(reverse("portal:looked")).context["rows"]

    assert len(rows) == 1
    assert rows[0].who.startswith("林晓燕（")


def test_the_card_is_shown_large_with_its_code(client, member, person):
    client.force_login(member)
    assert client.get(reverse("portal:my-card")).context["card"] is None

    issued = issue_cards([person], by=make.user(), at=timezone.now())[0]

    response = client.get(reverse("portal:my-card"))
    assert response.context["card"] == issued
    assert "<svg" in response.content.decode()


def test_a_member_without_a_file_and_an_officer(client, places):
    client.force_login(make.user("member", places["branch"]))
    assert client.get(reverse("portal:mine")).status_code == 200
    assert client.get(reverse("portal:my-file")).status_code == 404

    client.force_login(make.user("station_officer", places["station"]))
    for name in ("mine", "my-file", "my-card", "looked"):
        assert client.get(reverse(f"portal:{name}")).status_code == 403


def test_a_member_opens_no_page_of_the_officers(client, member, person):
    client.force_login(member)

    for name in ("people:list", "rosters:board", "grids:list", "web:jobs", "sites:list"):
        assert client.get(reverse(name)).status_code == 403
    assert client.get(reverse("people:file", args=[person.pk])).status_code == 403
