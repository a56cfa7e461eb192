"""What people write about transfers and activity cards, read and checked; nothing is saved here."""

from __future__ import annotations

import re
from datetime import date

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from waystation.kernel import dated
from waystation.kernel.form_fields import LineField, day_field, day_input
from waystation.organizations.models import Unit
from waystation.organizations.queries import SEPARATOR, full_names
from waystation.stewardship.formalities import rules
from waystation.stewardship.formalities.models import Transfer
from waystation.stewardship.people.names import name_key

MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")


class Day(forms.DateField):
    """A day up to today, chosen from a calendar."""

    def __init__(self, **options):
        options.setdefault("widget", day_input())
        options.setdefault("initial", timezone.localdate)
        super().__init__(**options)


class SearchForm(forms.Form):
    """Whom a list is asked for."""

    q = LineField(label=_("Name or number"), max_length=40, required=False)

    @property
    def filters(self) -> dict:
        text = self.cleaned_data["q"] if self.is_valid() else ""
        return {"q": text, "key": name_key(text)} if text else {}


class TransferForm(forms.Form):
    """A letter to write, or a transfer begun online."""

    channel = forms.ChoiceField(label=_("Way"), choices=Transfer.Channel.choices, widget=forms.RadioSelect)
    number = LineField(
        label=_("Letter no."),
        max_length=40,
        required=False,
        help_text=_("As it stands on the letter and its stub. Not needed for a transfer online."),
    )
    branch = LineField(
        label=_("Receiving branch in this city"),
        max_length=200,
        required=False,
        help_text=_("The name of the branch, with its town if several have the name."),
    )
    to_text = LineField(
        label=_("Receiving organization elsewhere"),
        max_length=100,
        required=False,
        help_text=_("As it stands on the letter, if the branch does not work with this system."),
    )
    issued_on = Day(label=_("Issued on"))
    valid_days = forms.IntegerField(label=_("Valid for days"), required=False, min_value=1)
    dues_paid_to = LineField(
        label=_("Dues paid to"), max_length=7, required=False, help_text=_("Year and month: 2026-10")
    )
    reason = LineField(label=_("Reason"), max_length=200, required=False)

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        day = timezone.localdate()
        near, far, most = (dated.value(key, day) for key in (rules.NEAR_DAYS, rules.FAR_DAYS, rules.MOST_DAYS))
        self.fields["valid_days"].help_text = _(
            "Left empty: %(near)d days within the city, %(far)d to elsewhere; at most %(most)d."
        ) % {"near": near, "far": far, "most": most}
        self.initial.setdefault("channel", Transfer.Channel.LETTER)

    def clean_dues_paid_to(self) -> str:
        text = self.cleaned_data["dues_paid_to"]
        if text and not MONTH.fullmatch(text):
            raise forms.ValidationError(_("Write year and month, such as 2026-10."))
        return text

    def clean_branch(self) -> Unit | None:
        text = self.cleaned_data["branch"]
        return branch_named(text) if text else None

    def clean(self):
        given = super().clean()
        given["to"] = given.pop("branch", None)
        if given.get("channel") == Transfer.Channel.LETTER and not given.get("number"):
            self.add_error("number", _("A paper letter has a number."))
        if not self.errors and bool(given["to"]) == bool(given.get("to_text")):
            self.add_error("branch", _("Name the branch in this city or the organization elsewhere, one of them."))
        return given


def branch_named(text: str) -> Unit:
    """The one open branch of this name anywhere in the tree; a transfer goes to where one's reach does not."""
    last = re.split(r"[›>／/]", text)[-1].strip()
    found = list(Unit.objects.active().filter(kind=Unit.Kind.BRANCH, name=last)[:50])
    if not found:
        towns = Unit.objects.active().filter(kind=Unit.Kind.TOWN)
        town = next((one for one in towns if last.startswith(one.name)), None)
        if town is not None:
            name = last.removeprefix(town.name)
            found = list(Unit.objects.active().under(town).filter(kind=Unit.Kind.BRANCH, name=name))
    if len(found) > 1 and SEPARATOR.strip() in text:
        names = full_names(found)
        found = [unit for unit in found if names[unit.pk].endswith(text.strip())]
    if len(found) != 1:
        raise forms.ValidationError(
            _("Several branches have this name; write the town before it.")
            if found
            else _("No branch of this name works with this system.")
        )
    return found[0]


class ReceiptForm(forms.Form):
    """What stands on the receipt slip, and whether the member is still a mobile member."""

    received_on = Day(label=_("Received on"), help_text=_("The day of the receipt; from it on the new branch answers."))
    handled_by = LineField(label=_("Handled by"), max_length=50, required=False)
    handler_phone = LineField(label=_("Telephone of the office"), max_length=30, required=False)
    ends_stay = forms.BooleanField(
        label=_("The member lives where the new branch is: the stay ends and the departure closes"), required=False
    )


class ReasonForm(forms.Form):
    """A reason that the other side reads."""

    reason = LineField(label=_("Reason"), max_length=200, widget=forms.Textarea(attrs={"rows": 3}))


class CardForm(forms.Form):
    """The columns of the register of issue."""

    number = LineField(label=_("Activity card no."), max_length=30, help_text=_("The number that the county gave out."))
    issued_on = Day(label=pgettext_lazy("activity card", "Issued on"))
    reason = LineField(label=_("Reason for leaving"), max_length=100, required=False)
    place = LineField(label=_("Place gone to"), max_length=200, required=False)
    left = day_field(_("Left on"), required=False)

    def clean_left(self) -> str:
        day: date | None = self.cleaned_data["left"]
        return day.isoformat() if day else ""


class CardEndForm(forms.Form):
    """A card is lost or handed in."""

    on = Day(label=_("On"))
    reason = LineField(label=_("Reason"), max_length=200)


class CheckForm(forms.Form):
    """The yearly check of one card or of many."""

    on = Day(label=_("Checked on"))
    remark = LineField(
        label=_("Remark"),
        max_length=200,
        required=False,
        help_text=_("Organization life and dues, as the card shows them."),
    )
