"""Heads as real rosters have them, and the mapping that is proposed for them."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waystation.kernel.sheets.heads import match, plain_title, propose
from waystation.kernel.sheets.kinds import Kind, RowKinds

FIELDS = {
    "full_name": ["姓名", "党员姓名"],
    "sex": ["性别"],
    "born_on": ["出生日期", "出生年月"],
    "id_number": ["公民身份号码", "身份证号码", "身份证号"],
    "phone": ["手机号", "手机", "联系电话", "电话"],
    "branch": ["所在党支部", "所在支部", "所属党组织"],
    "origin_contact": ["流出地|联系人"],
    "origin_phone": ["流出地|联系电话"],
}


@dataclass
class Sheet:
    name: str = "名册"
    index: int = 0
    visible: bool = True
    height: int = 0
    merged: tuple = ()


def proposal(rows, merged=(), fields=FIELDS, **about):
    width = max(map(len, rows), default=0)
    cells = [[cell or None for cell in row] + [None] * (width - len(row)) for row in rows]
    return propose(Sheet(merged=merged, **about), cells, fields)


def titles(table):
    return {column.field: column.title for column in table.columns if column.field}


@pytest.mark.parametrize(
    "title",
    [
        "姓名",
        " 姓 名 ",
        "姓\n名",
        "＊姓名",
        "*姓名：",
        "姓名（必填）",
        "姓名(与身份证一致)",
        "【必填】姓名",
        "姓　名",
    ],
)
def test_titles_are_compared_without_what_varies(title):
    assert plain_title(title) == "姓名"


def test_a_title_that_is_all_in_brackets_keeps_its_words():
    assert plain_title("（姓名）") == "姓名"


def test_a_head_below_title_and_unit_is_found():
    table = proposal(
        [
            ["蕉城区外出流动党员登记表"],
            ["填报单位：七都镇党委", "", "", "", "填报日期：2024年7月31日"],
            [],
            ["序号", "姓 名", "性别", "身份证\n号码", "联系电话", "备注"],
            [1, "张三", "男", "352201198705061234", "13000000001", ""],
        ]
    )
    assert (table.head_row, table.head_rows, table.data_from) == (4, 1, 5)
    assert titles(table) == {
        "full_name": "姓 名",
        "sex": "性别",
        "id_number": "身份证 号码",
        "phone": "联系电话",
    }
    assert table.above[0] == "蕉城区外出流动党员登记表"


def test_a_merged_head_of_two_rows_gives_each_column_its_group():
    table = proposal(
        [
            ["福安市流动党员台账"],
            ["序号", "基本情况", "", "", "流出地", "", "备注"],
            ["", "姓名", "性别", "手机号", "联系人", "联系电话", ""],
            [1, "张三", "男", "13000000001", "李四", "0593-6660001", ""],
        ],
        merged=[(1, 0, 1, 6), (2, 0, 3, 0), (2, 1, 2, 3), (2, 4, 2, 5), (2, 6, 3, 6)],
    )
    assert (table.head_row, table.head_rows, table.data_from) == (2, 2, 4)
    assert [column.title for column in table.columns] == [
        "序号",
        "基本情况|姓名",
        "基本情况|性别",
        "基本情况|手机号",
        "流出地|联系人",
        "流出地|联系电话",
        "备注",
    ]
    assert {column.index: column.field for column in table.columns if column.field} == {
        1: "full_name",
        2: "sex",
        3: "phone",
        4: "origin_contact",
        5: "origin_phone",
    }


def test_a_double_head_is_found_without_any_merging():
    table = proposal(
        [
            ["姓名", "性别", "流出地", "", "手机"],
            ["", "", "联系人", "联系电话", ""],
            ["张三", "男", "李四", "0593-6660001", "13000000001"],
        ]
    )
    assert (table.head_row, table.head_rows) == (1, 2)
    assert table.fields == {
        "full_name": 0,
        "sex": 1,
        "origin_contact": 2,
        "origin_phone": 3,
        "phone": 4,
    }


def test_a_head_of_three_rows_is_joined():
    table = proposal(
        [
            ["姓名", "流动情况", "", "", ""],
            ["", "流出地", "", "流入地", ""],
            ["", "联系人", "联系电话", "联系人", "联系电话"],
            ["张三", "李四", "1", "王五", "2"],
        ],
        merged=[(1, 0, 3, 0), (1, 1, 1, 4), (2, 1, 2, 2), (2, 3, 2, 4)],
    )
    assert (table.head_rows, table.data_from) == (3, 4)
    assert table.columns[1].title == "流动情况|流出地|联系人"
    assert table.fields["origin_contact"] == 1
    assert table.fields["origin_phone"] == 2


def test_the_first_row_of_data_is_not_taken_for_a_second_head():
    table = proposal(
        [
            ["姓名", "性别", "备注", "", ""],
            ["张三", "男", "外出", "务工", "宁德"],
            ["李四", "女", "", "", ""],
        ]
    )
    assert (table.head_rows, table.data_from) == (1, 2)


def test_a_sheet_without_a_head_is_no_roster():
    for rows, reason in (
        ([["填表说明"], ["请如实填写姓名、性别。"]], "no_head"),
        ([["乡镇", "人数"], ["七都", 7]], "no_head"),
        ([["张三", "男", "13000000001"], ["李四", "女", "13000000002"]], "no_head"),
        ([[]], "empty"),
        ([], "empty"),
    ):
        table = proposal(rows)
        assert (table.reason, table.columns, table.confidence) == (reason, (), 0.0)


def test_a_hidden_sheet_is_named_with_its_reason():
    assert proposal([["姓名", "性别"]], visible=False).reason == "hidden"


def test_confidence_grows_with_what_is_recognised():
    few = proposal([["姓名", "性别", "甲", "乙"]])
    many = proposal([["姓名", "性别", "出生日期", "身份证号", "手机号", "所在支部"]])
    assert 0 < few.confidence < many.confidence == 1.0


def test_each_field_goes_to_one_column_and_the_exact_title_wins():
    mapping, _ = match([("联系电话",), ("手机号",), ("姓名",)], FIELDS)
    assert mapping == {1: "phone", 2: "full_name"}


@pytest.mark.parametrize(
    ("title", "field"),
    [
        ("党员姓名", "full_name"),
        ("流动党员姓名", "full_name"),
        ("身份证号码（18位）", "id_number"),
        ("本人手机号码", "phone"),
        ("联系电话（手机）", "phone"),
        ("父亲姓名", None),
        ("入党介绍人姓名", None),
        ("支部书记联系电话", None),
        ("紧急联系人电话", None),
        ("备注", None),
        ("错误原因", None),
    ],
)
def test_longer_titles_are_recognised_unless_they_belong_to_others(title, field):
    mapping, _ = match([(title,)], FIELDS)
    assert mapping.get(0) == field


def test_the_own_phone_is_not_confused_with_that_of_a_group():
    mapping, _ = match([("流入党组织", "联系电话"), ("联系电话",)], FIELDS)
    assert mapping == {1: "phone"}
    mapping, _ = match([("流入党组织", "联系电话"), ("流出党员基本信息", "手机")], FIELDS)
    assert mapping == {1: "phone"}
    mapping, _ = match([("流入情况", "联系电话"), ("流出党组织", "所在党支部")], FIELDS)
    assert mapping == {0: "phone", 1: "branch"}


def test_a_title_may_carry_a_long_instruction():
    instruction = "（填写到省、市、县、乡镇，如福建省宁德市福鼎市；在县内流动的填写到社区，并注明居住小区）" * 2
    table = proposal([["姓名", "性别", "联系电话", f"所在支部{instruction}"], ["张三", "男", "1", "甲"]])
    assert set(table.fields) == {"full_name", "sex", "phone", "branch"}


CELLS = st.one_of(
    st.none(),
    st.text(max_size=12),
    st.sampled_from(["姓名", "联系电话", "流出地", "合计", "注：", "一、桐山街道", "填表人："]),
    st.floats(),
    st.booleans(),
    st.dates(),
)
SPANS = st.builds(
    lambda top, left, down, right: (top, left, top + down, left + right),
    st.integers(1, 8), st.integers(0, 8), st.integers(0, 4), st.integers(0, 9),
)  # fmt: skip


@given(st.lists(st.lists(CELLS, max_size=7), max_size=8), st.lists(SPANS, max_size=4).map(tuple))
def test_no_sheet_breaks_the_search_for_its_head(rows, merged):
    table = propose(Sheet(merged=merged), rows, FIELDS)
    assert (table.reason is None) == (len(table.fields) >= 2)
    assert len(set(table.fields.values())) == len(table.fields)
    kinds = RowKinds(table, merged)
    for number, cells in enumerate(rows, start=1):
        if kinds.of(number, cells) is Kind.SECTION:
            assert isinstance(kinds.section_title(cells), str)


def test_titles_joined_by_a_bar_are_read_as_groups():
    table = proposal([["姓名", "流出地|联系人", "流出地|联系电话"], ["张三", "李四", "1"]])
    assert table.fields == {"full_name": 0, "origin_contact": 1, "origin_phone": 2}
