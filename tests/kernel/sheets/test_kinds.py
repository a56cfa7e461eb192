"""Each row below the head is told apart: people, and everything else that stands in rosters."""

from datetime import date

import pytest

from waystation.kernel.sheets.heads import Column, Table
from waystation.kernel.sheets.kinds import Kind, RowKinds

TITLES = ["序号", "姓名", "性别", "身份证号", "联系电话", "外出地点", "备注"]
TABLE = Table(
    sheet="名册",
    index=0,
    head_row=3,
    head_rows=1,
    data_from=4,
    columns=tuple(
        Column(index, title, field)
        for index, (title, field) in enumerate(
            zip(TITLES, [None, "full_name", "sex", "id_number", "phone", "place", None], strict=True)
        )
    ),
    above=("福鼎市外出流动党员登记台账", "填报单位：点头镇党委"),
)


def kind(*cells, merged=(), number=10):
    return RowKinds(TABLE, merged).of(number, [cell or None for cell in cells])


@pytest.mark.parametrize(
    ("expected", "cells"),
    [
        (Kind.DATA, (1, "张三", "男", "350982198705061234", 13000000001, "宁德", "")),
        (Kind.DATA, ("", "张三", "", "", "", "", "")),
        (Kind.DATA, (7, "张三")),
        (Kind.DATA, ("", "张乡")),
        (Kind.DATA, ("", "", "男")),
        (Kind.DATA, (7, "林共计", "女")),
        (Kind.DATA, (7, "张三", "男", "", "", "福鼎", "负责人：李四")),
        (Kind.DATA, (7, "张三", "男", "", "", "", "注：电话打不通")),
        (Kind.DATA, (7, "张三", "男", "", "", "", "小计")),
        (Kind.EMPTY, ()),
        (Kind.EMPTY, (" ", "\u3000", "\n")),
        (Kind.EMPTY, (35.0,)),
        (Kind.EMPTY, ("35",)),
        (Kind.SUBTOTAL, ("小计", "", 12)),
        (Kind.SUBTOTAL, ("合 计", 35.0, "", "", "", "", "")),
        (Kind.SUBTOTAL, ("", "总计：35人")),
        (Kind.SUBTOTAL, ("点头镇小计", "", "", 12, 9)),
        (Kind.SUBTOTAL, (3, "点头镇小计", 12)),
        (Kind.SUBTOTAL, ("共35人",)),
        (Kind.SUBTOTAL, ("合计共 35 人",)),
        (Kind.SIGNATURE, ("填表人：", "", "", "", "审核人：", "")),
        (Kind.SIGNATURE, ("填表人：张三", "", "审核人：李四", "", "负责人：王五", "")),
        (Kind.SIGNATURE, ("单位负责人（签字）：", "", "", "", "填表人：")),
        (Kind.SIGNATURE, ("填表人", "张三", "", "", "审核人", "李四")),
        (Kind.SIGNATURE, ("党支部书记：", "", "", "联系电话：")),
        (Kind.SIGNATURE, ("", "", "", "", "", "", "2024年7月31日")),
        (Kind.NOTE, ("注：1.本表一式两份。",)),
        (Kind.NOTE, ("说明：请如实填写",)),
        (Kind.NOTE, ("※ 身份证号以文本填写",)),
        (Kind.NOTE, ("2.流动党员是指由于就业或居住地变化等原因，"
                     "无法正常参加正式组织关系所在党支部活动的党员。",)),
        (Kind.NOTE, ("例", "张三", "男", "350982198705061234", "13000000001", "宁德")),
        (Kind.HEAD, tuple(TITLES)),
        (Kind.HEAD, ("序号", "姓 名", "性别", "身份证号", "联系\n电话", "外出地点")),
        (Kind.HEAD, ("福鼎市外出流动党员登记台账",)),
        (Kind.HEAD, ("填报单位：点头镇党委",)),
        (Kind.HEAD, (1, 2, 3, 4, 5, 6, 7)),
        (Kind.HEAD, ("甲", "乙", "1", "2", "3", "4", "5")),
        (Kind.NOTE, (1, "例：张三", "男", "350982198705061234", "13000000001", "宁德")),
        (Kind.NOTE, ("2、每月上报一次。",)),
        (Kind.SIGNATURE, ("2024.7.31",)),
        (Kind.SECTION, ("桐山街道",)),
        (Kind.SECTION, ("", "赛岐镇")),
        (Kind.SECTION, ("3.机关干部",)),
        (Kind.SECTION, ("一、桐山街道",)),
        (Kind.SECTION, ("", "点头镇过笕党支部")),
        (Kind.SECTION, ("一", "桐山街道")),
        (Kind.SECTION, ("", "（二）在外务工人员")),
    ],
)  # fmt: skip
def test_the_kind_of_a_row(expected, cells):
    assert kind(*cells) is expected


def test_a_name_alone_is_a_person_unless_it_is_merged_over_columns():
    assert kind("", "张三") is Kind.DATA
    assert kind("机关干部", merged=[(10, 0, 10, 6)]) is Kind.SECTION
    assert kind("", "流动人才", merged=[(10, 1, 10, 5)]) is Kind.SECTION
    assert kind("", date(2024, 7, 31)) is Kind.DATA


@pytest.mark.parametrize("field", [None, "serial"])
def test_a_form_numbered_in_advance_is_empty_whether_its_number_is_mapped_or_not(field):
    table = TABLE.with_mapping({0: field})
    assert RowKinds(table).of(10, [12.0]) is Kind.EMPTY
    assert RowKinds(table).of(10, ["桐山街道"]) is Kind.SECTION


def test_both_rows_of_a_repeated_double_head_are_recognised():
    table = Table(
        sheet="名册",
        index=0,
        columns=(
            Column(0, "姓名", "full_name"),
            Column(1, "流出地|联系人"),
            Column(2, "流出地|联系电话"),
            Column(3, "流入地|联系人"),
        ),
    )
    kinds = RowKinds(table)
    assert kinds.of(40, ["姓名", "流出地", None, "流入地"]) is Kind.HEAD
    assert kinds.of(41, [None, "联系人", "联系电话", "联系人"]) is Kind.HEAD
    assert kinds.of(42, ["张三", "李四", "1", "王五"]) is Kind.DATA


@pytest.mark.parametrize(
    ("cell", "title"),
    [
        ("桐山街道", "桐山街道"),
        ("一、桐山街道", "桐山街道"),
        ("（二）点头镇", "点头镇"),
        ("3. 过笕党支部（12人）", "过笕党支部"),
        ("管阳镇：", "管阳镇"),
        ("磻溪镇 共15人", "磻溪镇"),
    ],
)
def test_a_section_is_carried_without_number_and_head_count(cell, title):
    assert RowKinds.section_title([None, cell, None]) == title
