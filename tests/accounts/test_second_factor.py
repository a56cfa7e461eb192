"""TOTP, recovery codes, and the gate before everything else."""

import re
import time
import uuid
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse
from django.utils import timezone

from tests.accounts.make import (
    ELSEWHERE,
    HERE,
    PASSWORD,
    SECRET,
    code,
    is_signed_in,
    sign_in,
    user,
    with_second_factor,
    wrong_code,
)
from waystation.accounts import actions, lockout, sealing
from waystation.accounts.middleware import TO_SECOND_FACTOR
from waystation.kernel.models import AuditEvent

AUTHENTICATE = "/accounts/2fa/authenticate/"
ENROL = "/accounts/2fa/totp/activate/"
pytestmark = pytest.mark.django_db


def second_step(client, given, ip=HERE):
    return client.post(AUTHENTICATE, {"code": given}, REMOTE_ADDR=ip)


def step_up(client, address):
    """Give the password where it is asked for before `address`."""
    response = client.get(address, follow=True)
    return client.post(response.request["PATH_INFO"], {"password": PASSWORD, "next": address})


# --- signing in -----------------------------------------------------------------------------------


def test_a_user_with_an_app_is_asked_for_its_code(client):
    with_second_factor(user())

    assert sign_in(client).headers["Location"] == AUTHENTICATE
    assert not is_signed_in(client)
    assert second_step(client, code()).status_code == 302
    assert is_signed_in(client)


def test_a_wrong_code_signs_nobody_in(client):
    with_second_factor(user())
    sign_in(client)

    assert second_step(client, wrong_code()).context["form"].errors.keys() == {"code"}
    assert not is_signed_in(client)


