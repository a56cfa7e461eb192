"""What a row below the head is: only data rows are people.

The others are counted and named by their numbers, never silently dropped: empty rows (also those
with nothing but a running number), subtotals, signatures, notes, copies of the head after a page
break, and section titles ("桐山街道"), which hold for the rows after them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum

from waystation.kernel.sheets.cells import Cell
from waystation.kernel.sheets.heads import GROUP_MARK, Range, Table, plain_title


class Kind(StrEnum):
    """The kinds of rows."""

    DATA = "data"
    EMPTY = "empty"
    SUBTOTAL = "subtotal"
    SIGNATURE = "signature"
    NOTE = "note"
    HEAD = "head"
    SECTION = "section"


_SPACES = re.compile(r"\s+")
_SERIAL_TITLE = re.compile(r"序号|编号|序|号|行次|no|#")
_SUM = r"(小计|合计|总计|共计|累计)([:：]?\d*[人名个条]?)?[)）]?"
_SUBTOTAL = re.compile(rf".{{0,20}}{_SUM}")
_SUBTOTAL_OF_PLACE = re.compile(rf"(.{{0,20}}[街道镇乡村社区部组县市站页])?[(（]?{_SUM}")
_HEADCOUNT = re.compile(r"(以上|本页|本表|党员|人数)*[共计总合]+(人数|数)?[:：]?\d+[人名个条位].{0,12}")
_SIGNER = (
    r"(填表|填报|制表|审核|审批|复核|经办|报送|统计|登记|录入|核对)人?"
    r"|(单位|部门|主要|分管|党委|支部|党组织|站)?(负责人|领导|书记|站长)"
    r"|联系人|联系电话|填报单位|(填报|填表|制表|报送|上报|统计)(日期|时间)|日期|单位|公章|盖章"
)
_SIGNATURE = re.compile(rf"({_SIGNER})([(（].{{0,8}}[)）])?[:：].*", re.S)
_SIGNATURE_BARE = re.compile(rf"({_SIGNER})([(（].{{0,8}}[)）])?")
_NOTE = re.compile(
    r"(注|备注|说明|填表说明|填报说明|填写说明|注意|注意事项|附注|例|例如|示例|样例|提示)\d*[:：、.．].*"
    r"|[※★*].*|(填表|填报|填写)说明",
    re.S,
)
_EXAMPLE = re.compile(r"[(（]?(例|示例|样例|范例|例子|样表)[)）]?[:：]?")
_EXAMPLE_OF = re.compile(r"[(（]?(例|示例|样例|范例)[)）]?[:：]")
_COUNTER = re.compile(r"\d{1,3}|[甲乙丙丁戊己庚辛]|[A-Z]|[(（]\d{1,3}[)）]")
_NUMBER = re.compile(r"\d+([.、]|\.0)?")
_ENUMERATION = re.compile(
    r"^([一二三四五六七八九十]+[、.．]|[(（][一二三四五六七八九十\d]+[)）]|\d{1,2}[、.．](?!\d))\s*"
)
_CHINESE_COUNTER = re.compile(r"[(（]?[一二三四五六七八九十]+[)）]?[、.．]?")
_HEADS = re.compile(r"\s*([(（]?共?计?\s*\d+\s*[人名][)）]?|[:：])\s*$")
_PLACE = re.compile(
    r".*(街道|社区|支部|党委|总支|党组|居委会|村委会|委员会|工作站|服务中心|小组|网格|公司|学校|医院|办事处|管委会)"
    r"|.{2,}[镇乡县市区]|.{3,}[村组站局]"
)
_DATE = re.compile(r"[(（]?\d{4}[年./-]\d{1,2}([月./-](\d{1,2}日?)?)?[)）]?")
_LONG_TEXT = 40
_SENTENCE_ENDS = ("。", "；", ";")
_FIRST = 4  # cells of a row that are looked at first


class RowKinds:
    """Tells the kind of each row of one table."""

    def __init__(self, table: Table, merged: Iterable[Range] = ()):
        self._width = max(1, sum(bool(column.title) for column in table.columns))
        self._few = max(4, self._width // 2)
        self._serial = next(
            (column.index for column in table.columns if _SERIAL_TITLE.fullmatch(plain_title(column.title))),
            None,
        )
        mapped = {column.index for column in table.columns if column.field}
        self._mapped = mapped - {self._serial}
        self._titles = {
            column.index: {form(part) for part in column.title.split(GROUP_MARK) for form in (_squeeze, plain_title)}
            for column in table.columns
            if column.title
        }
        self._above = {_squeeze(text) for text in table.above}
        self._wide = {
            row
            for top, left, bottom, right in merged
            if right - left >= 1
            for row in range(top, min(bottom, top + 3) + 1)
        }

    def of(self, number: int, cells: Sequence[Cell]) -> Kind:
        """The kind of the row with that number."""
        filled = [(index, cell) for index, cell in enumerate(cells) if cell is not None]
        few = len(filled) <= self._few
        # Nearly all rows are full ones, which their first cells tell from copies of the head.
        texts = _texts(filled if few else filled[:_FIRST])
        if not few and len(texts) < min(_FIRST, len(filled)):
            texts = _texts(filled)  # Some cells hold nothing but spaces.
            few = len(texts) <= self._few
        if not texts or self._only_serial(texts):
            return Kind.EMPTY
        if self._is_head(texts, filled):
            return Kind.HEAD
        if _EXAMPLE.fullmatch(texts[0][1]) or any(_EXAMPLE_OF.match(text) for _, text in texts[:2]):
            return Kind.NOTE
        if _is_subtotal(texts):
            return Kind.SUBTOTAL
        if few and (kind := self._remark(texts)):
            return kind
        if len(texts) <= 2 and self._is_section(number, texts, cells):
            return Kind.SECTION
        return Kind.DATA

    def _only_serial(self, texts: list[tuple[int, str]]) -> bool:
        """A form numbered in advance: 1, 2, 3 … with nobody beside the number."""
        return len(texts) == 1 and texts[0][0] == self._serial and bool(_NUMBER.fullmatch(texts[0][1]))

    def _is_head(self, texts: list[tuple[int, str]], filled: list[tuple[int, Cell]]) -> bool:
        """A copy of the head or of what stands above it, or the row that numbers the columns."""
        if len(filled) <= 3 and texts[0][1] in self._above:
            return True
        if len(texts) < 2:
            return False
        if sum(self._repeats(index, text) for index, text in texts[:_FIRST]) >= 2:
            whole = _texts(filled)
            if sum(self._repeats(index, text) for index, text in whole) * 5 >= len(whole) * 3:
                return True
        return (
            len(filled) >= max(3, self._width * 2 // 3)
            and all(_COUNTER.fullmatch(text) for _, text in texts)
            and all(_COUNTER.fullmatch(text) for _, text in _texts(filled))
        )

    def _repeats(self, index: int, text: str) -> bool:
        """Whether the cell repeats a title of its column."""
        return text in self._titles.get(index, ())

    def _remark(self, texts: list[tuple[int, str]]) -> Kind | None:
        """Head counts, signatures and notes: rows with few cells."""
        first = texts[0][1]
        if any(_HEADCOUNT.fullmatch(text) for _, text in texts[:2]) and len(texts) <= 3:
            return Kind.SUBTOTAL
        if len(texts) <= 2 and _NOTE.fullmatch(first):
            return Kind.NOTE
        if any(_SIGNATURE.fullmatch(text) for _, text in texts[:2]):
            return Kind.SIGNATURE
        if sum(bool(_SIGNATURE_BARE.fullmatch(text)) for _, text in texts) >= 2:
            return Kind.SIGNATURE
        if len(texts) == 1:
            if _DATE.fullmatch(first) and texts[0][0] not in self._mapped:
                return Kind.SIGNATURE
            if len(first) > _LONG_TEXT or first.endswith(_SENTENCE_ENDS):
                return Kind.NOTE
        return None

    def _is_section(self, number: int, texts: list[tuple[int, str]], cells: Sequence[Cell]) -> bool:
        """One title alone in its row: merged over columns, outside the mapped ones, or a place."""
        index, text = texts[-1]
        if isinstance(cells[index], (int, float, date)) or _NUMBER.fullmatch(text):
            return False
        title = _HEADS.sub("", _ENUMERATION.sub("", text))
        if len(texts) == 2:
            counter = texts[0][1]
            counted = _CHINESE_COUNTER.fullmatch(counter)
            return bool(counted or _NUMBER.fullmatch(counter)) and bool(_PLACE.fullmatch(title))
        if number in self._wide or index not in self._mapped:
            return True
        return title != text or bool(_PLACE.fullmatch(title))

    @staticmethod
    def section_title(cells: Sequence[Cell]) -> str:
        """The title of a section without its number in front and its head count behind."""
        text = [cell for cell in cells if isinstance(cell, str) and cell.strip()][-1]
        return _HEADS.sub("", _ENUMERATION.sub("", " ".join(text.split())))


def _is_subtotal(texts: list[tuple[int, str]]) -> bool:
    """The word stands in the first cell, or alone or after a place in the second one."""
    if _SUBTOTAL.fullmatch(texts[0][1]):
        return True
    return len(texts) > 1 and bool(_SUBTOTAL_OF_PLACE.fullmatch(texts[1][1]))


def _texts(filled: Iterable[tuple[int, Cell]]) -> list[tuple[int, str]]:
    """The cells that hold more than spaces, as text without any."""
    texts = [(index, _squeeze(cell)) for index, cell in filled]
    return [(index, text) for index, text in texts if text]


def _squeeze(cell: Cell) -> str:
    """The text of a cell without any spaces."""
    if isinstance(cell, str):
        return _SPACES.sub("", cell)
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)
