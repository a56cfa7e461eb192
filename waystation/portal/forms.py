"""One small form a page, for a thumb."""

from __future__ import annotations

from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from waystation.kernel.sheets import cells
from waystation.stations.sites.models import Station
from waystation.stewardship.people.identity import IdState, PhoneKind, read_id_number, read_phones
from waystation.stewardship.people.names import NameProblem, display_form, problems

ELSEWHERE = "elsewhere"
ADULT_YEARS = 18
_NO_NAME = {NameProblem.TOO_LONG, NameProblem.DIGITS, NameProblem.STRANGE}


class NoticeForm(forms.Form):
    """The visitor has read what happens with the answers, and says whether the ID number may be asked."""

    told = forms.BooleanField(label=_("I have read this notice"))
    may_ask_id = forms.BooleanField(
        label=_("I agree that my ID number is used to find my record at home (optional)"),
        required=False,
    )


class NameForm(forms.Form):
    full_name = forms.CharField(
        label=_("Your name"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        help_text=_("As on your ID card."),
    )

    def clean_full_name(self):
        name = display_form(cells.clean(self.cleaned_data["full_name"]))
        if not name or _NO_NAME.intersection(problems(name)):
            raise ValidationError(_("Please write your name as on your ID card."))
        return name


class PhoneForm(forms.Form):
    phone = forms.CharField(
        label=_("Your phone number"),
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
        help_text=_("The station calls you on it. No codes are sent."),
    )

    def clean_phone(self):
        found = read_phones(self.cleaned_data["phone"])
        if len(found) != 1 or found[0].kind is PhoneKind.BAD:
            raise ValidationError(_("A mobile number has 11 digits, a landline its area code."))
        return found[0].text


class IdNumberForm(forms.Form):
    id_number = forms.CharField(
        label=_("Your ID number"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("You may leave this empty; your record is then looked for by name and origin."),
    )

    def clean_id_number(self):
        number = read_id_number(self.cleaned_data["id_number"])
        if not number:
            return ""
        if number.state not in (IdState.VALID, IdState.UPGRADED):
            raise ValidationError(_("This ID number is not right. Check it, or leave it empty."))
        born = number.birth.whole_day() if number.birth else None
        if born is not None and _years(born) < ADULT_YEARS:
            raise ValidationError(_("Nobody under eighteen reports here. Please ask at the desk."))
        return number.text


def _years(born: date) -> int:
    today = timezone.localdate()
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


class OriginForm(forms.Form):
    home_text = forms.CharField(
        label=_("Your Party branch at home"),
        max_length=100,
        help_text=_("County, town and village, such as 福鼎市叠石乡竹阳村党支部."),
    )

    def clean_home_text(self):
        return cells.clean(self.cleaned_data["home_text"])


class CommunityForm(forms.Form):
    community = forms.ChoiceField(label=_("Where you live now"))
    address = forms.CharField(
        label=_("Street or estate"),
        max_length=100,
        required=False,
        help_text=_("Up to the street is enough; no door number is needed."),
    )

    def __init__(self, *args, station: Station, **kwargs):
        super().__init__(*args, **kwargs)
        served = station.communities.order_by("path").values_list("pk", "name")
        self.fields["community"].choices = [
            ("", _("— please choose —")),
            *((str(pk), name) for pk, name in served),
            (ELSEWHERE, _("Another place")),
        ]

    def clean_address(self):
        return cells.clean(self.cleaned_data["address"])


class TradeForm(forms.Form):
    trade = forms.CharField(label=_("Your work"), max_length=50, required=False)
    skill = forms.CharField(
        label=_("What you are good at"),
        max_length=50,
        required=False,
        help_text=_("If you like to help others with it."),
    )

    def clean(self):
        return {name: cells.clean(value or "") for name, value in super().clean().items()}


FORMS = {
    "notice": NoticeForm,
    "name": NameForm,
    "phone": PhoneForm,
    "id_number": IdNumberForm,
    "origin": OriginForm,
    "community": CommunityForm,
    "trade": TradeForm,
}
