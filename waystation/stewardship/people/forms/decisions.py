"""Short forms that end, decide or read something."""

from __future__ import annotations

from datetime import date

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from waystation.kernel.partial_dates import PartialDate
from waystation.stewardship.people.actions.files import SEALED
from waystation.stewardship.people.forms.fields import PartialDateField, TextField, plain_text
from waystation.stewardship.people.models import Stay

# The keys are kept in the audit trail.
PURPOSES = [
    ("contact", _("To contact the member")),
    ("verify", _("To verify the identity")),
    ("report", _("For a form that a higher level asks for")),
    ("correct", _("To check the file against the papers")),
    ("service", _("For a service to the member")),
]


class ReasonForm(forms.Form):
    """A decision that the other side reads the reason of."""

    reason = TextField(label=_("Reason"), max_length=200, widget=forms.Textarea({"rows": 3}))

    def __init__(self, *args, hint="", **options):
        super().__init__(*args, **options)
        self.fields["reason"].help_text = hint


class _DayForm(forms.Form):
    on = PartialDateField(label=_("On"), day=True)

    def __init__(self, *args, **options):
        options.setdefault("initial", {}).setdefault("on", timezone.localdate().isoformat())
        super().__init__(*args, **options)

    def clean_on(self) -> date:
        return PartialDate.parse_iso(self.cleaned_data["on"]).first_day()


class ReturnForm(_DayForm):
    """The member is back home."""

    remark = plain_text(_("Remark"), longest=200)


class EndStayForm(_DayForm):
    """The station's care ends."""

    ending = forms.ChoiceField(label=_("Why it ends"), choices=Stay.Ending.choices, widget=forms.RadioSelect)


class RevealForm(forms.Form):
    """One sealed value is shown, for a purpose."""

    field = forms.ChoiceField(choices=[(name, name) for name in SEALED])
    purpose = forms.ChoiceField(label=_("Purpose"), choices=PURPOSES)


class MergeForm(forms.Form):
    """Which of two files stays."""

    keep = forms.UUIDField()
    other = forms.UUIDField()


class ExportForm(forms.Form):
    """A ledger is taken out. ID numbers only with a purpose."""

    with_numbers = forms.BooleanField(
        label=_("With whole ID numbers and phones"),
        required=False,
        help_text=_("Taking them out is recorded with your name and the purpose."),
    )
    purpose = forms.ChoiceField(label=_("Purpose"), required=False, choices=[("", _("Choose one")), *PURPOSES])

    def __init__(self, *args, may_reveal: bool, **options):
        super().__init__(*args, **options)
        if not may_reveal:
            del self.fields["with_numbers"], self.fields["purpose"]

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("with_numbers") and not cleaned.get("purpose"):
            self.add_error("purpose", _("Say what the numbers are for."))
        return cleaned
