"""A year in the life of one member of Baiyang who keeps an eating house in the town of Xiapu, as everybody who
has to do with her meets it: the branch at home, the station, the destination, the county, another branch. What
a member does on the phone is done by the member of the demonstration, who has an account.

The tests stand in the order of the year; each goes on where the one before it stopped."""

import io
import re
import zipfile
from datetime import datetime
from zoneinfo import ZoneInfo

import pypdfium2
import pytest

from tests import make
from tests.browser.paper import links_on, pages_of
from tests.browser.steps import BOARD, SAME, fill, follow, open_file, rows_of, send

pytestmark = pytest.mark.browser

NAME, TRADE, PHONE = "柯秋月", "餐饮服务", "13900008831"
NUMBER = make.id_number("1984-10-06", area="350921")
ON_THE_PHONE = "陈丽"  # the member of the demonstration
STATION = "霞浦县流动党员管理服务中心"
BRANCH, COMMUNITY = "柏洋党支部", "龙津社区居委会"
NEW_BRANCH = "盐田党支部"
GROUP = "餐饮服务功能党小组"
DUTIES = ("dues", "life", "talk", "education", "appraisal", "service", "contact")
TODAY = datetime.now(ZoneInfo("Asia/Shanghai")).date()
YEAR = TODAY.year
EXTRA_ROUND, TEST_ROUND = f"{YEAR}年度流动党员补充评议", "年度试评"


@pytest.fixture
def branch(visit):
    """The secretary of the branch at home, at the desk."""
    return visit("baiyang.branch")


@pytest.fixture
def phone_of_branch(visit):
    return visit("baiyang.branch", screen="phone")


@pytest.fixture
def officer(visit):
    return visit("xiapu.officer")


@pytest.fixture
def head(visit):
    return visit("xiapu.head")


@pytest.fixture
def county(visit):
    return visit("xiapu")


@pytest.fixture
def colleague(visit):
    """The other organiser of the county: who proposed a grade does not decide it."""
    return visit("xiapu.county2")


@pytest.fixture
def helper(visit):
    """The destination contact: helps those who live in the community, answers for nobody."""
    return visit("longjin", screen="phone")


@pytest.fixture
def member(visit):
    return visit("member", screen="phone")


def address_of(visitor) -> str:
    return visitor.page.url.removeprefix(visitor.stack.address)


def sheet_of(visitor) -> str:
    """Open the duty sheet from the file; returns its address."""
    open_file(visitor, NAME)
    follow(visitor, "main a[href^='/duties/']:not([href*='/transfer'])")
    return address_of(visitor)


def holders(visitor) -> dict[str, str]:
    """Who answers today for what, as the open duty sheet says."""
    rows = visitor.page.locator("main table tbody tr")
    return {
        rows.nth(at).locator("th").inner_text().strip(): rows.nth(at).locator("td b").first.inner_text()
        for at in range(rows.count())
    }


def life_of(visitor, name: str = NAME) -> str:
    """The time line on the person's page."""
    open_file(visitor, name)
    return visitor.page.locator("main ol.ws-line").inner_text()


# --- she leaves and arrives -----------------------------------------------------------------------


def test_the_branch_registers_that_she_leaves(phone_of_branch, officer, helper):
    phone_of_branch.go("/people/departures/new/")
    fill(
        phone_of_branch, full_name=NAME, id_number=NUMBER, phone=PHONE, where=STATION, destination_text="龙津社区",
        left=f"{YEAR}-03-01", reason="餐饮经营", member_kind="full", joined="2008-07-01", trade=TRADE,
    )  # fmt: skip
    phone_of_branch.shot("year-departure-form")
    phone_of_branch.press("main form button.btn-primary")
    assert "待报到" in phone_of_branch.main()
    phone_of_branch.shot("year-departure")
    officer.go("/people/departures/?state=pending")
    assert NAME in officer.main()
    helper.expect_status(403)
    assert helper.status_of("/people/departures/") == 403
    helper.go("/people/")
    assert NAME not in helper.main()


def test_the_station_enters_that_she_reports(officer):
    officer.go("/people/arrivals/new/")
    send(
        officer, full_name=NAME, id_number=NUMBER, phone=PHONE, home_text="柏洋乡柏洋村党支部",
        destination_text="龙津社区", trade=TRADE, skill="闽东小吃", arrived=f"{YEAR}-03-05",
    )  # fmt: skip
    officer.go("/people/arrivals/?state=pending")
    assert NAME in officer.main()


