"""Names of people: how they are kept, compared, sorted by sound and checked.

A name is shown as it was given. For comparing and searching there are keys beside it: `name_key`
(one form for the same name typed differently), `pinyin` and `initials`.
"""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum
from functools import lru_cache

from waystation.stewardship.people import name_tables

MIDDLE_DOT = "·"
MAX_LENGTH = 50

# Python's own tables end before the newest extensions, so Han characters are told by range.
HAN_RANGES = (
    (0x3007, 0x3007),  # the zero, used in names
    (0x3400, 0x4DBF),  # extension A
    (0x4E00, 0x9FFF),
    (0xF900, 0xFAFF),  # compatibility ideographs
    (0x20000, 0x2A6DF),  # extension B
    (0x2A700, 0x2EBEF),  # C, D, E, F
    (0x2EBF0, 0x2EE5F),  # I, with the name characters of public security
    (0x2F800, 0x2FA1F),
    (0x30000, 0x3134F),  # G
    (0x31350, 0x323AF),  # H
    (0x323B0, 0x3347F),  # J
)
RARE_RANGES = (HAN_RANGES[1], *HAN_RANGES[4:])
PRIVATE_RANGES = ((0xE000, 0xF8FF), (0xF0000, 0xFFFFD), (0x100000, 0x10FFFD))

_DOTS = "·•‧・･．.∙⋅﹒ꞏᐧ●。｡"
_REMARK = re.compile(r"[(\[【〔<《{].*?[)\]】〕>》}]")  # after full-width forms became half-width

_COMPOUND_SURNAMES = frozenset(name_tables.COMPOUND_SURNAMES.split())
_LOOK_ALIKES = {pair[0]: pair[1] for pair in name_tables.LOOK_ALIKES.split()}
_SURNAME_READINGS = {
    family: reading.replace("-", " ")
    for family, _, reading in (entry.partition("=") for entry in name_tables.SURNAME_READINGS.split())
}


class NameProblem(StrEnum):
    """Why a name is refused or has to be looked at."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    DIGITS = "digits"
    STRANGE = "strange_characters"
    PRIVATE_USE = "private_use"


def is_han(character: str) -> bool:
    """Whether it is a Han character, the extensions B to J included."""
    code = ord(character)
    return any(first <= code <= last for first, last in HAN_RANGES)


def is_rare(character: str) -> bool:
    """Whether many computers lack a font for it (extension A, and B to J)."""
    code = ord(character)
    return any(first <= code <= last for first, last in RARE_RANGES)


def is_private(character: str) -> bool:
    """Whether it is a private-use code point, whose shape only its old system knew."""
    code = ord(character)
    return any(first <= code <= last for first, last in PRIVATE_RANGES)


def display_form(name: str) -> str:
    """The name to keep and show: as given, in NFC, without spaces at its ends."""
    return unicodedata.normalize("NFC", name).strip().strip("\u200b\ufeff").strip()


def needs_checking(name: str) -> bool:
    """Whether an old system's private character stands in it: a person has to look at the paper."""
    return any(map(is_private, name))


def problems(name: str) -> list[NameProblem]:
    """What is wrong with a name, worst first; an empty list when nothing is.

    Only `PRIVATE_USE` leaves the name usable (to be checked by a person); the others refuse it.
    """
    name = display_form(name)
    if not name:
        return [NameProblem.EMPTY]
    found = []
    if len(name) > MAX_LENGTH:
        found.append(NameProblem.TOO_LONG)
    bare = half_width(name)
    if any(character.isdigit() for character in bare):
        found.append(NameProblem.DIGITS)
    if not all(map(_may_stand_in_name, bare)):
        found.append(NameProblem.STRANGE)
    if needs_checking(name):
        found.append(NameProblem.PRIVATE_USE)
    return found


def _may_stand_in_name(character: str) -> bool:
    if is_han(character) or is_private(character) or character in _DOTS or character in " '-()":
        return True
    if character.isdigit():  # reported by its own code
        return True
    kind = unicodedata.category(character)
    return kind[0] in "LM" or 0x2E80 <= ord(character) <= 0x2FDF or character == "\u3000"


