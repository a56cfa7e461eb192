"""What people write about contact and care, read and checked; nothing is saved here."""

from __future__ import annotations

from datetime import date, timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from waystation.kernel import dated
from waystation.kernel.form_fields import LineField, day_field
from waystation.organizations.access import Reach
from waystation.organizations.models import Unit
from waystation.organizations.unit_field import UnitField
from waystation.stewardship.contacts import rules
from waystation.stewardship.contacts.actions import Said
from waystation.stewardship.contacts.models import Contact, Excuse, LostContact, SearchStep
from waystation.stewardship.people import classes

ANY = ("", _("All"))
_MOST_CHOICES = 300
_PURPOSES = [
    ("care", _("Caring for the member")),
    ("visit", _("Preparing a visit")),
    ("check", _("Checking an entry")),
]


def _text(rows: int = 3) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


def _choice(label, choices) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, choices=[ANY, *choices])


def chosen(form: forms.Form) -> dict:
    """The filters that are right; a wrong one is shown at its field and filters nothing."""
    form.is_valid()
    return {name: value for name, value in form.cleaned_data.items() if value}


# --- filters --------------------------------------------------------------------------------------


class MemberFilterForm(forms.Form):
    """The filters about the member that every list of these pages has, and every class of people."""

    q = LineField(label=_("Name"), max_length=40, required=False)
    origin = UnitField(label=_("Origin"), required=False, kinds=("branch", "village", "town", "county"), help_text="")
    grid = forms.ChoiceField(label=_("Station or grid"), required=False)
    without: tuple[str, ...] = ()  # classes of people that the list has in words of its own

    def __init__(self, data, *, reach: Reach):
        super().__init__(data)
        self.fields["origin"].reach = reach
        self.fields.update(classes.fields(reach, without=self.without, behind_more=True))
        units = Unit.objects.within(reach).active().filter(kind__in=("grid", "station")).order_by("path")
        offered = list(units[: _MOST_CHOICES + 1])
        if not 1 < len(offered) <= _MOST_CHOICES:
            del self.fields["grid"]
            return
        self._units = {str(unit.pk): unit for unit in offered}
        names = ((key, f"\u3000{unit.name}" if unit.kind == "grid" else unit.name) for key, unit in self._units.items())
        self.fields["grid"].choices = [ANY, *names]

    def clean_grid(self) -> Unit | None:
        return self._units.get(self.cleaned_data.get("grid") or "")


class QuietFilterForm(MemberFilterForm):
    """The filters of the list of those without real contact. It leaves excused members out unless asked."""

    without = ("excused",)

    days = forms.IntegerField(
        label=_("Days without contact"), min_value=1, max_value=3650, required=False,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )  # fmt: skip
    excused = forms.BooleanField(label=_("With excused members"), required=False)


class LogFilterForm(MemberFilterForm):
    """The filters of the log."""

    channel = _choice(pgettext_lazy("contact", "Channel"), Contact.Channel.choices)
    outcome = _choice(_("Outcome"), Contact.Outcome.choices)
    source = _choice(pgettext_lazy("contact", "Source"), Contact.Source.choices)
    since = day_field(_("From"), required=False)
    until = day_field(_("Until"), required=False)
    struck = forms.BooleanField(label=_("With entries struck out"), required=False)


class VisitFilterForm(MemberFilterForm):
    """The filters of the list of home visits."""

    all = forms.BooleanField(label=_("With those visited lately"), required=False)


# --- contacts -------------------------------------------------------------------------------------