def test_both_sides_confirm_and_the_stay_begins(phone_of_branch, officer, helper, visit):
    for visitor in (phone_of_branch, officer):
        visitor.go("/people/?status=care")
        assert NAME not in visitor.main()
        visitor.go(BOARD + "?tab=matched")
        visitor.press(f"main article.ws-pair:has-text('{NAME}') button:text-is('{SAME['zh']}')")
    open_file(officer, NAME)
    words = officer.main()
    for piece in (BRANCH, STATION, COMMUNITY, "纳入管理", "办理流入登记", "办理外出登记"):
        assert piece in words
    assert NUMBER not in words
    person = address_of(officer)
    officer.shot("year-file-at-first")
    open_file(helper, NAME)
    for secret in ("身份证号", "手机", "139"):
        assert secret not in helper.main()
    for stranger in ("gutian.officer", "xibian.branch", "fuding"):
        other = visit(stranger)
        other.expect_status(404)
        assert other.status_of(person) == 404, stranger


# --- who answers for what -------------------------------------------------------------------------


def test_the_duty_sheet_is_there_and_the_file_says_the_same(officer, branch, helper):
    address = sheet_of(officer)
    held = holders(officer)
    assert len(held) == len(DUTIES)
    assert held["党费"] == BRANCH
    assert {unit for duty, unit in held.items() if duty != "党费"} == {STATION}
    officer.shot("year-sheet")
    for visitor in (branch, helper):
        assert sheet_of(visitor) == address
        assert holders(visitor) == held
    open_file(officer, NAME)
    origin, station, destination = officer.page.locator("main .ws-three li:not(.is-arrow)").all_inner_texts()
    assert ("党费" in origin, "谈心谈话" in origin) == (True, False)
    assert ("党费" in station, "谈心谈话" in station) == (False, True)
    assert ("党费" in destination, "谈心谈话" in destination) == (False, False)


def printed_sheet(visitor) -> str:
    """Print the duty sheet; what its code says."""
    paper = visitor.fetched(sheet_of(visitor) + "paper/")
    assert pages_of(paper) == 1
    (link,) = links_on(paper)
    assert link.startswith(visitor.stack.address)
    return link.removeprefix(visitor.stack.address)


def test_the_printed_sheet_proves_itself_until_a_duty_passes_on(officer, helper, visit):
    link, passer_by = printed_sheet(officer), visit("", screen="phone")
    passer_by.go(link)
    assert "共管单有效" in passer_by.main()
    assert NAME not in passer_by.main()
    passer_by.shot("year-sheet-code")
    # The station asks the community to talk with her, because she lives there.
    sheet_of(officer)
    follow(officer, "main a[href$='/propose/?kind=talk']")
    fill(officer, to=COMMUNITY)
    send(officer, reason="本人住在社区，由社区就近谈心谈话")
    assert holders(officer)["谈心谈话"] == STATION  # not yet
    helper.go("/")
    follow(helper, "main a[href='/duties/?tab=waiting']")
    assert NAME in helper.main()
    helper.shot("year-waiting")
    follow(helper, "main a.btn-primary[href^='/duties/']")
    helper.press("main form[action*='/agree/'] button")
    assert holders(helper)["谈心谈话"] == COMMUNITY
    helper.shot("year-sheet-agreed")
    passer_by.go(link)
    assert "共管单有效" not in passer_by.main()
    assert "已不是最新内容" in passer_by.main()
    passer_by.go(printed_sheet(officer))
    assert "共管单有效" in passer_by.main()


def test_the_branch_refuses_to_give_the_dues_away_and_says_why(officer, phone_of_branch):
    sheet_of(officer)
    follow(officer, "main a[href$='/propose/?kind=dues']")
    fill(officer, to=STATION)
    send(officer, reason="本人常年在城，便于收缴")
    sheet_of(phone_of_branch)
    follow(phone_of_branch, "main a[href$='/refuse/']")
    send(phone_of_branch, reason="党费应交到正式组织关系所在支部")
    phone_of_branch.shot("year-refused")
    sheet_of(officer)
    assert holders(officer)["党费"] == BRANCH
    assert "党费应交到正式组织关系所在支部" in officer.main()
    officer.shot("year-sheet-after")


