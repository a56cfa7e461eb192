"""The ballot, the voters' list, and the count of the papers."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from waystation.organizations.models import Unit
from waystation.stewardship.appraisals.models import BallotBox, Grade
from waystation.stewardship.appraisals.tallies import Tally


class BoxForm(forms.Form):
    """Where a ballot box is opened."""

    unit = forms.ModelChoiceField(
        label=_("Station or grid"), queryset=Unit.objects.none(), empty_label=None,
        help_text=_("Members who are cared for there vote, and are voted on."),
    )  # fmt: skip

    def __init__(self, *args, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units


def members_of(box: BallotBox) -> list[tuple[str, str]]:
    """The members on the list of a box: id as text and name, by name."""
    rows = box.voters.select_related("appraisal__person").order_by("appraisal__person__name_key", "appraisal")
    return [(str(row.appraisal_id), row.appraisal.person.full_name) for row in rows]


class CodeForm(forms.Form):
    """A code from a paper. Only whoever holds a paper of the box sees whom it is about."""

    code = forms.CharField(
        label=_("Code on your paper"), max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        help_text=_("Twelve letters and digits. It says nothing about who you are."),
    )  # fmt: skip


class BallotForm(forms.Form):
    """A grade for each member one wants to judge, beside the code that was typed before."""

    code = forms.CharField(max_length=40, widget=forms.HiddenInput)

    def __init__(self, *args, box: BallotBox, **kwargs):
        super().__init__(*args, **kwargs)
        self.members = members_of(box)
        for number, (_pk, name) in enumerate(self.members):
            self.fields[f"m{number}"] = forms.ChoiceField(
                label=name, required=False, choices=Grade.choices, widget=forms.RadioSelect
            )

    def ballot(self) -> dict[str, str]:
        """A grade by the id of each member that was judged."""
        given = {pk: self.cleaned_data[f"m{number}"] for number, (pk, _name) in enumerate(self.members)}
        return {pk: grade for pk, grade in given.items() if grade}


class CountForm(forms.Form):
    """How many ballots on paper there are, and how many marks of each grade every member has."""

    ballots = forms.IntegerField(label=_("Ballots on paper"), min_value=0, max_value=1000)

    def __init__(self, *args, box: BallotBox, **kwargs):
        super().__init__(*args, **kwargs)
        self.members = members_of(box)
        for number, (_pk, name) in enumerate(self.members):
            for grade in Grade:
                self.fields[f"m{number}_{grade.value}"] = forms.IntegerField(
                    label=f"{name}: {grade.label}", min_value=0, max_value=1000, required=False
                )

    def lines(self):
        """Each member with the four fields, for the table."""
        for number, (_pk, name) in enumerate(self.members):
            yield name, [self[f"m{number}_{grade.value}"] for grade in Grade]

    def tally(self) -> Tally:
        counts = {
            pk: {grade.value: self.cleaned_data[f"m{number}_{grade.value}"] or 0 for grade in Grade}
            for number, (pk, _name) in enumerate(self.members)
        }
        return Tally(self.cleaned_data["ballots"], counts)
