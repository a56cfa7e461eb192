"""What stands on the page of one person beside the person's own columns."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext, ngettext, pgettext
from django.utils.translation import gettext_lazy as _

from waystation.kernel.partial_dates import PartialDate
from waystation.kernel.sealing import Tampered, unseal
from waystation.kernel.templatetags.ui import zh_date
from waystation.organizations.models import Mandate, Unit
from waystation.organizations.permissions import Permission
from waystation.stewardship.people.identity import IdState, mask_phone, read_id_number
from waystation.stewardship.people.models import Correction, Departure, Person
from waystation.stewardship.people.queries.lists import SEALED_COLUMNS, TONES, Status, status_over

# The sealed columns have no words of their own in the model.
LABELS = {
    "id_number": _("ID number"),
    "phone": _("Phone"),
    "other_phone": _("Other phone"),
    "address": _("Address"),
    "hardship": _("Hardship"),
    "card_no": _("Activity card no."),
}

# Who speaks for each of the three parties, the nearest role first.
_SPEAKERS = {
    "origin": ("branch_secretary", "township_organiser"),
    "station": ("station_head", "station_officer"),
    "destination": ("destination_contact",),
}


def contacts(person: Person, day: date) -> dict[str, str]:
    """Whom to ask at the origin, the station and the destination, where somebody is named."""
    units = {
        "origin": person.home_id,
        "station": person.station_id,
        "destination": person.destination_id,
    }
    wanted = [pk for pk in units.values() if pk]
    mandates = list(
        Mandate.objects.in_force(day)
        .filter(unit__in=wanted, role__in=[role for roles in _SPEAKERS.values() for role in roles])
        .select_related("user")
        .order_by("starts_on", "pk")
    )
    found = {}
    for party, roles in _SPEAKERS.items():
        held = [m for m in mandates if m.unit_id == units[party] and m.role in roles]
        held.sort(key=lambda mandate: roles.index(mandate.role))
        if held:
            found[party] = held[0].user.full_name
    return found


def place_names(person: Person) -> dict[str, Unit | None]:
    """The town of the home branch and the grid, by one query over the two paths."""
    ids = [int(part) for part in f"{person.home_path}{person.stay_path}".split(".") if part]
    units = Unit.objects.in_bulk(ids)
    home = [units.get(int(part)) for part in person.home_path.split(".") if part]
    stay = [units.get(int(part)) for part in person.stay_path.split(".") if part]
    return {
        "town": next((unit for unit in home if unit and unit.kind == Unit.Kind.TOWN), None),
        "grid": next((unit for unit in stay if unit and unit.kind == Unit.Kind.GRID), None),
    }


@dataclass(frozen=True)
class ShownCorrection:
    """A correction as the file shows it: numbers masked, other sealed texts only named."""

    field: str
    label: str
    before: str
    after: str
    reason: str
    at: datetime
    by: str


def masked_corrections(rows: Iterable[Correction]) -> list[ShownCorrection]:
    """Before and after of each correction, sealed values behind their masks."""
    return [
        ShownCorrection(
            row.field,
            field_label(row.field),
            _shown(row, "before"),
            _shown(row, "after"),
            row.reason,
            row.corrected_at,
            str(row.corrected_by or ""),
        )
        for row in rows
    ]


def _shown(row: Correction, side: str) -> str:
    try:
        text = unseal(row, side) or ""
    except Tampered:
        return "?"
    if row.field in SEALED_COLUMNS:
        return masked(row.field, text)
    field = Person._meta.get_field(row.field)
    return str(dict(field.flatchoices).get(text, text)) if field.choices else text


def masked(field: str, text: str) -> str:
    """A number with its middle hidden; other sealed text wholly."""
    if not text:
        return ""
    if field == "id_number":
        return read_id_number(text).masked()
    return mask_phone(text) if field in ("phone", "other_phone") else "***"


def field_label(field: str) -> str:
    """The name of a column of the file in the reader's language."""
    return str(LABELS.get(field) or Person._meta.get_field(field).verbose_name)


