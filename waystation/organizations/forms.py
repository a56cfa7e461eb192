"""What people write about units and mandates, read and checked; nothing is saved here."""

from __future__ import annotations

from collections.abc import Collection

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from waystation.accounts.models import User, normal_username
from waystation.kernel.form_fields import LineField, day_field
from waystation.organizations.access import Reach
from waystation.organizations.models import KINDS_UNDER, Unit
from waystation.organizations.permissions import ROLES
from waystation.organizations.unit_field import UnitField

# Stations and grids are made on pages of their own, with more than a name.
MADE_ELSEWHERE = {Unit.Kind.STATION.value, Unit.Kind.GRID.value}
ANY = ("", _("All"))


class _ReachForm(forms.Form):
    """A form whose units are looked for in a reach."""

    def __init__(self, *args, reach: Reach, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, UnitField):
                field.reach = reach


class NewUnitForm(forms.Form):
    """A unit below another; only kinds that may lie there are offered."""

    kind = forms.ChoiceField(label=_("Kind"))
    name = forms.CharField(label=_("Name of the unit"), max_length=100)
    code = forms.CharField(
        label=_("Division code"),
        max_length=32,
        required=False,
        help_text=_("The statistical code of an administrative division; branches have none."),
    )

    def __init__(self, *args, parent: Unit, **kwargs):
        super().__init__(*args, **kwargs)
        allowed = KINDS_UNDER[parent.kind] - MADE_ELSEWHERE
        self.fields["kind"].choices = [c for c in Unit.Kind.choices if c[0] in allowed]

    def clean_code(self):
        code = self.cleaned_data["code"].strip() or None
        if code and Unit.objects.filter(code=code).exists():
            raise ValidationError(_("Another unit has this code."))
        return code


class RenameForm(forms.Form):
    """Another name for a unit."""

    name = forms.CharField(label=_("Name of the unit"), max_length=100)


def _office_line(label, longest: int, **options) -> LineField:
    return LineField(label=label, max_length=longest, required=False, **options)


class ContactsForm(forms.Form):
    """How the office of a unit is reached. What another app keeps for units of its kind is not asked for here."""

    address = _office_line(_("Postal address"), 200)
    phone = _office_line(
        _("Telephone"),
        60,
        help_text=_("Of the office, never a private one. Several are parted by a comma."),
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
    )
    fax = _office_line(_("Fax"), 30, widget=forms.TextInput(attrs={"inputmode": "tel"}))
    postcode = forms.RegexField(
        r"^[0-9]{6}$",
        label=_("Postcode"),
        max_length=6,
        required=False,
        error_messages={"invalid": _("A postcode has six digits.")},
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    contact_person = _office_line(_("Contact person"), 50, help_text=_("Who answers for the office, by name."))

    def __init__(self, *args, without: Collection[str], **kwargs):
        super().__init__(*args, **kwargs)
        for name in without:
            del self.fields[name]


class MoveForm(_ReachForm):
    """Another place for a unit."""

    parent = UnitField(label=_("To lie under"))


class CloseForm(forms.Form):
    """The day from which a unit is closed."""

    on = day_field(_("Closed from"), initial=timezone.localdate)


class TreeFilterForm(forms.Form):
    """Looking for a unit by the beginning of its name."""

    q = forms.CharField(label=_("Name of a unit"), max_length=60, required=False)


class MandateForm(_ReachForm):
    """A role for a user in a unit, from a day on and perhaps until another."""

    username = forms.CharField(
        label=_("Sign-in name"), max_length=64, help_text=_("As it stands on the page of users.")
    )
    role = forms.ChoiceField(label=_("Role"), choices=[(k, r.label) for k, r in ROLES.items()])
    unit = UnitField(label=_("Unit"))
    starts_on = day_field(_("From"), initial=timezone.localdate)
    ends_on = day_field(_("Until (that day excluded)"), required=False)

    def clean_username(self):
        user = User.objects.filter(username=normal_username(self.cleaned_data["username"])).first()
        if user is None:
            raise ValidationError(_("Nobody signs in with this name."))
        if not user.is_active:
            raise ValidationError(_("This account is disabled."))
        return user

    def clean(self):
        given = super().clean()
        starts, ends = given.get("starts_on"), given.get("ends_on")
        if starts and ends and ends <= starts:
            self.add_error("ends_on", _("The end lies after the beginning."))
        return given


class MandateFilterForm(_ReachForm):
    """The filters of the list of mandates."""

    q = forms.CharField(label=_("Name or sign-in name"), max_length=60, required=False)
    role = forms.ChoiceField(label=_("Role"), required=False, choices=[ANY, *((k, r.label) for k, r in ROLES.items())])
    unit = UnitField(label=_("Unit"), required=False, help_text="")
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("In force")), ("ended", _("Ended")), ("all", _("All"))],
    )


class EndMandateForm(forms.Form):
    """The day on which a mandate ends."""

    ends_on = day_field(
        _("Ends on"),
        initial=timezone.localdate,
        help_text=_("From this day on the role is not held any more."),
    )
