"""The frame around every page, its switches, and the pages for what goes wrong."""

import re
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.conf import settings as django_settings
from django.contrib.messages import get_messages
from django.core.cache import caches
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.test import Client
from django.urls import include, path, reverse
from django.utils import timezone, translation

from tests.web.pages import Elements, officer, request_of
from waystation.accounts.models import User
from waystation.kernel.models import Job
from waystation.kernel.toasts import toast, undo_path
from waystation.organizations.access import public, requires, signed_in
from waystation.organizations.models import Mandate, Unit
from waystation.organizations.permissions import Permission
from waystation.web import context, errors, navigation, role_switch


# --- a small site of its own, so that these tests do not depend on which pages exist ----------------
def _page(request):
    return HttpResponse(render_to_string("403.html", {}, request))


def _toasting(request):
    toast(request, "Archived.", undo="/undo/7/")
    return HttpResponse("ok")


people = (
    [
        path("", requires(Permission.PERSON_VIEW)(_page), name="list"),
        path("<int:pk>/", requires(Permission.PERSON_VIEW)(_page), name="file"),
        path("search/", requires(Permission.PERSON_VIEW)(_page), name="search"),
    ],
    "people",
)
web = (
    [
        path("", signed_in("their own desk")(_page), name="desk"),
        path("users/", requires(Permission.USER_MANAGE)(_page), name="user-list"),
        path("jobs/", requires(Permission.JOB_VIEW)(_page), name="jobs"),
        path("toast/", public("a test")(_toasting), name="toast"),
    ],
    "web",
)
organizations = ([path("", public("the rules are no secret")(_page), name="policy")], "organizations")
urlpatterns = [
    path("people/", include(people)),
    path("policy/", include(organizations)),
    path("", include(web)),
]


@pytest.fixture(autouse=True)
def own_menu(monkeypatch):
    Chapter, Entry = navigation.Chapter, navigation.Entry
    chapters = (
        Chapter("", "", (Entry("web:desk", "Desk", "home"),)),
        Chapter("Stewardship", "", (Entry("people:list", "Files", "users"), Entry("people:none", "No", "x"))),
        Chapter("System", "", (Entry("web:user-list", "Users", "users"), Entry("web:jobs", "Jobs", "progress"))),
        Chapter("Open", "", (Entry("organizations:policy", "Policy", "scale"),)),
    )
    monkeypatch.setattr(navigation, "CHAPTERS", chapters)


@pytest.fixture
def station(db):
    unit = None
    for kind, name in [("city", "宁德市"), ("county", "福鼎市"), ("station", "福鼎驿站")]:
        above = unit
        unit = Unit.objects.create(name=name, kind=kind, parent=above, path=f"new {kind}")
        unit.path = f"{above.path if above else ''}{unit.pk}."
        unit.save(update_fields=["path"])
    return unit


@pytest.fixture
def head(station):
    return officer("head", "station_head", station)


# --- the frame ------------------------------------------------------------------------------------------
@pytest.mark.urls(__name__)
def test_the_menu_shows_exactly_what_the_guards_would_open(head, station):
    security = officer("security", "security_admin", Unit.objects.get(kind="city"))

    def shown(user):
        return [item.url for section in navigation.menu(request_of(user)) for item in section.items]

    assert shown(head) == ["/", "/people/", "/jobs/", "/policy/"]
    assert shown(security) == ["/", "/users/", "/policy/"]


@pytest.mark.urls(__name__)
def test_a_mandate_that_ended_empties_the_menu_at_the_next_request(head):
    Mandate.objects.update(ends_on=date(2021, 1, 1))
    user = User.objects.get(pk=head.pk)
    menu = navigation.menu(request_of(user))
    assert [item.url for section in menu for item in section.items] == ["/", "/policy/"]


@pytest.mark.urls(__name__)
def test_the_page_below_an_entry_marks_it_and_leads_back_to_it(head):
    here = context.Frame(request_of(head, "/people/7/"))
    assert here.trail == [("Stewardship", ""), ("Files", "/people/")]
    there = context.Frame(request_of(head, "/people/"))
    assert there.trail == [("Stewardship", ""), ("Files", "")]


