"""A claim: what one party says about a person, normalised, before it becomes columns of a row."""

from __future__ import annotations

from dataclasses import dataclass

from waystation.kernel.sealing import seal
from waystation.stewardship.people.identity import IdNumber, Phone
from waystation.stewardship.people.models import Particulars
from waystation.stewardship.people.names import given_name, initials, name_key, pinyin


@dataclass
class Claim:
    """The normalised words of a form or of a roster row. Dates are partial ISO dates ("1985-08")."""

    full_name: str
    sex: str = ""
    born: str = ""
    nation: str = ""
    education: str = ""
    member_kind: str = ""
    joined: str = ""
    trade: str = ""
    id_number: IdNumber | None = None
    phone: Phone | None = None
    other_phone: Phone | None = None
    # the origin's side
    branch_text: str = ""
    left: str = ""
    expected_back: str = ""
    reason: str = ""
    place_kind: str = ""
    dues_paid_to: str = ""
    # the station's side
    home_text: str = ""
    address: str = ""
    employer: str = ""
    skill: str = ""
    hardship: str = ""
    volunteers: bool | None = None
    arrived: str = ""
    registered: str = ""
    # both
    destination_text: str = ""
    card_no: str = ""
    remark: str = ""


# Copied as they are to a column of the same name, where the row has one.
PLAIN = (
    "sex", "born", "nation", "education", "member_kind", "joined", "trade", "branch_text", "left", "expected_back",
    "reason", "place_kind", "dues_paid_to", "home_text", "employer", "skill", "volunteers", "arrived", "registered",
    "destination_text", "card_no", "remark",
)  # fmt: skip
SEALED = ("address", "hardship")


def name_columns(full_name: str) -> dict[str, str]:
    """The name and its search keys as columns."""
    return {
        "full_name": full_name,
        "name_key": name_key(full_name),
        "given_key": name_key(given_name(full_name)),
        "pinyin": pinyin(full_name),
        "initials": initials(full_name),
    }


def fill(row: Particulars, claim: Claim) -> None:
    """Write the claim into the row's columns: search keys, sealed values, indexes and masks."""
    for column, value in name_columns(claim.full_name).items():
        setattr(row, column, value)
    own = {field.attname for field in row._meta.concrete_fields}
    for name in PLAIN:
        if name in own:
            value = getattr(claim, name)
            setattr(row, name, _cut(row, name, value) if isinstance(value, str) else value)
    for name in SEALED:
        if name in own:
            seal(row, name, getattr(claim, name) or None)
    fill_id_number(row, claim.id_number)
    fill_phones(row, claim.phone, claim.other_phone)


def _cut(row, column: str, value: str) -> str:
    return value[: row._meta.get_field(column).max_length]


def fill_id_number(row: Particulars, number: IdNumber | None) -> None:
    """The ID number sealed (which indexes it if it is whole), its state and mask."""
    given = number is not None and number.state != "missing"
    seal(row, "id_number", number.text if given else None)
    row.id_state = number.state if given else ""
    row.id_mask = number.masked() if given else ""


def fill_phones(row: Particulars, phone: Phone | None, other: Phone | None) -> None:
    """Two phones sealed, which indexes them; mask and tail of the first stand beside."""
    seal(row, "phone", phone.text if phone else None)
    seal(row, "other_phone", other.text if other else None)
    row.phone_mask = phone.masked() if phone else ""
    row.phone_tail = phone.text[-4:] if phone else ""
