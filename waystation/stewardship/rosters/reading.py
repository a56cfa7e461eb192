"""From a row of a roster to a claim: every cell parsed, every doubt noted, nothing silently dropped."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from waystation.kernel.sealing import unseal
from waystation.kernel.sheets import cells
from waystation.stewardship.people import names
from waystation.stewardship.people.claims import Claim
from waystation.stewardship.people.identity import (
    IdNumber,
    IdState,
    PhoneKind,
    disagreements,
    read_id_number,
    read_phones,
)
from waystation.stewardship.people.models import MemberKind
from waystation.stewardship.rosters.fields import labels
from waystation.stewardship.rosters.place_kinds import place_kind

WORDS = {
    "name_missing": _("The name is missing."),
    "name_too_long": _("This is too long for a name."),
    "name_has_digits": _("A name has no digits; check the column."),
    "name_strange": _("The name has characters that no name has."),
    "name_private": _("A character of the name comes from an old system; look at the paper and type it again."),
    "nothing_to_identify": _("Give at least one of ID number, phone, birth date or branch."),
    "id_wrong_check": _("The ID number has a wrong digit (its check does not fit)."),
    "id_digits_lost": _("The spreadsheet turned the ID number into a number and lost its last digits."),
    "id_incomplete": _("The ID number is not complete."),
    "id_sex_differs": _("The ID number says another sex."),
    "id_birth_differs": _("The ID number says another birth date."),
    "phone_bad": _("This is not a phone number of the mainland."),
    "branch_unknown": _("The branch is not in the tree; the row is filed under %(unit)s."),
    "branch_missing": _("No branch is given; the row is filed under %(unit)s."),
    "branch_elsewhere": _("This branch lies outside %(unit)s, whose roster this is."),
    "community_unknown": _("The community is not in the tree."),
    "same_row": _("The same person stands in row %(row)s already."),
    "same_id_other_name": _("Row %(row)s has the same ID number with another name."),
    "in_register": _("Registered already, with the same particulars."),
    "in_care": _("In care already; correct the file instead."),
    "no_member": _("By the party status this person is no member any more."),
    "other_origin": _("Another origin has registered this member's departure: %(unit)s."),
    "member_kind_unknown": _("This is neither “full” nor “probationary”."),
    "place_kind_unknown": _("This is none of the kinds on the list; the destination stands."),
    "field_changed": _("Changed."),
}

_MEMBER_KINDS = {"正式": MemberKind.FULL, "预备": MemberKind.PROBATIONARY}
_ERRORS = {"name_missing", "name_too_long", "name_has_digits", "name_strange", "nothing_to_identify"}


@dataclass
class Reading:
    """What a row says: the claim, the words for its places, and the problems found (errors and warnings)."""

    claim: Claim
    home: str = ""
    town: str = ""
    community: str = ""
    problems: list[dict[str, Any]] = field(default_factory=list)

    def note(self, code: str, field_key: str, *, error: bool = False, **params) -> None:
        self.problems.append({"code": code, "field": field_key, "error": error, **params})

    @property
    def is_wrong(self) -> bool:
        return any(problem["error"] for problem in self.problems)


def read_row(kind: str, values: dict[str, cells.Cell], section: str | None = None) -> Reading:
    """Parse the mapped cells of one row. Never raises for what somebody typed."""
    text = {key: cells.text(value).value or "" for key, value in values.items() if key not in _PARSED}
    reading = Reading(Claim(full_name=""))
    claim = reading.claim
    claim.full_name = _name(reading, values.get("name"))
    born = _date(reading, values, "born")
    claim.born = born.isoformat() if born else ""
    claim.sex = _parsed(reading, "sex", values, cells.sex) or ""
    claim.id_number = _id_number(reading, values.get("id_number"), born, claim.sex)
    if claim.id_number.is_sure:
        claim.sex = claim.sex or claim.id_number.sex or ""
        claim.born = claim.born or claim.id_number.birth.isoformat()
    claim.phone, claim.other_phone = _phones(reading, values)
    for key, date_field in (("joined", "joined"), ("registered", "registered")):
        parsed = _date(reading, values, key)
        setattr(claim, date_field, parsed.isoformat() if parsed else "")
    moved = _date(reading, values, "moved")
    setattr(claim, "left" if kind == "departures" else "arrived", moved.isoformat() if moved else "")
    claim.member_kind = _member_kind(reading, text.get("member_kind", ""))
    claim.nation, claim.education = text.get("nation", ""), text.get("education", "")
    claim.trade, claim.skill, claim.employer = (text.get(key, "") for key in ("trade", "skill", "employer"))
    claim.card_no, claim.reason, claim.remark = (text.get(key, "") for key in ("card_no", "reason", "remark"))
    claim.dues_paid_to = text.get("dues", "")
    claim.address = text.get("address", "")
    claim.volunteers = _parsed(reading, "volunteers", values, cells.yes_no)
    claim.hardship = "yes" if _parsed(reading, "hardship", values, cells.yes_no) else ""
    reading.home, reading.town = text.get("home", "") or "", text.get("town", "") or (section or "")
    reading.community = text.get("community", "")
    claim.branch_text = claim.home_text = reading.home or reading.town
    if kind == "departures":
        _where_to(reading, text.get("destination", ""), text.get("place_kind", ""))
    else:
        claim.destination_text = reading.community
    known = claim.id_number or claim.phone or claim.born or reading.home
    if claim.full_name and not known:
        reading.note("nothing_to_identify", "id_number", error=True)
    return reading


_PARSED = frozenset(
    {"sex", "born", "joined", "moved", "registered", "volunteers", "hardship", "id_number", "phone", "other_phone"}
)


def _where_to(reading: Reading, place: str, kind: str) -> None:
    """Destination and kind of place. Rosters put either under 外出流向: a word of the code list is the kind, anything
    else the place; where both columns name a place the one of the places holds."""
    claim = reading.claim
    claim.place_kind = place_kind(kind) or place_kind(place)
    claim.destination_text = "" if place_kind(place) else place
    if kind and not place_kind(kind):
        if claim.destination_text:
            reading.note("place_kind_unknown", "place_kind", typed=kind[:30])
        else:
            claim.destination_text = kind


def _name(reading: Reading, cell) -> str:
    name = names.display_form(cells.typed(cell))
    if cells.is_null(name):
        reading.note("name_missing", "name", error=True)
        return ""
    codes = {
        "too_long": "name_too_long",
        "digits": "name_has_digits",
        "strange_characters": "name_strange",
        "private_use": "name_private",
        "empty": "name_missing",
    }
    for problem in names.problems(name):
        code = codes[problem.value]
        reading.note(code, "name", error=code in _ERRORS)
    return name[:100]


def _parsed(reading: Reading, key: str, values, parse):
    """A cell through one of `sheets.cells`' parsers; its problems become warnings with what was typed."""
    parsed = parse(values.get(key))
    for problem in parsed.problems:
        reading.note(problem.code, key, **{name: str(value) for name, value in problem.params.items()})
    return parsed.value