@lru_cache(maxsize=65536)
def half_width(text: str) -> str:
    """Full-width letters, digits, signs and spaces as half-width ones; nothing else changes."""
    return "".join(
        chr(ord(character) - 0xFEE0)
        if "\uff01" <= character <= "\uff5e"
        else (" " if character == "\u3000" else character)
        for character in text
    )


@lru_cache(maxsize=65536)
def plain_form(name: str) -> str:
    """The name as given, less what is not part of it: spaces, remarks in brackets, the dots' form.

    "张　三（预备）" is "张三"; "阿依古丽．买买提" is "阿依古丽·买买提". Characters are left alone.
    """
    text = unicodedata.normalize("NFC", name)
    text = "".join(MIDDLE_DOT if character in _DOTS else character for character in text)
    text = "".join(
        character for character in half_width(text) if not character.isspace() and not _is_invisible(character)
    )
    text = _REMARK.sub("", text) or text
    text = re.sub(f"{MIDDLE_DOT}+", MIDDLE_DOT, text).strip(MIDDLE_DOT + "*,;:'\"`-_")
    # Lists number namesakes ("张伟1", "张伟B"): the mark is not part of a Chinese name.
    if len(text) > 2 and is_han(text[0]) and text[-1].isascii() and text[-1].isalnum():
        text = text.rstrip("0123456789") if text[-1].isdigit() else text[:-1]
    return text


def _is_invisible(character: str) -> bool:
    code = ord(character)
    return 0xFE00 <= code <= 0xFE0F or 0xE0100 <= code <= 0xE01EF or unicodedata.category(character) in ("Cf", "Cc")


@lru_cache(maxsize=65536)
def name_key(name: str) -> str:
    """One form for the same name typed differently; for comparing and searching, never shown.

    Spaces go, every middle dot becomes U+00B7, full-width becomes half-width, traditional, variant
    and look-alike characters become one character. Latin letters become lower case.
    """
    return "".join(map(_common_form, plain_form(name))).lower()


@lru_cache(maxsize=32768)
def _common_form(character: str) -> str:
    if character.isascii():
        return character
    if 0x2E80 <= ord(character) <= 0x2FDF:  # radicals that look like the character
        character = unicodedata.normalize("NFKC", character)
    character = _LOOK_ALIKES.get(character, character)
    if character == "乾":  # a name of its own, only in other words the long form of 干
        return character
    simplified = _opencc().convert(character)
    return _LOOK_ALIKES.get(simplified, simplified)


@lru_cache(maxsize=1)
def _opencc():
    import opencc  # noqa: PLC0415 - slow import: loads its dictionaries

    return opencc.OpenCC("t2s")


def surname(name: str) -> str:
    """The surname in key form: two characters for a compound one; "" for a name in dotted parts."""
    key = name_key(name)
    if MIDDLE_DOT in key or not key or not is_han(key[0]):
        return ""
    return key[:2] if len(key) > 2 and key[:2] in _COMPOUND_SURNAMES else key[:1]


def given_name(name: str) -> str:
    """The name without the surname, in key form; the first part of a name in dotted parts.

    "欧阳国斌" → "国斌", "阿依古丽·买买提" → "阿依古丽", "蓝" → "蓝".
    """
    key = name_key(name)
    if MIDDLE_DOT in key:
        return key.split(MIDDLE_DOT)[0]
    return key[len(surname(name)) :] or key


@lru_cache(maxsize=65536)
def pinyin(name: str) -> str:
    """The sound of a name without tones, syllables apart: "单雄信" → "shan xiong xin", ü as v.

    Surnames have their readings as surnames; what is not Han stays as it is.
    """
    key = name_key(name)
    family = surname(name)
    syllables = []
    if family in _SURNAME_READINGS:
        syllables.append(_SURNAME_READINGS[family])
        key = key[len(family) :]
    syllables += [_syllable(character) for character in key if character != MIDDLE_DOT]
    return " ".join(syllables)


@lru_cache(maxsize=32768)
def _syllable(character: str) -> str:
    from pypinyin import lazy_pinyin  # noqa: PLC0415 - slow import: loads its dictionaries

    return lazy_pinyin(character)[0] if is_han(character) else character


def initials(name: str) -> str:
    """The first letters of the syllables: "王小明" → "wxm", "欧阳国斌" → "oygb"."""
    return "".join(syllable[0] for syllable in pinyin(name).split())
