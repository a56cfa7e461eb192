"""What a member writes about study of the own."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from waystation.kernel.form_fields import day_field
from waystation.stewardship.education.actions.records import REPORTED


class StudyForm(forms.Form):
    """Study of one's own, reported by the member."""

    source = forms.ChoiceField(
        label=pgettext_lazy("learning", "How"), choices=[(one.value, one.label) for one in REPORTED],
        widget=forms.RadioSelect, initial=REPORTED[0].value,
    )  # fmt: skip
    title = forms.CharField(label=pgettext_lazy("learning", "What was studied"), max_length=200)
    learnt_on = day_field(pgettext_lazy("learning", "Day"))
    hours = forms.DecimalField(label=_("Hours"), min_value=0.5, max_value=100, max_digits=4, decimal_places=1)
    note = forms.CharField(
        label=_("Evidence"), max_length=300, required=False,
        help_text=_("The certificate, your notes or the name of the platform; you may show it at the desk."),
    )  # fmt: skip
