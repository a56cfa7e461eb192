"""Everything that is done by hand, on the machines people have: an old phone without scripts, a desk."""

import pytest

from tests import make
from tests.browser import steps
from tests.browser.steps import BOARD, SAME, fill_in, say

pytestmark = pytest.mark.browser

NUMBER = make.id_number("1985-08-12")
STATION = "福鼎市流动党员管理服务中心"


@pytest.fixture
def secretary(visit):
    return visit("zhuyang", screen="phone", java_script_enabled=False)


@pytest.fixture
def officer(visit):
    return visit("fuding.officer")


def departs(visitor, name, **more):
    """Fill in the form for a departure and send it."""
    visitor.go("/people/departures/new/")
    fill_in(visitor, full_name=name, left="2026-03-01", **more)
    visitor.page.select_option("[name=where]", label=STATION)
    visitor.press("main form button.btn-primary")


def test_a_departure_typed_on_a_phone_keeps_what_was_typed(secretary):
    secretary.expect_status(422)
    departs(secretary, "缪春花", id_number=NUMBER[:-1] + ("1" if NUMBER[-1] != "1" else "2"), phone="13900008888")
    assert "身份证号校验不通过" in secretary.main()
    assert secretary.page.input_value("[name=full_name]") == "缪春花"
    secretary.shot("departure-wrong")
    fill_in(secretary, id_number=NUMBER)
    secretary.press("main form button.btn-primary")
    assert "待报到" in secretary.main()
    secretary.shot("departure")


def test_the_member_reports_by_the_code_on_the_poster(visit, officer):
    officer.go("/stations/")
    officer.press(f"main a:text-is('{STATION}')")
    public = officer.page.locator("main a[href*='/m/stations/']").first.get_attribute("href")
    member = visit("", screen="phone", java_script_enabled=False)
    member.go(public)
    member.press("main a[href*='/m/r/']")
    member.shot("report-notice")
    member.page.check("[name=told]")
    member.page.check("[name=may_ask_id]")
    member.press("main form button.btn-primary")
    said = {"full_name": "缪春花", "phone": "13900008888", "id_number": NUMBER, "home_text": "福鼎市叠石乡竹阳村党支部"}
    for name, answer in said.items():
        fill_in(member, **{name: answer})
        member.press("main form button.btn-primary")
    member.page.select_option("[name=community]", index=1)
    fill_in(member, address="古城路1号")
    member.press("main form button.btn-primary")
    fill_in(member, trade="餐饮服务", skill="医疗")
    member.press("main form button.btn-primary")
    member.shot("report-check")
    member.press("main form button.btn-primary")
    assert "/m/done/" in member.page.url
    member.shot("report-done")


def test_both_sides_find_the_pair_at_once_and_confirm_it(secretary, officer):
    officer.go("/people/arrivals/?state=pending")
    assert steps.rows_of(officer) == 1
    for visitor in (officer, secretary):
        visitor.go(BOARD + "?tab=matched")
        assert "缪春花" in visitor.main()
        say(visitor, SAME)
    officer.go("/people/?status=care")
    assert "缪春花" in officer.main()


def test_a_field_is_corrected_and_both_values_are_kept(officer):
    officer.search("缪春花")
    officer.go(officer.page.url.removeprefix(officer.stack.address) + "correct/trade/")
    fill_in(officer, value="家政服务", reason="本人来电")
    officer.press("main form button.btn-primary")
    officer.search("缪春花")
    officer.press("main a[href$='/changes/']")
    for words in ("餐饮服务", "家政服务", "本人来电"):
        assert words in officer.main()
    officer.shot("changes")


def test_a_return_home_ends_the_stay(secretary, officer):
    secretary.go("/people/departures/")
    secretary.press("main tbody a")
    secretary.press("main a[href$='/return/']")
    fill_in(secretary, on="2026-11-20")
    secretary.press("main form button.btn-primary")
    secretary.go("/people/?status=care")
    assert "缪春花" not in secretary.main()
    officer.go("/people/?status=care")
    assert "缪春花" not in officer.main()


def test_a_pending_departure_is_cancelled_with_a_reason(secretary):
    departs(secretary, "雷木根", phone="13900008801")
    secretary.press("main a[href$='/cancel/']")
    fill_in(secretary, reason="本人未外出")
    secretary.press("main form button")
    secretary.go("/people/departures/?state=pending")
    assert "雷木根" not in secretary.main()


def test_two_files_of_one_person_are_merged_and_taken_apart_again(visit, secretary):
    secretary.expect_status(422)
    departs(secretary, "雷木根", phone="13900008801")
    secretary.page.check("[name=same_as][value=new]")
    secretary.press("main form button.btn-primary")
    county = visit("fuding")
    county.search("雷木根")
    assert county.page.locator("main tbody tr").count() == 2
    county.press("main tbody a")
    county.press("main a[href$='/merge/']")
    county.press("main tbody a")
    county.shot("merge")
    county.press("main form button.btn-primary")
    county.search("雷木根")  # one file is found, so its page opens
    phone = visit("fuding", screen="phone")
    phone.go(county.page.url.removeprefix(county.stack.address))
    phone.press("main a[href$='/changes/']")
    phone.shot("merged")
    phone.press("main form[action*='/merges/'] button")
    phone.shot("taken-apart")
    county.search("雷木根")
    assert county.page.locator("main tbody tr").count() == 2


def test_an_arrival_is_registered_at_the_desk_and_refused_with_a_reason(officer):
    officer.go("/people/arrivals/new/")
    fill_in(officer, full_name="古丽·买买提", phone="13900008802", home_text="福鼎市叠石乡竹阳村", trade="物流配送")
    officer.press("main form button.btn-primary")
    officer.go("/people/arrivals/?state=pending")
    officer.press("main tbody a")
    officer.press("main a[href$='/refuse/']")
    officer.shot("refuse")
    officer.press("main form button")
    assert officer.page.locator("main .ws-error, main :invalid").count() > 0  # a reason is needed
    fill_in(officer, reason="查无此人，非本辖区党员")
    officer.press("main form button")
    officer.go("/people/arrivals/?state=pending")
    assert "古丽" not in officer.main()


def test_the_language_and_the_type_size_are_one_press_away(officer):
    officer.go("/")
    officer.press("form[action='/language/'] button >> visible=true")
    assert "Desk" in officer.page.title()
    officer.press("form[action='/language/'] button >> visible=true")
    officer.press("form[action='/large-type/'] button >> visible=true")
    assert "large" in officer.page.locator("html").get_attribute("class")
    officer.shot("large")
