"""One-time passwords, the two policies, and changing a password."""

from datetime import timedelta

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.accounts.make import PASSWORD, is_signed_in, sign_in, user
from waystation.accounts import actions
from waystation.accounts.models import User
from waystation.accounts.passwords import CompositionValidator, new_one_time_password
from waystation.config import settings as shipped
from waystation.kernel.models import AuditEvent

NEW = "seven-herons-over-the-pier"
CHANGE = "/accounts/password/change/"
pytestmark = pytest.mark.django_db


def opened(at=None):
    officer = user("admin01")
    return actions.create_user("35020012", "雷秀英", by=officer, at=at or timezone.now())


def change(client, new=NEW, again=None, **given):
    return client.post(CHANGE, {"password1": new, "password2": again or new, **given})


def wrong(response):
    return sorted(response.context["form"].errors)


# --- one-time passwords ---------------------------------------------------------------------------


def test_one_time_passwords_are_long_and_never_the_same():
    made = {new_one_time_password() for _ in range(200)}

    assert len(made) == 200
    assert {len(password) for password in made} == {19}


def test_opening_an_account_leaves_a_trace_without_the_password():
    somebody, password = opened()

    (event,) = AuditEvent.objects.filter(verb="user.created")
    assert (event.actor.username, event.object_pk) == ("admin01", str(somebody.pk))
    assert password not in str(event.facts)
    assert somebody.check_password(password)


def test_a_name_is_given_once():
    opened()

    with pytest.raises(actions.UsernameTaken):
        actions.create_user(" 35020012", "陈丽", by=None, at=timezone.now())

    assert User.objects.filter(username="35020012").count() == 1


def test_a_one_time_password_leads_to_an_own_one_and_nowhere_else(client):
    somebody, password = opened()

    sign_in(client, "35020012", password)

    assert client.get(reverse("account_preferences")).headers["Location"] == CHANGE
    assert client.get(CHANGE).status_code == 200
    assert change(client).headers["Location"] == "/"
    assert is_signed_in(client)
    somebody.refresh_from_db()
    assert (somebody.must_change_password, somebody.check_password(NEW)) == (False, True)


def test_a_one_time_password_works_once(client):
    _somebody, password = opened()
    sign_in(client, "35020012", password)

    again = Client()
    sign_in(again, "35020012", password)

    assert client.get(CHANGE).status_code == 200
    assert again.get(CHANGE).status_code == 302
    assert change(client).status_code == 302


def test_of_two_sign_ins_at_once_one_takes_the_password():
    somebody, _password = opened()
    twin = User.objects.get(pk=somebody.pk)
    now = timezone.now()

    assert actions.spend_one_time_password(somebody, at=now)
    assert not actions.spend_one_time_password(twin, at=now)


@pytest.mark.parametrize(("hours", "works"), [(71.9, True), (72, False)])
def test_a_one_time_password_dies_after_72_hours(hours, works):
    start = timezone.now() - timedelta(hours=hours)
    _somebody, password = opened(at=start)
    client = Client()

    sign_in(client, "35020012", password)

    assert (client.get(CHANGE).status_code == 200) is works


def test_a_reset_gives_a_new_one_time_password_and_ends_the_sessions(client):
    somebody, officer = user(), user("admin01")
    sign_in(client)

    password = actions.reset_password(somebody, by=officer, at=timezone.now())

    assert not is_signed_in(client)
    sign_in(client, password=PASSWORD)
    assert client.get(CHANGE).status_code == 302
    sign_in(client, password=password)
    assert client.get(CHANGE).status_code == 200
    assert AuditEvent.objects.filter(verb="password.reset", actor=officer).count() == 1


def test_nobody_resets_a_password_of_her_own():
    officer = user("admin01")

    with pytest.raises(actions.OwnAccount):
        actions.reset_password(officer, by=officer, at=timezone.now())


# --- changing -------------------------------------------------------------------------------------


