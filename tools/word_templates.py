"""Make the Word templates of official papers anew: `python tools/word_templates.py [--check]`.

The layout follows GB/T 9704-2012: A4, margins 37/35/28/26 mm, title in 小标宋 22 pt, text in 仿宋 16 pt on lines
of 28 pt. The typefaces are named and not shipped; where they are missing the word processor takes its own.
"""

from __future__ import annotations

import sys
import zipfile
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

ROOT = Path(__file__).resolve().parents[1] / "waystation"
TITLE, TEXT = "方正小标宋简体", "仿宋_GB2312"
_CENTRE, _RIGHT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT


def _paper():
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    style = document.styles["Normal"]
    style.font.name, style.font.size = TEXT, Pt(16)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), TEXT)
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    properties = document.core_properties
    properties.created = properties.modified = moment
    properties.author = properties.last_modified_by = "Waystation"
    return document


def _line(document, text: str, *, align=None, font: str = TEXT, size: float = 16, indent: bool = False):
    paragraph = document.add_paragraph()
    shape = paragraph.paragraph_format
    shape.line_spacing, shape.space_after = Pt(28), Pt(0)
    paragraph.alignment = align
    if indent:
        shape.first_line_indent = Pt(32)
    run = paragraph.add_run(text)
    run.font.name, run.font.size = font, Pt(size)
    run._element.rPr.rFonts.set(qn("w:eastAsia"), font)
    return paragraph


def _table(document, heads: list[str], cells: list[str]):
    table = document.add_table(rows=4, cols=len(heads), style="Table Grid")
    for cell, text in zip(table.rows[0].cells, heads, strict=True):
        _fill(cell, text)
    _fill(table.rows[1].cells[0], "{%tr for row in rows %}")
    for cell, text in zip(table.rows[2].cells, cells, strict=True):
        _fill(cell, text)
    _fill(table.rows[3].cells[0], "{%tr endfor %}")


def _fill(cell, text: str):
    paragraph = cell.paragraphs[0]
    paragraph.alignment = _CENTRE
    run = paragraph.add_run(text)
    run.font.name, run.font.size = TEXT, Pt(12)
    run._element.rPr.rFonts.set(qn("w:eastAsia"), TEXT)


def origin_letter():
    document = _paper()
    _line(document, "{{ issuer }}", align=_CENTRE, font=TITLE, size=22)
    _line(document, "关于{{ year }}年度双向评议结果的通报函", align=_CENTRE, font=TITLE, size=22)
    _line(document, "{{ number }}", align=_CENTRE)
    _line(document, "")
    _line(document, "{{ origin }}：")
    _line(
        document,
        "根据《中国共产党党员教育管理工作条例》和《{{ round }}》方案，我单位会同贵支部对组织关系隶属贵支部、"
        "在我站接受管理的{{ count }}名流动党员进行了双向评议。评议经个人自评、互评（测评）、"
        "站方和流出地党组织分别评价、结果征求本人意见，"
        "由县（市、区）委组织部审定。现将结果通报如下：",
        indent=True,
    )
    _table(
        document, ["序号", "姓名", "人员类别", "评议等次", "备注"],
        ["{{ row.no }}", "{{ row.name }}", "{{ row.kind }}", "{{ row.grade }}", "{{ row.remark }}"],
    )  # fmt: skip
    _line(document, "请将评议结果记入党员档案，并于收到后在系统中登记签收。", indent=True)
    _line(document, "")
    _line(document, "{{ issuer }}（盖章）", align=_RIGHT)
    _line(document, "{{ date }}", align=_RIGHT)
    return document


def member_feedback():
    document = _paper()
    _line(document, "{{ year }}年度双向评议结果反馈单", align=_CENTRE, font=TITLE, size=22)
    _line(document, "{{ number }}", align=_CENTRE)
    _line(document, "")
    _line(document, "{{ name }}同志：")
    _line(
        document,
        "在《{{ round }}》中，你的评议结果为：{{ grade }}。{{ note }}",
        indent=True,
    )
    _line(document, "{%p if rows %}")
    _table(
        document, ["评价主体", "得分", "权重", "折算等次"],
        ["{{ row.side }}", "{{ row.points }}", "{{ row.weight }}", "{{ row.grade }}"],
    )  # fmt: skip
    _line(document, "得分仅供参考，等次由组织综合研究确定。", indent=True)
    _line(document, "{%p endif %}")
    _line(document, "{%p if reason %}")
    _line(document, "审定意见：{{ reason }}", indent=True)
    _line(document, "{%p endif %}")
    _line(document, "{%p if reply %}")
    _line(document, "你的意见：{{ reply }}", indent=True)
    _line(document, "{%p endif %}")
    _line(document, "对结果有疑问的，可向所在工作站或流出地党支部反映。", indent=True)
    _line(document, "")
    _line(document, "{{ issuer }}（盖章）", align=_RIGHT)
    _line(document, "{{ date }}", align=_RIGHT)
    _line(document, "本人签名：　　　　　　　　日期：　　　　　　", indent=True)
    return document


PAPERS = {
    "stewardship/appraisals/word/origin_letter.docx": origin_letter,
    "stewardship/appraisals/word/member_feedback.docx": member_feedback,
}


def made(draw) -> bytes:
    """The file, byte for byte the same at each making."""
    raw, stream = BytesIO(), BytesIO()
    draw().save(raw)
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        for name in sorted(source.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            target.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), source.read(name), zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def main() -> int:
    stale = []
    for name, draw in PAPERS.items():
        path, content = ROOT / name, made(draw)
        if "--check" in sys.argv:
            stale += [] if path.exists() and path.read_bytes() == content else [name]
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    for name in stale:
        print(f"{name} is not what this script makes")
    return bool(stale)


if __name__ == "__main__":
    sys.exit(main())