# --- a grid, a group, a card ----------------------------------------------------------------------


def test_she_comes_into_the_grid_of_her_community(officer, visit):
    leader = visit("xiapu.grid1", screen="phone")
    leader.go("/people/?status=care")
    assert NAME not in leader.main()
    officer.go("/grids/proposals/")
    row = f"main tbody tr:has-text('{NAME}')"
    assert COMMUNITY in officer.page.locator(row).inner_text()
    officer.page.check(f"{row} input[name=pk]")
    officer.press("main button:has-text('按建议编入')")
    officer.press("main button:has-text('确认编入')")
    leader.go("/people/?status=care")
    assert NAME in leader.main()


def test_she_joins_a_functional_group_and_stays_a_member_of_her_branch(officer, branch):
    officer.search(NAME)
    officer.go(f"/people/?status=care&q={NAME}")
    officer.page.check(f"main tbody tr:has-text('{NAME}') input[name=pk]")
    officer.press("main .ws-batch button[value=group]")
    officer.page.select_option("main [name=target]", label=f"{STATION} · {GROUP}")
    officer.press("main form button.btn-primary")
    assert "组织关系" in officer.main()
    officer.shot("year-group")
    officer.press("main form button.btn-primary")
    for visitor in (officer, branch):
        open_file(visitor, NAME)
        words = visitor.main()
        assert GROUP in words
        assert BRANCH in visitor.page.locator("main .ws-three li").first.inner_text()
    branch.go("/people/")
    assert NAME in branch.main()


def test_the_branch_gives_her_an_activity_card_and_the_station_checks_it(branch, officer):
    open_file(branch, NAME)
    follow(branch, "main a[href^='/formalities/cards/new/']")
    # Issued as in life when she left, so that the check of the year concerns it.
    send(branch, number="闽霞2026-0831", issued_on=f"{YEAR}-03-01", reason="餐饮经营", place="霞浦县松城街道龙津社区")
    assert "闽霞2026-0831" in branch.main()
    open_file(officer, NAME)
    follow(officer, "main a[href^='/formalities/cards/']")
    if officer.page.locator("main form[action$='/check/']").count():
        send(officer, on=TODAY.isoformat(), remark="组织生活、党费均已登记")
        assert "组织生活、党费均已登记" in officer.main()
    officer.shot("year-activity-card")


def test_a_talk_is_logged_and_the_destination_reads_nothing_of_it(officer, helper):
    open_file(officer, NAME)
    follow(officer, "main a[href^='/contacts/of/']")
    follow(officer, "main a[href^='/contacts/new/']:not([href*='kind=visit'])")
    send(officer, channel="met", outcome="reached", note="店里生意稳定，愿意带徒弟")
    assert "店里生意稳定" in life_of(officer)
    assert "店里生意稳定" not in life_of(helper)


# --- dues -----------------------------------------------------------------------------------------


def dues_of(visitor, name: str = NAME) -> None:
    open_file(visitor, name)
    person = address_of(visitor).split("/")[2]
    visitor.go(f"/dues/{person}/")


def test_the_branch_records_her_dues_and_what_is_missing_is_seen(branch, county, helper):
    dues_of(branch)
    follow(branch, "main a[href$='/base/']")
    send(branch, category="business", income="4200", starts_on=f"{YEAR}-01", basis="上季度经营流水")
    follow(branch, "main a[href$='/record/']")
    branch.expect_status(422)
    fill(branch, amount="336", first_month=f"{YEAR}-01", last_month=f"{YEAR}-08", receipt_no="2026-0831")
    branch.press("main form.ws-form button.btn-primary")
    assert "补交党费一般不超过6个月" in branch.main()
    assert branch.page.input_value("main form [name=amount]") == "336"
    send(branch, remark="外出期间由家属代收，据实补登")
    assert "336.00" in branch.main()
    assert "未登记" in branch.main()
    branch.shot("year-dues")
    branch.go(f"/dues/?q={NAME}")
    assert NAME in branch.main()
    branch.shot("year-dues-list")
    helper.expect_status(403)
    assert helper.status_of("/dues/") == 403