def id_is_doubtful(person: Person) -> bool:
    """Whether the ID number on file does not prove itself."""
    return bool(person.id_state) and person.id_state not in (IdState.VALID, IdState.UPGRADED)


# --- facts of the file ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Fact:
    """One line of the file. A sealed one has a `field` and shows its mask."""

    label: str
    value: str
    field: str = ""
    remark: str = ""


def one_sealed(person: Person, field: str) -> Fact:
    """A sealed value behind its mask."""
    masks = {"id_number": person.id_mask, "phone": person.phone_mask}
    mask = masks.get(field) or ("*" * 6 if getattr(person, field) else "")
    remark = ""
    if field == "id_number" and id_is_doubtful(person):
        remark = gettext("This number does not prove itself; check it against the papers.")
    return Fact(field_label(field), mask, field, remark)


def facts_of(person: Person, sight) -> list[Fact]:
    """What is on file, as far as the viewer may see it."""
    known = [
        Fact(field_label("member_kind"), person.get_member_kind_display()),
        Fact(field_label("trade"), person.trade),
        Fact(field_label("skill"), person.skill),
        Fact(gettext("Community"), person.destination.name if person.destination else ""),
        Fact(gettext("Volunteering"), _yes_or_no(person.volunteers)),
    ]
    if not sight.numbers:
        return known
    card = [Fact(field_label("card_no"), person.card_no)] if sight.may(Permission.ACTIVITY_CARD_CHECK) else []
    return [
        *(one_sealed(person, name) for name in ("id_number", "phone", "other_phone")),
        Fact(field_label("born"), _day(person.born)),
        Fact(field_label("joined"), _joined(person.joined)),
        *known[:1],
        Fact(field_label("education"), person.education),
        *known[1:3],
        Fact(field_label("employer"), person.employer),
        *known[3:4],
        one_sealed(person, "address"),
        one_sealed(person, "hardship"),
        *known[4:],
        *card,
    ]


def _yes_or_no(value: bool | None) -> str:
    return "" if value is None else pgettext("answer", "Yes") if value else pgettext("answer", "No")


def _day(partial: str) -> str:
    return zh_date(PartialDate.parse_iso(partial)) if partial else ""


def _joined(partial: str) -> str:
    """The day of joining, and how many years that is."""
    if not partial:
        return ""
    years = years_since(partial, timezone.localdate())
    text = ngettext("%(years)s year in the Party", "%(years)s years in the Party", years)
    return f"{_day(partial)} · {text % {'years': years}}"


def years_since(partial: str, day: date) -> int:
    """Whole years from a partial date to a day; a missing part counts as the first."""
    start = PartialDate.parse_iso(partial).first_day()
    return max(0, day.year - start.year - ((day.month, day.day) < (start.month, start.day)))


def state_of(person: Person, story) -> tuple[str, str]:
    """The state in a word and the tone of its tag."""
    if story.stay is not None:
        state = Status.CARE
    elif story.departure is not None:
        pending = story.departure.state == Departure.State.PENDING
        state = Status.WAITING if pending else Status.AWAY
    else:
        closed = sorted((row for row in story.departures if row.closed_at), key=lambda row: (row.closed_at, row.pk))
        state = status_over(row.state for row in closed)
    return str(state.label), TONES[state]


def shown_value(person: Person, field: str) -> str:
    """What the file says now: in words, or as a mask."""
    if field in SEALED_COLUMNS:
        return one_sealed(person, field).value
    return value_in_words(Person, field, getattr(person, field))


_PARTIAL_DATES = frozenset({"born", "joined", "left", "arrived"})


def value_in_words(model, field: str, value) -> str:
    """The value of a column, as people read it: a partial date, a choice, an answer."""
    if field in _PARTIAL_DATES:
        return _day(value)
    if isinstance(value, bool):
        return _yes_or_no(value)
    choices = model._meta.get_field(field).flatchoices
    return str(dict(choices).get(value, value)) if choices and value else value


def last_correction(person: Person) -> Correction | None:
    """The newest correction of the file: who came in between, and when."""
    rows = Correction.objects.filter(person=person).select_related("corrected_by")
    return rows.order_by("-corrected_at", "-pk").first()
