"""A month of the station of Xiapu as its people live it: rota, baton, members, money, figures.

The tests stand in the order of the month; each goes on where the one before it stopped. Desks have a large
screen, grid leaders and branch secretaries a telephone.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
from PIL import Image
from python_calamine import CalamineWorkbook

from tests import make
from tests.browser import steps
from tests.browser.paper import pages_of
from tests.browser.steps import BOARD, SAME, fill_in, number_in, say

pytestmark = pytest.mark.browser

HERE = ZoneInfo("Asia/Shanghai")
STATION = "霞浦县流动党员管理服务中心"
HEAD, OFFICER, COLLEAGUE = "罗春生", "曾美华", "江小军"
MEMBER, MEMBER_NUMBER, MEMBER_PHONE = "雷春水", make.id_number("1988-03-15"), "13900007701"
FIRST, SECOND = "加开一班", "加开二班"
NOTE = "柏洋乡来电，明天上午有两名党员来报到，请备好登记表。"
DONE, HANDED, PARKED = "代办雷春水同志医保异地备案", "电话回访龙津社区党员", "与返乡党员约定谈话时间"
AMOUNT = "386.50"


@dataclass
class Story:
    """What one step leaves for the next: days and addresses."""

    now: datetime = field(default_factory=lambda: datetime.now(HERE))
    seen: dict = field(default_factory=dict)

    @property
    def today(self) -> date:
        return self.now.date()

    @property
    def this_month(self) -> str:
        return f"{self.today:%Y-%m}"

    @property
    def next_month(self) -> date:
        return (self.today.replace(day=1) + timedelta(days=32)).replace(day=1)

    @property
    def extra(self) -> tuple[datetime, datetime, datetime]:
        """When the two added shifts begin and when both end: soon, and on one day whatever the clock says."""
        first = self.now.replace(second=0, microsecond=0) + timedelta(minutes=25)
        midnight = (self.now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
        if first > midnight - timedelta(minutes=30):  # a shift ends on its day
            first = max(first, midnight)
        end = min(first + timedelta(hours=3), first.replace(hour=23, minute=59))
        return first, first + timedelta(minutes=5), end


@pytest.fixture(scope="module")
def story():
    return Story()


@pytest.fixture
def head(visit):
    return visit("xiapu.head")


@pytest.fixture
def officer(visit):
    return visit("xiapu.officer")


@pytest.fixture
def colleague(visit):
    return visit("xiapu.officer2")


@pytest.fixture
def county(visit):
    return visit("xiapu")


@pytest.fixture
def branch(visit):
    return visit("baiyang.branch", screen="phone")


def rota(visitor, month: str):
    visitor.go(f"/duty/rota/?month={month}")
    return visitor


def names_on(visitor) -> list[str]:
    """Everybody on the rota that the page shows, once for each shift."""
    links = visitor.page.locator("main table:not(:has(caption)) tbody td a[href*='/duty/rota/shifts/']")
    return [name for text in links.all_inner_texts() if text != "无人" for name in text.split("、")]


def table(visitor, caption: str) -> list[list[str]]:
    rows = visitor.page.locator(f"main table:has(caption:has-text('{caption}')) tbody tr")
    return [[cell.strip() for cell in row.locator("th, td").all_inner_texts()] for row in rows.all()]


def tiles(visitor) -> dict[str, int]:
    """The numbers of a page of figures by their address."""
    found = visitor.page.locator("main a.ws-tile").all()
    return {tile.get_attribute("href"): number_in(tile.locator("b").inner_text()) for tile in found}


def figures(visitor, month: str, *, opens: bool = True) -> dict[str, int]:
    """The figures of a month by their key; each opens as many rows as it says."""
    visitor.go(f"/duty/figures/?month={month}")
    numbers = tiles(visitor)
    assert len(numbers) == 9
    for address, number in numbers.items() if opens else ():
        visitor.go(address)
        if number:
            assert (address, number_in(visitor.page.locator("main .ws-pager p").inner_text())) == (address, number)
            assert visitor.page.locator("main .ws-list > li").count() == min(number, 50)
        else:
            assert "数量为零" in visitor.main()
    return {re.search(r"/figures/(\w+)/", address)[1]: number for address, number in numbers.items()}


def sheet(content: bytes) -> list[list]:
    """The rows of the first sheet of a workbook."""
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


def words_of(rows: list[list]) -> str:
    return "\n".join("\t".join(str(cell) for cell in row) for row in rows)


# --- the rota of next month -------------------------------------------------------------------------


def test_the_head_draws_up_next_month_and_nobody_else_sees_the_draft(head, officer, story):
    month = f"{story.next_month:%Y-%m}"
    rota(head, month)
    assert "本月还没有值班表" in head.main()
    head.press("main form[action$='/rota/make/'] button")
    head.until("已完成")
    head.shot("rota-job")
    head.press("main a:has-text('查看结果')")
    assert names_on(head)
    head.shot("rota-draft")
    rota(officer, month)
    assert "站长发布后显示在这里" in officer.main()


def test_the_draft_says_who_bears_how_much_and_where_it_is_short(head, story):
    rota(head, f"{story.next_month:%Y-%m}")
    names = names_on(head)
    borne = {row[0]: int(row[2]) for row in table(head, "值班均衡情况")}
    assert sum(borne.values()) == len(names)
    assert {name: names.count(name) for name in borne} == borne
    gaps = head.page.locator("main details:has-text('缺岗') li")
    tags = head.page.locator("main table:not(:has(caption)) tbody td:has(.tag.due)")
    assert gaps.count() == tags.count()
    if gaps.count():
        head.page.locator("main details summary").first.click()
        head.shot("rota-gaps")
        assert all(gap.locator("small").count() for gap in gaps.all())  # each says why


def test_published_the_rota_is_everybodys(head, officer, story):
    month = f"{story.next_month:%Y-%m}"
    rota(head, month)
    names = names_on(head)
    head.press("main form[action$='/publish/'] button")
    assert "已发布" in head.main()
    rota(officer, month)
    assert names_on(officer) == names
    officer.shot("rota")
    assert officer.page.locator("main form[action$='/rota/make/']").count() == 0
    shifts = officer.page.locator("main table:not(:has(caption)) tbody td a[href*='/duty/rota/shifts/']").count()
    assert figures(officer, month)["planned"] == shifts


def test_an_officer_asks_for_a_swap_and_the_colleague_takes_the_shift(officer, colleague, story):
    month = f"{story.next_month:%Y-%m}"
    story.seen["swapped"] = asked = ask_somebody_to_take_a_shift(officer, month)
    officer.shot("swap-asked")
    colleague.go("/duty/rota/swaps/?state=mine")
    colleague.press(f"main tr:has(a[href='{asked}']):has-text('{OFFICER}') button[value=accept]")
    colleague.go(asked)
    assert COLLEAGUE in colleague.main()
    colleague.shot("shift-taken")
    rota(officer, month)
    cell = officer.page.locator(f"main table td a[href='{asked}']").inner_text()
    assert COLLEAGUE in cell
    assert OFFICER not in cell
    assert figures(officer, month)["swaps"] == 1


def ask_somebody_to_take_a_shift(officer, month: str) -> str:
    """Ask for one's own shifts in turn until the rules allow one; the address of the shift."""
    officer.expect_status(422)
    rota(officer, month)
    own = officer.page.locator(f"main table td a:has-text('{OFFICER}'):not(:has-text('{COLLEAGUE}'))")
    for address in [link.get_attribute("href") for link in own.all()]:
        officer.go(address)
        officer.press("main a:has-text('换班')")
        officer.page.select_option("[name=of]", label=f"{COLLEAGUE}（xiapu.officer2）")
        fill_in(officer, reason="家中老人看病")
        officer.press("main form button.btn-primary")
        if officer.page.url.endswith("/swaps/"):
            return address
        assert officer.page.locator("main .ws-errors, main .ws-error").first.inner_text()
    raise AssertionError("no shift can be swapped")


