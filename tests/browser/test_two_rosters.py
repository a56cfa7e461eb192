"""The main job in Chromium, as a new user does it in Fuding: two rosters become members with a file, a card
and a grid. The tests stand in the order of the job; each goes on where the one before it stopped."""

import pytest

from tests.browser import steps
from tests.browser.paper import links_on, pages_of
from tests.browser.stack import SAMPLES
from tests.browser.steps import BOARD, NOT_SAME, SAME, lanes, rows_of, say

pytestmark = pytest.mark.browser

TRUTH = steps.truth_of("fuding")
ORIGIN, ARRIVAL = (SAMPLES / "fuding" / name for name in ("origin.xlsx", "arrival.xlsx"))
ROWS = 1_054  # of the origin's roster: some people stand there twice
CARDS_A_SHEET = 10
ALONE = {"only_departed": len(TRUTH["only_origin"]), "only_arrived": len(TRUTH["only_arrival"])}


@pytest.fixture
def county(visit):
    return visit("fuding")


@pytest.fixture
def officer(visit):
    return visit("fuding.officer")


def test_the_origin_hands_in_its_roster(county):
    county.go("/rosters/imports/new/?kind=departures")
    county.page.set_input_files("input[type=file]", str(ORIGIN))
    county.press("main form button.btn-primary")
    assert "已识别 16 / 16 列" in county.main()
    county.shot("columns")
    county.press("main button.btn-primary")
    county.until_there("main .ws-tabs a[href*='tab=wrong']")
    repeated = ROWS - TRUTH["origin"]
    assert steps.tabs(county, steps.VERDICTS) == {
        "new": TRUTH["origin"], "changed": 0, "duplicate": repeated, "wrong": 0,
    }  # fmt: skip
    county.shot("preview")
    county.press("main form[action$='/commit/'] button")
    assert county.page.locator("main [role=progressbar], main progress, #result-title").count() == 1
    county.until_there("#result-title")
    county.shot("result")


def test_the_same_file_twice_changes_nothing(county):
    assert steps.hand_in(county, "departures", ORIGIN) == {"new": 0, "changed": 0, "duplicate": ROWS, "wrong": 0}
    assert county.page.locator("main form[action$='/commit/']").count() == 0
    county.go("/people/departures/?state=pending")
    assert rows_of(county) == 1_000  # "more than 1,000"


def test_the_station_hands_in_its_register(officer):
    assert steps.hand_in(officer, "arrivals", ARRIVAL) == {
        "new": TRUTH["arrival"], "changed": 0, "duplicate": 0, "wrong": 0,
    }  # fmt: skip
    steps.commit(officer)
    officer.go(BOARD)
    # The run after the departures may still stand there: wait for the one after the arrivals.
    officer.until_there(f"main .ws-tabs a[href*='only_arrived'] span:text-is('{ALONE['only_arrived']}')")
    seen = lanes(officer)
    assert seen["matched"] + seen["conflicting"] == TRUTH["both"]
    assert {lane: seen[lane] for lane in ALONE} == ALONE
    officer.shot("board")


def test_a_doubtful_pair_says_what_agrees_and_what_does_not(county):
    steps.open_pair(county, "?tab=conflicting")
    words = county.main()
    assert "手机号不同" in words
    assert "姓名同音不同字" in words
    assert "(不一致)" in words
    county.shot("pair")


def test_both_sides_confirm_a_pair_one_after_the_other(county, officer):
    county.go(BOARD)
    county.press(f"main article:first-of-type button:text-is('{SAME['zh']}')")
    assert lanes(county)["settled"] == 0
    county.go(BOARD + "?confirmed=origin")
    county.shot("confirmed")
    county.press("main form[action$='/withdraw/'] button")
    officer.go(BOARD + "?confirmed=origin")
    assert officer.page.locator("main article.ws-pair").count() == 0
    county.go(BOARD)
    say(county, SAME)
    officer.go(BOARD + "?confirmed=origin")
    assert officer.page.locator("main article.ws-pair").count() == 1
    say(officer, SAME)
    assert lanes(officer)["settled"] == 1


def test_not_the_same_person_is_remembered_until_it_is_taken_back(county):
    before = lanes(county)
    say(county, NOT_SAME)
    after = lanes(county)
    assert (after["rejected"], after["matched"]) == (1, before["matched"] - 1)
    county.press("form[action$='/match/'] button")
    county.go(BOARD)
    county.until_there("main:not(:has([role=progressbar]))")
    assert lanes(county) == after  # the matcher does not propose it again
    county.go(BOARD + "?tab=rejected")
    county.press("main form[action$='/reopen/'] button")
    assert lanes(county) == before


def test_the_county_decides_for_a_silent_station_only_with_a_reason(visit, county):
    secretary = visit("guojian")
    secretary.go(BOARD)
    name = secretary.page.locator("main article.ws-pair a[href*='/board/pairs/']").first.get_attribute("href")
    say(secretary, SAME)
    county.go(name)
    county.expect_status(422)
    county.press("#override button")
    assert county.page.locator("#override .ws-error").count() == 1
    county.page.fill("#override [name=reason]", "站点人员外出培训，电话核实本人无误")
    county.shot("override")
    county.press("#override button")
    assert "站点人员外出培训，电话核实本人无误" in county.main()
    assert lanes(county)["settled"] == 2


