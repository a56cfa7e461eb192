"""Opening times as they are typed: one line a day, because that is quicker than fourteen boxes."""

from __future__ import annotations

from datetime import date

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from waystation.kernel.form_fields import day_field
from waystation.stations.sites.models import Station
from waystation.stations.sites.week import WEEKDAYS, BadHours, Day, Week, clock, read_day, read_days

_EXAMPLE = _("For example 8:30-12:00, 14:30-17:30. Empty is closed; “same” repeats the day above.")


def typed(day: Day) -> str:
    """The openings of a day as somebody would type them."""
    return ", ".join(f"{clock(start)}-{clock(end)}" for start, end in day)


class HoursForm(forms.Form):
    """The hours of each weekday, from a day on. `cleaned_data["week"]` is the week they say."""

    starts_on = day_field(label=_("Valid from"), help_text=_("Today, or a day to come for summer and winter hours."))

    def __init__(self, *args, week: Week | None, today: date, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["starts_on"].initial = today
        for number, name in enumerate(WEEKDAYS):
            self.fields[f"day_{number}"] = forms.CharField(
                label=name,
                required=False,
                max_length=80,
                initial=typed(week.days[number]) if week else "",
                help_text=_EXAMPLE if number == 0 else "",  # shown once, above the seven
            )

    def day_fields(self) -> list[forms.BoundField]:
        """The seven days, as the page draws them below each other."""
        return [self[f"day_{number}"] for number in range(7)]

    def clean(self):
        given = super().clean()
        texts = [given.get(f"day_{number}") or "" for number in range(7)]
        week = Week()
        for number in range(7):
            try:
                week = read_days(texts[: number + 1] + [""] * (6 - number))
            except BadHours as problem:
                self.add_error(f"day_{number}", str(problem))
                return given
        given["week"] = week
        return given


class RoomHoursForm(HoursForm):
    """Of a room: with the station, or hours of its own."""

    follows_station = forms.BooleanField(label=_("Open with the station"), required=False)

    field_order = ("starts_on", "follows_station")

    def clean(self):
        given = super().clean()
        if "week" in given and not given["week"] and not given.get("follows_station"):
            self.add_error("day_0", _("Write when the room is open, or let it be open with the station."))
        return given


class SpecialDaysForm(forms.Form):
    """Days on which stations are closed, or open at other times than their week says."""

    first = day_field(label=_("First day"))
    last = day_field(label=_("Last day"), required=False, help_text=_("Empty for a single day."))
    openings = forms.CharField(
        label=_("Open at"),
        required=False,
        max_length=80,
        help_text=_("Empty if closed all day; otherwise for example 9:00-11:30."),
    )
    reason = forms.CharField(
        label=_("Occasion"),
        max_length=60,
        help_text=_("Everybody reads it: National Day, working Saturday, typhoon."),
    )
    stations = forms.ModelMultipleChoiceField(
        label=_("For these stations"), queryset=Station.objects.none(), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args, stations: QuerySet[Station], own: Station, **kwargs):
        super().__init__(*args, **kwargs)
        self.own = own
        if stations.count() > 1:
            self.fields["stations"].queryset = stations
            self.fields["stations"].initial = [own]
        else:
            del self.fields["stations"]

    def clean_openings(self) -> Day:
        try:
            return read_day(self.cleaned_data["openings"])
        except BadHours as problem:
            raise forms.ValidationError(str(problem)) from None

    def clean(self):
        given = super().clean()
        given["last"] = given.get("last") or given.get("first")
        given.setdefault("stations", [self.own])
        return given