def test_the_calendar_of_a_telephone_shows_the_shift_without_signing_in(colleague, visit, story):
    colleague.go("/duty/rota/feeds/")
    colleague.press("main form:not([action]) button.btn-primary")
    colleague.shot("feeds")
    address = colleague.page.locator("main code").first.inner_text()
    assert address.startswith(colleague.stack.address)
    phone = visit("", screen="phone")
    path = address.removeprefix(phone.stack.address)
    calendar = icalendar.Calendar.from_ical(phone.fetched(path))
    rota(colleague, f"{story.next_month:%Y-%m}")
    events = [event for event in calendar.walk("VEVENT") if event["DTSTART"].dt.date() >= story.next_month]
    assert len(events) == names_on(colleague).count(COLLEAGUE)
    assert all(event["DTSTART"].dt < event["DTEND"].dt for event in events)
    colleague.go(story.seen["swapped"])
    day = re.search(r"\d{4}-\d{2}-\d{2}", colleague.page.title())
    assert day is None or date.fromisoformat(day[0]) in {event["DTSTART"].dt.date() for event in events}
    colleague.go("/duty/rota/feeds/")
    colleague.press("main form[action$='/revoke/'] button")
    phone.expect_status(404)
    assert phone.context.request.get(address).status == 404


# --- a shift today, whatever day it is ------------------------------------------------------------------


