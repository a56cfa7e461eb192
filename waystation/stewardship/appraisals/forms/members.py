"""What is written about one member: points, a consultation, a proposal, an answer, a decision."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from waystation.kernel.form_fields import day_field
from waystation.stewardship.appraisals.models import AppraisalRound, Grade
from waystation.stewardship.appraisals.sheets import MOST_POINTS, Sheet


def _text(label, *, required=True, hint="", most=2000):
    return forms.CharField(
        label=label, required=required, max_length=most, help_text=hint, widget=forms.Textarea(attrs={"rows": 3})
    )


class SheetForm(forms.Form):
    """Points from 0 to 100 for each criterion, and a reason where one wants to give it."""

    def __init__(self, *args, appraisal_round: AppraisalRound, **kwargs):
        super().__init__(*args, **kwargs)
        self.criteria = list(appraisal_round.criteria.order_by("order"))
        for criterion in self.criteria:
            self.fields[f"points_{criterion.order}"] = forms.IntegerField(
                label=criterion.title, min_value=0, max_value=MOST_POINTS,
                help_text=criterion.explanation or _("0 to 100"),
            )  # fmt: skip
            self.fields[f"reason_{criterion.order}"] = forms.CharField(
                label=_("Reason: %(criterion)s") % {"criterion": criterion.title}, required=False, max_length=300
            )

    def sheet(self) -> Sheet:
        """What was written, as it is sealed."""
        points, reasons = {}, {}
        for criterion in self.criteria:
            points[str(criterion.pk)] = self.cleaned_data[f"points_{criterion.order}"]
            if reason := self.cleaned_data[f"reason_{criterion.order}"]:
                reasons[str(criterion.pk)] = reason
        return Sheet(points, reasons)


class ConsultationForm(forms.Form):
    """Who came, what was said, and what both sides think right."""

    held_on = day_field(_("Held on"))
    station_people = forms.CharField(label=_("Present for the station"), max_length=200)
    origin_people = forms.CharField(label=_("Present for the origin"), max_length=200)
    text = _text(_("What was said"), hint=_("Kept sealed; only the two sides and the county read it."))
    conclusion = forms.ChoiceField(
        label=_("Grade that both sides propose"), choices=Grade.choices, widget=forms.RadioSelect
    )

    def clean_held_on(self):
        day = self.cleaned_data["held_on"]
        if day > timezone.localdate():
            raise ValidationError(_("This day has not come yet."))
        return day


class ConsultationAnswerForm(forms.Form):
    """What the origin says of the record of a consultation."""

    answer = forms.ChoiceField(
        label=_("Answer"),
        choices=[("confirm", _("The record is right")), ("object", _("The record is not right"))],
        widget=forms.RadioSelect,
    )
    text = _text(_("A word to it"), required=False, hint=_("Needed if the record is not right."), most=500)

    def clean(self):
        given = super().clean()
        if given.get("answer") == "object" and not given.get("text"):
            self.add_error("text", _("Write what is wrong with the record."))
        return given

    def said(self) -> dict:
        """The arguments of the action."""
        return {"agrees": self.cleaned_data["answer"] == "confirm", "text": self.cleaned_data["text"]}


class GradeForm(forms.Form):
    """A grade and the reason for it."""

    grade = forms.ChoiceField(label=_("Grade"), choices=Grade.choices, widget=forms.RadioSelect)
    reason = _text(_("Reason"), required=False, most=500)

    def __init__(self, *args, hint: str = "", **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = hint


class ReplyForm(forms.Form):
    """The member's answer to the proposal."""

    answer = forms.ChoiceField(
        label=_("Answer"), choices=[("agree", _("I agree")), ("object", _("I do not agree"))], widget=forms.RadioSelect
    )
    text = _text(_("What should be looked at again"), required=False, hint=_("Needed if you do not agree."), most=1000)

    def clean(self):
        given = super().clean()
        if given.get("answer") == "object" and not given.get("text"):
            self.add_error("text", _("Write what should be looked at again."))
        return given

    def said(self) -> dict:
        """The arguments of the action."""
        return {"agrees": self.cleaned_data["answer"] == "agree", "text": self.cleaned_data["text"]}
