"""The public facts of a station, a station to open, and the filters of lists of stations."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from waystation.kernel.form_fields import day_field
from waystation.organizations.access import Reach
from waystation.organizations.models import Unit
from waystation.organizations.unit_field import UnitField
from waystation.stations.sites.models import Station
from waystation.stations.sites.queries import stations as registers

ALL = ("", _("All"))


class CommunitiesField(forms.ModelMultipleChoiceField):
    """Communities, each by its name."""

    def label_from_instance(self, unit):
        return unit.name


class StationForm(forms.Form):
    """The public facts of a station. Offered are the communities of the towns it may serve."""

    address = forms.CharField(label=_("Station address"), max_length=200)
    phone = forms.CharField(label=_("Telephone"), max_length=30, widget=forms.TextInput(attrs={"inputmode": "tel"}))
    other_phone = forms.CharField(
        label=_("Second telephone"),
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
    )
    hours_note = forms.CharField(
        label=_("Remark on the hours"),
        required=False,
        max_length=100,
        help_text=_("What the hours alone do not say. The hours themselves have a page of their own."),
    )
    services = forms.CharField(
        label=_("Services"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("One a line; everybody reads them on the public page."),
    )
    host_town = forms.ModelChoiceField(label=_("Host town"), queryset=Unit.objects.none())
    communities = CommunitiesField(
        label=_("Communities served"),
        queryset=Unit.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Communities of the county's town; members who live there report here."),
    )

    def __init__(self, *args, county: Unit, station: Station | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        below = Unit.objects.under(county).active()
        towns = below.filter(kind=Unit.Kind.TOWN)
        self.fields["host_town"].queryset = towns.order_by("path")
        seats = below.filter(kind=Unit.Kind.VILLAGE, is_seat=True)
        if station is not None:
            seats = (seats | below.filter(served_by=station)).distinct()
        self.fields["communities"].queryset = seats.order_by("path")

    def clean_services(self) -> str:
        lines = (line.strip() for line in self.cleaned_data["services"].splitlines())
        return "\n".join(line for line in lines if line)


class NewStationForm(forms.Form):
    """A station to open: its name, kind and the unit that runs it. The other facts follow."""

    name = forms.CharField(label=_("Name of the station"), max_length=100)
    kind = forms.ChoiceField(label=_("Kind"), choices=Station.Kind.choices, widget=forms.RadioSelect)
    parent = UnitField(
        label=_("Run by"),
        kinds=("county", "town"),
        help_text=_("The county for a service centre, the township for its in-town station."),
    )
    host_town = UnitField(label=_("Host town"), kinds=("town",))
    opened_on = day_field(
        label=_("In use since"),
        required=False,
        help_text=_("Empty: from today. Organization life is asked of it from the first whole month on."),
    )

    def __init__(self, *args, reach: Reach, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("parent", "host_town"):
            self.fields[name].reach = reach

    def clean_opened_on(self):
        day = self.cleaned_data["opened_on"]
        if day and day > timezone.localdate():
            raise ValidationError(_("This day is still to come."))
        return day

    def clean(self):
        given = super().clean()
        parent, kind = given.get("parent"), given.get("kind")
        wanted = {"county_centre": "county", "township": "town"}.get(kind)
        if parent and wanted and parent.kind != wanted:
            self.add_error(
                "parent",
                ValidationError(_("A service centre is run by a county, an in-town station by a township.")),
            )
        return given


class _CountyForm(forms.Form):
    """A GET form with a county and a kind: wrong values are shown as wrong and filter nothing."""

    county = forms.ModelChoiceField(
        label=_("County"), required=False, queryset=Unit.objects.none(), empty_label=_("All")
    )
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[ALL, *Station.Kind.choices])

    def __init__(self, *args, counties=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["county"].queryset = registers.counties() if counties is None else counties

    def chosen(self) -> dict:
        """The filters that are right."""
        if not self.is_bound:
            return {}
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class StationFilterForm(_CountyForm):
    """The filters of the register."""

    open = forms.ChoiceField(
        label=pgettext_lazy("stations", "Open"),
        required=False,
        choices=[
            ("", _("Stations in use")),
            (registers.NOW, _("Open now")),
            (registers.NO_HOURS, _("Without opening hours")),
            (registers.CLOSED, _("Closed for good")),
        ],
    )


class ComparisonFilterForm(_CountyForm):
    """The filters of the comparison."""


class FunctionFilterForm(_CountyForm):
    """The filters of the list of functions."""

    lacking = forms.ChoiceField(
        label=_("Functions"),
        required=False,
        choices=[ALL, ("some", _("Something is missing")), ("overdue", _("A plan is overdue"))],
    )