class ContactForm(forms.Form):
    """One contact: how, what came of it, when, and what is next."""

    channel = forms.ChoiceField(label=pgettext_lazy("contact", "Channel"), choices=Contact.Channel.choices)
    outcome = forms.ChoiceField(label=_("Outcome"), choices=Contact.Outcome.choices, widget=forms.RadioSelect)
    contacted_on = day_field(_("Date"))
    spoken_by = LineField(
        label=_("Who spoke"), max_length=100, required=False, help_text=_("Leave empty if it was you.")
    )
    note = LineField(label=_("Note"), max_length=200, required=False, widget=_text(2))
    is_sensitive = forms.BooleanField(label=_("The note is sensitive: seal it (health, family, money)"), required=False)
    follow_up_on = day_field(
        _("Get in touch again on"), required=False, help_text=_("Becomes an open item of the unit that answers.")
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["channel"].initial = Contact.Channel.PHONE  # a visit is never noted by an oversight
        self.fields["contacted_on"].initial = timezone.localdate()
        self.fields["outcome"].initial = Contact.Outcome.REACHED

    def clean_contacted_on(self) -> date:
        day = self.cleaned_data["contacted_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("A contact lies in the past or happened today."))
        return day

    def clean_follow_up_on(self) -> date | None:
        day = self.cleaned_data["follow_up_on"]
        if day is not None and day < timezone.localdate():
            raise forms.ValidationError(_("This day is over."))
        return day

    def clean(self):
        given = super().clean()
        if given.get("channel") == Contact.Channel.FAMILY and given.get("outcome") == Contact.Outcome.REACHED:
            sentence = _("Through the family nobody is reached in person; choose “heard of through others”.")
            self.add_error("outcome", sentence)
        return given

    @property
    def said(self) -> Said:
        """What was said, for the action."""
        given = self.cleaned_data
        names = ("channel", "outcome", "contacted_on", "note", "is_sensitive", "follow_up_on", "companions", "needs")
        return Said(**{name: given[name] for name in names if name in given})


class MeetingForm(ContactForm):
    """The same contact with several members."""

    field_order = ("channel", "outcome", "contacted_on", "spoken_by", "note")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["channel"].initial = Contact.Channel.MEETING
        for name in ("is_sensitive", "follow_up_on"):
            del self.fields[name]


class VisitForm(ContactForm):
    """A home visit: who came along, and what the household needs."""

    companions = LineField(label=_("Together with"), max_length=100, required=False)
    needs = LineField(
        label=_("What is needed"), max_length=500, required=False, widget=_text(3),
        help_text=_("Is sealed, and becomes an open item without details of the unit that answers."),
    )  # fmt: skip
    field_order = ("contacted_on", "outcome", "spoken_by", "companions", "note", "is_sensitive", "needs")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["channel"].widget = forms.HiddenInput()
        self.fields["channel"].initial = Contact.Channel.VISIT
        self.fields["outcome"].choices = [
            (Contact.Outcome.REACHED, _("Met at home")),
            (Contact.Outcome.NOT_REACHED, _("Nobody at home")),
            (Contact.Outcome.THROUGH_OTHERS, _("Family or neighbours told")),
        ]

    def clean_channel(self) -> str:
        return Contact.Channel.VISIT


class ReasonForm(forms.Form):
    """A written reason."""

    reason = LineField(label=_("Reason"), max_length=200, widget=_text(2))


class PurposeForm(forms.Form):
    """What a sealed text is opened for."""

    field = forms.CharField(widget=forms.HiddenInput, max_length=16)
    purpose = forms.ChoiceField(label=_("Purpose"), choices=_PURPOSES)

    @property
    def words(self) -> str:
        return str(dict(_PURPOSES)[self.cleaned_data["purpose"]])


# --- excused members ------------------------------------------------------------------------------


class ExcuseForm(forms.Form):
    """Why nothing is required of a member, and from when."""

    reason = forms.ChoiceField(label=_("Reason"), choices=Excuse.Reason.choices, widget=forms.RadioSelect)
    facts = LineField(
        label=_("What was said"), max_length=500, required=False, widget=_text(3),
        help_text=_("Only what is needed to decide. Is sealed; every reading is recorded."),
    )  # fmt: skip
    starts_on = day_field(_("From"))
    review_on = day_field(_("Look again on"), required=False, help_text=_("Left empty: after the time of the rule."))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["starts_on"].initial = timezone.localdate()

    def clean(self):
        given = super().clean()
        starts, review = given.get("starts_on"), given.get("review_on")
        if starts and review and review <= starts:
            self.add_error("review_on", _("The next look lies after the beginning."))
        return given


class RenewForm(forms.Form):
    """When somebody looks again; by the rule of the day, unless another day is written."""

    review_on = day_field(_("Look again on"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        self.fields["review_on"].initial = today + timedelta(days=dated.value(rules.REVIEW_DAYS, today))


class EndExcuseForm(forms.Form):
    ends_on = day_field(_("Ends on"), help_text=_("From this day on the member takes part like the others."))
    reason = LineField(label=_("Why it ends"), max_length=200)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["ends_on"].initial = timezone.localdate()


# --- lost contact ---------------------------------------------------------------------------------


class ReportForm(forms.Form):
    """Contact with a member is lost."""

    lost_since = day_field(
        _("Lost since"),
        help_text=_("The last time the member took part in organization life, paid dues or was really in contact."),
    )
    situation = forms.ChoiceField(
        label=_("Situation"), choices=LostContact.Situation.choices, widget=forms.RadioSelect,
        help_text=_("As the form of the organization department numbers them."),
    )  # fmt: skip

    def clean_lost_since(self) -> date:
        day = self.cleaned_data["lost_since"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("This day has not come yet."))
        return day


class StepForm(forms.Form):
    way = forms.ChoiceField(label=_("Way of searching"), choices=SearchStep.Way.choices)
    searched_on = day_field(_("Date"))
    result = LineField(label=_("What came of it"), max_length=200, widget=_text(2))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["searched_on"].initial = timezone.localdate()


class DecisionForm(forms.Form):
    """A decision that was made, with its document."""

    decided_on = day_field(_("Decided on"))
    document = LineField(label=_("Document no."), max_length=60)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["decided_on"].initial = timezone.localdate()


class FoundForm(forms.Form):
    channel = forms.ChoiceField(label=pgettext_lazy("contact", "Channel"), choices=[])
    contacted_on = day_field(_("Date"))
    note = LineField(label=_("Where and how the member was found"), max_length=200, widget=_text(2))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["contacted_on"].initial = timezone.localdate()
        in_person = [pair for pair in Contact.Channel.choices if pair[0] != Contact.Channel.FAMILY]
        self.fields["channel"].choices = in_person

    @property
    def said(self) -> Said:
        given = self.cleaned_data
        return Said(given["channel"], Contact.Outcome.REACHED, given["contacted_on"], note=given["note"])


# --- the weekly link ------------------------------------------------------------------------------


class BranchChoice(forms.ModelChoiceField):
    """A branch by its name, with its village and how many members there are to ask about."""

    def label_from_instance(self, unit):
        asked = self.asked.get(unit.pk, 0)
        count = ngettext("%(n)d member", "%(n)d members", asked) % {"n": asked}
        return f"{unit.parent} · {unit.name} · {count}"


class LinkForm(forms.Form):
    """To which branch a link goes, who reads it, and how the reader proves to be the one."""

    branch = BranchChoice(label=_("Branch"), queryset=Unit.objects.none(), empty_label=_("— please choose —"))
    reader = LineField(label=_("Who reads it"), max_length=100, help_text=_("Usually the secretary of the branch."))
    digits = forms.RegexField(
        label=_("Last two digits of the reader's phone"), regex=r"^\d{2}$", max_length=2,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        help_text=_("Asked when the link is opened. They are not kept."),
        error_messages={"invalid": _("Two digits, such as 27.")},
    )  # fmt: skip

    def __init__(self, *args, branches: list[Unit], **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["branch"]
        field.asked = {unit.pk: unit.asked for unit in branches}
        field.queryset = Unit.objects.filter(pk__in=field.asked).select_related("parent").order_by("path")
