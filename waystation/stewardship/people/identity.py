"""Numbers that identify a person: the citizen's ID number (GB 11643) and telephone numbers.

Rosters carry them with every accident of typing and of spreadsheets. Reading never refuses: it
says what state the number is in, and the reader of the result decides what to do about it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from waystation.kernel.partial_dates import PartialDate

MALE, FEMALE = "male", "female"

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643-1999, 6.1
_CHECK_CHARACTERS = "10X98765432"
_PROVINCES = frozenset(
    str(code)
    for first, last in ((11, 15), (21, 23), (31, 37), (41, 46), (50, 54), (61, 65), (71, 71))
    for code in range(first, last + 1)
) | {"81", "82", "83", "91"}
_RESIDENCE_PERMITS = ("81", "82", "83")  # Hong Kong, Macao and Taiwan residents' permits
_BLANKS = frozenset(["", "无", "—", "-", "--", "/", "\\", "空", "不详", "暂无", "未知", "没有", "N/A"])
_FULL_TO_HALF = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_EXPONENT = re.compile(r"(\d)(?:\.(\d+))?[Ee]\+?(\d+)")


class IdState(StrEnum):
    """How far an ID number can be trusted."""

    VALID = "valid"
    UPGRADED = "upgraded"  # the old number of 15 digits; the text is the new one
    WRONG_CHECK = "wrong_check"  # 18 characters with a wrong check or an impossible date
    DIGITS_LOST = "digits_lost"  # a spreadsheet made it a number; the text is what is certain
    INCOMPLETE = "incomplete"  # too short, too long, or masked with asterisks
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class IdNumber:
    """An ID number as read: its normalised text and its state.

    The text has 18 characters when valid, upgraded or with a wrong check; only the certain leading
    digits (at most 15) when digits were lost; what was there when incomplete; "" when missing.
    """

    text: str
    state: IdState

    def __bool__(self):
        return self.state is not IdState.MISSING

    @property
    def is_sure(self) -> bool:
        """Whether the whole number is known and proves itself."""
        return self.state in (IdState.VALID, IdState.UPGRADED)

    @property
    def birth(self) -> PartialDate | None:
        """The date of birth in the number, where the calendar has it."""
        if self.state in (IdState.INCOMPLETE, IdState.MISSING):
            return None
        return _date_in(self.text) if len(self.text) >= 14 else None

    @property
    def sex(self) -> str | None:
        """ "male" for an odd 17th digit, "female" for an even one."""
        if len(self.text) != 18 or not self.text[16].isdigit() or "*" in self.text:
            return None
        return MALE if int(self.text[16]) % 2 else FEMALE

    @property
    def is_residence_permit(self) -> bool:
        """Whether it is the permit of a Hong Kong, Macao or Taiwan resident (81, 82, 83)."""
        return self.text.startswith(_RESIDENCE_PERMITS)

    @property
    def old_form(self) -> str:
        """The number without century and check character, as cards before 1999 had it; or ""."""
        return self.text[:6] + self.text[8:17] if len(self.text) == 18 else ""

    def masked(self) -> str:
        """For lists: "350982********3027"; the first six and the last four stay."""
        if len(self.text) < 12:
            return "*" * len(self.text)
        return self.text[:6] + "*" * (len(self.text) - 10) + self.text[-4:]


MISSING_ID = IdNumber("", IdState.MISSING)


def check_character(digits: str) -> str:
    """The 18th character that belongs to the first seventeen digits (GB 11643)."""
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, digits, strict=False))
    return _CHECK_CHARACTERS[total % 11]


def read_id_number(value: object, birth: PartialDate | None = None) -> IdNumber:
    """Read the ID number in a cell: text, a number, or nothing.

    `birth` is the date in the row's own column; it only decides the century of an old number.
    """
    if value is None or isinstance(value, bool):
        return MISSING_ID
    if isinstance(value, (int, float)):
        return _read_number(value, birth)
    text = str(value).translate(_FULL_TO_HALF).strip()
    found = _EXPONENT.fullmatch(re.sub(r"\s", "", text))
    if found:
        return _read_exponent(*found.groups(), birth)
    text = re.sub(r"[^0-9A-Za-z*×Хх]", "", re.sub(r"\.0+$", "", text)).upper()
    text = re.sub(r"(?<=\d{17})[×*Х]$", "X", text).replace("×", "").replace("Х", "")
    if not text or not any(character.isdigit() for character in text):
        return MISSING_ID
    return _classify(text, birth)


def _read_number(value: float, birth: PartialDate | None) -> IdNumber:
    if value != value or value in (float("inf"), float("-inf")) or value < 1:
        return MISSING_ID
    if value < 1e15:
        return _classify(str(int(value)), birth)
    # Spreadsheets keep fifteen figures; rounding to them undoes the error of binary fractions.
    figures = f"{float(value):.14e}".split("e")[0].replace(".", "")
    return IdNumber(figures, IdState.DIGITS_LOST)


def _read_exponent(first: str, rest: str | None, exponent: str, birth) -> IdNumber:
    figures, length = first + (rest or ""), int(exponent) + 1
    if length <= 15 and len(figures) <= length:
        if len(figures) >= length - 1:  # only a trailing zero was dropped
            return _classify(figures.ljust(length, "0"), birth)
        return IdNumber(figures[:-1], IdState.DIGITS_LOST)
    # A cell too narrow shows six figures or so, the last one rounded; more than that is the whole
    # number of fifteen, less the zeros at its end.
    certain = figures[:15].ljust(15, "0") if len(figures) > 8 else figures[:-1]
    return IdNumber(certain, IdState.DIGITS_LOST) if len(certain) > 1 else MISSING_ID


def _classify(text: str, birth: PartialDate | None) -> IdNumber:
    if "*" in text:
        return IdNumber(text, IdState.INCOMPLETE)
    text = text.replace("O", "0").replace("I", "1").replace("L", "1")
    if re.fullmatch(r"\d{17}[\dX]", text):
        if _is_valid(text):
            return IdNumber(text, IdState.VALID)
        if text.endswith("000"):
            return IdNumber(text[:15], IdState.DIGITS_LOST)
        return IdNumber(text, IdState.WRONG_CHECK)
    if re.fullmatch(r"\d{15}", text):
        return _upgrade(text, birth)
    text = re.sub(r"[^0-9X]", "", text)
    return IdNumber(text, IdState.INCOMPLETE) if text else MISSING_ID


def _is_valid(text: str) -> bool:
    return text[:2] in _PROVINCES and _date_in(text) is not None and check_character(text[:17]) == text[17]


def _upgrade(old: str, birth: PartialDate | None) -> IdNumber:
    """The 18 characters of an old number: the century put in and the check character added.

    Old numbers were issued to people born in the 1900s. Who would be well over a hundred by that
    (00 to 19) was born in the 2000s and had the new number shortened by hand.
    """
    year = int(old[6:8])
    century = "20" if year < 20 else "19"
    if birth is not None and birth.year % 100 == year and birth.year // 100 in (19, 20):
        century = str(birth.year // 100)
    digits = old[:6] + century + old[6:]
    text = digits + check_character(digits)
    return IdNumber(text, IdState.UPGRADED if _is_valid(text) else IdState.WRONG_CHECK)


def _date_in(text: str) -> PartialDate | None:
    year, month, day = int(text[6:10]), int(text[10:12]), int(text[12:14])
    if not 1900 <= year <= 2099 or not month or not day:
        return None
    try:
        return PartialDate(year, month, day)
    except ValueError:
        return None


def disagreements(number: IdNumber, sex: str | None, birth: PartialDate | None) -> list[str]:
    """Where the row's own columns say otherwise than its ID number: "sex", "birth".

    To be shown, never to refuse: the birth on file (档案年龄) may rightly differ.
    """
    found = []
    if not number.is_sure:
        return found
    if sex and number.sex != sex:
        found.append("sex")
    if birth and number.birth and not number.birth.agrees(birth):
        found.append("birth")
    return found


_SEXES = {"男": MALE, "女": FEMALE, "1": MALE, "2": FEMALE, "M": MALE, "F": FEMALE}


def read_sex(value: object) -> str | None:
    """ "male", "female" or None from 男, 女性, 1 or 2 (GB/T 2261.1), M or F."""
    if isinstance(value, float):
        value = int(value)
    text = str(value or "").translate(_FULL_TO_HALF).strip().upper()
    return _SEXES.get(text.removesuffix("性")) or {"MALE": MALE, "FEMALE": FEMALE}.get(text)


class PhoneKind(StrEnum):
    """What sort of number it is."""

    MOBILE = "mobile"
    LANDLINE = "landline"
    BAD = "bad"  # not a telephone number of the mainland; kept as it was


@dataclass(frozen=True, slots=True)
class Phone:
    """A telephone number: 11 digits when mobile, "0593-5282447" (area code if given) on a line."""

    text: str
    kind: PhoneKind

    def masked(self) -> str:
        """For lists: "139****6624", "0593-****447"."""
        return mask_phone(self.text)


def mask_phone(text: str) -> str:
    """A telephone number with its middle hidden; very short ones vanish wholly."""
    if re.fullmatch(r"\d{11}", text):
        return f"{text[:3]}****{text[7:]}"
    area, dash, line = text.rpartition("-")
    if len(line) <= 4:
        return "*" * len(text)
    return f"{area}{dash}{'*' * (len(line) - 3)}{line[-3:]}"


_MOBILE = re.compile(r"1[3-9]\d{9}")
_AREA_CODE = re.compile(r"0(?:10|2\d|[3-9]\d\d)")


def read_phones(value: object) -> list[Phone]:
    """Every telephone number in a cell, in its order and each once."""
    if value is None or isinstance(value, bool):
        return []
    if isinstance(value, (int, float)):
        value = f"{value:.0f}" if value == value else ""
    text = str(value).translate(_FULL_TO_HALF).strip()
    if text in _BLANKS:
        return []
    text = re.sub(r"\((0\d{2,3})\)", r"\1-", re.sub(r"\.0+$", "", text))
    found: dict[str, Phone] = {}
    for part in re.split(r"[/\\、,;|\n\r()。]|(?:\s*或\s*)|(?:转\d+)", text):
        for phone in _read_part(part):
            found.setdefault(phone.text, phone)
    return list(found.values())


def _read_part(part: str) -> list[Phone]:
    """The numbers between two separators: usually one, two where only a space parts them."""
    digits = re.sub(r"\D", "", part)
    if not digits:
        return []
    whole = _one_phone(digits, part)
    if whole.kind is not PhoneKind.BAD:
        return [whole]
    pieces = [re.sub(r"\D", "", piece) for piece in part.split()]
    phones = [_one_phone(piece, piece) for piece in pieces if piece]
    if len(phones) > 1 and all(phone.kind is not PhoneKind.BAD for phone in phones):
        return phones
    if len(digits) == 22 and _MOBILE.fullmatch(digits[:11]) and _MOBILE.fullmatch(digits[11:]):
        return [Phone(digits[:11], PhoneKind.MOBILE), Phone(digits[11:], PhoneKind.MOBILE)]
    return [whole]


def _one_phone(digits: str, part: str) -> Phone:
    for prefix in ("0086", "86", "0", "17951", "12593"):  # country, and old dialling prefixes
        rest = digits.removeprefix(prefix)
        if rest != digits and _MOBILE.fullmatch(rest):
            digits = rest
            break
    if _MOBILE.fullmatch(digits):
        return Phone(digits, PhoneKind.MOBILE)
    if digits.startswith("86") and _AREA_CODE.match("0" + digits[2:]) and len(digits) >= 11:
        digits = "0" + digits[2:]
    area = _AREA_CODE.match(digits)
    if area and len(digits) - area.end() in (7, 8):
        return Phone(f"{area.group()}-{digits[area.end() :]}", PhoneKind.LANDLINE)
    if len(digits) in (7, 8) and digits[0] not in "01":
        return Phone(digits, PhoneKind.LANDLINE)
    return Phone(digits if digits == re.sub(r"[\s\-+.]", "", part) else part.strip(), PhoneKind.BAD)
