"""Cells become values; what cannot be one value becomes a problem that names it."""

import math
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waystation.kernel.partial_dates import PartialDate
from waystation.kernel.sheets import cells
from waystation.kernel.sheets.cells import clean, inert, partial_date, sex, text, yes_no


def codes(parsed):
    for problem in parsed.problems:
        assert problem.message  # The sentence can be made from the parameters.
    return [problem.code for problem in parsed.problems]


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        (None, None),
        ("", None),
        (" \u3000\xa0", None),
        ("张三", "张三"),
        (" 张　三 ", "张　三"),
        ("张\x00三\x07", "张三"),
        ("\u202e张三\u202c\u200b\ufeff", "张三"),
        ("第一行\r\n第二行", "第一行 第二行"),
        ("a\tb", "a b"),
        ("\ud800", "\ufffd"),
        ("𠮷䶮\U000300f7", "𠮷䶮\U000300f7"),
        ("无", None),
        ("—", None),
        ("-", None),
        ("－", None),
        ("/", None),
        ("空", None),
        ("不详", None),
        ("未填", None),
        ("NULL", None),
        ("无锡", "无锡"),
        (13895473891.0, "13895473891"),
        (13895473891, "13895473891"),
        (0, "0"),
        (0.5, "0.5"),
        (1e-7, "0.0000001"),
        (-3.0, "-3"),
        (123456789012345.0, "123456789012345"),
        (date(1987, 5, 6), "1987-05-06"),
        (True, "TRUE"),
        (math.nan, None),
        ("'=1+1", "=1+1"),
        ("'张三", "'张三"),
    ],
)
def test_text_is_taken_as_it_stands(cell, value):
    parsed = text(cell)
    assert (parsed.value, codes(parsed)) == (value, [])


def test_what_was_typed_is_kept_beside_a_null_word():
    assert text(" 不详 ").typed == "不详"


def test_lines_are_kept_where_they_matter():
    assert text("13000000001\r\n13000000002", lines=True).value == "13000000001\n13000000002"


@pytest.mark.parametrize(
    ("cell", "leading", "length"),
    [
        (3.50982196903163e17, "350982196903163", 18),
        (350982196903163111.0, "350982196903163", 18),
        ("3.50982196903163E+17", "350982196903163", 18),
        ("3.50982E+17", "350982", 18),
        (3509821969031631.0, "350982196903163", 16),
    ],
)
def test_a_number_that_lost_its_last_digits_is_no_value(cell, leading, length):
    parsed = text(cell)
    assert parsed.value is None
    assert codes(parsed) == ["digits_lost"]
    assert parsed.problems[0].params["leading"] == leading
    assert parsed.problems[0].params["length"] == length


@pytest.mark.parametrize(("cell", "value"), [("1.3895473891E+10", "13895473891"), ("1E3", "1E3")])
def test_an_exponent_that_lost_nothing_is_read(cell, value):
    assert text(cell).value == value


@pytest.mark.parametrize("cell", ["#N/A", "#REF!", "#DIV/0!", "#######"])
def test_an_error_of_the_spreadsheet_is_a_problem(cell):
    assert codes(text(cell)) == ["cell_error"]
    assert codes(partial_date(cell)) == ["cell_error"]


@pytest.mark.parametrize(
    ("cell", "iso"),
    [
        (date(1987, 5, 6), "1987-05-06"),
        (datetime(1987, 5, 6, 13, 0), "1987-05-06"),
        (31903, "1987-05-06"),
        (31903.0, "1987-05-06"),
        (31903.75, "1987-05-06"),
        ("31903", "1987-05-06"),
        (45506.0, "2024-08-02"),
        ("1987年5月6日", "1987-05-06"),
        ("1987年05月06日", "1987-05-06"),
        ("1987 年 5 月 6 日", "1987-05-06"),
        ("1987年5月6号", "1987-05-06"),
        ("1987年5月6日生", "1987-05-06"),
        ("1987-05-06", "1987-05-06"),
        ("1987-5-6", "1987-05-06"),
        ("1987—5—6", "1987-05-06"),
        ("2019/10/24", "2019-10-24"),
        ("2019.10.24", "2019-10-24"),
        ("2019.10.24.", "2019-10-24"),
        ("2019，10，24", "2019-10-24"),
        ("2019、10、24", "2019-10-24"),
        ("２０１９．１０．２４", "2019-10-24"),
        ("2019 10 24", "2019-10-24"),
        ("19870506", "1987-05-06"),
        (19870506, "1987-05-06"),
        (19870506.0, "1987-05-06"),
        ("2024-08-16 00:00:00", "2024-08-16"),
        ("2024-08-16T08:30:00", "2024-08-16"),
        ("一九八七年五月六日", "1987-05-06"),
        ("二〇一九年十二月三十一日", "2019-12-31"),
        ("二○○九年十月二十日", "2009-10-20"),
        ("1987.05", "1987-05"),
        ("1987.5", "1987-05"),
        ("1987.10", "1987-10"),
        (1987.05, "1987-05"),
        (1987.12, "1987-12"),
        (1987.5, "1987-05"),
        ("1987年5月", "1987-05"),
        ("1987-05", "1987-05"),
        ("2024-08", "2024-08"),
        ("198705", "1987-05"),
        (198705, "1987-05"),
        (198705.0, "1987-05"),
        ("1987-05-00", "1987-05"),
        ("1987", "1987"),
        ("1987年", "1987"),
        (1987.0, "1987"),
        ("2000-02-29", "2000-02-29"),
    ],
)
def test_dates_are_read_in_all_their_ways(cell, iso):
    parsed = partial_date(cell)
    assert parsed.problems == ()
    assert parsed.value == PartialDate.parse_iso(iso)


