"""How long a session lasts, and who can end it."""

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from tests.accounts.make import PASSWORD, is_signed_in, sign_in, user
from waystation.accounts import actions, sessions
from waystation.accounts.models import User
from waystation.kernel import dated
from waystation.kernel.jobs import ROUNDS
from waystation.kernel.models import AuditEvent

pytestmark = pytest.mark.django_db
PAGE = "/accounts/preferences/"


@pytest.fixture
def clock(time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    return time_machine


def test_a_session_that_nobody_uses_ends(client, clock, settings):
    user()
    sign_in(client)
    clock.shift(timedelta(seconds=settings.IDLE_LIMIT_SECONDS - 1))
    before = is_signed_in(client)
    clock.shift(timedelta(seconds=settings.IDLE_LIMIT_SECONDS))

    answer = client.get(PAGE)

    assert before
    assert answer.headers["Location"] == ("/accounts/login/?ended=idle&next=%2Faccounts%2Fpreferences%2F")
    assert not is_signed_in(client)
    (event,) = AuditEvent.objects.filter(verb="session.ended")
    assert event.facts == {"why": "idle"}


def test_a_fragment_of_an_ended_session_moves_the_whole_page(client, clock, settings):
    user()
    sign_in(client)
    clock.shift(timedelta(seconds=settings.IDLE_LIMIT_SECONDS))

    answer = client.get(
        PAGE,
        headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/people/?q=1"},
    )

    assert answer.headers["HX-Redirect"] == "/accounts/login/?ended=idle&next=%2Fpeople%2F%3Fq%3D1"


def test_a_session_in_use_lasts_twelve_hours_and_no_longer(client, clock):
    user()
    sign_in(client)
    for _ in range(12 * 4 - 1):
        clock.shift(timedelta(minutes=15))
        assert is_signed_in(client)

    clock.shift(timedelta(minutes=15))

    assert "ended=age" in client.get(PAGE).headers["Location"]


def test_a_progress_bar_does_not_keep_a_session_alive(client, clock, settings):
    user()
    sign_in(client)
    for _ in range(3):
        clock.shift(timedelta(seconds=settings.IDLE_LIMIT_SECONDS // 3))
        answer = client.get(PAGE, headers={"X-Passive": "1"})

    assert "ended=idle" in answer.headers["Location"]


def test_using_a_session_is_not_written_at_every_request(client, django_assert_num_queries):
    user()
    sign_in(client)
    client.get(PAGE)

    with django_assert_num_queries(2):  # the session and the user
        client.get(PAGE)


@pytest.mark.parametrize("why", ["idle", "age", "disabled", "spent"])
def test_the_sign_in_page_says_why_the_session_ended(client, why):
    plain = client.get("/accounts/login/").content.decode()

    said = client.get(f"/accounts/login/?ended={why}").content.decode()

    assert said.count('role="status"') + said.count('role="alert"') == 1 + plain.count('role="status"') + plain.count(
        'role="alert"'
    )


def test_the_reason_in_the_address_is_not_printed(client):
    page = client.get("/accounts/login/?ended=<b>call 110</b>").content.decode()

    assert "call 110" not in page


# --- ended from elsewhere -------------------------------------------------------------------------


def test_disabling_ends_the_session_at_the_next_request(client):
    somebody, officer = user(), user("admin01")
    sign_in(client)

    assert actions.disable_user(somebody, by=officer, at=timezone.now())

    assert not is_signed_in(client)
    assert sign_in(client).headers["Location"] == "/accounts/login/?ended=disabled"
    assert AuditEvent.objects.filter(verb="user.disabled", actor=officer).count() == 1


def test_enabling_does_not_revive_a_session(client):
    somebody = user()
    sign_in(client)
    actions.disable_user(somebody, by=None, at=timezone.now())

    actions.enable_user(somebody, by=None, at=timezone.now())

    assert not is_signed_in(client)
    assert sign_in(client).headers["Location"] == "/"


def test_disabling_twice_is_one_event():
    somebody = user()
    now = timezone.now()

    done = [actions.disable_user(somebody, by=None, at=now) for _ in range(2)]
    undone = [actions.enable_user(somebody, by=None, at=now) for _ in range(2)]

    assert (done, undone) == ([True, False], [True, False])
    assert AuditEvent.objects.filter(verb="user.disabled").count() == 1


def test_nobody_disables_herself():
    officer = user("admin01")

    with pytest.raises(actions.OwnAccount):
        actions.disable_user(officer, by=officer, at=timezone.now())

    assert User.objects.get(pk=officer.pk).is_active


def test_the_worker_disables_accounts_idle_for_90_days():
    now = timezone.now()
    long_ago = now - timedelta(days=90)
    idle = user("idle", last_seen_at=long_ago)
    never = user("never", created_at=long_ago)
    user("busy", created_at=long_ago, last_seen_at=now - timedelta(days=89))
    disable = ROUNDS["disable idle accounts"].run

    assert [disable(now), disable(now)] == [2, 0]

    assert {u.pk for u in User.objects.filter(is_active=False)} == {idle.pk, never.pk}
    assert {e.facts["reason"] for e in AuditEvent.objects.filter(verb="user.disabled")} == {"idle"}


@pytest.mark.parametrize(("days", "disabled"), [(30, 1), (91, 0), (0, 0)])
def test_the_rule_of_the_day_says_how_long_an_account_may_be_idle(days, disabled):
    now = timezone.now()
    user("idle", last_seen_at=now - timedelta(days=60))
    today = timezone.localdate(now)
    dated.set_value("account.idle_days", days, starts_on=today, source="an order", by=None, at=now)

    assert ROUNDS["disable idle accounts"].run(now) == disabled


# --- one's own sessions ---------------------------------------------------------------------------


def test_a_user_sees_her_own_sessions_and_ends_one(client):
    somebody = user()
    other = Client()
    sign_in(client)
    sign_in(other, ip="10.4.4.4")
    rows = client.get(reverse("usersessions_list")).context["sessions"]
    assert {row.ip for row in rows} == {"10.1.0.7", "10.4.4.4"}
    (theirs,) = [row for row in rows if row.ip == "10.4.4.4"]

    client.post(reverse("account_end_session", args=[theirs.pk]))

    assert (is_signed_in(client), is_signed_in(other)) == (True, False)
    assert AuditEvent.objects.filter(verb="session.ended_elsewhere", actor=somebody).count() == 1


def test_a_user_ends_all_other_sessions(client):
    user()
    others = [Client(), Client()]
    for browser in (client, *others):
        sign_in(browser)

    client.post(reverse("account_end_others"))

    assert [is_signed_in(browser) for browser in (client, *others)] == [True, False, False]
    assert len(client.get(reverse("usersessions_list")).context["sessions"]) == 1


def test_sessions_of_others_do_not_exist(client):
    user()
    user("35020012")
    other = Client()
    sign_in(client)
    sign_in(other, "35020012")
    theirs = UserSession.objects.get(user__username="35020012")

    answer = client.post(reverse("account_end_session", args=[theirs.pk]))

    assert (answer.status_code, is_signed_in(other)) == (404, True)


def test_ending_takes_a_post(client):
    user()
    sign_in(client)

    assert client.get(reverse("account_end_others")).status_code == 405


def test_the_list_knows_the_session_after_its_key_has_changed(client):
    user()
    sign_in(client)

    client.post(
        "/accounts/password/change/",
        {"oldpassword": PASSWORD, "password1": "nine-otters", "password2": "nine-otters-x"},
    )
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})

    rows = client.get(reverse("usersessions_list")).context["sessions"]
    assert [row.session_key for row in rows] == [client.cookies["session"].value]


# --- preferences ----------------------------------------------------------------------------------


def test_language_and_large_type_are_kept(client):
    somebody = user()
    sign_in(client)

    client.post(PAGE, {"language": "en", "large_type": "on"})

    somebody.refresh_from_db()
    assert (somebody.language, somebody.large_type) == ("en", True)
    assert client.get(PAGE).headers["Content-Language"] == "en"
    assert [e.fields for e in AuditEvent.objects.filter(verb="preferences.changed")] == [
        ["language"],
        ["large_type"],
    ]


def test_preferences_change_nothing_else(client):
    somebody = user()
    sign_in(client)

    client.post(PAGE, {"language": "en", "username": "boss", "is_active": "", "full_name": "x"})

    somebody.refresh_from_db()
    assert (somebody.username, somebody.full_name) == ("35020011", "林桂花")
    assert somebody.is_active


def test_an_unknown_language_is_refused(client):
    user()
    sign_in(client)

    assert client.post(PAGE, {"language": "xx"}).context["form"].errors.keys() == {"language"}


# --- the demonstration ----------------------------------------------------------------------------


def request_of(browser):
    request = RequestFactory().get("/")
    request.session, request.user = browser.session, AnonymousUser()
    return request


def test_only_the_demonstration_lets_somebody_be_another(client, settings):
    sign_in(client)
    other = user("35020012")

    settings.DEMONSTRATION = False
    with pytest.raises(PermissionDenied):
        sessions.sign_in_as(request_of(client), other)

    settings.DEMONSTRATION = True
    request = request_of(client)
    sessions.sign_in_as(request, other)
    assert request.user == other
