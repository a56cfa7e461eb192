"""From a file to rows: every readable kind, exact row numbers, typed cells, what each row is."""

import csv
import io
import json
import tracemalloc
from datetime import date
from pathlib import Path

import pytest

from tests.kernel.sheets.workbooks import xlsx
from waystation.kernel.jail import Unreadable
from waystation.kernel.sheets.heads import Table
from waystation.kernel.sheets.kinds import Kind
from waystation.kernel.sheets.reading import Tally, peek, read_workbook, rows

FIXTURES = Path(__file__).parent / "fixtures"
ROSTERS = Path(__file__).parents[2] / "rosters"

FIELDS = {
    "full_name": ["姓名", "党员姓名"],
    "sex": ["性别"],
    "born_on": ["出生日期", "出生年月"],
    "id_number": ["身份证号", "身份证号码", "公民身份号码", "公民身份证号"],
    "phone": ["手机", "手机号", "联系电话", "电话"],
    "branch": ["所在支部", "所在党支部", "组织关系所在地"],
    "joined_on": ["入党时间", "入党日期", "加入党组织日期"],
    "address": ["现居住地", "现住址", "家庭住址"],
    "since": ["流入时间", "外出时间", "流入日期"],
    "contact": ["流出地|联系人"],
    "contact_phone": ["流出地|联系电话"],
}


def everything(file):
    return [(sheet.name, sheet.visible, list(sheet)) for sheet in read_workbook(file)]


def kinds(file, table):
    return [(row.number, row.kind) for row in rows(file, table) if row.kind != Kind.DATA]


def test_cells_keep_their_types_and_rows_their_numbers():
    file = xlsx(
        ("空", []),
        (
            "名册",
            [
                [],
                [],
                [None, None, "姓名", "数"],
                [],
                [None, None, "1987-05-06", 7, 7.5, True, False, date(1987, 5, 6)],
                [None, None, "{'d': '2020-01-01'}", "", " "],
            ],
        ),
    )
    assert everything(file) == [
        ("空", True, []),
        (
            "名册",
            True,
            [
                (1, []),
                (2, []),
                (3, [None, None, "姓名", "数"]),
                (4, []),
                (5, [None, None, "1987-05-06", 7, 7.5, True, False, date(1987, 5, 6)]),
                (6, [None, None, "{'d': '2020-01-01'}", None, " "]),
            ],
        ),
    ]
    flags = everything(file)[1][2][4][1][5:7]
    assert [type(flag) for flag in flags] == [bool, bool]


def test_hidden_sheets_are_named_but_read_only_on_demand():
    file = xlsx(("一", [["a"]]), ("二", [["b"]]), ("三", [["c"]]), hidden=["二"])
    assert [(name, visible, len(found)) for name, visible, found in everything(file)] == [
        ("一", True, 1),
        ("二", False, 0),
        ("三", True, 1),
    ]
    (sheet,) = ((sheet.name, list(sheet)) for sheet in read_workbook(file, sheet=1))
    assert sheet == ("二", [(1, ["b"])])
    with pytest.raises(Unreadable, match="no_such_sheet"):
        next(read_workbook(file, sheet=3))


def test_sheets_may_be_passed_over_or_left_early():
    file = xlsx(("一", [[n] for n in range(5000)]), ("二", [["b"]]))
    assert [sheet.name for sheet in read_workbook(file)] == ["一", "二"]
    sheets = read_workbook(file)
    assert next(iter(next(sheets))) == (1, [0])
    sheets.close()


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "，"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_csv_is_read_in_every_encoding_and_with_every_delimiter(encoding, delimiter):
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter)
    lines = [
        ["流动党员名册"],
        [],
        ["姓名", "手机号", "备注"],
        ["䶮㛃", "13000000001", f"含{delimiter}号\n两行"],
        ["阿依古丽·买买提", "", '"引"'],
    ]
    writer.writerows(lines)
    file = io.BytesIO(text.getvalue().encode(encoding))
    ((name, visible, found),) = everything(file)
    assert (name, visible) == ("CSV", True)
    # The line break inside a cell does not count as a row.
    assert found == [
        (1, ["流动党员名册"]),
        (2, []),
        (3, ["姓名", "手机号", "备注"]),
        (4, ["䶮㛃", "13000000001", f"含{delimiter}号\n两行"]),
        (5, ["阿依古丽·买买提", None, '"引"']),
    ]
    (table,) = peek(file, FIELDS)
    assert table.fields == {"full_name": 0, "phone": 1}
    assert [row.number for row in rows(file, table)] == [4, 5]


def test_the_line_that_names_the_delimiter_is_no_row():
    file = io.BytesIO("sep=;\r\n姓名;手机号\r\n张三;1,2,3\r\n".encode())
    assert everything(file)[0][2] == [(1, ["姓名", "手机号"]), (2, ["张三", "1,2,3"])]