@pytest.mark.parametrize("cell", [None, "", "无", "—", "不详"])
def test_no_date_is_no_problem(cell):
    assert (partial_date(cell).value, partial_date(cell).problems) == (None, ())


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("1987-02-30", "impossible_date"),
        ("1987年13月", "impossible_date"),
        ("19871301", "impossible_date"),
        ("2023.2.29", "impossible_date"),
        (1987.13, "impossible_date"),
        ("87.5.6", "ambiguous_date"),
        ("87年5月6日", "ambiguous_date"),
        ("5/6/1987", "ambiguous_date"),
        ("870506", "ambiguous_date"),
        ("1987056", "ambiguous_date"),
        (1987.1, "ambiguous_date"),
        ("5月6日", "date_without_year"),
        ("2019.6-2021.3", "several_dates"),
        ("2019年6月至2021年3月", "several_dates"),
        ("1887-05-06", "date_out_of_range"),
        (date(2101, 1, 1), "date_out_of_range"),
        ("中学时", "not_a_date"),
        ("2019年底", "not_a_date"),
        (35, "not_a_date"),
        (-5, "not_a_date"),
        (10**12, "not_a_date"),
        (True, "not_a_date"),
    ],
)
def test_a_date_that_is_none_or_several_names_what_was_typed(cell, code):
    parsed = partial_date(cell)
    assert parsed.value is None
    assert codes(parsed) == [code]
    assert parsed.typed in parsed.problems[0].message


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("是", True), ("√", True), ("有", True), ("Y", True), ("1", True), (1.0, True),
        (True, True),
        ("否", False), ("×", False), ("无", False), ("n", False), ("0", False), (0, False),
        ("愿 意", True), ("不愿意", False), (None, None), ("", None), ("—", None),
    ],
)  # fmt: skip
def test_yes_and_no(cell, value):
    parsed = yes_no(cell)
    assert (parsed.value, parsed.problems) == (value, ())
    assert parsed.value is value


@pytest.mark.parametrize(
    ("cell", "value"),
    [("男", "male"), (" 女 ", "female"), ("男性", "male"), ("Ｆ", "female"),
     (1, "male"), (2.0, "female"), ("", None), ("不详", None)],
)  # fmt: skip
def test_sex(cell, value):
    assert (sex(cell).value, sex(cell).problems) == (value, ())


def test_other_words_are_problems():
    assert codes(yes_no("也许")) == ["not_yes_or_no"]
    assert codes(sex("张")) == ["not_a_sex"]


def test_every_problem_in_the_code_has_a_sentence():
    assert {"digits_lost", "several_dates"} <= set(cells.PROBLEMS)


ANY_CELL = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(alphabet=st.characters(codec=None)),
    st.text(alphabet="0123456789年月日.-/—Ee+ 一二〇十"),
    st.dates(),
    st.datetimes(),
)


@given(ANY_CELL)
def test_no_cell_breaks_any_parser(cell):
    for parse in (text, partial_date, yes_no, sex):
        parsed = parse(cell)
        assert parsed.value is None or not parsed.problems
        codes(parsed)


@given(st.dates(min_value=date(1905, 10, 2), max_value=date(2100, 12, 31)))
def test_every_day_is_read_back_from_every_writing(day):
    expected = PartialDate.of(day)
    serial = (day - date(1899, 12, 30)).days
    for cell in (
        day,
        day.isoformat(),
        f"{day.year}年{day.month}月{day.day}日",
        f"{day.year}.{day.month}.{day.day}",
        f"{day:%Y%m%d}" if day.year > 999 else day,
        serial if not 1900 <= serial <= 2100 else day,
        float(serial) if not 1900 <= serial <= 2100 else day,
    ):
        assert partial_date(cell).value == expected


@given(st.text())
def test_an_inert_text_is_cleaned_back_to_itself(value):
    assert not inert(value).startswith(tuple(cells.FORMULA_STARTS))
    plain = clean(value)
    assert clean(inert(plain)) == plain