def test_changing_takes_the_current_password(client):
    user()
    sign_in(client)

    assert wrong(change(client, oldpassword="not the password")) == ["oldpassword"]
    assert change(client, oldpassword=PASSWORD).status_code == 302
    assert is_signed_in(client)


def test_changing_ends_the_other_sessions(client):
    user()
    other = Client()
    sign_in(client)
    sign_in(other)

    change(client, oldpassword=PASSWORD)

    assert (is_signed_in(client), is_signed_in(other)) == (True, False)
    assert AuditEvent.objects.filter(verb="password.changed").count() == 1


def test_the_new_password_is_given_twice_and_is_new(client):
    user()
    sign_in(client)

    assert wrong(change(client, again="something else", oldpassword=PASSWORD)) == ["password2"]
    assert "password1" in wrong(change(client, new=PASSWORD, oldpassword=PASSWORD))


def test_a_password_of_an_administrator_cannot_be_kept(client):
    _somebody, password = opened()
    sign_in(client, "35020012", password)

    assert "password1" in wrong(change(client, new=password))


def test_an_account_without_a_password_has_none_to_change(client):
    client.force_login(user(password=None))

    assert client.get(CHANGE).status_code == 404


# --- policies -------------------------------------------------------------------------------------


def refused(password, somebody=None):
    try:
        validate_password(password, somebody)
    except ValidationError:
        return True
    return False


@pytest.mark.parametrize(
    "password",
    [
        "short-1",
        "passwordpassword",
        "Dangjian2026!",
        "ｄａｎｇｊｉａｎ２０２６",
        "党建工作站2026年",
        "zhuchengyizhan",
        "waystation-2026",
        "1q2w3e4r5t6y",
    ],
)
def test_weak_and_local_passwords_are_refused(password):
    assert refused(password)


@pytest.mark.parametrize(
    "password",
    [NEW, "我家门前的老榕树今年又开了花", "the train leaves the station at nine", "x9" * 32],
)
def test_long_own_passwords_are_accepted(password):
    assert not refused(password)


def test_the_name_of_the_county_is_a_local_word(settings):
    assert not refused("fuding-2026-ab")

    settings.PASSWORD_CONTEXT_WORDS = ["Fuding", "福鼎"]
    assert refused("fuding-2026-ab")
    assert refused("FUDING福鼎-2026-a")


def test_one_s_own_name_and_number_are_refused():
    somebody = User(username="35020011999", full_name="linguihua-fuding")

    assert refused("35020011999!", somebody)
    assert refused("linguihua-fuding1", somebody)


def test_a_long_password_is_not_cut(client):
    user(password="q7" * 60)

    sign_in(client, password="q7" * 59)
    cut = is_signed_in(client)
    sign_in(client, password="q7" * 60)

    assert (cut, is_signed_in(client)) == (False, True)


def test_passwords_are_stored_with_argon2():
    assert shipped.PASSWORD_HASHERS[0].endswith("Argon2PasswordHasher")


@pytest.mark.parametrize(
    ("password", "good"),
    [
        ("onlysmallletters", False),
        ("smallandDIGITS", False),
        ("small-and-minus", False),
        ("Three-Kinds", True),
        ("small-2-digits", True),
        ("汉字和small2", True),
    ],
)
def test_three_kinds_of_characters(password, good):
    try:
        CompositionValidator().validate(password)
    except ValidationError:
        assert not good
    else:
        assert good


@pytest.mark.parametrize(("policy", "asked"), [("asvs", False), ("mlps", True)])
def test_a_password_of_90_days_is_changed_only_under_mlps(client, settings, policy, asked):
    settings.PASSWORD_POLICY = policy
    user(password_set_at=timezone.now() - timedelta(days=90))

    sign_in(client)

    response = client.get(reverse("account_preferences"))
    assert (response.headers.get("Location") == CHANGE) is asked


def test_under_mlps_a_young_password_is_left_alone(client, settings):
    settings.PASSWORD_POLICY = "mlps"
    user(password_set_at=timezone.now() - timedelta(days=89))

    sign_in(client)

    assert is_signed_in(client)
