"""Why two rows are, or may be, one person: stable codes for keeping, and the words for them.

A reason is `{"code": …}`, with `days` where a number of days is said. The codes are those of the
model's levels; they are stored, so a code is never renamed. No reason holds a name or a number.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import log2

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from waystation.stewardship.rosters.matching import model
from waystation.stewardship.rosters.matching.records import Row, days_apart

_UNSAID = {"sex_same"}  # half of all people share it
_DAYS_SAID = {"birth_slip", "birth_near", "birth_year_same", "birth_differs"}

WORDS = {
    "name_same": _("Same name"),
    "name_variant": _("Same name, written with other characters or marks"),
    "name_sound": _("Names sound the same"),
    "name_part": _("One name is part of the other"),
    "name_one_character": _("Names differ in one character"),
    "name_differs": _("Names differ"),
    "birth_same": _("Same date of birth"),
    "birth_month_same": _("Same month of birth"),
    "birth_year_only": _("Same year of birth, one side gives no month"),
    "birth_slip": _("Dates of birth differ by a likely slip of the hand"),
    "birth_near": _("Dates of birth are close"),
    "birth_month_slip": _("Months of birth differ by a likely slip of the hand"),
    "birth_year_same": _("Same year of birth, another day"),
    "birth_differs": _("Dates of birth differ"),
    "id_same": _("Same ID number"),
    "id_same_upgraded": _("Same ID number, one in the old form of 15 digits"),
    "id_same_unproven": _("Same ID number, but its check digit is wrong"),
    "id_one_digit": _("ID numbers differ in one digit"),
    "id_old_one_digit": _("ID numbers differ in one digit, one is in the old form"),
    "id_known_digits_same": _("ID numbers agree as far as their digits are known"),
    "id_differs": _("Two valid ID numbers that differ"),
    "id_unlike": _("ID numbers differ, at least one is faulty"),
    "phone_same": _("Same mobile number"),
    "phone_one_digit": _("Mobile numbers differ in one digit"),
    "phone_line_same": _("Same landline"),
    "phone_differs": _("Mobile numbers differ"),
    "sex_same": _("Same sex"),
    "sex_differs": _("Sex differs"),
    "home_village_same": _("Same branch or village of origin"),
    "home_town_same": _("Same township of origin"),
    "home_village_differs": _("Same township of origin, another village"),
    "home_differs": _("Places of origin differ"),
    "abroad_village_same": _("Same community of destination"),
    "abroad_town_same": _("Same subdistrict of destination"),
    "abroad_village_differs": _("Same subdistrict of destination, another community"),
    "abroad_differs": _("Destinations differ"),
    "since_close": _("Arrived soon after leaving"),
    "since_differs": _("Dates of leaving and arriving are far apart"),
    "joined_same": _("Same date of joining the Party"),
    "joined_differs": _("Dates of joining the Party differ"),
    "occupation_same": _("Same occupation"),
    "occupation_differs": _("Occupations differ"),
}


def reasons(origin: Row, arrival: Row, levels: dict[str, str]) -> list[dict]:
    """What speaks for and against a pair, in the model's order: `{"code": …}` and parameters."""
    found: list[dict] = []
    days = days_apart(origin.birth, arrival.birth)
    for code in levels.values():
        if code in _UNSAID:
            continue
        if code in _DAYS_SAID and days and days <= model.LUNAR_DAYS:
            found.append({"code": "birth_days_apart", "days": days})
        else:
            found.append({"code": code})
    return found


def words(reason: dict) -> str:
    """A reason in the reader's language; a code of a later version stands for itself."""
    if reason["code"] == "birth_days_apart":
        days = reason["days"]
        return ngettext("Dates of birth are %(days)d day apart", "Dates of birth are %(days)d days apart", days) % {
            "days": days
        }
    return str(WORDS.get(reason["code"], reason["code"]))


def sentence(found: Iterable[dict]) -> str:
    """All reasons of a pair in one line."""
    return str(_(", ")).join(words(reason) for reason in found)


def speaks_for(reason: dict) -> bool:
    """Whether a reason makes one person likelier than two; those against deserve a second look."""
    level = model.LEVELS.get(reason["code"])
    if level is None:  # days apart: of a slip or of the moon's calendar, never proof
        return False
    return bool(level.frequency_of) or log2(level.m / level.u) > 0