def test_the_kind_is_told_by_content_not_by_name(tmp_path):
    path = tmp_path / "名册.csv"
    path.write_bytes(xlsx(("a", [["x"]])).getvalue())
    (sheet,) = read_workbook(path)
    assert sheet.kind == "xlsx"


def test_an_old_workbook_with_a_merged_head_sections_and_subtotals():
    path = FIXTURES / "roster.xls"
    first, hidden, remarks = peek(path, FIELDS)
    assert (hidden.reason, remarks.reason) == ("hidden", "no_head")
    assert (first.head_row, first.head_rows, first.data_from) == (3, 2, 5)
    assert [column.title for column in first.columns] == [
        "序号",
        "姓名",
        "身份证号码",
        "本人情况|出生日期",
        "本人情况|联系电话",
        "流出地|联系人",
        "流出地|联系电话",
        "备注",
    ]
    assert first.fields == {
        "full_name": 1,
        "id_number": 2,
        "born_on": 3,
        "phone": 4,
        "contact": 5,
        "contact_phone": 6,
    }
    tally = Tally()
    data = list(tally.data(rows(path, first)))
    assert [(row.number, row.section, row.values["full_name"]) for row in data] == [
        (6, "三沙镇", "林  海"),
        (7, "三沙镇", "钟雨"),
        (10, "长春镇", "雷木兰"),
    ]
    assert data[0].values["born_on"] == date(1987, 5, 6)
    # The contact is merged over two rows, so it counts for both.
    assert [row.values["contact"] for row in data] == ["陈书记", "陈书记", None]
    assert tally.numbers == {
        Kind.SECTION: [5, 9],
        Kind.SUBTOTAL: [8, 11],
        Kind.SIGNATURE: [13],
    }
    assert tally.counts[Kind.EMPTY] == 1


def test_an_open_document_with_a_double_head_far_from_the_corner():
    path = FIXTURES / "roster.ods"
    (table,) = peek(path, FIELDS)
    assert (table.head_row, table.head_rows) == (4, 2)
    assert table.fields == {"full_name": 1, "sex": 2, "since": 3, "address": 4, "phone": 5}
    data = list(rows(path, table))
    assert [(row.number, row.values["full_name"]) for row in data] == [(6, "王小明"), (7, "蓝秀英")]
    assert data[0].values["since"] == date(2020, 6, 6)


@pytest.mark.parametrize("county", ["fuding", "gutian"])
def test_the_sample_rosters_are_read_whole(county):
    truth = json.loads((ROSTERS / county / "truth.json").read_text())
    pairs = truth["pairs"]
    for name, key in (("origin", "origin_rows"), ("arrival", "arrival")):
        path = ROSTERS / county / f"{name}.xlsx"
        (table,) = peek(path, FIELDS)
        assert table.reason is None
        assert {"full_name", "sex", "born_on", "id_number", "phone", "branch"} <= set(table.fields)
        named = {
            row.number: "".join(row.values["full_name"].split()) for row in rows(path, table) if row.kind is Kind.DATA
        }
        for pair in pairs:
            for number in pair[key] if name == "origin" else [pair[key][1]]:
                assert number in named
        exact = sum(named[pair["arrival"][1]] == pair["name"] for pair in pairs if name == "arrival")
        assert name == "origin" or exact > len(pairs) * 0.9


def test_a_proposal_survives_being_kept_as_json_and_follows_the_user():
    file = xlsx(("名册", [["姓名", "电话", "联系方式二", "住处"], ["张三", "1", "2", "3"]]))
    (table,) = peek(file, FIELDS)
    assert table.samples == (("张三", "1", "2", "3"),)
    again = Table.from_dict(json.loads(json.dumps(table.as_dict())))
    assert again == table.with_samples(())
    chosen = again.with_mapping({2: "phone", 3: "address"})
    (row,) = rows(file, chosen)
    assert row.values == {"full_name": "张三", "phone": "2", "address": "3"}
    assert "full_name" not in again.with_mapping({0: None}).fields
    for wrong in ({9: "phone"}, {1: "phone", 2: "phone"}):
        with pytest.raises(ValueError, match="mapping"):
            table.with_mapping(wrong)


def test_a_file_that_changed_under_the_wizard_is_noticed():
    (table,) = peek(xlsx(("名册", [["姓名", "电话"], ["张三", "1"]])), FIELDS)
    with pytest.raises(Unreadable, match="no_such_sheet"):
        list(rows(xlsx(("别的", [["姓名", "电话"], ["张三", "1"]])), table))


def test_reading_rows_keeps_memory_flat():
    file = xlsx(("名册", [["姓名", "电话"], *[[f"人{n}", str(n)] * 5 for n in range(20_000)]]))
    (table,) = peek(file, FIELDS)
    tracemalloc.start()
    try:
        count = sum(1 for _ in rows(file, table))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert count == 20_000
    assert peak < 8_000_000
