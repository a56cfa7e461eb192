"""The same job in the other town, in English, on a phone; then every page that somebody can reach from a desk."""

import re

import pytest
from playwright.sync_api import Error

from tests.browser import steps
from tests.browser.stack import SAMPLES, SCREENS
from tests.browser.steps import BOARD, SAME, lanes, say
from tests.web.test_kit_in_browser import judged_by_axe

pytestmark = pytest.mark.browser

TRUTH = steps.truth_of("gutian")
ON_A_PHONE = {"screen": "phone", "language": "en"}
FILES = re.compile(r"/(export|sample|wrong|made|logout|pdf)/|/download/")
KEYS = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|(?<=/)\d+(?=/)|(?<=/m/[a-z]/)[^/]+|(?<=/correct/)[a-z_]+")
ROLES = ("gutian.officer", "gutian", "panyang.branch", "member", "system", "security", "audit")
LOOKED_AT = {"zh": set(), "en": set()}  # a kind of page is looked at once in each language, by the first who reaches it


@pytest.fixture
def county(visit):
    return visit("gutian", **ON_A_PHONE)


@pytest.fixture
def officer(visit):
    return visit("gutian.officer", **ON_A_PHONE)


def test_both_rosters_are_handed_in(county, officer):
    for visitor, kind, name in ((county, "departures", "origin"), (officer, "arrivals", "arrival")):
        found = steps.hand_in(visitor, kind, SAMPLES / "gutian" / f"{name}.xlsx")
        assert (found["new"], found["wrong"]) == (TRUTH[name], 0)
        visitor.shot(f"preview-{name}")
        steps.commit(visitor)
    alone = len(TRUTH["only_arrival"])
    officer.go(BOARD)
    officer.until_there(f"main .ws-tabs a[href*='only_arrived'] span:text-is('{alone}')")
    seen = lanes(officer)
    assert seen["matched"] + seen["conflicting"] == TRUTH["both"]
    assert (seen["only_departed"], seen["only_arrived"]) == (len(TRUTH["only_origin"]), alone)
    officer.shot("board")


def test_both_sides_confirm_one_by_one_and_the_rest_together(county, officer):
    for visitor in (county, officer):
        visitor.go(BOARD)
        say(visitor, SAME)
    assert lanes(officer)["settled"] == 1
    for visitor in (county, officer):
        assert steps.confirm_all(visitor) == TRUTH["both"] - 1
    assert lanes(officer)["settled"] == TRUTH["both"]


def test_every_number_of_the_desks_opens_its_rows(county, officer):
    for visitor in (county, officer):
        assert steps.every_number_opens_its_rows(visitor)["/people/?status=care"] == TRUTH["both"]


def test_grids_are_accepted_in_bulk_on_the_phone(officer):
    officer.go("/grids/proposals/")
    assert steps.rows_of(officer) == TRUTH["both"]
    officer.page.check("main input[name=all]")
    officer.press("main button:has-text('Accept the proposals')")
    officer.press("main button:has-text('Put them into the grids')")
    officer.go("/grids/proposals/")
    assert officer.page.locator("main tbody tr").count() == 0
    assert steps.desk_numbers(officer)["/people/?status=care"] == TRUTH["both"]


def opened(visitor, address) -> bool:
    """Whether the address is a page; a file is left where it is."""
    try:
        visitor.go(address)
    except Error as fault:
        if "Download is starting" not in fault.message:
            raise
        return False
    return visitor.page.evaluate("document.contentType") == "text/html"


def pages_from(visitor, start):
    """One address of each kind that links lead to and nobody has looked at in this language, the first page first."""
    waiting, seen = [start], set()
    while waiting:
        address = waiting.pop(0)
        kind = KEYS.sub("*", "".join(re.findall(r"^[^?#]+|tab=\w+", address)))
        if kind in seen or FILES.search(address):
            continue
        seen.add(kind)
        if kind in LOOKED_AT[visitor.language] and kind != start:
            continue
        LOOKED_AT[visitor.language].add(kind)
        if not opened(visitor, address):
            continue
        yield address
        links = visitor.page.eval_on_selector_all(
            "a[href^='/'], a[href^='?']", "all => all.map(a => a.pathname + a.search)"
        )
        waiting += [link for link in links if link not in waiting]


def faults_of(visitor, address) -> list[str]:
    """What is wrong with the page at both sizes."""
    faults = []
    if visitor.page.locator("h1").count() != 1:
        faults.append(f"{address}: {visitor.page.locator('h1').count()} headings")
    for screen, size in SCREENS.items():
        visitor.page.set_viewport_size(size)
        wide = visitor.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        faults += [f"{address} on {screen}: {wide} px too wide"] if wide > 0 else []
        faults += [f"{address} on {screen}: {fault}" for fault in judged_by_axe(visitor.page)]
    visitor.page.set_viewport_size(SCREENS["office"])
    return faults


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", ROLES)
def test_every_page_has_one_heading_fits_the_screen_and_is_accessible(visit, name, language):
    visitor = visit(name, language=language)
    faults = []
    for address in pages_from(visitor, "/m/" if name == "member" else "/"):
        faults += faults_of(visitor, address)
    assert faults == []


def test_the_walk_came_everywhere():
    everywhere = {
        "/", "/m/", "/m/card/", "/m/file/", "/people/", "/people/*/", "/people/*/correct/*/", "/people/departures/*/",
        "/people/arrivals/new/", "/rosters/imports/*/", "/rosters/board/", "/rosters/board/pairs/*/", "/grids/*/",
        "/stations/*/", "/organizations/*/", "/organizations/policy/", "/users/", "/audit/", "/rules/", "/about/",
    }  # fmt: skip
    for kinds in LOOKED_AT.values():
        assert everywhere - kinds == set()
