"""What the tests of pages share: people with a role, bare requests, and the tags of a page."""

from datetime import UTC, date, datetime
from html.parser import HTMLParser

from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory

from waystation.accounts.models import User
from waystation.organizations.models import Mandate, Unit

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)  # 12:00 in Shanghai


def officer(username: str, role: str, unit: Unit) -> User:
    user = User.objects.create_user(username, full_name=f"{username} 姓名")
    Mandate.objects.create(
        user=user, unit=unit, role=role, starts_on=date(2020, 1, 1), granted_at=NOON,
        administers=role.endswith("_admin"),
    )  # fmt: skip
    return user


def request_of(user=None, where="/", **headers):
    request = RequestFactory().get(where, **headers)
    request.user, request.session = user or AnonymousUser(), {}
    return request


class Elements(HTMLParser):
    """Every start tag of a page with its attributes."""

    def __init__(self, html):
        super().__init__()
        self.found = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def ids(self):
        return [attrs["id"] for _tag, attrs in self.found if "id" in attrs]

    def named(self, tag):
        return [attrs for found, attrs in self.found if found == tag]