def test_she_is_asked_less_for_a_time_and_somebody_else_decides(branch, visit):
    dues_of(branch)
    follow(branch, "main a[href$='/reduction/']")
    send(
        branch, kind="lower", amount="5", starts_on=f"{YEAR}-11", last_month=f"{YEAR + 1}-04",
        reason="门店修路停业，收入减少",
    )  # fmt: skip
    request = address_of(branch)
    assert request.startswith("/dues/reductions/")
    assert branch.page.locator("main form[action$='/approve/']").count() == 0
    township = visit("baiyang", screen="phone")
    township.go(request)
    assert "门店修路停业" in township.main()
    township.shot("year-reduction")
    township.press("main form[action$='/approve/'] button, main button[formaction$='/approve/']")
    dues_of(branch)
    assert "少交" in branch.main()
    branch.shot("year-dues-lower")


def test_a_member_sees_the_own_dues_on_the_phone(branch, member):
    dues_of(branch, ON_THE_PHONE)
    follow(branch, "main a[href$='/record/']")
    send(branch, amount="21.50", first_month=f"{YEAR}-11", last_month=f"{YEAR}-11", receipt_no="2026-1126")
    member.go("/m/")
    follow(member, "main a[href='/m/dues/']")
    assert "21.50" in member.main()
    assert NAME not in member.main()
    member.shot("year-my-dues")


# --- education ------------------------------------------------------------------------------------


def test_an_item_of_the_plan_is_held_and_the_roll_is_ticked_on_a_phone(officer, visit):
    officer.go("/education/plans/")
    follow(officer, f"main tbody tr:has-text('{STATION}'):has-text('{YEAR}') a[href^='/education/plans/']")
    officer.shot("year-plan")
    follow(officer, "main a[href*='/occasions/new/?item=']")
    send(officer, held_on=TODAY.isoformat(), hours="2", topic="冬季用火用气安全与党员责任", place="驿站党群活动室")
    roll = address_of(officer)
    phone = visit("xiapu.officer2", screen="phone")
    phone.go(roll)
    for name in (NAME, ON_THE_PHONE):
        phone.page.check(f"main #roll tr:has-text('{name}') input[name=pk]")
    phone.shot("year-roll")
    phone.press("main .ws-batch button[value=present]")
    phone.go(roll + "?mark=open")
    phone.page.check("main .ws-batch input[name=all]")
    phone.press("main .ws-batch button[value=leave]")
    phone.press("main button[formaction$='/close/']")
    phone.go(roll)
    assert rows_of_roll(phone, "实到") == 2
    officer.go(roll)
    officer.shot("year-roll-closed")


def rows_of_roll(visitor, words: str) -> int:
    """How many lines of the roll carry the mark."""
    return visitor.page.locator(f"main table tr:has-text('{words}')").count()


def hours_of(visitor, name: str = NAME) -> str:
    open_file(visitor, name)
    person = address_of(visitor).split("/")[2]
    visitor.go(f"/education/people/{person}/")
    return visitor.main()


def test_her_hours_are_credited_and_everybody_who_cares_sees_them(officer, branch, helper):
    for visitor in (officer, branch):
        assert "冬季用火用气安全与党员责任" in hours_of(visitor)
        assert f"{YEAR}年学习教育2学时" in life_of(visitor).replace(" ", "")
    assert "学时" not in life_of(helper)


def test_a_member_reports_study_at_home_and_the_officer_confirms_it(member, officer):
    member.go("/m/learning/")
    before = member.page.locator("main .ws-reference").inner_text()
    follow(member, "main a[href='/m/learning/new/']")
    send(member, source="home", title="自学《中国共产党章程》", learnt_on=TODAY.isoformat(), hours="3", note="笔记一本")
    assert "自学《中国共产党章程》" in member.main()
    assert member.page.locator("main .ws-reference").inner_text() == before
    member.shot("year-my-learning")
    officer.go("/education/reported/")
    officer.shot("year-reported")
    officer.press("main tbody tr:has-text('自学《中国共产党章程》') form[action$='/confirm/'] button")
    assert "自学《中国共产党章程》" in hours_of(officer, ON_THE_PHONE)
    member.go("/m/learning/")
    assert member.page.locator("main .ws-reference").inner_text() != before


