"""Invented people at the real branches of a county, as rows of a departure roster (20 columns)."""

from __future__ import annotations

import random
from collections.abc import Iterator

from bench.words import GIVEN, OCCUPATIONS, SURNAMES
from waystation.stewardship.people.identity import check_character

HEADS = (
    "序号",
    "姓名",
    "性别",
    "民族",
    "出生年月",
    "学历",
    "身份证号码",
    "入党时间",
    "所在党支部",
    "联系电话",
    "外出时间",
    "外出地点",
    "从业情况",
    "流动党员活动证编号",
    "党费缴至",
    "人员类别",
    "外出原因",
    "固定电话",
    "所在乡镇",
    "备注",
)


def departures(count: int, branches: list[str], *, seed: int = 7, code: str = "350982") -> Iterator[list]:
    """Rows of a roster in the order of HEADS; the same seed gives the same people."""
    draw = random.Random(seed)
    # Common names are common: squaring the draw favours the head of the list.
    common = lambda words: words[int(len(words) * draw.random() ** 2)]  # noqa: E731
    for number in range(1, count + 1):
        name = common(SURNAMES) + "".join(common(GIVEN) for _ in range(draw.choice((1, 2, 2, 2))))
        born = f"{draw.randint(1940, 2003)}{draw.randint(1, 12):02d}{draw.randint(1, 28):02d}"
        order = f"{number % 1000:03d}"
        bare = f"{350900 + number // 1000:06d}{born}{order}"
        male = int(order[-1]) % 2
        yield [
            number,
            name,
            "男" if male else "女",
            "汉族",
            f"{born[:4]}年{int(born[4:6])}月",
            draw.choice(("高中", "大专", "本科")),
            bare + check_character(bare),
            f"{draw.randint(1965, 2023)}/7/1",
            draw.choice(branches),
            f"1{draw.choice('3578')}{number:09d}",
            f"20{draw.randint(15, 24)}-03",
            "桐山街道",
            draw.choice(OCCUPATIONS),
            f"LD{number:06d}",
            "2024年6月",
            "正式党员",
            "务工经商",
            "",
            "",
            "",
        ]


def write_roster(path, rows) -> int:
    """Write the rows as a workbook with a title above the heads; returns how many."""
    import xlsxwriter

    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    sheet = book.add_worksheet("外出流动党员登记台账")
    sheet.write(0, 0, "外出流动党员登记台账")
    sheet.write_row(1, 0, HEADS)
    total = 0
    for total, row in enumerate(rows, start=1):
        sheet.write_row(total + 1, 0, row)
    book.close()
    return total
