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


def test_a_township_without_a_station_is_offered_no_page_of_a_station(client, places):
    client.force_login(make.user("township_organiser", places["origin town"]))
    desk = client.get("/").content.decode()

    assert not re.search(r'href="/duty/(rota|postings)/"', desk)
    assert client.get(reverse("duty:today")).url == reverse("duty:item-list")
    assert client.get(reverse("duty:item-list")).status_code == 200

    client.force_login(make.user("township_organiser", places["town"]))
    assert not re.search(r'href="/duty/rota/"', client.get("/").content.decode())
    make.station(places["town"], places["town"], [], name="桐山街道驻城党建工作站")
    assert re.search(r'href="/duty/rota/"', client.get("/").content.decode())
    assert client.get(reverse("duty:today")).status_code == 200