def test_the_rest_is_confirmed_in_bulk_by_both_sides(county, officer):
    before = lanes(county)
    assert steps.confirm_all(county) == before["matched"]
    assert lanes(county)["settled"] == before["settled"]
    assert steps.confirm_all(officer) == before["matched"]
    officer.shot("bulk")
    after = lanes(officer)
    assert (after["matched"], after["settled"]) == (0, before["matched"] + before["settled"])
    assert {lane: after[lane] for lane in ALONE} == ALONE


def test_the_doubtful_pair_is_decided_by_hand(county, officer):
    for visitor in (county, officer):
        steps.open_pair(visitor, "?tab=conflicting")
        say(visitor, SAME)
    after = lanes(officer)
    assert (after["conflicting"], after["settled"]) == (0, TRUTH["both"])


def test_every_number_of_every_desk_opens_its_rows(visit):
    for name in ("fuding", "fuding.officer", "fuding.head", "dieshi", "zhuyang", "longshan", "fuding.grid3", "city"):
        visitor = visit(name)
        numbers = steps.every_number_opens_its_rows(visitor)
        assert numbers, name
        if name in ("fuding", "fuding.officer"):
            assert numbers["/people/?status=care"] == TRUTH["both"]
        visitor.go("/")
        visitor.shot(f"desk-{name}")


def test_grids_are_proposed_and_accepted_in_bulk(visit, officer):
    officer.go("/grids/proposals/")
    assert rows_of(officer) == TRUTH["both"]
    officer.page.check("main input[name=all]")
    officer.press("main button:has-text('按建议编入')")
    officer.press("main button:has-text('确认编入')")
    officer.go("/grids/")
    cells = officer.page.locator("main tbody tr td:last-child").all_inner_texts()
    assert sum(int(cell.replace(",", "")) for cell in cells) == TRUTH["both"]
    leader = visit("fuding.grid3", screen="phone")
    assert steps.every_number_opens_its_rows(leader)["/people/?status=care"] == int(cells[2])
    leader.go("/")
    leader.shot("desk-grid")


def test_the_file_is_complete_from_both_rosters(officer):
    pair = TRUTH["pairs"][0]
    officer.search(pair["id"])
    words = officer.main()
    for piece in ("纳入管理", "办理流入登记", "办理外出登记", "党支部", "社区", "编入"):
        assert piece in words
    assert pair["id"] not in words  # masked until asked for with a purpose
    officer.shot("file")


def test_the_card_prints_and_its_code_says_only_that_it_is_valid(officer, visit):
    officer.go("/people/")
    officer.press("main tbody a")
    name = "".join(officer.page.title().split("·")[0].split())
    paper = officer.printed("main form[action='/people/cards/']")
    assert pages_of(paper) == 1
    (link,) = links_on(paper)
    assert link.startswith(officer.stack.address)
    passer_by = visit("", screen="phone")
    passer_by.go(link.removeprefix(officer.stack.address))
    assert "有效" in passer_by.main()
    assert name not in "".join(passer_by.main().split())
    passer_by.shot("card")
    officer.go(link.removeprefix(officer.stack.address))
    assert name in "".join(officer.main().split())


def test_cards_of_everybody_are_printed_as_a_job(officer):
    officer.go("/people/?status=care")
    officer.page.check("main input[name=all]")
    officer.press("main button:has-text('打印档案卡')")
    officer.until_there("main a[href*='/people/made/']")
    paper = officer.fetched(officer.page.locator("main a[href*='/people/made/']").first.get_attribute("href"))
    # A reader may miss one of many small codes on a sheet; the first card alone was read above.
    assert len(set(links_on(paper, pages=2))) >= 2 * CARDS_A_SHEET - 4
    assert pages_of(paper) == -(-TRUTH["both"] // CARDS_A_SHEET)


def test_what_later_work_rests_on_cannot_be_undone(county):
    county.go("/rosters/imports/")
    county.page.locator("main tbody tr").last.locator("a").first.click()
    county.page.wait_for_load_state("networkidle")
    county.expect_status(409)
    county.press("main form[action$='/undo/'] button")
    assert "不能撤销" in county.main()
    assert "已流出" in county.main()
    assert lanes(county)["settled"] == TRUTH["both"]


def test_other_places_see_nothing_of_it(visit, officer):
    officer.go("/people/")
    person = officer.page.locator("main tbody a").first.get_attribute("href")
    for name in ("gutian", "gutian.officer", "xiapu.officer", "panyang", "member"):
        stranger = visit(name)
        stranger.expect_status(404, 403)
        assert stranger.status_of(person) in ((404, 403) if name == "member" else (404,)), name
    contact = visit("longshan", screen="phone")
    contact.go("/people/?status=care")
    contact.press("main tbody a, main .ws-cards a, main [data-rows] a")
    assert "身份证号" not in contact.main()
    assert "手机" not in contact.main()
    contact.shot("file-contact")
