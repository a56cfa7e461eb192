"""Names, passwords and the lock after failures."""

import threading
from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.accounts.make import ELSEWHERE, HERE, PASSWORD, is_signed_in, sign_in, user
from waystation.accounts import actions, lockout
from waystation.kernel.models import AuditEvent

pytestmark = pytest.mark.django_db


def refuse(client, times, **where):
    return [sign_in(client, password="not the password", **where) for _ in range(times)]


def events(verb):
    return list(AuditEvent.objects.filter(verb=verb).order_by("number"))


def test_the_right_password_signs_in(client):
    somebody = user()

    response = sign_in(client)

    assert (response.status_code, response.headers["Location"]) == (302, "/")
    assert is_signed_in(client)
    somebody.refresh_from_db()
    assert timezone.now() - somebody.last_seen_at < timedelta(minutes=1)


@pytest.mark.parametrize("typed", ["linguihua", " LinGuiHua ", "ｌｉｎｇｕｉｈｕａ"])
def test_a_name_is_the_same_in_every_spelling(client, typed):
    user("linguihua")

    sign_in(client, typed)

    assert is_signed_in(client)


def test_an_unknown_name_and_a_wrong_password_get_the_same_answer(client):
    user("35020011")

    wrong = sign_in(client, "35020011", "not the password")
    unknown = sign_in(client, "35029999", "not the password")

    said = [list(answer.context["form"].non_field_errors()) for answer in (wrong, unknown)]
    assert said[0] == said[1]
    assert len(said[0]) == 1


def test_the_sign_in_page_is_in_chinese_and_in_english(client):
    assert "登录" in client.get(reverse("account_login")).content.decode()

    client.cookies["language"] = "en"
    assert "Sign in" in client.get(reverse("account_login")).content.decode()


def test_the_page_speaks_the_language_that_the_user_chose(client):
    user(language="en")
    sign_in(client)

    assert "My account" in client.get(reverse("account_preferences")).content.decode()


def test_nobody_opens_an_account_from_outside(client):
    for path in ("/accounts/signup/", "/accounts/password/reset/", "/accounts/email/"):
        assert client.get(path).status_code == 404


def test_a_next_address_of_another_site_is_ignored(client):
    user()

    response = client.post(
        reverse("account_login"),
        {"login": "35020011", "password": PASSWORD, "next": "https://evil.example/"},
    )

    assert response.headers["Location"] == "/"


def test_the_cookie_goes_when_the_browser_closes(client):
    user()

    cookie = sign_in(client).cookies["session"]

    assert (cookie["max-age"], cookie["expires"]) == ("", "")
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")


def test_signing_in_gives_the_session_a_new_key(client):
    user()
    client.get(reverse("account_login"))
    client.cookies["session"] = before = "a" * 32

    sign_in(client)

    assert client.cookies["session"].value != before


def test_signing_out_takes_a_post(client):
    user()
    sign_in(client)

    client.get(reverse("account_logout"))
    still = is_signed_in(client)
    client.post(reverse("account_logout"))

    assert (still, is_signed_in(client)) == (True, False)


# --- the lock -------------------------------------------------------------------------------------


def test_the_fifth_failure_locks_with_a_time_to_wait(client):
    user()

    answers = refuse(client, 5)

    assert [answer.status_code for answer in answers] == [200] * 4 + [429]
    assert 890 <= int(answers[-1].headers["Retry-After"]) <= 901


def test_a_locked_pair_is_refused_even_with_the_right_password(client):
    user()
    refuse(client, 5)

    assert sign_in(client).status_code == 429
    assert not is_signed_in(client)


def test_a_lock_at_one_address_leaves_the_user_free_at_another(client):
    user()
    refuse(client, 5, ip=HERE)

    assert sign_in(Client(), ip=ELSEWHERE).status_code == 302
    assert sign_in(client, ip=HERE).status_code == 429