def test_study_is_brought_home_to_one_of_the_eldest(officer, visit):
    officer.go("/contacts/excused/")
    officer.shot("year-excused")
    officer.go("/education/brought-home/new/")
    send(
        officer, title="年末学习包", materials="《中国共产党章程》大字本\n年度主题党日图文简报",
        issued_on=TODAY.isoformat(), due_on=TODAY.isoformat(),
    )  # fmt: skip
    officer.shot("year-pack")
    pack = address_of(officer)
    officer.press("main tbody th a[href^='/education/deliveries/']")
    eldest = officer.page.locator("main h1").inner_text().split("\n")[0].split()[0]
    send(officer, carrier="曾美华", delivered_on=TODAY.isoformat(), hours="1.5", feedback="盼年后讲讲家乡变化")
    officer.go(pack)
    assert "盼年后讲讲家乡变化" in officer.main()
    assert "年末学习包" in life_of(officer, eldest)
    assert "年老体弱" not in life_of(officer, eldest)  # why nothing is required is sealed


# --- two-way appraisal ----------------------------------------------------------------------------

WORDS = {
    "standards": "以党章和党员教育管理工作条例为依据。",
    "demands": "实事求是、客观公正，提交即密封。",
    "goals": "帮助流动党员改进提高。",
    "method": "个人自评、站点评价、流出地评价按权重测算，测算只作参考。",
}


def draft(visitor, *, title: str, year: int, **more) -> str:
    """Draft, publish and open a round; returns its address."""
    visitor.go("/appraisals/new/")
    fill(visitor, title=title, year=year, cutoff_on=TODAY.isoformat(), due_on=TODAY.isoformat(), **WORDS, **more)
    for number, (criterion, weight) in enumerate((("政治素质", 50), ("作用发挥", 50))):
        fill(visitor, **{f"criteria-{number}-title": criterion, f"criteria-{number}-weight": weight})
    send(visitor)
    for step in ("publish", "open"):
        take(visitor, step)
    return address_of(visitor)


def take(visitor, step: str, **answers) -> None:
    """Take the next step of the open round."""
    follow(visitor, f"main a[href$='/step/{step}/']")
    send(visitor, **answers)


def assess(visitor, side: str, name: str, points: tuple[int, int], *, of: str) -> None:
    """Hand in the assessment of a side from the list of what is due."""
    visitor.go(f"/appraisals/due/{side}/")
    visitor.press(f"main tbody tr:has-text('{name}'):has-text('{of}') a")
    send(visitor, **{f"points_{order}": number for order, number in enumerate(points, start=1)})


def test_a_round_of_her_own_and_each_side_scores_without_seeing_the_other(county, head, phone_of_branch, officer):
    address = draft(
        county, unit="霞浦县 (", title=EXTRA_ROUND, year=YEAR, mutual="none", weight_self=20, weight_mutual=0,
        weight_station=40, weight_origin=40,
    )  # fmt: skip
    county.shot("year-round")
    county.go("/appraisals/members/?round=" + address.split("/")[2])
    assert [NAME in row for row in county.page.locator("main tbody tr").all_inner_texts()] == [True]
    county.press("main tbody a")
    one = address_of(county)
    assess(phone_of_branch, "origin", NAME, (93, 95), of=EXTRA_ROUND)
    phone_of_branch.shot("year-scored")
    for visitor in (county, head, phone_of_branch):
        visitor.go(one)
        assert not {"93", "95"} & set(re.findall(r"\d+", visitor.main())), visitor
    assess(head, "station", NAME, (84, 86), of=EXTRA_ROUND)
    officer.go(one)
    follow(officer, "main a[href*='/assess/for/']")
    send(officer, points_1=88, points_2=90)
    for visitor in (county, head, phone_of_branch, officer):
        visitor.go(one)
        assert not {"84", "86", "88", "93", "95"} & set(re.findall(r"\d+", visitor.main())), visitor
    for fact in ("1条记录，共2学时", "实际联系1次"):
        assert fact in head.main()
    head.shot("year-sealed")
    county.go(address)
    take(county, "unseal")
    for visitor in (county, head, phone_of_branch):
        visitor.go(one)
        assert {"84", "86", "93", "95"} <= set(re.findall(r"\d+", visitor.main()))
    county.shot("year-unsealed")