def test_a_code_works_once(client, time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    with_second_factor(user())
    used = code()
    sign_in(client)
    second_step(client, used)

    other = Client()
    sign_in(other)
    second_step(other, used)
    assert not is_signed_in(other)
    time_machine.shift(timedelta(seconds=30))
    second_step(other, code())
    assert is_signed_in(other)

    third = Client()
    sign_in(third)
    second_step(third, used)
    assert not is_signed_in(third)


def test_a_code_works_once_even_when_the_cache_forgets(client, time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    with_second_factor(user())
    used = code()
    sign_in(client)
    second_step(client, used)
    cache.clear()

    other = Client()
    sign_in(other)
    second_step(other, used)

    assert not is_signed_in(other)


def test_the_fifth_wrong_code_locks_the_second_step(client):
    with_second_factor(user())
    sign_in(client)

    answers = [second_step(client, wrong_code()).status_code for _ in range(5)]

    assert answers == [200] * 4 + [429]
    assert second_step(client, code()).status_code == 429
    assert not is_signed_in(client)
    assert AuditEvent.objects.filter(verb="user.locked", facts__step="code").count() == 1


def test_wrong_codes_from_many_addresses_lock_the_second_step_everywhere(client):
    with_second_factor(user())
    for last in range(10):
        cache.clear()
        sign_in(client, ip=f"10.2.0.{last}")
        second_step(client, wrong_code(), ip=f"10.2.0.{last}")

    cache.clear()
    sign_in(client, ip=ELSEWHERE)
    second_step(client, code(), ip=ELSEWHERE)

    assert not is_signed_in(client)


def test_unlocking_opens_the_second_step_too(client):
    somebody = user()
    with_second_factor(somebody)
    sign_in(client)
    for _ in range(5):
        second_step(client, wrong_code())
    assert [lock.username for lock in lockout.locks_now(timezone.now())] == ["35020011"]

    actions.unlock_user(somebody, by=None, at=timezone.now())
    cache.clear()
    second_step(client, code())
    assert is_signed_in(client)


# --- the gate -------------------------------------------------------------------------------------


def every_address(resolver=None, spaces=()):
    """Name of every address of the site, with the arguments that reach it."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            inner = (*spaces, entry.namespace) if entry.namespace else spaces
            yield from every_address(entry, inner)
        elif entry.name:
            yield ":".join((*spaces, entry.name)), entry.pattern.converters


def sample(converters):
    """Arguments that the address accepts; the gate must not depend on what they name."""
    made = {}
    for key, converter in converters.items():
        tried = ["1", "x", "2026", "2026-11-23", str(uuid.uuid4()), *converter.regex.split("|")]
        made[key] = next(value for value in tried if re.fullmatch(converter.regex, value))
    return made


def test_without_a_second_factor_only_its_enrolment_is_reachable(client, settings):
    settings.SECOND_FACTOR_REQUIRED = True
    user()
    sign_in(client)
    walked = set()

    for name, converters in every_address():
        address = reverse(name, kwargs=sample(converters))
        for answer in (client.get(address), client.get(address, HTTP_HX_REQUEST="true")):
            to = answer.headers.get("Location") or answer.headers.get("HX-Redirect") or ""
            if name not in TO_SECOND_FACTOR:
                assert to == ENROL, f"{name} is open to a session with a password only"
        walked.add(name)

    assert walked > TO_SECOND_FACTOR


def test_posting_is_no_way_around_the_gate(client, settings):
    settings.SECOND_FACTOR_REQUIRED = True
    somebody = user(language="")
    sign_in(client)

    client.post(reverse("account_preferences"), {"language": "en"})

    somebody.refresh_from_db()
    assert somebody.language == ""


@pytest.mark.django_db(transaction=True)
def test_after_enrolment_the_pages_open(client, settings):
    settings.SECOND_FACTOR_REQUIRED = True
    somebody = user()
    sign_in(client)

    assert step_up(client, ENROL).headers["Location"] == ENROL
    secret = client.get(ENROL).context["form"].secret
    client.post(ENROL, {"code": code(secret)})

    assert is_signed_in(client)
    assert set(Authenticator.objects.values_list("type", flat=True)) == {"totp", "recovery_codes"}
    added = AuditEvent.objects.filter(verb="second_factor.added", actor=somebody)
    assert {event.facts["kind"] for event in added} == {"totp", "recovery_codes"}
    codes = client.get(reverse("mfa_view_recovery_codes")).context["unused_codes"]
    assert len(codes) == 10


def test_who_needs_none_is_let_in_without(client, settings, monkeypatch):
    settings.SECOND_FACTOR_REQUIRED = True
    monkeypatch.setattr("waystation.accounts.models.User.needs_second_factor", False)
    user()
    sign_in(client)

    assert is_signed_in(client)


def test_the_own_password_comes_before_the_second_factor(client, settings):
    settings.SECOND_FACTOR_REQUIRED = True
    _somebody, password = actions.create_user("35020012", "雷秀英", by=None, at=timezone.now())
    sign_in(client, "35020012", password)

    assert client.get(ENROL).headers["Location"] == "/accounts/password/change/"


# --- what is stored -------------------------------------------------------------------------------


def raw_rows():
    with connection.cursor() as cursor:
        cursor.execute("SELECT data FROM mfa_authenticator")
        return " ".join(str(row[0]) for row in cursor.fetchall())


def test_the_database_does_not_know_the_secret():
    with_second_factor(user())

    assert SECRET not in raw_rows()
    assert "f1|" in raw_rows()


def test_what_is_sealed_twice_looks_different_and_opens_the_same():
    one, two = sealing.seal(SECRET), sealing.seal(SECRET)

    assert one != two
    assert sealing.unseal(one) == sealing.unseal(two) == SECRET


def test_a_former_key_still_opens(settings):
    token = sealing.seal(SECRET)
    settings.SECRET_KEY, former = "another key of the site", settings.SECRET_KEY

    with pytest.raises(sealing.NotOurSeal):
        sealing.unseal(token)
    settings.SECRET_KEY_FALLBACKS = [former]
    assert sealing.unseal(token) == SECRET


@pytest.mark.parametrize("spoil", [lambda t: t[:-4] + "AAA=", lambda t: t[3:], lambda t: "f1|x"])
def test_a_changed_token_does_not_open(spoil):
    with pytest.raises(sealing.NotOurSeal):
        sealing.unseal(spoil(sealing.seal(SECRET)))


# --- changing and losing it -----------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_a_new_factor_ends_the_other_sessions(client):
    user()
    other = Client()
    sign_in(client)
    sign_in(other)
    step_up(client, ENROL)
    secret = client.get(ENROL).context["form"].secret

    client.post(ENROL, {"code": code(secret)})

    assert (is_signed_in(client), is_signed_in(other)) == (True, False)


def test_stepping_up_gives_the_session_a_new_key(client):
    user()
    sign_in(client)
    before = client.cookies["session"].value

    step_up(client, ENROL)

    assert client.cookies["session"].value != before
    assert is_signed_in(client)
    assert AuditEvent.objects.filter(verb="session.confirmed").count() == 1


def test_the_password_alone_does_not_take_the_factor_away(client, time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    somebody = user()
    with_second_factor(somebody)
    sign_in(client)
    second_step(client, code())
    remove = reverse("mfa_deactivate_totp")

    by_password = client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    refused = client.post(remove)

    assert by_password.headers["Location"] == reverse("mfa_reauthenticate")
    assert refused.status_code == 302
    assert Authenticator.objects.filter(user=somebody).exists()
    time_machine.shift(timedelta(seconds=30))
    client.post(reverse("mfa_reauthenticate"), {"code": code(), "next": remove})
    client.post(remove)
    assert not Authenticator.objects.filter(user=somebody).exists()
    assert is_signed_in(client)


def test_taking_it_away_leads_back_to_enrolment(client, settings, time_machine):
    settings.SECOND_FACTOR_REQUIRED = True
    time_machine.move_to(timezone.now(), tick=False)
    with_second_factor(user())
    sign_in(client)
    second_step(client, code())
    assert is_signed_in(client)
    time_machine.shift(timedelta(seconds=30))
    client.post(reverse("mfa_reauthenticate"), {"code": code()})

    client.post(reverse("mfa_deactivate_totp"))

    assert client.get(reverse("account_preferences")).headers["Location"] == ENROL


def test_a_reset_password_leaves_the_second_factor(client):
    somebody = user()
    with_second_factor(somebody)
    password = actions.reset_password(somebody, by=None, at=timezone.now())

    assert sign_in(client, password=password).headers["Location"] == AUTHENTICATE


def test_a_lost_factor_is_removed_by_another_officer(client, time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    somebody, officer = user(), user("admin01")
    with_second_factor(somebody)
    sign_in(client)
    second_step(client, code())

    with pytest.raises(actions.OwnAccount):
        actions.remove_second_factor(somebody, by=somebody, at=timezone.now())
    assert actions.remove_second_factor(somebody, by=officer, at=timezone.now())

    assert not is_signed_in(client)
    assert AuditEvent.objects.filter(verb="second_factor.removed", actor=officer).count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_recovery_code_replaces_the_app_once(client):
    user()
    sign_in(client)
    step_up(client, ENROL)
    secret = client.get(ENROL).context["form"].secret
    client.post(ENROL, {"code": code(secret)})
    spare = client.get(reverse("mfa_view_recovery_codes")).context["unused_codes"][0]
    text = client.get(reverse("mfa_download_recovery_codes")).content.decode()

    first, second = Client(), Client()
    for browser in (first, second):
        sign_in(browser)
        second_step(browser, spare)

    assert spare in text
    assert (is_signed_in(first), is_signed_in(second)) == (True, False)


@pytest.mark.django_db(transaction=True)
def test_every_page_of_the_second_factor_draws(client, time_machine):
    time_machine.move_to(int(time.time()), tick=False)
    with_second_factor(user())
    sign_in(client)
    second_step(client, code())
    time_machine.shift(timedelta(seconds=30))
    assert client.get(reverse("mfa_reauthenticate")).status_code == 200
    client.post(reverse("mfa_reauthenticate"), {"code": code()})

    names = ["mfa_index", "mfa_deactivate_totp", "mfa_generate_recovery_codes", "account_logout"]
    assert [client.get(reverse(name)).status_code for name in names] == [200] * 4
    client.post(reverse("mfa_generate_recovery_codes"))
    assert client.get(reverse("mfa_view_recovery_codes")).status_code == 200
