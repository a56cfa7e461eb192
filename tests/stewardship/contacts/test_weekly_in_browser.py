"""The weekly five on a telephone in a stairwell: taps without signal, sent once when it is back."""

from datetime import date
from shutil import which

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import sync_playwright

from tests import places as make
from waystation.stewardship.contacts.models import Contact, WeeklyMark
from waystation.stewardship.grids.actions import assign, set_leader

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
QUEUE = "waystation-weekly-queue"


@pytest.fixture(scope="module")
def chromium():
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright keeps an event loop in this thread, which Django takes for asynchronous code.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(executable_path=which("chromium"), args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@pytest.fixture
def phone(chromium, live_server, transactional_db):
    """A leader's telephone on the page of the five, which the browser keeps for later."""
    places = make.tree()
    grid, leader = make.grid(places["station"]), make.user(name="何秀梅")
    set_leader(grid, user=leader, starts_on=timezone.localdate(), by=None, at=timezone.now())
    for name in ("林甲", "林乙", "林丙"):
        assign(make.stay(places, name, starts_on=date(2026, 1, 5)), grid, by=None, at=timezone.now())
    client = Client()
    client.force_login(leader)
    context = chromium.new_context(viewport={"width": 390, "height": 844})
    cookie = {"name": "session", "value": client.cookies["session"].value, "url": live_server.url}
    context.add_cookies([cookie])
    page = context.new_page()
    page.goto(live_server.url + reverse("contacts:weekly"))
    page.wait_for_selector("[data-weekly][data-kept]")
    page.reload()  # now through the worker, which keeps what it hands on
    page.wait_for_load_state("networkidle")
    page.wait_for_function("caches.open('waystation-weekly').then(s => s.keys()).then(k => k.length > 3)")
    yield page
    context.close()


def tap(page, name, outcome):
    page.locator(f"section[aria-label={name}] button[value={outcome}]").click()


def taps(page):
    return page.evaluate("key => (JSON.parse(localStorage.getItem(key)) || {taps: []}).taps", QUEUE)


def test_three_taps_without_signal_are_sent_once_even_when_sent_again(phone):
    phone.context.set_offline(True)
    tap(phone, "林甲", "phoned")
    tap(phone, "林乙", "not_reached")
    tap(phone, "林丙", "needs_help")
    assert phone.locator("[data-waiting]").inner_text().endswith("3")
    kept = taps(phone)
    assert [one["outcome"] for one in kept] == ["phoned", "not_reached", "needs_help"]
    assert "林" not in str([{k: v for k, v in one.items() if k != "label"} for one in kept])
    assert not WeeklyMark.objects.exists()

    phone.reload()  # the telephone was locked meanwhile: the page stands in the browser
    assert phone.locator("h1").inner_text() == "每周五户"
    assert phone.locator("[data-waiting]").inner_text().endswith("3")

    phone.context.set_offline(False)
    phone.evaluate("window.dispatchEvent(new Event('online'))")
    phone.wait_for_selector("[data-waiting]", state="hidden")
    marks = [mark.outcome for mark in WeeklyMark.objects.order_by("tapped_at")]
    assert marks == ["phoned", "not_reached", "needs_help"]

    phone.evaluate(
        "([key, user, taps]) => localStorage.setItem(key, JSON.stringify({user: user, taps: taps}))",
        [QUEUE, phone.locator("[data-weekly]").get_attribute("data-user"), kept],
    )
    phone.reload()
    phone.wait_for_selector("[data-waiting]", state="hidden")
    assert phone.locator("[data-said] li").count() == 3
    assert (WeeklyMark.objects.count(), Contact.objects.filter(source="five").count()) == (3, 2)


def test_the_taps_of_one_person_are_not_sent_by_another(phone):
    phone.evaluate(
        "key => localStorage.setItem(key, JSON.stringify({user: 'somebody else', taps: [{key: 'x', due: 'x'}]}))", QUEUE
    )
    phone.reload()
    phone.wait_for_load_state("networkidle")

    assert phone.locator("[data-waiting]").is_hidden()
    assert not WeeklyMark.objects.exists()


def test_signing_out_leaves_nothing_behind_and_asks_before_it_deletes(phone):
    phone.context.set_offline(True)
    tap(phone, "林甲", "met")
    phone.locator("summary").first.click()
    phone.locator("form[action$='/logout/'] button").click()
    assert phone.locator("[data-said] li").count() > 0
    assert len(taps(phone)) == 1

    phone.context.set_offline(False)
    phone.evaluate("window.dispatchEvent(new Event('online'))")
    phone.wait_for_selector("[data-waiting]", state="hidden")
    phone.locator("form[action$='/logout/'] button").click()
    phone.wait_for_url("**/accounts/login/**")

    assert phone.evaluate("localStorage.length") == 0
    assert phone.evaluate("caches.keys()") == []
    assert WeeklyMark.objects.count() == 1


def test_the_same_buttons_work_without_scripts(chromium, live_server, phone):
    cookies = phone.context.cookies()
    context = chromium.new_context(java_script_enabled=False)
    context.add_cookies(cookies)
    page = context.new_page()
    page.goto(live_server.url + reverse("contacts:weekly"))

    tap(page, "林甲", "phoned")

    assert WeeklyMark.objects.get().outcome == "phoned"
    assert "电话联系上" in page.locator("section[aria-label=林甲]").inner_text()
    context.close()