def test_two_grades_apart_the_sides_consult_and_she_objects(county, officer, phone_of_branch):
    life_entry(county, EXTRA_ROUND)
    county.expect_status(404)
    assert county.page.locator("main a[href$='/propose/']").count() == 0  # first they talk
    follow(county, "main a[href$='/consult/']")
    send(
        county, held_on=TODAY.isoformat(), station_people="罗春生", origin_people="缪家旺",
        text="双方核对了志愿服务和学习记录。", conclusion="qualified",
    )  # fmt: skip
    county.shot("year-consulted")
    assert county.page.locator("main a[href$='/propose/'], main a[href$='/consult/answer/']").count() == 0
    life_entry(phone_of_branch, EXTRA_ROUND)
    follow(phone_of_branch, "main a[href$='/consult/answer/']")
    send(phone_of_branch, answer="confirm", text="与会商情况一致。")
    life_entry(county, EXTRA_ROUND)
    follow(county, "main a[href$='/propose/']")
    send(county, grade="qualified")
    follow(county, "main a:has-text('返回本次评议')")
    take(county, "replies")
    life_entry(officer, EXTRA_ROUND)
    follow(officer, "main a[href$='/reply/']")
    send(officer, answer="object", text="九月帮带徒弟两人未计入，请核实。")
    life_entry(phone_of_branch, EXTRA_ROUND)
    assert "九月帮带徒弟两人未计入" in phone_of_branch.main()
    phone_of_branch.shot("year-objection")


def life_entry(visitor, words: str, name: str = NAME) -> None:
    """Open an entry of the time line."""
    open_file(visitor, name)
    follow(visitor, f"main ol.ws-line a:has-text('{words}')")


def test_who_scored_or_proposed_does_not_decide_and_the_decision_has_a_reason(county, colleague, head):
    for visitor in (head, county):
        life_entry(visitor, EXTRA_ROUND)
        assert visitor.page.locator("main a[href$='/decide/']").count() == 0
    life_entry(colleague, EXTRA_ROUND)
    follow(colleague, "main a[href$='/decide/']")
    colleague.expect_status(422)
    fill(colleague, grade="excellent")
    colleague.press("main form.ws-form button.btn-primary")
    assert colleague.page.locator("main .ws-error, main .ws-errors").count() > 0
    send(colleague, grade="excellent", reason="经社区核实，帮带徒弟属实，予以补记。")
    colleague.shot("year-decided")
    life_entry(county, EXTRA_ROUND)
    follow(county, "main a:has-text('返回本次评议')")
    take(county, "conclude", reason="本轮仅一人参评")
    take(county, "close")
    county.shot("year-round-closed")


def test_the_notices_go_to_the_origin_and_to_the_member_as_word_and_pdf(county, branch):
    life_entry(county, EXTRA_ROUND)
    follow(county, "main a:has-text('返回本次评议')")
    follow(county, "main a[href$='/notices/']")
    papers = [one.get_attribute("href") for one in county.page.locator("main a[href*='/notice/']").all()]
    assert len(papers) == 4
    county.shot("year-notices")
    for paper in papers:
        content = county.fetched(paper)
        if paper.endswith("/pdf/"):
            assert pages_of(content) >= 1
            continue
        text = words_of(content)
        assert NAME in text
        assert "优秀" in text
    branch.go("/appraisals/letters/")
    assert EXTRA_ROUND in branch.main() or BRANCH in branch.main()
    branch.shot("year-letters")
    branch.press("main form[action$='/received/'] button")


def words_of(docx: bytes) -> str:
    """The text of a Word document."""
    with zipfile.ZipFile(io.BytesIO(docx)) as parts:
        assert parts.testzip() is None
        return "".join(re.findall(r"<w:t[^>]*>([^<]*)</w:t>", parts.read("word/document.xml").decode()))


def test_the_figures_of_the_year_open_their_rows(county):
    county.go(f"/appraisals/figures/?year={YEAR}")
    county.shot("year-figures")
    cells = county.page.locator("main tbody td.ws-number a")
    figures = [(cell.get_attribute("href"), int(cell.inner_text())) for cell in cells.all()]
    assert figures
    for address, number in figures:
        county.go(address)
        assert (address, rows_of(county)) == (address, number)