def test_another_shift_is_kept_on_one_day(visit, head, story):
    """Two shifts are added by hand, so that somebody is on duty now on whatever day and hour the test runs."""
    day = story.extra[0].date()
    system = visit("system")
    for rule, value, usual in (("duty.rest_hours", 0, 11), ("duty.days_running", 31, 6)):
        for number, starts in ((value, day), (usual, day + timedelta(days=1))):
            system.go(f"/rules/{rule}/")
            fill_in(system, value=str(number), starts_on=str(starts), source="霞浦县应急值守安排")
            system.press("main form button.btn-primary")
    for person in (OFFICER, COLLEAGUE):
        head.go("/duty/postings/")
        head.press(f"main tr:has(:text('{person}')) a[href$='/edit/']")
        fill_in(head, most_week="21", most_month="26")
        head.press("main form button.btn-primary")
    first, second, end = story.extra
    for name, begins in ((FIRST, first), (SECOND, second)):
        head.go("/duty/rota/patterns/new/")
        fill_in(head, name=name, begins=f"{begins:%H:%M}", ends=f"{end:%H:%M}", starts_on=str(day), staff="1")
        for box in head.page.locator("main [name=weekdays]").all():
            box.check()
        head.page.check("main [name=on_holidays]")
        head.press("main form button.btn-primary")
        head.press(f"main tr:has-text('{name}') a[href$='/end/']")
        fill_in(head, last_day=str(day))
        head.press("main form button.btn-primary")
    head.shot("patterns")
    rota(head, f"{day:%Y-%m}")
    before = set(names_on(head))
    head.press("main form[action$='/rota/make/'] button")
    head.until("已完成")
    head.press("main a:has-text('查看结果')")
    assert set(names_on(head)) >= before
    for name in (FIRST, SECOND):
        assert head.page.locator(f"main th:text-is('{name}')").count() == 1
        story.seen[name] = head.page.locator(f"main td[data-label='{name}'] a").first.get_attribute("href")


def test_the_head_puts_the_two_officers_on_the_added_shifts(head, officer, colleague, story):
    places = ((FIRST, OFFICER, officer), (SECOND, COLLEAGUE, colleague))
    for name, person, visitor in places:
        free(head, visitor, person, story, besides=story.seen[name])
    for name, person, visitor in places:
        head.go(story.seen[name])
        if person not in head.page.locator("main .ws-list").first.inner_text():
            head.page.select_option("#put-on", label=person)
            head.page.fill("#put-on-reason", "临时加班")
            head.press("main form[action$='/put-on/'] button")
        assert person in head.page.locator("main .ws-list").first.inner_text()
        visitor.go("/duty/")
        assert name in visitor.main()
    head.shot("shift")


def free(head, visitor, person: str, story, *, besides: str) -> None:
    """Take the person off what overlaps: the usual shifts of the day are for others today."""
    visitor.go("/duty/")
    day = story.extra[0].date()
    mine = visitor.page.locator("main a[href*='/duty/rota/shifts/']:has(b)")
    for address in [link.get_attribute("href") for link in mine.all()]:
        if address == besides:
            continue
        head.go(address)
        if f"{day:%Y-%m-%d}" not in head.page.title():
            continue
        head.press(f"main li:has-text('{person}') a[href$='/take-off/']")
        fill_in(head, reason="当天改值加开班次")
        head.press("main form button.btn-primary")


# --- a member comes ---------------------------------------------------------------------------------------


