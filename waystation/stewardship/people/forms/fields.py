"""Fields that read names, partial dates, ID numbers and phones as people write them."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from waystation.kernel.form_fields import LineField
from waystation.kernel.partial_dates import PartialDate
from waystation.kernel.sheets import cells
from waystation.stewardship.people.identity import (
    IdNumber,
    IdState,
    Phone,
    PhoneKind,
    read_id_number,
    read_phones,
)
from waystation.stewardship.people.models import Departure
from waystation.stewardship.people.names import NameProblem, display_form, problems

NAME_PROBLEMS = {
    NameProblem.TOO_LONG: _("The name is too long."),
    NameProblem.DIGITS: _("A name holds no digits."),
    NameProblem.STRANGE: _("The name holds characters that cannot stand in a name."),
}


def plain_text(label, *, longest: int, required: bool = False, **options) -> forms.CharField:
    """A line of text without invisible characters."""
    return LineField(label=label, max_length=longest, required=required, **options)


def kind_of_place() -> forms.ChoiceField:
    """To what kind of place a member went (外出流向), if it is known."""
    choices = [("", _("Not given")), *Departure.PlaceKind.choices]
    return forms.ChoiceField(label=_("Kind of place gone to"), choices=choices, required=False)


def range_of_movement() -> forms.ChoiceField:
    """How far a member went, for places that are not in the tree."""
    return forms.ChoiceField(
        label=_("Range of the movement"),
        choices=[("", _("Told by the places, or not known")), *Departure.Range.choices],
        required=False,
        help_text=_("Only for places outside the area: the station and the destination tell it otherwise."),
    )


class NameField(forms.CharField):
    """The name of a person as it shall be shown."""

    def __init__(self, **options):
        options.setdefault("label", _("Name"))
        options.setdefault("max_length", 100)
        super().__init__(**options)

    def to_python(self, value):
        return display_form(cells.clean(super().to_python(value) or ""))

    def validate(self, value):
        super().validate(value)
        found = [NAME_PROBLEMS[one] for one in problems(value) if one in NAME_PROBLEMS]
        if value and found:
            raise ValidationError(found[0])


class PartialDateField(forms.CharField):
    """A year, a month or a day, however it is written; the value is ISO text such as "1985-08"."""

    def __init__(self, *, future: bool = False, day: bool = False, **options):
        self.future, self.day = future, day
        options.setdefault("max_length", 30)
        super().__init__(**options)
        self.widget.attrs.setdefault("inputmode", "numeric")

    def to_python(self, value):
        parsed = cells.partial_date(super().to_python(value) or "")
        if parsed.problems:
            raise ValidationError(parsed.problems[0].message)
        return parsed.value.isoformat() if parsed.value else ""

    def validate(self, value):
        super().validate(value)
        if not value:
            return
        day = PartialDate.parse_iso(value)
        if self.day and day.whole_day() is None:
            raise ValidationError(_("Write the whole day, such as 2026-11-23."))
        if not self.future and day.first_day() > timezone.localdate():
            raise ValidationError(_("This date lies in the future."))


class IdNumberField(forms.CharField):
    """An ID number (GB 11643); the value is an `IdNumber`, doubtful ones included, or None."""

    def __init__(self, **options):
        options.setdefault("label", _("ID number"))
        options.setdefault("max_length", 40)
        super().__init__(**options)
        self.widget.attrs.update({"autocomplete": "off", "spellcheck": "false"})

    def clean(self, value) -> IdNumber | None:
        number = read_id_number(super().clean(value))
        return number or None


class PhoneField(forms.CharField):
    """A telephone number of the mainland; the value is a `Phone` or None."""

    def __init__(self, **options):
        options.setdefault("label", _("Phone"))
        options.setdefault("max_length", 40)
        super().__init__(**options)
        self.widget.attrs.update({"inputmode": "tel", "autocomplete": "off"})

    def clean(self, value) -> Phone | None:
        found = read_phones(super().clean(value))
        if not found:
            return None
        if len(found) > 1:
            raise ValidationError(_("Write one number here and the other in its own field."))
        if found[0].kind is PhoneKind.BAD:
            raise ValidationError(_("This is not a phone number. A mobile has 11 digits, a line its area code."))
        return found[0]


def suggesting(field: forms.Field, *, name: str, kind: str) -> forms.Field:
    """Let the field suggest units of a kind while one types; without JavaScript it is a line."""
    address = reverse("people:unit-options")
    field.widget.attrs.update(
        {
            "list": f"{name}-options",
            "autocomplete": "off",
            "hx-get": f"{address}?{urlencode({'kind': kind, 'of': name})}",
            "hx-trigger": "input changed delay:200ms",
            "hx-target": f"#{name}-options",
            "hx-swap": "innerHTML",
        }
    )
    return field


DOUBTS = {
    IdState.WRONG_CHECK: _("The ID number does not prove itself: a digit is wrong."),
    IdState.DIGITS_LOST: _("The ID number has lost its last digits."),
    IdState.INCOMPLETE: _("The ID number is not complete."),
}


def doubt(number: IdNumber | None) -> str:
    """What is doubtful about an ID number, in words; empty if nothing is."""
    return str(DOUBTS.get(number.state, "")) if number is not None else ""
