"""The main job in Chromium, as a new user does it: two rosters become members with a file, a card and a grid."""

import json

import pytest
from playwright.sync_api import sync_playwright

from tests.browser.stack import SAMPLES, Visitor, Watch, launch, served

pytestmark = pytest.mark.browser

TOWNS = {"fuding": ("fuding", "fuding.officer")}


@pytest.fixture(scope="module")
def stack():
    with served() as running:
        yield running


@pytest.fixture(scope="module")
def chromium():
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium, stack):
    watch, opened = Watch(), []

    def somebody(name, **options):
        visitor = Visitor(chromium, stack, watch, name, **options)
        opened.append(visitor)
        return visitor

    yield somebody
    for visitor in opened:
        visitor.context.close()
    assert watch.faults == []


def hand_in(visitor, kind: str, path) -> None:
    """The wizard from the file to the preview."""
    visitor.go(f"/rosters/imports/new/?kind={kind}")
    visitor.page.set_input_files("input[type=file]", str(path))
    visitor.press("main form button.btn-primary")
    visitor.press("main button.btn-primary")  # the proposed columns
    visitor.until("确认写入")


def commit(visitor) -> None:
    visitor.press("main button.btn-primary")
    visitor.until("名册已写入")


def lanes(visitor) -> dict[str, int]:
    visitor.go("/rosters/board/")
    labels = ("已对上", "有疑问（有冲突）", "只有流出", "只有流入", "已纳管")
    return {label: visitor.tab_count(label) for label in labels}


@pytest.mark.parametrize("town", TOWNS)
def test_two_rosters_become_members(visit, town):
    truth = json.loads((SAMPLES / town / "truth.json").read_text(encoding="utf-8"))
    county, officer = (visit(name) for name in TOWNS[town])

    hand_in(county, "departures", SAMPLES / town / "origin.xlsx")
    assert county.tab_count("新增") == truth["origin"]
    commit(county)
    hand_in(officer, "arrivals", SAMPLES / town / "arrival.xlsx")
    assert officer.tab_count("新增") == truth["arrival"]
    commit(officer)

    officer.go("/rosters/board/")
    # The run after the departures may still stand there: wait for the one after the arrivals.
    officer.until(f"只有流入\n{len(truth['only_arrival'])}")
    seen = lanes(officer)
    assert seen["已对上"] + seen["有疑问（有冲突）"] == truth["both"]
    assert (seen["只有流出"], seen["只有流入"]) == (len(truth["only_origin"]), len(truth["only_arrival"]))

    # One pair by hand on both sides, the rest of the matched lane in bulk.
    for visitor in (county, officer):
        visitor.go("/rosters/board/")
        visitor.press("main button:has-text('是同一人')")
    assert lanes(officer)["已纳管"] == 1
    matched = seen["已对上"] - 1
    for visitor in (county, officer):
        visitor.go("/rosters/board/")
        visitor.press("text=/确认筛选出的全部/")
        visitor.press("main button.btn-primary")
        visitor.until("已办理")
    after = lanes(officer)
    assert (after["已对上"], after["已纳管"]) == (0, matched + 1)

    # The desk says so, its number opens the rows, and a grid is proposed for each.
    officer.go("/")
    assert officer.tab_count("在管党员") == matched + 1
    officer.go("/grids/proposals/")
    assert officer.tab_count("全部") == matched + 1

    # The file is complete from both rosters and the card prints.
    officer.go("/people/")
    officer.press("main tbody a")
    assert "纳入管理" in officer.main()
    assert officer.page.locator("main :text('打印档案卡')").count() >= 1
