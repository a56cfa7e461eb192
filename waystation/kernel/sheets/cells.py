"""From a cell to a value, with problems in words: text, dates in all their ways, yes and no, sex.

Nothing is guessed: a value that can mean two things is a problem that names it. What was typed is
kept beside the value, so that a list of wrong rows can show it again.
"""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from waystation.kernel.partial_dates import PartialDate

Cell = None | str | bool | int | float | date | datetime

FIRST_YEAR, LAST_YEAR = 1900, 2100
FORMULA_STARTS = "=+-@\t\r\0＝＋－＠"

PROBLEMS = {
    "digits_lost": _(
        "The spreadsheet turned the number into %(shown)s and lost its last digits. Type the "
        "number again in a cell formatted as text."
    ),
    "cell_error": _("The cell shows the error %(typed)s instead of a value."),
    "not_a_date": _("“%(typed)s” is not a date. Write it like 1987-05-06 or 1987-05."),
    "impossible_date": _("“%(typed)s” is a date that the calendar does not have."),
    "ambiguous_date": _("“%(typed)s” can mean several dates. Write the year with four digits, like 1987-05-06."),
    "date_without_year": _("“%(typed)s” has no year. Write it like 1987-05-06."),
    "several_dates": _("“%(typed)s” holds more than one date. Keep one."),
    "date_out_of_range": _("“%(typed)s” lies outside the years %(first)s to %(last)s."),
    "not_yes_or_no": _("“%(typed)s” is neither yes nor no."),
    "not_a_sex": _("“%(typed)s” is neither male nor female."),
}