@pytest.mark.urls(__name__)
def test_the_drawn_menu_is_kept_for_whoever_may_open_the_same_and_for_nobody_else(head, settings):
    memory = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "menus of a test"}
    settings.CACHES = {**settings.CACHES, "hour": memory}
    caches["hour"].clear()
    security = officer("security", "security_admin", Unit.objects.get(kind="city"))

    def drawn(user, where="/") -> list[tuple]:
        request = request_of(user, where)
        html = render_to_string("ui/_nav.html", {"frame": context.Frame(request), "request": request})
        links = Elements(html).named("a")[1:]  # the first closes the menu
        return [(link["href"], link.get("aria-current", "")) for link in links]

    for _time in range(2):
        assert drawn(head) == [("/", "page"), ("/people/", ""), ("/jobs/", ""), ("/policy/", "")]
        assert drawn(security) == [("/", "page"), ("/users/", ""), ("/policy/", "")]
        assert drawn(head, "/people/7/") == [("/", ""), ("/people/", "true"), ("/jobs/", ""), ("/policy/", "")]
        assert drawn(head, "/people/") == [("/", ""), ("/people/", "page"), ("/jobs/", ""), ("/policy/", "")]
    assert len(caches["hour"]._cache) == 4
    with translation.override("en"):
        drawn(head)
    assert len(caches["hour"]._cache) == 5


@pytest.mark.urls(__name__)
def test_whoever_still_has_to_set_a_second_factor_gets_no_menu(head):
    request = request_of(head)
    request.confined = "second_factor"
    frame = context.Frame(request)
    assert (frame.navigation, frame.search_url, frame.jobs_url) == ([], "", "")


@pytest.mark.urls(__name__)
def test_the_bell_counts_own_jobs_that_ended_since_the_last_look(head):
    now = timezone.now()
    ended = {"state": "done", "due_at": now, "created_at": now, "finished_at": now}
    Job.objects.create(kind="a", created_by=head, **ended)
    Job.objects.create(kind="b", created_by=None, **ended)
    Job.objects.create(kind="c", created_by=head, due_at=now, created_at=now)
    request = request_of(head)

    assert context.Frame(request).jobs_unread == 1
    context.mark_jobs_seen(request, at=now + timedelta(seconds=1))
    assert context.Frame(request).jobs_unread == 0


def test_the_frame_of_an_anonymous_visitor_asks_no_database():
    frame = context.Frame(request_of())
    assert (frame.navigation, frame.jobs_unread, frame.unit, frame.trail) == ([], 0, None, [])


@pytest.mark.urls(__name__)
def test_a_toast_carries_the_way_back(client, db):
    response = client.get("/toast/")
    (message,) = get_messages(response.wsgi_request)
    assert undo_path(message.extra_tags) == "/undo/7/"
    html = render_to_string("ui/_toasts.html", {"messages": [message]}, response.wsgi_request)
    assert [form["action"] for form in Elements(html).named("form")] == ["/undo/7/"]


def test_the_language_is_remembered_by_browser_and_user(client, head):
    client.force_login(head)
    response = client.post(reverse("web:set-language"), {"language": "en", "next": "/about/?x=1"})
    head.refresh_from_db()
    assert (response.status_code, response.url, head.language) == (302, "/about/?x=1", "en")
    assert response.cookies[django_settings.LANGUAGE_COOKIE_NAME].value == "en"


@pytest.mark.parametrize("elsewhere", ["https://example.com/", "//example.com", "javascript:alert(1)", ""])
def test_a_switch_never_leads_to_another_site(client, db, elsewhere):
    answer = client.post(reverse("web:set-large-type"), {"large": "1", "next": elsewhere})
    assert answer.url == "/"


def test_an_unknown_language_is_refused_and_get_changes_nothing(client, db):
    assert client.post(reverse("web:set-language"), {"language": "xx"}).status_code == 404
    assert client.get(reverse("web:set-language")).status_code == 405