def test_the_branch_registers_a_departure_and_the_desk_the_arrival(branch, officer, story):
    branch.go("/people/departures/new/")
    left = story.today - timedelta(days=12)
    fill_in(branch, full_name=MEMBER, id_number=MEMBER_NUMBER, phone=MEMBER_PHONE, left=str(left))
    branch.page.select_option("[name=where]", label=STATION)
    branch.shot("departure-new")
    branch.press("main form button.btn-primary")
    assert "待报到" in branch.main()
    officer.go("/people/arrivals/new/")
    fill_in(
        officer, full_name=MEMBER, id_number=MEMBER_NUMBER, phone=MEMBER_PHONE, home_text="霞浦县柏洋乡柏洋村党支部"
    )
    fill_in(officer, trade="水产养殖")
    officer.shot("arrival-new")
    officer.press("main form button.btn-primary")
    officer.go("/people/arrivals/?state=pending")
    assert MEMBER in officer.main()


def test_both_sides_confirm_and_the_member_is_in_care(branch, officer, story):
    for visitor in (branch, officer):
        visitor.go(f"{BOARD}?tab=matched&q={MEMBER}")
        visitor.until_there("main article.ws-pair")
        visitor.shot("pair")
        say(visitor, SAME)
    for visitor in (branch, officer):
        visitor.go(f"/people/?status=care&q={MEMBER}")
        assert MEMBER in visitor.main()
    officer.search(MEMBER)
    story.seen["member"] = officer.page.url.removeprefix(officer.stack.address)
    assert "纳入管理" in officer.main()
    officer.shot("member")
    branch.go("/people/departures/?state=pending")
    assert MEMBER not in branch.main()
    officer.go("/people/arrivals/?state=pending")
    assert MEMBER not in officer.main()


# --- contact and care -------------------------------------------------------------------------------------


def test_contacts_are_logged_one_by_one_and_for_a_meeting(officer, county, story):
    officer.go("/contacts/?days=1")
    quiet = steps.rows_of(officer)
    officer.shot("contacts-due")
    names = officer.page.locator("main tbody tr th a").all_inner_texts()[:3]
    officer.press("main tbody tr th a")
    officer.press("main a:has-text('记一次联系')")
    assert officer.page.input_value("[name=channel]") == "phone"
    officer.page.check("[name=outcome][value=reached]")
    follow = story.today + timedelta(days=3)
    fill_in(officer, note="电话里说近期在溪南帮工，一切都好", follow_up_on=str(follow))
    officer.shot("contact-new")
    officer.press("main form button.btn-primary")
    assert "近期在溪南帮工" in officer.main()
    officer.shot("contact-person")
    officer.go("/contacts/?days=1")
    assert steps.rows_of(officer) == quiet - 1
    for name in names[1:]:
        officer.page.check(f"main tr:has-text('{name}') [name=pk]")
    officer.press("main button[form=quiet]:visible")
    assert officer.page.locator("main [name=pk]:checked").count() == 2
    fill_in(officer, note="主题党日后当面谈了近况")
    officer.shot("contact-meeting")
    officer.press("main form button.btn-primary")
    officer.go("/contacts/?days=1")
    assert steps.rows_of(officer) == quiet - 3
    county.go("/contacts/log/")
    assert county.page.locator("main tr:has-text('主题党日后当面谈了近况')").count() == 2
    assert county.page.locator("main tr:has-text('近期在溪南帮工')").count() == 1
    county.shot("contacts-log")


def test_the_weekly_five_are_marked_without_signal_and_sent_once(visit, officer, story):
    leader = visit("xiapu.grid1", screen="phone")
    leader.go("/contacts/weekly/")
    leader.page.wait_for_selector("[data-weekly][data-kept]")
    leader.go("/contacts/weekly/")  # through the program that keeps the page
    leader.page.wait_for_function("caches.open('waystation-weekly').then(s => s.keys()).then(k => k.length > 3)")
    cards = leader.page.locator("section.wk-due:has(button[value=phoned])")
    names = [card.get_attribute("aria-label") for card in cards.all()]
    assert 2 <= len(names) <= 5
    leader.shot("weekly-five")
    before = entries(officer, "five")
    with leader.offline():
        for name in names[:2]:
            leader.page.locator(f"section[aria-label='{name}'] button[value=phoned]").click()
        assert leader.page.locator("[data-waiting]").inner_text().endswith("2")
        leader.shot("weekly-offline")
        assert entries(officer, "five") == before
        leader.page.reload()  # the telephone was locked meanwhile: the page stands in the browser
        assert leader.page.locator("[data-waiting]").inner_text().endswith("2")
    leader.page.wait_for_selector("[data-waiting]", state="hidden")
    leader.go("/contacts/weekly/")
    for name in names[:2]:
        assert "电话联系上" in leader.page.locator(f"section[aria-label='{name}'] [data-state]").inner_text()
    leader.shot("weekly-sent")
    assert entries(officer, "five") == before + 2