# fmt: off
_NULL_WORDS = frozenset((
    "无", "-", "—", "——", "–", "－", "--", "---", "/", "\\", "空", "不详", "未填", "未知", "暂无",
    "没有", "none", "null", "nil", "n/a", "na", "nan",
))
# fmt: on
_ERRORS = re.compile(r"#(N/A|REF!|VALUE!|DIV/0!|NAME\?|NULL!|NUM!|#+)", re.I)
# Controls except tabs and line ends, zero-width spaces, marks of writing direction, soft hyphens.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069"
    "\ufeff\ufff9-\ufffb\ufffe\uffff]"
)
# A text that already has such a mark gets another one, so that each is taken off exactly once.
_TO_MARK = re.compile(f"'*[{re.escape(FORMULA_STARTS)}]")
_MARKED = re.compile(f"'+[{re.escape(FORMULA_STARTS)}]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_EXPONENT = re.compile(r"[+-]?\d(\.\d+)?[eE]\+?\d{1,3}")
_EXACT_DIGITS = 15  # a spreadsheet keeps no more of a number


@dataclass(frozen=True, slots=True)
class Problem:
    """Something the user must look at; `code` is a stable key of `PROBLEMS`."""

    code: str
    params: dict[str, Any]

    @property
    def message(self) -> str:
        """The problem in words, in the language of the reader."""
        return gettext(PROBLEMS[self.code]) % self.params


@dataclass(frozen=True, slots=True)
class Parsed:
    """The value of a cell (None: nothing usable), what was typed, and what is wrong with it."""

    typed: str
    value: Any = None
    problems: tuple[Problem, ...] = ()


def clean(raw: str) -> str:
    """Text without invisible characters and outer spaces; tabs become spaces, lines stay lines.

    A quotation mark that `inert` put in front of a formula-like text is taken off again.
    """
    raw = _SURROGATES.sub("\ufffd", _INVISIBLE.sub("", raw))
    if _MARKED.match(raw):
        raw = raw[1:]
    return raw.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ").strip()


def inert(value: str) -> str:
    """Text that no spreadsheet program takes for a formula: such a start gets a leading mark."""
    return f"'{value}" if _TO_MARK.match(value) else value


def typed(cell: Cell) -> str:
    """What the user sees in the cell, as text: whole numbers without ".0", dates as ISO."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, str):
        return clean(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ")
    if isinstance(cell, date):
        return cell.isoformat()
    return number_text(cell)


def number_text(number: int | float) -> str:
    """A number without exponent and without a fraction that is zero."""
    if not math.isfinite(number):
        return ""
    if float(number).is_integer():
        return str(int(number))
    return format(Decimal(repr(number)), "f")


def is_null(value: str) -> bool:
    """Whether a text means "nothing": empty, or one of the words rosters use for it."""
    return not value or value.casefold() in _NULL_WORDS


def text(cell: Cell, *, lines: bool = False) -> Parsed:
    """A cell as text, null words as None; line breaks become spaces unless `lines`.

    A number of more than 15 digits, such as an ID number typed into a number cell, has lost its
    last digits: the value is None and the problem "digits_lost" has the `leading` digits that are
    still known and the `length` the number had.
    """
    shown = typed(cell)
    if isinstance(cell, str):
        if _ERRORS.fullmatch(shown):
            return Parsed(shown, None, (Problem("cell_error", {"typed": shown}),))
        if _EXPONENT.fullmatch(shown):
            return _lost_digits(shown, Decimal(shown))
        value = shown if lines else re.sub(r"\s*\n\s*", " ", shown)
        return Parsed(shown, None if is_null(value) else value)
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        if abs(cell) >= 10**_EXACT_DIGITS and math.isfinite(cell):
            return _lost_digits(f"{cell:.14E}", Decimal(cell))
        return Parsed(shown, shown or None)
    return Parsed(shown, shown or None)


def _lost_digits(shown: str, number: Decimal) -> Parsed:
    """What remains of a number that was shown with an exponent."""
    if number != number.to_integral_value() or len(str(abs(int(number)))) < 6:
        return Parsed(shown, shown)
    digits = str(abs(int(number)))
    exact = min(_EXACT_DIGITS, len(digits))
    if "E" in shown.upper():
        exact = min(exact, sum(character.isdigit() for character in re.split("[eE]", shown)[0]))
    if exact == len(digits):
        return Parsed(digits, digits)
    params = {"shown": shown, "leading": digits[:exact], "length": len(digits)}
    return Parsed(shown, None, (Problem("digits_lost", params),))


# fmt: off
_YES = frozenset((
    "是", "有", "对", "√", "✓", "✔", "☑", "✅", "愿意", "同意", "已",
    "y", "yes", "t", "true", "v", "1",
))
_NO = frozenset((
    "否", "无", "不", "不是", "没有", "×", "✕", "✗", "✘", "x", "╳", "不愿意", "不同意", "未",
    "n", "no", "f", "false", "0",
))
# fmt: on
_MALE = frozenset(("男", "男性", "m", "male", "1"))
_FEMALE = frozenset(("女", "女性", "f", "female", "2"))


def yes_no(cell: Cell) -> Parsed:
    """True, False or None (nothing given)."""
    if isinstance(cell, bool):
        return Parsed(typed(cell), cell)
    shown = typed(cell)
    word = _folded(shown)
    if word in _YES:
        return Parsed(shown, True)
    if word in _NO:
        return Parsed(shown, False)
    if is_null(shown):
        return Parsed(shown)
    return Parsed(shown, None, (Problem("not_yes_or_no", {"typed": shown}),))


def sex(cell: Cell) -> Parsed:
    """ "male", "female" or None; also by the codes of GB/T 2261.1 (1 and 2)."""
    shown = typed(cell)
    word = _folded(shown)
    if word in _MALE:
        return Parsed(shown, "male")
    if word in _FEMALE:
        return Parsed(shown, "female")
    if is_null(shown):
        return Parsed(shown)
    return Parsed(shown, None, (Problem("not_a_sex", {"typed": shown}),))


def _folded(shown: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", shown)).casefold()


_EPOCH = date(1899, 12, 30)  # day 0 of the 1900 date system after its false 29 February 1900
_FIRST_SERIAL = 2101  # below stand ages and years; as a day it would be in 1905
_LAST_SERIAL = (date(LAST_YEAR, 12, 31) - _EPOCH).days
_SEPARATOR = r"\s*[年月./\-_,、。·~ ]\s*"
_TIME = re.compile(r"[\sT]+\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?Z?$", re.I)
_TAIL = re.compile(r"\s*(出生|生|入党|参加|起|止|前后|左右)$")
_FULL = re.compile(rf"(\d{{4}})(?:{_SEPARATOR}(\d{{1,2}})(?:{_SEPARATOR}(\d{{1,2}})\s*[日号]?)?)?\s*[年月日.]?")
_SHORT_YEAR = re.compile(rf"'?\d{{2}}{_SEPARATOR}\d{{1,2}}(?:{_SEPARATOR}\d{{1,2}}\s*[日号]?)?月?")
_YEAR_LAST = re.compile(rf"\d{{1,2}}{_SEPARATOR}\d{{1,2}}{_SEPARATOR}\d{{4}}")
_NO_YEAR = re.compile(r"\d{1,2}月(\d{1,2}[日号]?)?")
_YEAR_IN_TEXT = re.compile(r"(?<!\d)(?:19|20)\d{2}(?=[年./\-]|\d{2,4}(?!\d))")
_CHINESE_DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")}
_CHINESE_DIGITS |= {"〇": 0, "○": 0, "O": 0}
_CHINESE_YEAR = re.compile(r"[零〇○O一二三四五六七八九]{4}年")
_CHINESE_NUMBER = re.compile(r"[一二三四五六七八九十]+(?=[月日号])")


def partial_date(cell: Cell) -> Parsed:
    """A cell as a `PartialDate`, however it was typed.

    Date cells, serial numbers of the 1900 system, 1987年5月6日, 1987.05, 1987-05-06, 2019/10/24,
    19870506, 198705, 1987, 一九八七年五月 and the like. A two-digit year, a day without a year,
    and the number 1987.1 (January or October?) are problems, as are dates that do not exist.
    """
    shown = typed(cell)
    if isinstance(cell, datetime):
        return _in_range(shown, cell.year, cell.month, cell.day)
    if isinstance(cell, date):
        return _in_range(shown, cell.year, cell.month, cell.day)
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return _date_of_number(shown, cell)
    if is_null(shown):
        return Parsed(shown)
    if _ERRORS.fullmatch(shown):
        return Parsed(shown, None, (Problem("cell_error", {"typed": shown}),))
    return _date_of_text(shown)


def _date_of_number(shown: str, number: float) -> Parsed:
    if not math.isfinite(number):
        return Parsed(shown)
    whole = int(number)
    if number == whole:
        return _date_of_digits(shown, str(whole))
    if FIRST_YEAR <= whole <= LAST_YEAR:
        month = shown.partition(".")[2]
        if month == "1":
            return _problem("ambiguous_date", shown)
        if len(month) <= 2:
            return _in_range(shown, whole, int(month), None)
    if _FIRST_SERIAL <= whole <= _LAST_SERIAL:
        return Parsed(shown, PartialDate.of(_EPOCH + timedelta(days=whole)))
    return _problem("not_a_date", shown)


def _date_of_digits(shown: str, digits: str) -> Parsed:
    """Digits alone: a year, year and month, a whole date, or a serial number."""
    number = int(digits)
    if len(digits) == 4 and FIRST_YEAR <= number <= LAST_YEAR:
        return _in_range(shown, number, None, None)
    if len(digits) <= 5 and _FIRST_SERIAL <= number <= _LAST_SERIAL:
        return Parsed(shown, PartialDate.of(_EPOCH + timedelta(days=number)))
    if len(digits) == 6:
        year, month = divmod(number, 100)
        if FIRST_YEAR <= year <= LAST_YEAR:
            return _in_range(shown, year, month, None)
        return _problem("ambiguous_date", shown)
    if len(digits) == 8:
        return _in_range(shown, number // 10000, number // 100 % 100, number % 100)
    if len(digits) == 7 and FIRST_YEAR <= number // 1000 <= LAST_YEAR:
        return _problem("ambiguous_date", shown)
    return _problem("not_a_date", shown)


def _date_of_text(shown: str) -> Parsed:
    plain = _western(unicodedata.normalize("NFKC", shown))
    plain = re.sub("[—–‐‑−]", "-", plain)
    plain = _TAIL.sub("", _TIME.sub("", plain).strip()).strip()
    if re.fullmatch(r"\d+(\.0+)?", plain):
        return _date_of_digits(shown, plain.partition(".")[0])
    if found := _FULL.fullmatch(plain):
        year, month, day = (int(part) if part else None for part in found.groups())
        return _in_range(shown, year, month or None, day or None if month else None)
    if len(_YEAR_IN_TEXT.findall(plain)) > 1:
        return _problem("several_dates", shown)
    if _SHORT_YEAR.fullmatch(plain) or _YEAR_LAST.fullmatch(plain):
        return _problem("ambiguous_date", shown)
    if _NO_YEAR.fullmatch(plain):
        return _problem("date_without_year", shown)
    return _problem("not_a_date", shown)


def _western(plain: str) -> str:
    """Chinese numerals of a date as digits: 一九八七年五月二十一日 becomes 1987年5月21日."""
    if not _CHINESE_YEAR.search(plain):
        return plain

    def year(found: re.Match) -> str:
        return "".join(str(_CHINESE_DIGITS[character]) for character in found[0][:-1]) + "年"

    def number(found: re.Match) -> str:
        tens, ten, ones = found[0].rpartition("十")
        value = _CHINESE_DIGITS.get(ones, 0) if ones else 0
        return str(value + (10 * _CHINESE_DIGITS.get(tens, 1) if ten else 0))

    return _CHINESE_NUMBER.sub(number, _CHINESE_YEAR.sub(year, plain))


def _in_range(shown: str, year: int, month: int | None, day: int | None) -> Parsed:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return _problem("date_out_of_range", shown, first=FIRST_YEAR, last=LAST_YEAR)
    try:
        return Parsed(shown, PartialDate(year, month, day))
    except ValueError:
        return _problem("impossible_date", shown)


def _problem(code: str, shown: str, **params) -> Parsed:
    return Parsed(shown, None, (Problem(code, {"typed": shown, **params}),))
