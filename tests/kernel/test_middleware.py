import pytest
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.signals import user_logged_out
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import translation

from tests.kernel.people import a_user
from waystation.kernel import middleware
from waystation.kernel.actors import NOBODY, current_actor

pytestmark = pytest.mark.django_db


def a_request(user=None, cookie="", **meta):
    request = RequestFactory().get("/", **meta)
    request.user = user or AnonymousUser()
    request.session = SessionStore()
    request.session.create()
    if user:
        request.session[SESSION_KEY] = str(user.pk)
    if cookie:
        request.COOKIES["language"] = cookie
    return request


def through(request, view=lambda request: HttpResponse("page")):
    for layer in ("ActorMiddleware", "LanguageMiddleware", "NoStoreMiddleware"):
        view = getattr(middleware, layer)(view)
    return view(request)


def test_pages_of_a_signed_in_person_are_stored_nowhere():
    assert through(a_request(a_user())).headers["Cache-Control"] == "no-store"
    assert "Cache-Control" not in through(a_request()).headers


def test_signing_out_empties_the_browser():
    def sign_out(request):
        user_logged_out.send(sender=type(request.user), request=request, user=request.user)
        request.user = AnonymousUser()
        return HttpResponse()

    headers = through(a_request(a_user()), sign_out).headers

    assert headers["Clear-Site-Data"] == '"cache", "storage"'
    assert headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("cookie", "own", "spoken"),
    [
        ("", "", "zh-hans"),
        ("en", "", "en"),
        ("xx", "", "zh-hans"),
        ("", "en", "en"),
        ("en", "zh-hans", "zh-hans"),
    ],
)
def test_the_language_is_the_persons_own_then_the_cookies_then_chinese(cookie, own, spoken):
    user = a_user()
    user.language = own
    outside = translation.get_language()

    response = through(a_request(user, cookie), lambda request: HttpResponse(translation.get_language()))

    assert response.content.decode() == spoken
    assert response.headers["Content-Language"] == spoken
    assert translation.get_language() == outside


def test_the_trail_knows_the_actor_only_during_the_request():
    user, seen = a_user(), []

    def view(request):
        seen.append(current_actor())
        return HttpResponse()

    request = a_request(user, REMOTE_ADDR="10.0.0.9")
    through(request, view)

    (actor,) = seen
    assert (actor.user, actor.ip, len(actor.session)) == (user, "10.0.0.9", 32)
    assert actor.session != request.session.session_key
    assert current_actor() is NOBODY


@pytest.mark.parametrize(
    ("meta", "address"),
    [
        ({"REMOTE_ADDR": "10.0.0.9", "HTTP_X_FORWARDED_FOR": "1.1.1.1"}, "10.0.0.9"),
        ({"REMOTE_ADDR": "10.0.0.1", "HTTP_X_FORWARDED_FOR": "6.6.6.6, 2.2.2.2"}, "2.2.2.2"),
        ({"REMOTE_ADDR": "10.0.0.1"}, "10.0.0.1"),
        ({"REMOTE_ADDR": "::ffff:10.0.0.9"}, "10.0.0.9"),
        ({"REMOTE_ADDR": "2001:DB8:0::1"}, "2001:db8::1"),
        ({"REMOTE_ADDR": ""}, None),
    ],
)
def test_only_our_own_proxy_may_name_another_address(settings, meta, address):
    settings.TRUSTED_PROXIES = ["10.0.0.1"]

    assert middleware.client_ip(a_request(**meta)) == address
