"""What people write about stations, read and checked; nothing is saved here."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from waystation.organizations.access import Reach
from waystation.organizations.models import Unit
from waystation.organizations.unit_field import UnitField
from waystation.stations.sites.models import Station


class CommunitiesField(forms.ModelMultipleChoiceField):
    """Communities, each by its name."""

    def label_from_instance(self, unit):
        return unit.name


class StationForm(forms.Form):
    """The public facts of a station. Offered are the communities of the towns it may serve."""

    address = forms.CharField(label=_("Station address"), max_length=200)
    phone = forms.CharField(label=_("Telephone"), max_length=30, widget=forms.TextInput(attrs={"inputmode": "tel"}))
    opening_hours = forms.CharField(label=_("Opening hours"), max_length=100)
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

    def __init__(self, *args, reach: Reach, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("parent", "host_town"):
            self.fields[name].reach = reach

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
