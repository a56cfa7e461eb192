"""The facts of a room, and why it is closed."""

from __future__ import annotations

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from waystation.kernel.form_fields import day_field
from waystation.stations.sites.models import Function, Room


class RoomForm(forms.Form):
    """What the room is for, for how many, with what, and to whom it is open."""

    name = forms.CharField(label=_("Name of the room"), max_length=40)
    function = forms.ChoiceField(label=_("Function"), choices=Function.choices)
    capacity = forms.IntegerField(
        label=_("Capacity"), required=False, min_value=1, max_value=100_000, help_text=_("How many people it holds.")
    )
    equipment = forms.CharField(
        label=_("Equipment"), required=False, max_length=200, help_text=_("Projector, 30 chairs, ramp for wheelchairs.")
    )
    open_to = forms.ChoiceField(
        label=_("Open to"),
        choices=Room.OpenTo.choices,
        widget=forms.RadioSelect,
        help_text=_("What is open to residents stands on the public page."),
    )
    note = forms.CharField(label=_("Remark"), required=False, max_length=200)

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())


class NewRoomForm(RoomForm):
    opened_on = day_field(label=_("In use since"))

    def __init__(self, *args, today: date, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["opened_on"].initial = today

    def clean_opened_on(self) -> date:
        day = self.cleaned_data["opened_on"]
        if day > self.today:
            raise forms.ValidationError(_("A room is entered once it is in use."))
        return day


class CloseRoomForm(forms.Form):
    on = day_field(label=_("Closed from"))
    reason = forms.CharField(label=_("Reason"), max_length=100)

    def __init__(self, *args, today: date, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = today
