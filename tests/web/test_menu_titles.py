"""A page of the menu is headed by the words that led to it, in both languages."""

import re

import pytest
from django.urls import reverse
from django.utils import translation

from tests import places as make
from waystation.web.navigation import CHAPTERS

pytestmark = pytest.mark.django_db
ROLES = [
    ("city_organiser", "city"), ("county_organiser", "county"), ("station_head", "station"),
    ("system_admin", "city"), ("security_admin", "city"), ("audit_admin", "city"),
]  # fmt: skip
# Headed otherwise for a reason: the menu names the tabs of both; the rota is headed by its month.
OTHERWISE = {"duty:today", "duty:rota"}


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_menu_and_the_head_of_a_page_say_the_same(client, places, settings, language):
    users = [make.user(role, places[where]) for role, where in ROLES]
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    differing = {}
    for entry in (entry for chapter in CHAPTERS for entry in chapter.entries):
        heading = _heading(client, users, reverse(entry.url_name))
        with translation.override(language):
            if heading != str(entry.label):
                differing[entry.url_name] = (str(entry.label), heading)

    assert set(differing) == OTHERWISE, differing


def _heading(client, users, url) -> str:
    """The head of the page as the first user sees it who may open it."""
    for user in users:
        client.force_login(user)
        answer = client.get(url, follow=True)
        if answer.status_code == 200:
            return re.sub(r"<[^>]+>", "", re.search(r"<h1[^>]*>(.*?)</h1>", answer.content.decode(), re.S)[1]).strip()
    return ""