def confirm_and_propose(head, county):
    """The origin's side confirms the record of the consultation on the page, unless it has; the station proposes."""
    about = address_of(head)
    county.go(about + "consult/answer/")
    if county.page.locator("main [name=answer]").count():
        send(county, answer="confirm")
    head.go(about)
    follow(head, "main a[href$='/propose/']")
    send(head, grade="qualified")


def test_a_member_disputes_the_grade_on_the_phone_and_reads_the_decision(head, member, county):
    head.go("/appraisals/")
    follow(head, f"main tbody th a:has-text('{YEAR}年度流动党员双向评议')")
    address = address_of(head)
    while head.page.locator("main a[href*='what=gap']").count():
        follow(head, "main a[href*='what=gap']")
        follow(head, "main tbody a")
        follow(head, "main a[href$='/consult/']")
        send(
            head, held_on=TODAY.isoformat(), station_people="罗春生", origin_people="支部书记",
            text="双方交换了评价依据。", conclusion="qualified",
        )  # fmt: skip
        confirm_and_propose(head, county)
        head.go(address)
    follow(head, "main a[href$='/propose/']")
    head.press("main form button.btn-primary")
    head.go(address)
    while head.page.locator("main a[href*='what=unproposed']").count():  # consultations recorded before
        follow(head, "main a[href*='what=unproposed']")
        follow(head, "main tbody a")
        confirm_and_propose(head, county)
        head.go(address)
    take(head, "replies")
    member.go("/m/")
    follow(member, "main a[href='/appraisals/mine/']")
    member.shot("year-my-appraisal")
    follow(member, "main a.btn-primary[href*='/mine/result/']")
    member.shot("year-my-result")
    send(member, answer="object", text="六月在社区值守两次未计入。")
    life_entry(county, f"{YEAR}年度流动党员双向评议", ON_THE_PHONE)
    assert "六月在社区值守两次未计入" in county.main()
    follow(county, "main a[href$='/decide/']")
    send(county, grade="qualified", reason="已核实并补记，维持原定等次。")
    member.go("/appraisals/mine/")
    follow(member, "main a[href*='/mine/result/']")
    assert "已核实并补记，维持原定等次。" in member.main()
    member.shot("year-my-decision")
    head.go(address)
    head.expect_status(422)
    follow(head, "main a[href$='/step/conclude/']")
    head.press("main form.ws-form button.btn-primary")
    assert head.page.locator("main .ws-error, main .ws-errors").count() > 0  # the others have no grade yet


def test_a_member_assesses_the_own_year_and_a_ballot_is_cast_once(head, member, visit):
    draft(
        head, title=TEST_ROUND, year=YEAR - 2, mutual="ballot", weight_self=10, weight_mutual=20, weight_station=35,
        weight_origin=35,
    )  # fmt: skip
    follow(head, "main a[href$='/box/']")
    send(head)
    box = address_of(head)
    papers = papers_of(head)
    head.shot("year-box")
    member.go("/appraisals/mine/")
    follow(member, "main a[href*='/mine/assess/']")
    member.shot("year-my-assessment")
    send(member, points_1=90, points_2=88)
    assert "90" not in member.main()
    voter = visit("", screen="phone")
    voter.expect_status(422)
    ballot = box.replace("/box/", "/ballot/")
    for attempt in (1, 2):
        voter.go(ballot)
        voter.page.fill("main [name=code]", papers[0])
        voter.press("main form button.btn-primary")
        if attempt == 2:
            break
        voter.page.locator(f"main fieldset:has-text('{NAME}') input[value=excellent]").check()
        voter.shot("year-ballot")
        voter.press("main form button.btn-primary")
        assert "投" in voter.main()
    assert NAME not in voter.main()
    assert voter.page.locator("main .ws-error, main .ws-errors").count() > 0
    voter.shot("year-ballot-again")


def papers_of(visitor) -> list[str]:
    """Print the papers of the open ballot box, and read the codes off them."""
    token = visitor.page.locator("main form[action$='/papers/'] input[name=csrfmiddlewaretoken]").input_value()
    address = visitor.page.locator("main form[action$='/papers/']").evaluate("form => form.action")
    answer = visitor.context.request.post(
        address, form={"csrfmiddlewaretoken": token}, headers={"Referer": visitor.page.url}
    )
    assert answer.ok
    return codes_on(answer.body())