def entries(visitor, source: str) -> int:
    """How many entries of a source the log of contacts has."""
    visitor.go(f"/contacts/log/?source={source}")
    return steps.rows_of(visitor) if visitor.page.locator("main tbody tr").count() else 0


def test_a_weekly_link_is_answered_without_scripts_and_without_signing_in(officer, visit, story):
    officer.go("/contacts/links/new/")
    (branch,) = (text for text in options(officer, "[name=branch]") if "柏洋党支部" in text)
    officer.page.select_option("[name=branch]", label=branch)
    fill_in(officer, reader="缪家旺", digits="27")
    officer.shot("link-new")
    officer.press("main form button.btn-primary")
    officer.shot("link-made")
    address = re.search(r"https?://\S+", officer.page.input_value("#text"))[0]
    reader = visit("", screen="phone", java_script_enabled=False)
    path = address.removeprefix(reader.stack.address)
    assert path.startswith("/")
    reader.go(path)
    reader.page.fill("[name=digits]", "28")
    reader.press("form button")
    assert reader.page.locator("#problem").count() == 1
    reader.page.fill("[name=digits]", "27")
    reader.press("form button")
    reader.shot("weekly-link")
    asked = reader.page.locator("form.card").count()
    assert asked > 0
    name = reader.page.locator("form.card h2").first.inner_text()
    reader.press("form.card button[value$=':talked']")
    assert reader.page.locator("form.card:first-of-type .used").count() == 1
    assert name in reader.page.locator(".said").first.inner_text()
    reader.shot("weekly-link-answered")
    officer.go("/contacts/links/")
    assert f"1 / {asked}" in officer.main()
    officer.go("/contacts/log/?source=link")
    assert name in officer.main()


# --- the baton --------------------------------------------------------------------------------------------


def test_items_are_noted_and_stand_on_the_desk(officer, colleague, story):
    for title, topic in ((DONE, "service"), (HANDED, "contact"), (PARKED, "talk")):
        officer.go("/duty/items/new/")
        fill_in(officer, title=title, due_on=str(story.today + timedelta(days=1)))
        officer.page.select_option("[name=topic]", topic)
        officer.press("main form button.btn-primary")
        assert title in officer.main()
        story.seen[title] = officer.page.url.removeprefix(officer.stack.address)
    officer.shot("item")
    colleague.go("/duty/items/")
    for title in (DONE, HANDED, PARKED):
        assert title in colleague.main()
    colleague.shot("items")


def test_whoever_comes_reads_what_was_left_before(officer, colleague, story):
    officer.go("/duty/")
    officer.shot("today")
    officer.press(f"main li:has-text('{FIRST}') a:has-text('签到')")
    officer.press("main form button.btn-primary")
    assert "请先阅读上一班的交班内容并确认" in officer.main()
    officer.shot("check-in")
    for box in officer.page.locator("main [name=read]").all():
        box.check()
    officer.press("main form button.btn-primary")
    assert officer.page.locator(f"main li:has-text('{FIRST}'):has-text('值班中')").count() == 1
    colleague.go("/duty/")
    assert colleague.page.locator(f"main li:has-text('{FIRST}'):has-text('值班中')").count() == 1
    officer.shot("today-on-duty")


def test_the_baton_does_not_go_on_while_an_item_belongs_to_nobody(officer, story):
    officer.go("/duty/")
    officer.press(f"main li:has-text('{FIRST}') a:has-text('交班')")
    officer.page.select_option("[name=rest_to]", "")
    fill_in(officer, note=NOTE)
    settle(officer, story, DONE, act="finish", outcome="材料齐全，已备案")
    officer.press("main form:has([name=note]) button.btn-primary")
    left = number_in(officer.page.locator("main .ws-errors li").first.inner_text())
    assert left == officer.page.locator("main form tbody tr").count() - 1
    assert officer.page.input_value("[name=note]") == NOTE
    officer.shot("check-out-refused")


def settle(visitor, story, title: str, **fields) -> None:
    """Say in the table of the check-out what becomes of one item."""
    key = story.seen[title].strip("/").rsplit("/", 1)[1]
    for name, value in fields.items():
        field = visitor.page.locator(f"[name=item-{key}-{name}]")
        if name in ("act", "to"):
            field.select_option(**{"label" if name == "to" else "value": value})
        else:
            field.fill(value)