def _date(reading: Reading, values, key: str):
    return _parsed(reading, key, values, cells.partial_date)


def _id_number(reading: Reading, cell, born, sex: str) -> IdNumber:
    number = read_id_number(cell, born)
    code = {
        IdState.WRONG_CHECK: "id_wrong_check",
        IdState.DIGITS_LOST: "id_digits_lost",
        IdState.INCOMPLETE: "id_incomplete",
    }.get(number.state)
    if code:
        reading.note(code, "id_number")
    for name in disagreements(number, sex or None, born):
        reading.note(f"id_{name}_differs", name if name == "sex" else "born")
    return number


def _phones(reading: Reading, values):
    """The first two numbers of both phone columns, mobiles first; numbers of no known shape are noted."""
    found = {}
    for key in ("phone", "other_phone"):
        for phone in read_phones(values.get(key)):
            if phone.kind is PhoneKind.BAD:
                reading.note("phone_bad", key)
            else:
                found.setdefault(phone.text, phone)
    ordered = sorted(found.values(), key=lambda phone: phone.kind is not PhoneKind.MOBILE)
    return tuple([*ordered, None, None][:2])


def _member_kind(reading: Reading, text: str) -> str:
    if not text:
        return ""
    for word, kind in _MEMBER_KINDS.items():
        if word in text:
            return kind
    if text not in ("党员", "中共党员"):
        reading.note("member_kind_unknown", "member_kind", typed=text[:30])
    return ""


def problem_words(problem: dict) -> str:
    """One problem as a sentence in the reader's language; names the field it is about."""
    code, params = problem["code"], problem
    words = WORDS.get(code) or cells.PROBLEMS.get(code) or code
    sentence = gettext(words) % params
    kind = "arrivals" if problem["field"] in labels("arrivals") else "departures"
    label = labels(kind).get(problem["field"])
    return gettext("%(field)s: %(problem)s") % {"field": label, "problem": sentence} if label else sentence


def as_typed(row) -> tuple[list[tuple[str, str]], str]:
    """Column titles with what was typed below them, as the file had them, and the title of the row's section."""
    kept = json.loads(unseal(row, "cells") or '{"cells": []}')
    return [tuple(pair) for pair in kept["cells"]], kept.get("section", "")


def cells_of(row) -> list[tuple[str, str]]:
    """Column titles and what was typed below them."""
    return as_typed(row)[0]