def test_large_type_is_remembered_with_and_without_an_account(client, head):
    client.post(reverse("web:set-large-type"), {"large": "1"})
    assert '<html lang="zh-Hans" class="large">' in client.get(reverse("web:about")).content.decode()
    client.force_login(head)
    client.post(reverse("web:set-large-type"), {"large": "0"})
    head.refresh_from_db()
    assert head.large_type is False


def test_roles_are_switched_in_the_demonstration_only(client, head, settings):
    nobody = User.objects.create_user("nobody", full_name="无任职")
    assert client.post(reverse("web:switch-role"), {"user": str(head.pk)}).status_code == 404

    settings.DEMONSTRATION = True
    assert role_switch.roles() == []
    User.objects.filter(pk=head.pk).update(username="xiapu.head")  # one whom the demonstration introduces
    assert [role.user_id for role in role_switch.roles()] == [head.pk]
    for refused in (str(nobody.pk), "", "1 OR 1=1"):
        assert client.post(reverse("web:switch-role"), {"user": refused}).status_code == 404
    assert client.post(reverse("web:switch-role"), {"user": str(head.pk)}).status_code == 302
    assert client.session["_auth_user_id"] == str(head.pk)


# --- errors -------------------------------------------------------------------------------------------------
def test_a_refusal_names_the_roles_and_who_can_grant_them(head):
    officer("security", "security_admin", Unit.objects.get(kind="city"))
    with translation.override("en"):
        page = errors.permission_denied(request_of(head), PermissionDenied(Permission.AUDIT_VIEW))
    text = page.content.decode()
    assert page.status_code == 403
    assert "Audit administrator" in text
    assert "security 姓名" in text
    assert "Station officer" not in text


def test_a_refusal_of_anything_else_still_has_a_page():
    assert errors.permission_denied(request_of(), PermissionDenied()).status_code == 403


def test_missing_and_foreign_give_the_same_bytes(client, db):
    pages = {client.get(where).content for where in ("/people/99999999/x/y/", "/nothing/here/")}
    tokens = re.compile(rb'(name="next" value="|csrfmiddlewaretoken" value="|X-CSRFToken": ")[^"]*')
    assert len({tokens.sub(b"", page) for page in pages}) == 1


def test_a_failure_shows_a_reference_that_is_in_the_log_and_asks_no_database(caplog):
    page = errors.server_error(request_of())
    (reference,) = re.findall(r'class="ws-reference">([0-9A-F]{12})<', page.content.decode())
    assert page.status_code == 500
    assert reference in caplog.text


EXPIRED = {"full_name": "陈丽", "note": "三行\n字", "password": "geheim", "new_password1": "geheim", "idem": "k"}


def expired_page(**headers):
    client = Client(enforce_csrf_checks=True)
    return client.post(reverse("web:set-large-type"), EXPIRED, **headers)


def test_an_expired_page_keeps_what_was_typed_but_no_secret(db):
    page = expired_page(HTTP_ORIGIN="http://testserver")
    kept = {
        attrs["name"]: attrs.get("value")
        for attrs in Elements(page.content.decode()).named("input")
        if attrs["name"] in EXPIRED
    }
    assert page.status_code == 403
    assert {name: kept[name] for name in ("full_name", "note")} == {"full_name": "陈丽", "note": "三行\n字"}
    assert "geheim" not in page.content.decode()
    assert kept["idem"] != "k"


@pytest.mark.parametrize("headers", [{}, {"HTTP_ORIGIN": "https://example.com"}, {"HTTP_ORIGIN": "null"}])
def test_words_from_another_site_are_never_offered_for_sending(db, headers):
    page = expired_page(**headers)
    assert page.status_code == 403
    assert "陈丽" not in page.content.decode()


def test_no_page_of_an_error_needs_more_than_its_request():
    for name in ("400", "403", "404", "409", "503"):
        assert "<h1>" in render_to_string(f"{name}.html", {}, request_of()), name
    broken = render_to_string("500.html", {"reference": "X", "frame": SimpleNamespace(language="en")})
    assert '<html lang="en">' in broken
