"""Short forms that end, decide or read something."""

from __future__ import annotations

from datetime import date

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from waystation.accounts.models import User, normal_username
from waystation.kernel.form_fields import LineField
from waystation.kernel.partial_dates import PartialDate
from waystation.stewardship.people.actions.files import SEALED
from waystation.stewardship.people.actions.statuses import NEXT
from waystation.stewardship.people.forms.fields import PartialDateField, kind_of_place, plain_text, range_of_movement
from waystation.stewardship.people.models import Departure, PartyStatus, Person, Stay

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

    reason = LineField(label=_("Reason"), max_length=200, widget=forms.Textarea({"rows": 3}))

    def __init__(self, *args, hint="", **options):
        super().__init__(*args, **options)
        self.fields["reason"].help_text = hint


class AccountForm(forms.Form):
    """The name with which a member signs in."""

    username = LineField(
        label=_("Sign-in name"),
        max_length=64,
        help_text=_("A phone number, or letters and digits that are remembered."),
    )

    def clean_username(self) -> str:
        name = normal_username(self.cleaned_data["username"])
        User._meta.get_field("username").run_validators(name)
        return name


class _DayForm(forms.Form):
    on = PartialDateField(label=_("On"), day=True)

    def __init__(self, *args, **options):
        options.setdefault("initial", {}).setdefault("on", timezone.localdate().isoformat())
        super().__init__(*args, **options)

    def clean_on(self) -> date:
        return PartialDate.parse_iso(self.cleaned_data["on"]).first_day()


class MoveForm(forms.Form):
    """To what kind of place the member went, and how far where no unit of the tree tells it."""

    place_kind = kind_of_place()
    range_chosen = range_of_movement()

    def __init__(self, *args, row: Departure, **options):
        options.setdefault("initial", {"place_kind": row.place_kind, "range_chosen": row.range_chosen})
        super().__init__(*args, **options)
        if row.station_id or row.destination_id:
            del self.fields["range_chosen"]


class ReturnForm(_DayForm):
    """The member is back home."""

    remark = plain_text(_("Remark"), longest=200)


# Only the receipt of a formal transfer moves the relation, and only a change of the party status ends it; both end the
# stay and the departure with it.
_ENDINGS = [choice for choice in Stay.Ending.choices if choice[0] not in (Stay.Ending.TRANSFERRED, Stay.Ending.ENDED)]


class EndStayForm(_DayForm):
    """The station's care ends."""

    ending = forms.ChoiceField(label=_("Why it ends"), choices=_ENDINGS, widget=forms.RadioSelect)


class StatusForm(forms.Form):
    """A decision on the party status, or a death, as the document says it."""

    status = forms.ChoiceField(label=_("Party status"), widget=forms.RadioSelect)
    decided_on = PartialDateField(label=_("Decided on"), day=True)
    document = LineField(
        label=_("Document no."),
        max_length=60,
        help_text=_("Number of the decision or approval; for a death the certificate."),
    )
    note = plain_text(_("Remark"), longest=200)

    def __init__(self, *args, person: Person, **options):
        super().__init__(*args, **options)
        self.fields["decided_on"].initial = timezone.localdate().isoformat()
        labels = dict(PartyStatus.choices)
        self.fields["status"].choices = [(status, labels[status]) for status in NEXT[person.party_status]]

    def clean_decided_on(self) -> date:
        return PartialDate.parse_iso(self.cleaned_data["decided_on"]).first_day()


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


class SavedListForm(forms.Form):
    """The name of a list to come back to, and whether one's unit shall see it."""

    name = LineField(label=_("Name of the list"), max_length=40)
    is_shared = forms.BooleanField(label=_("Share it with my unit"), required=False)
