"""What a row of a roster changes in the register: each field as it stood, and as the row has it."""

from __future__ import annotations

import json
from dataclasses import dataclass

from waystation.kernel.sealing import unseal
from waystation.stewardship.people.claims import fill
from waystation.stewardship.people.queries.files import value_in_words
from waystation.stewardship.rosters.checking import claim_of
from waystation.stewardship.rosters.fields import labels
from waystation.stewardship.rosters.models import ImportRow

# The column of a field, where it has another name; of numbers the mask stands for the value.
_COLUMNS = {
    "name": ("full_name",), "home": ("branch_text", "home_text"), "moved": ("left", "arrived"),
    "destination": ("destination_text",), "dues": ("dues_paid_to",), "id_number": ("id_mask",),
    "phone": ("phone_mask",),
}  # fmt: skip
_SEALED = frozenset({"address", "hardship", "other_phone"})


@dataclass(frozen=True)
class Change:
    """A field that a row changes. Where both values are kept sealed or look alike masked, they are empty."""

    label: str
    before: str = ""
    after: str = ""


def changes_of(row: ImportRow, kind: str) -> list[Change]:
    """The fields in which the row said something new at its check, in the file's order."""
    names = dict.fromkeys(problem["field"] for problem in row.problems if problem["code"] == "field_changed")
    words, target = labels(kind), row.departure or row.arrival
    if not names or target is None:
        return [Change(str(words.get(name, name))) for name in names]
    fresh = type(target)()
    fill(fresh, claim_of(json.loads(unseal(row, "cells"))))
    stood = json.loads(unseal(row, "before")) if row.before else vars(target)
    return [_change(name, str(words.get(name, name)), target, stood, fresh) for name in names]


def _change(name: str, label: str, target, stood, fresh) -> Change:
    column = _column(target, name)
    if column is None:
        return Change(label)
    before, after = (
        value_in_words(type(target), column, value) or "" for value in (stood.get(column), getattr(fresh, column))
    )
    return Change(label) if before == after else Change(label, before, after)


def _column(target, name: str) -> str | None:
    """The column that shows the field, or None for what is never shown here."""
    if name in _SEALED:
        return None
    own = {field.attname for field in target._meta.concrete_fields}
    return next((column for column in _COLUMNS.get(name, (name,)) if column in own), None)
