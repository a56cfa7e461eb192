"""Two files beside each other, their differences marked. Sealed values only show their masks."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from waystation.stewardship.people.models import Departure, Person, Stay
from waystation.stewardship.people.queries.files import field_label, one_sealed, shown_value

_COLUMNS = (
    "full_name", "sex", "born", "nation", "education", "member_kind", "joined", "trade", "employer",
    "skill", "card_no",
)  # fmt: skip


_NOTHING = "—"


@dataclass(frozen=True)
class Row:
    """One line: what either side says, and whether that differs."""

    label: str
    left: str
    right: str
    differs: bool


@dataclass(frozen=True)
class Pair:
    """The two files and the lines in which they are compared."""

    left: Person
    right: Person
    rows: list[Row]


def compared(left: Person, right: Person) -> Pair:
    """Both files, line by line, without what neither has. Equal masks of different numbers still differ."""
    rows = []
    for name in _COLUMNS:
        rows.append(_row(field_label(name), shown_value(left, name), shown_value(right, name)))
    for name, index in (("id_number", "id_index"), ("phone", "phone_index")):
        one, other = one_sealed(left, name).value, one_sealed(right, name).value
        differs = getattr(left, index) != getattr(right, index) or one != other
        rows.append(Row(field_label(name), one or _NOTHING, other or _NOTHING, differs))
    for label, name in ((_("Branch"), "home"), (_("Station"), "station")):
        rows.append(_row(label, _name(left, name), _name(right, name)))
    moves = [_moves(person) for person in (left, right)]
    rows.append(_row(_("Departures and stays"), *moves))
    return Pair(left, right, [row for row in rows if (row.left, row.right) != (_NOTHING, _NOTHING)])


def _row(label: str, left: str, right: str) -> Row:
    return Row(str(label), left or _NOTHING, right or _NOTHING, left != right)


def _name(person: Person, place: str) -> str:
    unit = {"home": person.home, "station": person.station}[place]
    return unit.name if unit else ""


def _moves(person: Person) -> str:
    counts = {
        "departures": Departure.objects.filter(person=person).count(),
        "stays": Stay.objects.filter(person=person).count(),
    }
    return _("%(departures)s departures, %(stays)s stays") % counts
