"""Ledgers look as offices want them, hold no formula, and are read back as they were written."""

import io
import tracemalloc
import zipfile
from datetime import date, datetime
from decimal import Decimal

import pytest
import python_calamine
from hypothesis import given, settings
from hypothesis import strategies as st

from waystation.kernel.partial_dates import PartialDate
from waystation.kernel.sheets.cells import FORMULA_STARTS, clean
from waystation.kernel.sheets.kinds import Kind
from waystation.kernel.sheets.ledgers import (
    Ledger,
    LedgerColumn,
    as_text,
    write_ledger,
    write_wrong_rows,
)
from waystation.kernel.sheets.reading import Tally, peek, read_workbook, rows

FIELDS = {
    "full_name": ["姓名"],
    "id_number": ["身份证号码"],
    "phone": ["联系电话"],
    "since": ["外出时间"],
    "hours": ["学时"],
    "contact": ["流出地|联系人"],
}
COLUMNS = (
    LedgerColumn("姓名", 10),
    LedgerColumn("身份证号码", 22),
    LedgerColumn("联系电话", 14),
    LedgerColumn("外出时间", 12, "date"),
    LedgerColumn("学时", 8, "number"),
    LedgerColumn("联系人", 10, group="流出地"),
    LedgerColumn("联系电话", 14, group="流出地"),
    LedgerColumn("备注", 20),
)
PEOPLE = [
    ("林海", "35092119870506001X", "13000000001", date(2020, 6, 6), 32, "陈平", "0593-1", "=1+1"),
    ("钟雨", "350921196903160024", "+86-13000000002", None, 7.5, None, "", "@甲"),
    ("雷木兰", "", "－", PartialDate(1990, 7), Decimal("8.25"), "兰芳", None, "a\nb"),
]


def ledger(**changes):
    parts = {
        "title": "霞浦县流动党员台账",
        "columns": COLUMNS,
        "rows": iter(PEOPLE),
        "unit": "填报单位：三沙镇党委",
        "day": "填报日期：2024年7月31日",
        "signatures": ["填表人", "审核人", "负责人"],
        "watermark": "陈平 & 林海 2024-07-31 08:00",
    }
    return Ledger(**(parts | changes))


def written(document):
    stream = io.BytesIO()
    count = write_ledger(stream, document)
    stream.seek(0)
    return stream, count


def part(stream, name):
    return zipfile.ZipFile(stream).read(name).decode()


def test_a_ledger_is_read_back_as_it_was_written():
    stream, count = written(ledger())
    assert count == 3
    (table,) = peek(stream, FIELDS)
    assert (table.head_row, table.head_rows, table.data_from) == (3, 2, 5)
    assert table.above == (
        "霞浦县流动党员台账",
        "填报单位：三沙镇党委",
        "填报日期：2024年7月31日",
    )
    assert table.fields == {
        "full_name": 0,
        "id_number": 1,
        "phone": 2,
        "since": 3,
        "hours": 4,
        "contact": 5,
    }
    tally = Tally()
    data = [row.cells for row in tally.data(rows(stream, table))]
    assert data == [
        ("林海", "35092119870506001X", "13000000001", date(2020, 6, 6), 32, "陈平", "0593-1",
         "'=1+1"),
        ("钟雨", "350921196903160024", "'+86-13000000002", None, 7.5, None, None, "'@甲"),
        ("雷木兰", None, "'－", "1990-07", 8.25, "兰芳", None, "a\nb"),
    ]  # fmt: skip
    assert clean(data[0][7]) == "=1+1"
    assert tally.numbers == {Kind.SIGNATURE: [9]}


def test_a_ledger_prints_as_offices_want_it():
    stream, _ = written(ledger())
    sheet = part(stream, "xl/worksheets/sheet1.xml")
    for setting in ('paperSize="9"', 'orientation="landscape"', 'fitToHeight="0"'):
        assert setting in sheet
    assert '<pane xSplit="2" ySplit="4" topLeftCell="C5"' in sheet
    for span in ("A1:H1", "A2:E2", "F2:H2", "F3:G3", "A3:A4", "H3:H4"):
        assert f'<mergeCell ref="{span}"/>' in sheet
    assert "&amp;L陈平 &amp;&amp; 林海 2024-07-31 08:00&amp;R&amp;P / &amp;N" in sheet
    book = part(stream, "xl/workbook.xml")
    assert "$1:$4" in book
    assert 'name="霞浦县流动党员台账"' in book
    styles = part(stream, "xl/styles.xml")
    assert 'numFmtId="49"' in styles  # the format of text, so that an edited ID number stays text


def test_a_small_ledger_has_no_room_for_groups_or_signatures_and_still_works():
    stream, count = written(ledger(columns=[LedgerColumn("姓名")], rows=[["林海"]], signatures=["填表人", "审核人"]))
    assert count == 1
    ((_, found),) = [(sheet.name, list(sheet)) for sheet in read_workbook(stream)]
    assert [cells[0] for _, cells in found if cells] == [
        "霞浦县流动党员台账",
        "填报单位：三沙镇党委 填报日期：2024年7月31日",
        "姓名",
        "林海",
        "填表人：        审核人：",
    ]


def test_wrong_calls_are_told():
    with pytest.raises(ValueError, match="columns"):
        written(ledger(columns=[]))
    with pytest.raises(ValueError, match="zip"):
        written(ledger(rows=[["too", "few"]]))


def test_long_numbers_are_written_as_text_and_short_ones_as_numbers():
    columns = [LedgerColumn("甲", kind="number")] * 4
    stream, _ = written(ledger(columns=columns, rows=[[350921196903160024, 999999999999999, float("nan"), True]]))
    found = {number: cells for sheet in read_workbook(stream) for number, cells in sheet}
    assert found[4] == ["350921196903160024", 999999999999999, "nan", True]