def test_another_spelling_or_browser_is_counted_together(client):
    user("linguihua")

    for index, name in enumerate(["linguihua", "LINGUIHUA", " linguihua", "Linguihua"]):
        sign_in(client, name, "not the password", HTTP_USER_AGENT=f"browser {index}")

    assert sign_in(client, "linGuiHua", "not the password").status_code == 429


def test_the_lock_ends_by_itself_and_is_not_prolonged_by_trying(client, time_machine):
    start = timezone.now()
    time_machine.move_to(start, tick=False)
    user()
    refuse(client, 5)

    time_machine.move_to(start + timedelta(minutes=14), tick=False)
    still = sign_in(client).status_code
    time_machine.move_to(start + timedelta(minutes=15, seconds=1), tick=False)

    assert (still, sign_in(client).status_code) == (429, 302)


def test_success_forgets_the_failures_before(client):
    user()
    refuse(client, 4)
    sign_in(client)
    client.post(reverse("account_logout"))

    assert [answer.status_code for answer in refuse(client, 4)] == [200] * 4


def test_an_administrator_sees_and_opens_the_lock(client):
    locked, officer = user(), user("admin01")
    refuse(client, 5)
    now = timezone.now()

    seen = [(lock.username, lock.ip) for lock in lockout.locks_now(now, [locked.username])]
    forgotten = actions.unlock_user(locked, by=officer, at=now)

    assert seen == [("35020011", HERE)]
    assert forgotten == 5
    assert lockout.locks_now(now) == []
    assert sign_in(client).status_code == 302
    assert [(e.actor, e.facts) for e in events("user.unlocked")] == [(officer, {"attempts": 5})]


@pytest.mark.django_db(transaction=True)
def test_parallel_failures_are_all_counted_and_lock_one_address_only():
    somebody = user()
    ready = threading.Barrier(6)

    def attack():
        try:
            ready.wait()
            sign_in(Client(), password="not the password", ip=HERE)
        finally:
            connection.close()

    threads = [threading.Thread(target=attack) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    counted = sum(AccessAttempt.objects.values_list("failures_since_start", flat=True))
    # Attempts that come after the lock are refused without being counted.
    assert 5 <= counted <= 6
    assert sign_in(Client(), ip=HERE).status_code == 429
    assert sign_in(Client(), ip=ELSEWHERE).status_code == 302
    actions.unlock_user(somebody, by=None, at=timezone.now())
    assert sign_in(Client(), ip=HERE).status_code == 302


def test_nothing_secret_stays_in_the_counts(client):
    user()

    refuse(client, 2)

    kept = "".join(f"{row.get_data}{row.post_data}{row.path_info}" for row in AccessAttempt.objects.all())
    assert "not the password" not in kept
    assert "35020011" not in kept


# --- the trail ------------------------------------------------------------------------------------


def test_sign_in_refusal_and_sign_out_are_in_the_trail(client):
    somebody = user()

    sign_in(client, password="not the password")
    sign_in(client)
    client.post(reverse("account_logout"))

    trail = AuditEvent.objects.order_by("number")
    assert [(e.verb, e.result, e.actor, e.object_pk) for e in trail] == [
        ("session.refused", "denied", None, str(somebody.pk)),
        ("session.started", "ok", somebody, str(somebody.pk)),
        ("session.ended", "ok", somebody, str(somebody.pk)),
    ]
    started, ended = events("session.started")[0], events("session.ended")[0]
    assert started.session == ended.session != ""
    assert {e.ip for e in trail[:2]} == {HERE}


def test_a_name_that_nobody_has_is_not_written_down(client):
    sign_in(client, "my-secret-in-the-wrong-field", "x")

    (event,) = events("session.refused")
    assert event.object_pk == ""
    assert "my-secret" not in str(event.facts)


def test_the_failure_that_locks_is_told_once(client):
    user()

    refuse(client, 7)

    assert len(events("user.locked")) == 1
    assert [e.facts["locked"] for e in events("session.refused")][-2:] == [True, True]
