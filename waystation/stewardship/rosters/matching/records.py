"""What the matching knows of a person on one of the two rosters, and the features it compares."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from waystation.kernel.partial_dates import PartialDate
from waystation.stewardship.people import names
from waystation.stewardship.people.identity import (
    MISSING_ID,
    IdNumber,
    IdState,
    Phone,
    PhoneKind,
    read_id_number,
    read_phones,
    read_sex,
)
from waystation.stewardship.rosters.matching.places import NOWHERE, Place, read_place

ORIGIN, ARRIVAL = "origin", "arrival"
FEWEST_ID_DIGITS = 10  # fewer known digits say no more than the county
_NO_OCCUPATION = {"", "无", "其他", "不详", "待业", "/", "-", "—"}


@dataclass(frozen=True, slots=True)
class Row:
    """One person as one roster has them. `key` is unique within its side and says nothing else.

    `home` is the branch of the formal relation, by town and village; `abroad` is where they went
    or live now; `since` is the departure on the origin's side, the arrival on the other.
    `refs` are the caller's own (file rows, primary keys); they are carried along, never read.
    """

    key: str
    side: str
    name: str
    sex: str | None = None
    birth: PartialDate | None = None
    id_number: IdNumber = MISSING_ID
    phones: tuple[Phone, ...] = ()
    home: Place = NOWHERE
    abroad: Place = NOWHERE
    since: PartialDate | None = None
    joined: PartialDate | None = None
    occupation: str = ""
    refs: tuple[Hashable, ...] = ()

    @classmethod
    def of(cls, key: str, side: str, name: str, **given) -> Row:
        """A row out of cells as they stand; what is typed already (`IdNumber`, `Place`…) is kept.

        Accepts the fields' names and, for the two places, text. An ID number's own date and sex
        fill in columns that are empty.
        """
        birth, number = given.pop("birth", None), given.pop("id_number", None)
        if not isinstance(number, IdNumber):
            number = read_id_number(number, birth)
        phones = given.pop("phones", None) or ()
        if not isinstance(phones, (tuple, list)):
            phones = read_phones(phones)
        sex = given.pop("sex", None)
        for field in ("home", "abroad"):
            place = given.get(field)
            if not isinstance(place, Place):
                given[field] = read_place(str(place or ""))
        return cls(
            key=key,
            side=side,
            name=names.display_form(str(name or "")),
            sex=read_sex(sex) or (number.sex if number.is_sure else None),
            birth=birth or (number.birth if number.is_sure else None),
            id_number=number,
            phones=tuple(phones),
            **given,
        )


class Features(NamedTuple):
    """A row flattened to what the comparisons read; the same columns stand in the SQL tables."""

    name_plain: str
    name_key: str
    name_first: str  # the first part of a name in dotted parts
    name_gaps: list[str]  # the name with each character blanked, and its characters in order
    sound: str
    sex: str | None
    birth8: str | None  # yyyymmdd, when the day is known
    birth6: str | None  # yyyymm, when the month is known
    birth4: str | None
    birth_days: int | None  # days since year one, when the day is known
    id_sure: str | None
    id_text: str | None  # everything usable: also numbers with a wrong check or a digit too few
    id_old: str | None  # 15 digits, of numbers with 18
    id_mask: str | None  # a LIKE pattern, of numbers with lost or hidden digits
    id_state: str
    mobiles: list[str]
    mobile1: str | None
    mobile2: str | None
    lines: list[str]
    town: str | None
    village: str | None
    abroad_town: str | None
    abroad_village: str | None
    since_days: int | None
    joined: str | None
    occupation: str | None


def features(row: Row) -> Features:
    """The features of a row."""
    key = names.name_key(row.name)
    first = key.split(names.MIDDLE_DOT)[0]
    day = row.birth.whole_day() if row.birth else None
    mobiles = [phone.text for phone in row.phones if phone.kind is PhoneKind.MOBILE]
    occupation = re.sub(r"\s", "", row.occupation)
    return Features(
        name_plain=names.plain_form(row.name),
        name_key=key,
        name_first=first,
        name_gaps=_gaps(key),
        sound=names.pinyin(row.name),
        sex=row.sex,
        birth8=f"{day:%Y%m%d}" if day else None,
        birth6=f"{row.birth.year:04d}{row.birth.month:02d}" if row.birth and row.birth.month else None,
        birth4=f"{row.birth.year:04d}" if row.birth else None,
        birth_days=day.toordinal() if day else None,
        **_id_features(row.id_number),
        mobiles=mobiles,
        mobile1=mobiles[0] if mobiles else None,
        mobile2=mobiles[1] if len(mobiles) > 1 else None,
        lines=[phone.text for phone in row.phones if phone.kind is PhoneKind.LANDLINE],
        town=row.home.town,
        village=row.home.village,
        abroad_town=row.abroad.town,
        abroad_village=row.abroad.village,
        since_days=row.since.first_day().toordinal() if row.since and row.since.month else None,
        joined=row.joined.isoformat().replace("-", "") if row.joined else None,
        occupation=None if occupation in _NO_OCCUPATION else occupation,
    )


def _gaps(key: str) -> list[str]:
    """Two names share one of these when one character differs or two have changed places.

    Distances in the database count bytes, three to a Han character, so they cannot tell. Of a name
    of two characters half would differ, which says nothing.
    """
    if len(key) < 3:
        return []
    blanked = [f"{key[:at]}*{key[at + 1 :]}" for at in range(len(key))]
    return [*blanked, "=" + "".join(sorted(key))]


def _id_features(number: IdNumber) -> dict[str, str | None]:
    text, state, mask = number.text, number.state, None
    known = sum(character != "*" for character in text)
    if known < FEWEST_ID_DIGITS:
        text, state = "", IdState.MISSING
    elif state is IdState.DIGITS_LOST:
        mask = text + "_" * (18 - len(text))
    elif "*" in text:
        mask = text.replace("*", "_")
    return {
        "id_sure": text if number.is_sure and text else None,
        "id_text": text if text and not mask else None,
        "id_old": number.old_form if text and not mask and number.old_form else None,
        "id_mask": mask,
        "id_state": state.value,
    }


def days_apart(one: PartialDate | None, other: PartialDate | None) -> int | None:
    """Whole days between two days; None unless both are known to the day."""
    first: date | None = one.whole_day() if one else None
    second = other.whole_day() if other else None
    return abs((first - second).days) if first and second else None


def unique_keys(rows: Iterable[Row]) -> list[Row]:
    """The rows in the order of their keys; raises `ValueError` if a key stands twice."""
    ordered = sorted(rows, key=lambda row: row.key)
    for one, other in pairwise(ordered):
        if one.key == other.key:
            raise ValueError(f"the key {one.key!r} stands twice on one side")
    return ordered
