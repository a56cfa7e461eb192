"""What the leader of a functional group writes."""

from __future__ import annotations

from datetime import date

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from waystation.kernel.form_fields import LineField, day_field


class SuggestForm(forms.Form):
    """Something that the group could do."""

    topic = LineField(label=_("Topic"), max_length=100)
    held_on = day_field(_("Day"))
    place = LineField(label=_("Place"), max_length=100, required=False)
    reason = LineField(label=_("Reason"), max_length=200, widget=forms.Textarea(attrs={"rows": 3}))

    def clean_held_on(self) -> date:
        day = self.cleaned_data["held_on"]
        if day < timezone.localdate():
            raise forms.ValidationError(_("Choose today or a day to come."))
        return day
