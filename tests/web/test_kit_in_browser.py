"""The page kit in Chromium: accessible, within the screen, and usable by keys and without scripts."""

from shutil import which

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import sync_playwright

from waystation.web import gallery

pytestmark = pytest.mark.browser

SCREENS = {
    "office": {"viewport": {"width": 1366, "height": 768}},
    "phone": {"viewport": {"width": 390, "height": 844}},
    "smallest": {"viewport": {"width": 320, "height": 640}},
    "still": {"viewport": {"width": 1366, "height": 768}, "reduced_motion": "reduce"},
    "contrast": {"viewport": {"width": 1366, "height": 768}, "forced_colors": "active"},
}
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@pytest.fixture(scope="module")
def chromium():
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright keeps an event loop in this thread, which Django takes for asynchronous code.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        arguments = ["--no-sandbox", "--disable-gpu"]
        browser = playwright.chromium.launch(executable_path=which("chromium"), args=arguments)
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium, live_server):
    """Opens a page of the gallery; afterwards nothing may have been said on the console."""
    opened, said = [], []

    def open_page(name="workbench", **options):
        page = chromium.new_context(**options).new_page()
        opened.append(page)
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(f"{live_server.url}{reverse('web:gallery')}?page={name}")
        page.wait_for_load_state("networkidle")
        return page

    yield open_page
    for page in opened:
        page.context.close()
    assert said == []


def judged_by_axe(page) -> list[str]:
    """What axe finds serious; it is put in past the content policy, which stays on for the page."""
    session = page.context.new_cdp_session(page)
    session.send("Runtime.evaluate", {"expression": (settings.ROOT / "build" / "axe.min.js").read_text()})
    outcome = page.evaluate("tags => axe.run({runOnly: tags})", TAGS)
    assert len(outcome["passes"]) > 15
    return [
        f"{found['id']}: {node['html'][:120]}"
        for found in outcome["violations"]
        if found["impact"] in {"serious", "critical"}
        for node in found["nodes"]
    ]


@pytest.mark.parametrize("name", gallery.PAGES)
def test_the_components_are_accessible_and_fit_every_screen(visit, name):
    for screen, options in SCREENS.items():
        page = visit(name, **options)
        assert (screen, judged_by_axe(page)) == (screen, [])
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, screen


@pytest.mark.parametrize(("name", "screen"), [("workbench", "office"), ("forms", "phone"), ("phone", "phone")])
def test_large_type_is_large_everywhere(visit, name, screen):
    page = visit(name, **SCREENS[screen])
    if screen == "phone" and name != "phone":
        page.click("a[href='#nav']")
    page.click("form[action='/large-type/'] button >> visible=true")
    page.wait_for_selector("html.large")
    small = page.evaluate(
        """() => [...document.querySelectorAll('body *')].filter(e => e.offsetWidth > 2
        && [...e.childNodes].some(t => t.nodeType === 3 && t.data.trim())
        && parseFloat(getComputedStyle(e).fontSize) < 18).map(e => e.outerHTML.slice(0, 100))"""
    )
    low = page.evaluate(
        """() => [...document.querySelectorAll('button, select, .btn, .ws-tool, .ws-nav a, .form-control')]
        .filter(e => e.offsetHeight && e.offsetHeight < 60).map(e => e.outerHTML.slice(0, 100))"""
    )
    assert (small, low) == ([], [])


def test_the_menu_of_the_phone_opens_and_closes_without_javascript(visit):
    page = visit(java_script_enabled=False, **SCREENS["phone"])
    page.click("a[href='#nav']")
    assert (page.is_visible("#nav"), page.is_visible("main")) == (True, False)
    page.click("#nav a[href='#main']")
    assert (page.is_visible("#nav"), page.is_visible("main")) == (False, True)


def test_filters_are_folded_on_a_phone_and_open_without_javascript(visit):
    page = visit(**SCREENS["phone"])
    assert page.is_hidden(".ws-filters button")
    page.click("[data-fold] summary")
    assert page.is_visible(".ws-filters button")
    assert visit(**SCREENS["office"]).is_visible(".ws-filters button")
    assert visit(java_script_enabled=False, **SCREENS["phone"]).is_visible(".ws-filters button")


def test_mistakes_get_the_focus_and_lead_to_their_fields(visit):
    page = visit("forms", **SCREENS["office"])
    assert page.evaluate("document.activeElement.hasAttribute('data-error-summary')") is True
    page.click("[data-error-summary] a >> nth=1")
    assert page.evaluate("document.activeElement.id") == "id_sex_0"


def test_rows_are_walked_and_chosen_by_keys(visit):
    page = visit(**SCREENS["office"])
    page.focus("#batch tbody a >> nth=0")
    page.keyboard.press("ArrowDown")
    page.wait_for_function("document.activeElement.closest('tr').sectionRowIndex === 1")
    page.keyboard.press("Space")
    page.wait_for_selector("[data-picked]:text-is('1')")
    assert page.is_checked("#batch tbody tr >> nth=1 >> input")
    page.check("[data-pick-all]")
    page.wait_for_selector("[data-picked]:text-is('1,046')")


def test_on_a_phone_the_bar_stays_under_the_list_until_somebody_is_chosen(visit):
    page = visit(**SCREENS["phone"])
    place = "getComputedStyle(document.querySelector('.ws-batch[data-batch]')).position"
    assert page.evaluate(place) == "static"
    page.check("#batch tbody tr >> nth=1 >> input")
    page.wait_for_function(f"{place} === 'sticky'")
    page.uncheck("#batch tbody tr >> nth=1 >> input")
    page.wait_for_function(f"{place} === 'static'")


def test_what_cannot_be_undone_waits_for_the_typed_words(visit):
    page = visit("forms", **SCREENS["office"])
    button = page.locator("form:has([data-confirm]) button")
    assert button.is_disabled()
    page.fill("[data-confirm]", page.get_attribute("[data-confirm]", "data-confirm"))
    assert button.is_enabled()
