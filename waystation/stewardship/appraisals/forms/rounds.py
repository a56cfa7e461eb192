"""A round, its criteria, and the reason that a step may need."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from waystation.kernel.form_fields import day_input
from waystation.organizations.access import Reach
from waystation.organizations.models import Unit
from waystation.stewardship.appraisals import rules
from waystation.stewardship.appraisals.models import AppraisalRound, Grade
from waystation.stewardship.appraisals.queries.members import WHAT_WORDS, What
from waystation.stewardship.appraisals.queries.rounds import units_for

MOST_CRITERIA = 8
_MOST_STATIONS = 100
ANY = ("", _("All"))
SIDES = ("weight_self", "weight_mutual", "weight_station", "weight_origin")


class UnitField(forms.ModelChoiceField):
    """A unit by its name and kind."""

    def label_from_instance(self, unit):
        return f"{unit.name} ({unit.get_kind_display()})"


class RoundForm(forms.ModelForm):
    """Everything about a round that is published with it."""

    unit = UnitField(label=_("Whose members"), queryset=Unit.objects.none())

    class Meta:
        model = AppraisalRound
        fields = (
            "unit", "year", "title", "cutoff_on", "due_on", "standards", "demands", "goals", "method", "mutual",
            "peers", *SIDES, "excellent_from", "qualified_from", "basic_from",
        )  # fmt: skip
        widgets = {
            "cutoff_on": day_input(), "due_on": day_input(), "mutual": forms.RadioSelect,
            **{name: forms.Textarea(attrs={"rows": 3}) for name in ("standards", "demands", "goals", "method")},
        }  # fmt: skip
        help_texts = {
            "cutoff_on": _("Whoever is in care on this day takes part."),
            "due_on": _("After this day the round may be unsealed even if something is missing, with a reason."),
            "peers": _("Only if members assess each other by name; drawn by lot."),
            "weight_self": _("The four weights add up to exactly 100."),
        }

    def __init__(self, *args, reach: Reach, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units_for(reach)
        self.fields["year"].min_value = 2020
        if not self.instance.year:
            today = timezone.localdate()
            self.initial = {"year": today.year, **rules.first_values(today), **self.initial}
            only = list(self.fields["unit"].queryset[:2])
            if len(only) == 1:
                self.initial.setdefault("unit", only[0].pk)

    def clean_year(self):
        year = self.cleaned_data["year"]
        if not 2020 <= year <= 2100:
            raise ValidationError(_("Write the year with four digits."))
        return year

    def clean(self):
        given = super().clean()
        if any(given.get(name) is None for name in SIDES):
            return given
        if sum(given[name] for name in SIDES) != 100:
            self.add_error("weight_self", _("The weights of the sides must add up to exactly 100."))
        if (given.get("mutual") == "none") != (given["weight_mutual"] == 0):
            self.add_error("weight_mutual", _("A mutual assessment has a weight; without one it weighs nothing."))
        bands = [given.get(name) for name in ("excellent_from", "qualified_from", "basic_from")]
        if all(value is not None for value in bands) and not 100 >= bands[0] > bands[1] > bands[2]:
            self.add_error("excellent_from", _("The grades must descend, from 100 at most."))
        if given.get("cutoff_on") and given.get("due_on") and given["due_on"] < given["cutoff_on"]:
            self.add_error("due_on", _("This day lies before the cut-off day."))
        if given.get("mutual") == "named" and not 1 <= (given.get("peers") or 0) <= rules.MOST_PEERS:
            self.add_error("peers", _("One to nine members assess each other."))
        return given

    def validate_unique(self):
        """The action says it in its own sentence."""

    def validate_constraints(self):
        """The rules above say what the constraints say, in sentences."""


class CriterionForm(forms.Form):
    """One criterion; an empty line is none."""

    title = forms.CharField(label=_("Criterion"), max_length=60, required=False)
    explanation = forms.CharField(label=_("What is looked at"), max_length=300, required=False)
    weight = forms.IntegerField(label=_("Weight"), min_value=1, max_value=100, required=False)

    def clean(self):
        given = super().clean()
        if bool(given.get("title")) != bool(given.get("weight")) and "weight" not in self.errors:
            raise ValidationError(_("A criterion has a name and a weight."))
        return given


class _Criteria(forms.BaseFormSet):
    def clean(self):
        if any(self.errors):
            return
        if sum(one["weight"] for one in self.lines()) != 100:
            raise ValidationError(_("The weights of the criteria must add up to exactly 100."))

    def lines(self) -> list[dict]:
        """The criteria that were written, in their order."""
        return [form.cleaned_data for form in self.forms if form.cleaned_data.get("title")]


CriteriaFormSet = forms.formset_factory(
    CriterionForm, formset=_Criteria, extra=MOST_CRITERIA, max_num=MOST_CRITERIA, absolute_max=MOST_CRITERIA,
)  # fmt: skip


class StepForm(forms.Form):
    """The reason that a step needs, or may need."""

    reason = forms.CharField(
        label=_("Reason"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args, needs_reason: bool, hint: str = "", **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = needs_reason
        self.fields["reason"].help_text = hint


class RoundFilterForm(forms.Form):
    """The filters of the list of rounds."""

    year = forms.IntegerField(label=_("Year"), required=False, min_value=2000, max_value=2100)
    state = forms.ChoiceField(label=_("State"), required=False, choices=[ANY, *AppraisalRound.State.choices])


class MemberFilterForm(forms.Form):
    """The filters of the list of members in rounds."""

    round = forms.UUIDField(required=False, widget=forms.HiddenInput)
    year = forms.IntegerField(label=_("Year"), required=False, min_value=2000, max_value=2100)
    station = forms.ModelChoiceField(
        label=_("Station"), queryset=Unit.objects.none(), required=False, empty_label=_("All")
    )
    grade = forms.ChoiceField(label=_("Grade"), required=False, choices=[ANY, *Grade.choices])
    what = forms.ChoiceField(
        label=_("What waits"), required=False, choices=[ANY, *((key.value, WHAT_WORDS[key]) for key in What)]
    )
    name = forms.CharField(label=_("Name"), required=False, max_length=50)

    def __init__(self, data, *, reach: Reach):
        super().__init__(data)
        # An origin's members stay at stations that do not lie in its reach; of a nation these are too many.
        stations = Unit.objects.filter(kind=Unit.Kind.STATION).order_by("path")
        if stations[: _MOST_STATIONS + 1].count() > _MOST_STATIONS:
            stations = stations.within(reach)
        if stations[:2].count() > 1:
            self.fields["station"].queryset = stations
        else:
            del self.fields["station"]


class YearForm(forms.Form):
    """The year of the figures."""

    year = forms.IntegerField(label=_("Year"), required=False, min_value=2000, max_value=2100)
