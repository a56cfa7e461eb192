"""A member who sees only the own file signs in with a password; any other role asks for more."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tests import places as make
from waystation.organizations.actions import grant_mandate

pytestmark = pytest.mark.django_db
ENROL, MINE = "/accounts/2fa/totp/activate/", "/m/"


@pytest.fixture(autouse=True)
def demanded(settings):
    settings.SECOND_FACTOR_REQUIRED = True


@pytest.fixture
def member(client, places):
    person = make.stay(places, "钟阿妹").person
    person.user = make.user("member", places["branch"])
    person.save(update_fields=["user"])
    client.force_login(person.user)
    return person.user


def led_to(client, address: str) -> str:
    response = client.get(address)
    return response.headers.get("Location", "").partition("?")[0] if response.status_code == 302 else address


def test_a_member_comes_to_the_own_file_with_a_password(client, member):
    assert led_to(client, MINE) == MINE


@pytest.mark.parametrize(("role", "where"), [("station_officer", "station"), ("branch_secretary", "branch")])
def test_with_another_role_the_second_factor_is_asked_for_from_the_next_request(client, places, member, role, where):
    assert led_to(client, MINE) == MINE

    grant_mandate(
        user=member, role=role, unit=places[where], starts_on=timezone.localdate(), by=None, at=timezone.now()
    )

    assert led_to(client, MINE) == reverse("mfa_activate_totp") == ENROL


def test_somebody_without_any_role_is_no_member(client, db):
    client.force_login(make.user())

    assert led_to(client, "/") == ENROL


def test_a_membership_that_is_over_lets_nobody_off(client, places, member):
    yesterday = timezone.localdate() - timedelta(days=1)
    member.mandates.update(starts_on=yesterday - timedelta(days=9), ends_on=yesterday)

    assert led_to(client, MINE) == ENROL