def test_the_baton_is_handed_over_with_a_brief(officer, story):
    officer.go("/duty/")
    officer.press(f"main li:has-text('{FIRST}') a:has-text('交班')")
    (second,) = (text for text in options(officer, "[name=rest_to]") if SECOND in text)
    story.seen["second"] = second
    officer.page.select_option("[name=rest_to]", label=second)
    fill_in(officer, note=NOTE)
    settle(officer, story, DONE, act="finish", outcome="材料齐全，已备案")
    settle(officer, story, HANDED, act="hand", to=second)
    settle(officer, story, PARKED, act="park", until=str(story.today + timedelta(days=4)))
    officer.shot("check-out")
    officer.press("main form:has([name=note]) button.btn-primary")
    assert officer.page.locator(f"main li:has-text('{FIRST}'):has-text('已交班')").count() == 1
    officer.go(story.seen[DONE])
    assert "材料齐全，已备案" in officer.main()
    officer.go(story.seen[HANDED])
    assert SECOND in officer.main()
    officer.go(story.seen[PARKED])
    assert "暂缓" in officer.main()


def options(visitor, selector: str) -> list[str]:
    return visitor.page.locator(f"{selector} option").all_inner_texts()


def test_the_next_shift_reads_the_brief_and_takes_over(colleague, head, story):
    colleague.go("/duty/")
    colleague.press(f"main li:has-text('{SECOND}') a:has-text('签到')")
    assert NOTE in colleague.main()
    assert HANDED in colleague.main()
    assert DONE in colleague.page.locator("main details").first.inner_text() or DONE in colleague.page.content()
    colleague.shot("brief")
    for box in colleague.page.locator("main [name=read]").all():
        box.check()
    colleague.press("main form button.btn-primary")
    head.go("/duty/")
    assert head.page.locator(f"main li:has-text('{FIRST}'):has-text('{COLLEAGUE}已接')").count() == 1
    colleague.go("/duty/items/?state=shift")
    head.shot("handed-over")


# --- money ------------------------------------------------------------------------------------------------


def voucher() -> dict:
    """The smallest picture that a scanner could have made."""
    paper = io.BytesIO()
    Image.new("RGB", (420, 260), "white").save(paper, "PNG")
    return {"name": "发票.png", "mimeType": "image/png", "buffer": paper.getvalue()}


def account_of(visitor) -> str:
    """The station's account, opened from the list as its people do."""
    visitor.go("/funds/")
    visitor.press(f"main tbody a:text-is('{STATION}')")
    return visitor.page.url.removeprefix(visitor.stack.address)


def money(visitor, label: str) -> str:
    return visitor.page.locator(f"main a.ws-tile:has-text('{label}') b").inner_text()


def enter_expense(visitor, story, amount: str) -> None:
    visitor.go(story.seen["account"])
    visitor.press("main a[href$='/expenses/new/']")
    visitor.page.select_option("[name=line]", index=1)
    fill_in(visitor, amount=amount, payee="松城街道兴达文具店", purpose="交接班登记簿、文件夹")
    visitor.page.set_input_files("[name=voucher]", voucher())
    visitor.press("main form button.btn-primary")


def test_more_than_the_line_has_is_refused_with_a_sentence(officer, story):
    story.seen["account"] = account_of(officer)
    story.seen["spent"] = money(officer, "支出（元）")
    officer.shot("account")
    officer.expect_status(422)
    enter_expense(officer, story, "9999999")
    assert officer.page.locator("main .ws-error").first.inner_text()
    assert officer.page.input_value("[name=payee]") == "松城街道兴达文具店"
    officer.shot("expense-refused")


def test_an_expense_with_its_voucher_is_approved_by_another_person(officer, county, story):
    enter_expense(officer, story, AMOUNT)
    story.seen["expense"] = officer.page.url.removeprefix(officer.stack.address)
    assert officer.page.locator("main form[action$='/approve/']").count() == 0
    officer.shot("expense")
    county.go("/funds/queue/")
    county.shot("queue")
    county.press(f"main a[href='{story.seen['expense']}']")
    assert county.page.locator("main img").evaluate("image => image.naturalWidth") == 420
    county.press("main form[action$='/approve/'] button")
    officer.go(story.seen["account"])
    spent = officer.page.locator("main a.ws-tile:has-text('支出（元）')")
    assert amount_of(money(officer, "支出（元）")) == amount_of(story.seen["spent"]) + amount_of(AMOUNT)
    officer.press("main a.ws-tile:has-text('支出（元）')")
    assert AMOUNT in officer.main()
    assert spent.count() == 0