def codes_on(paper: bytes) -> list[str]:
    """The codes as they stand on the papers."""
    document = pypdfium2.PdfDocument(paper)
    text = "\n".join(page.get_textpage().get_text_range() for page in document)
    return re.findall(r"^[0-9A-Z]{4} [0-9A-Z]{4} [0-9A-Z]{4}", text, re.M)


# --- her formal membership moves ------------------------------------------------------------------


def test_a_letter_moves_nothing_until_the_receipt_is_recorded(branch, officer, county):
    open_file(branch, NAME)
    follow(branch, "main a[href^='/formalities/transfers/new/']")
    send(
        branch, channel="letter", number="闽霞组〔2026〕831", branch=NEW_BRANCH, issued_on=TODAY.isoformat(),
        dues_paid_to=f"{YEAR}-10", reason="随家迁居",
    )  # fmt: skip
    branch.shot("year-transfer")
    assert BRANCH in branch.main()
    for visitor in (officer, county):
        open_file(visitor, NAME)
        assert BRANCH in visitor.page.locator("main .ws-three li").first.inner_text()
        visitor.go("/formalities/transfers/")
        assert NAME in visitor.main()


def test_the_station_sees_one_life_and_the_destination_less(officer, helper, visit):
    station = life_of(officer)
    officer.shot("year-life")
    for piece in ONE_LIFE:
        assert piece in station, piece
    destination = life_of(helper)
    helper.shot("year-life-destination")
    for piece in SEEN_BY_DESTINATION:
        assert piece in destination, piece
    for piece in UNSEEN_BY_DESTINATION:
        assert piece not in destination, piece
    grid = life_of(visit("xiapu.grid1", screen="phone"))
    assert "少交" not in grid  # who looks after a grid has no part in dues and appraisals
    assert "优秀" not in grid


ONE_LIFE = (
    "办理外出登记", "办理流入登记", "纳入管理", "谈心谈话", "编入", GROUP, "活动证", "店里生意稳定", "党费",
    "少交", "学时", EXTRA_ROUND, "优秀", "闽霞组〔2026〕831",
)  # fmt: skip
SEEN_BY_DESTINATION = ("办理外出登记", "纳入管理", "谈心谈话")
UNSEEN_BY_DESTINATION = (
    "活动证", "店里生意稳定", "党费", "少交", "学时", EXTRA_ROUND, "优秀", "闽霞组", "更正",
)  # fmt: skip


def test_every_link_of_a_time_line_opens_for_who_is_offered_it(officer, branch, helper, visit):
    for visitor in (officer, branch, helper, visit("xiapu.grid1"), visit("baiyang")):
        open_file(visitor, NAME)
        links = visitor.page.locator("main a[href^='/']")
        for address in sorted({link.get_attribute("href") for link in links.all()}):
            assert visitor.context.request.get(visitor.stack.address + address).ok, (visitor, address)


def test_the_receipt_moves_her_membership_and_ends_the_stay(visit, officer, county, branch):
    sheet = sheet_of(county)
    receiver = visit("yantian.branch")
    receiver.go("/formalities/transfers/")
    receiver.press(f"main tbody a:has-text('{NAME}')")
    follow(receiver, "main a[href$='/receive/']")
    receiver.shot("year-receipt")
    send(receiver, received_on=TODAY.isoformat(), handled_by="俞大海", ends_stay=True)
    open_file(receiver, NAME)
    assert "优秀" in receiver.page.locator("main ol.ws-line").inner_text()
    receiver.shot("year-life-after")
    person = address_of(receiver)
    county.go(sheet)
    assert "结束" in county.main()
    county.shot("year-sheet-closed")
    officer.go("/people/?status=care")
    assert NAME not in officer.main()
    branch.expect_status(404)
    assert branch.status_of(person) == 404


def test_the_county_reads_the_whole_life_in_english(visit):
    county = visit("xiapu", language="en")
    life = life_of(county)
    county.shot("year-life")
    for piece in (
        "registered the departure", "Taken into care", "passes to", "functional group", "activity card", "Dues for",
        "Learning in", "Graded “Excellent”", "Objected to the proposed result", "recorded the receipt",
    ):  # fmt: skip
        assert piece in life, piece