def test_dates_that_spreadsheets_do_not_share_are_text():
    columns = [LedgerColumn("甲", kind="date")] * 4
    values = [date(1899, 5, 6), datetime(2024, 7, 31, 8, 30), PartialDate(1987), "不详"]
    stream, _ = written(ledger(columns=columns, rows=[values]))
    found = {number: cells for sheet in read_workbook(stream) for number, cells in sheet}
    assert found[4][0] == "1899-05-06"
    assert found[4][1] in (datetime(2024, 7, 31, 8, 30), date(2024, 7, 31))
    assert found[4][2:] == ["1987", "不详"]


@pytest.mark.parametrize("name", ["", "a/b:c*[d]?'e", "长" * 40, "𠮷" * 40, "History", "\x00"])
def test_any_title_gives_a_legal_sheet_name(name):
    stream, _ = written(ledger(sheet=name, title="台账"))
    (sheet,) = read_workbook(stream)
    assert 0 < len(sheet.name.encode("utf-16-le")) <= 62


def test_a_long_watermark_is_cut_to_what_a_footer_takes():
    stream, _ = written(ledger(watermark="&" * 300))
    assert "&amp;R&amp;P / &amp;N</oddFooter>" in part(stream, "xl/worksheets/sheet1.xml")


def test_a_ledger_of_many_rows_is_streamed():
    tracemalloc.start()
    try:
        people = (PEOPLE[0] for _ in range(5000))
        write_ledger(io.BytesIO(), ledger(rows=people))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 12_000_000


FORMULAS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\x00=1",
    "＝1+1",
    "＋1",
    "－1",
    "＠甲",
    '=HYPERLINK("https://example.org","x")',
    "=cmd|' /C calc'!A0",
    "{=1+1}",
    "https://example.org/",
    "mailto:a@example.org",
    "internal:Sheet1!A1",
    "_x0041_",
    "\u202e=1",
    "<c>&amp;",
]
ANY_TEXT = st.one_of(
    st.text(alphabet=st.characters(codec=None), max_size=60),
    st.builds(lambda a, b: a + b, st.sampled_from(FORMULA_STARTS), st.text(max_size=20)),
    st.sampled_from(FORMULAS),
)


def formula_free(stream):
    for name in zipfile.ZipFile(stream).namelist():
        if name.startswith("xl/worksheets/"):
            sheet = part(stream, name)
            assert "<f>" not in sheet
            assert "<f " not in sheet
            assert "hyperlink" not in sheet


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(ANY_TEXT, ANY_TEXT, ANY_TEXT), min_size=1, max_size=8))
def test_any_text_in_any_place_opens_as_text(people):
    columns = [LedgerColumn(f"列{n}", kind=kind) for n, kind in enumerate(("text", "number", "date"))]
    first = people[0]
    stream, _ = written(
        ledger(
            columns=[*columns[:2], LedgerColumn(first[1], kind="date", group=first[0])],
            rows=people,
            title=first[0],
            unit=first[1],
            day=first[2],
            signatures=list(first),
            watermark=first[0],
        )
    )
    formula_free(stream)
    stream.seek(0)
    book = python_calamine.CalamineWorkbook.from_filelike(stream)
    found = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    head = 3 + bool(first[0]) if first[1] or first[2] else 2 + bool(first[0])
    for typed, cells in zip(people, found[head:], strict=False):
        for value, cell in zip(typed, cells, strict=True):
            assert isinstance(cell, str)
            assert cell == as_text(value)
            assert not cell.startswith(tuple(FORMULA_STARTS))
            # Written once and read once, the mark is gone and the text is what it was.
            assert clean(cell) == clean("x" + value)[1:].strip()


def test_wrong_rows_come_back_with_the_same_mapping_and_sections():
    original, _ = written(ledger())
    (table,) = peek(original, FIELDS)
    wrong = [
        ("林海", 3.50921198705060e17, 13000000001.0, "2020.6.6", 32.5, "陈平", "=1", None),
        ("钟雨", "x", None, date(2020, 6, 6), None),
        ("雷木兰", "=HYPERLINK()", "1", 31903, True, None, None, "备"),
    ]
    stream = io.BytesIO()
    count = write_wrong_rows(
        stream,
        [column.title for column in table.columns],
        wrong,
        ["身份证号码丢失了末几位", "=身份证号码不正确", "多处"],
        sections=["三沙镇", "三沙镇", "长春镇"],
    )
    assert count == 3
    formula_free(stream)
    (again,) = peek(stream, FIELDS)
    assert again.fields == table.fields
    assert again.columns[-1].title == "错误原因"
    assert again.columns[-1].field is None
    data = [row for row in rows(stream, again) if row.kind is Kind.DATA]
    assert [(row.number, row.section) for row in data] == [
        (3, "三沙镇"),
        (4, "三沙镇"),
        (6, "长春镇"),
    ]
    for row, cells in zip(data, wrong, strict=True):
        for written_cell, cell in zip(row.cells, cells, strict=False):
            if isinstance(cell, str):
                assert clean(written_cell) == cell
            else:
                assert (type(written_cell), written_cell) == (type(cell), cell) or (
                    isinstance(cell, int) and written_cell == cell
                )
    assert data[1].cells[-1] == "'=身份证号码不正确"


def test_the_mapping_is_the_same_when_titles_repeat():
    titles = ["姓名", "联系电话", "联系电话", "流出地|联系人"]
    stream = io.BytesIO()
    write_wrong_rows(stream, titles, [["林海", "1", "2", "3"]], ["x"])
    (table,) = peek(stream, FIELDS)
    assert table.fields == {"full_name": 0, "phone": 1, "contact": 3}