def amount_of(text: str) -> int:
    """Fen, so that sums are exact."""
    yuan, _dot, fen = text.replace(",", "").partition(".")
    return int(yuan) * 100 + int((fen + "00")[:2])


def test_the_statement_shows_it_on_the_page_as_a_sheet_and_on_paper(county, story):
    county.go(story.seen["account"])
    county.press("main a[href*='/funds/statement/']")
    county.shot("statement")
    spent = county.page.locator("main tbody tr").all_inner_texts()
    assert any("办公" in row for row in spent)
    book = county.fetched(county.page.locator("main a[href*='/statement/xlsx/']").get_attribute("href"))
    assert "办公经费" in words_of(sheet(book))
    paper = county.fetched(county.page.locator("main a[href*='/statement/pdf/']").get_attribute("href"))
    assert pages_of(paper) >= 1


def test_what_is_booked_is_taken_back_by_a_reversal(officer, county, story):
    officer.go(story.seen["expense"])
    officer.page.locator("main details summary").first.click()
    fill_in(officer, reason="与上周发票重复")
    officer.press("main form[action$='/reverse/'] button")
    assert f"-{AMOUNT}" in officer.main()
    reversal = officer.page.url.removeprefix(officer.stack.address)
    county.go(reversal)
    county.press("main form[action$='/approve/'] button")
    officer.go(story.seen["account"])
    assert money(officer, "支出（元）") == story.seen["spent"]
    officer.shot("account-reversed")


# --- the end of the month -------------------------------------------------------------------------------


def test_the_figures_of_the_month_say_what_was_done(officer, head, story):
    month = f"{story.extra[0]:%Y-%m}"
    numbers = figures(officer, story.this_month)
    assert numbers["opened"] >= 4
    officer.go(f"/duty/figures/?month={story.this_month}")
    officer.shot("figures")
    for key, title in (("done", DONE), ("handed", HANDED), ("parked", PARKED)):
        officer.go(f"/duty/figures/{key}/?month={story.this_month}")
        while title not in officer.main():
            officer.press("main a[rel=next]")
    held = figures(officer, month)["held"]
    assert held >= 2
    rows = sheet(head.fetched(f"/duty/figures/sheet/?month={story.this_month}"))
    assert str(numbers["opened"]) in words_of(rows)


def test_the_month_table_is_handed_up_as_a_sheet_and_on_paper(head, story):
    month = f"{story.next_month:%Y-%m}"
    rota(head, month)
    names = names_on(head)
    rows = sheet(head.fetched(f"/duty/rota/sheet/?month={month}"))
    text = words_of(rows)
    assert STATION in text
    assert all(name in text for name in set(names))
    assert pages_of(head.fetched(f"/duty/rota/paper/?month={month}")) >= 1


def test_county_and_city_see_the_stations_side_by_side(county, visit, story):
    city = visit("city")
    for visitor in (county, city):
        visitor.go("/stations/comparison/")
        assert STATION in visitor.main()
        visitor.shot("comparison")
        link = visitor.page.locator("main a[href*='/comparison/export/']").get_attribute("href")
        rows = sheet(visitor.fetched(link if link.startswith("/") else "/stations/comparison/" + link))
        assert STATION in words_of(rows)


def test_every_number_of_every_desk_opens_its_rows(visit):
    for name in ("xiapu.head", "xiapu.officer", "xiapu.officer2", "xiapu.grid1", "baiyang.branch", "xiapu", "city"):
        visitor = visit(name, screen="phone" if name in ("xiapu.grid1", "baiyang.branch") else "office")
        visitor.go("/")
        visitor.shot(f"desk-{name}")
        assert steps.every_number_opens_its_rows(visitor), name


def test_the_same_month_in_english(visit, story):
    head = visit("xiapu.head", language="en")
    rota(head, f"{story.next_month:%Y-%m}")
    assert "Published" in head.main()
    assert not re.search("[\u4e00-\u9fff]", head.page.locator("main h1, main thead").first.inner_text())
    head.shot("rota")
    head.go("/duty/")
    assert "handed over" in head.main()
    head.shot("today")
