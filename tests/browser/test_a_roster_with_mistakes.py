"""A roster typed by hand, with mistakes, from a browser that runs no scripts: the wrong rows come back with
their reasons, are mended and handed in again, and the whole import is taken back."""

import io

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from tests import make
from tests.browser import steps

pytestmark = pytest.mark.browser

HEADS = ["姓名", "性别", "身份证号码", "联系电话", "所在党支部", "外出时间", "外出地点"]
BRANCH = "福鼎市叠石乡竹阳党支部"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("rosters")


@pytest.fixture
def county(visit):
    return visit("fuding", java_script_enabled=False)


def workbook(path, rows):
    """A workbook as people keep it: a title, the heads, the rows."""
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("外出登记")
        sheet.write(0, 0, "叠石乡外出流动党员登记表")
        for number, row in enumerate([HEADS, *rows], start=1):
            sheet.write_row(number, 0, row)
    return path


def row(name):
    return [name, "女", make.id_number("1979-05-06"), make.phone_number(), BRANCH, "2026年3月", "桐山街道"]


@pytest.fixture(scope="module")
def rows():
    return [row("蓝春燕"), row(""), row("钟木12"), row("雷小平")]


@pytest.fixture(scope="module")
def typed(folder, rows):
    return workbook(folder / "typed.xlsx", rows)


def test_wrong_rows_are_named_and_the_others_are_written(county, typed):
    found = steps.hand_in(county, "departures", typed)
    assert found == {"new": 2, "changed": 0, "duplicate": 0, "wrong": 2}
    county.press("main .ws-tabs a[href*='tab=wrong']")
    words = county.main()
    assert "缺少姓名" in words
    assert "姓名中不应有数字" in words
    county.shot("wrong-rows")
    steps.commit(county)
    county.go("/people/departures/?state=pending")
    assert steps.rows_of(county) == 2


def test_the_wrong_rows_come_back_are_mended_and_handed_in_again(county, folder):
    county.go("/rosters/imports/")
    county.press("main tbody a")
    link = county.page.locator("main a[href$='/wrong/']").first.get_attribute("href")
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(county.fetched(link))).get_sheet_by_index(0).to_python()
    at = next(number for number, cells in enumerate(sheet) if "姓名" in cells)
    heads, wrong = sheet[at], [cells for cells in sheet[at + 1 :] if any(cells)]
    assert len(wrong) == 2
    column = {name: heads.index(name) for name in HEADS}
    for cells, reason in zip(wrong, ("缺少姓名", "姓名中不应有数字"), strict=True):
        assert any(reason in str(cell) for cell in cells)
    wrong[0][column["姓名"]] = "钟秀英"
    wrong[1][column["姓名"]] = "钟木生"
    mended = [[cells[column[name]] for name in HEADS] for cells in wrong]
    found = steps.hand_in(county, "departures", workbook(folder / "mended.xlsx", mended))
    assert found == {"new": 2, "changed": 0, "duplicate": 0, "wrong": 0}
    steps.commit(county)
    county.go("/people/departures/?state=pending")
    assert steps.rows_of(county) == 4


def test_an_import_is_taken_back_as_a_whole(county):
    county.go("/rosters/imports/")
    county.press("main tbody a")
    county.press("main form[action$='/undo/'] button")
    county.until("已撤销")
    county.go("/people/departures/?state=pending")
    assert steps.rows_of(county) == 2


@pytest.mark.parametrize("screen", ["office", "phone"])
def test_a_changed_row_shows_what_stood_and_what_comes(visit, folder, rows, screen):
    county = visit("fuding", screen=screen, java_script_enabled=False)
    moved = [*rows[0][:-1], "山前街道"]
    found = steps.hand_in(county, "departures", workbook(folder / f"moved-{screen}.xlsx", [moved]))
    assert found == {"new": 0, "changed": 1, "duplicate": 0, "wrong": 0}
    county.press("main .ws-tabs a[href*='tab=changed']")
    words = county.main()
    assert words.index("流入地") < words.index("桐山街道") < words.index("山前街道")
    county.shot("changed-rows")


def test_a_file_that_is_no_roster_is_refused_in_words(county, folder):
    path = folder / "letter.xlsx"
    path.write_bytes(b"PK\x03\x04 this is not a workbook")
    county.go("/rosters/imports/new/?kind=departures")
    county.page.set_input_files("input[type=file]", str(path))
    county.press("main form button.btn-primary")
    county.until("文件损坏或不完整")
    county.shot("not-a-roster")
