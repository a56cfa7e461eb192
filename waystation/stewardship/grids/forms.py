"""What people write about grids, read and checked; nothing is saved here."""

from __future__ import annotations

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from waystation.accounts.models import User, normal_username
from waystation.organizations.access import Reach
from waystation.organizations.models import Mandate, Unit
from waystation.stewardship.grids.models import Grid

ANY = ("", _("All"))


class UnitsField(forms.ModelMultipleChoiceField):
    """Several units, each by its name."""

    def label_from_instance(self, unit):
        return unit.name


class GridForm(forms.Form):
    """Name, code and area of a grid. Offered are the communities the station serves and no other
    grid has."""

    name = forms.CharField(label=_("Name of the grid"), max_length=100)
    code = forms.CharField(
        label=_("Code"),
        max_length=20,
        help_text=_("Unique in the station; the number people use, such as 03."),
    )
    area = forms.CharField(
        label=_("Area in words"),
        max_length=200,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Streets, buildings or the trade, as one would say it on the telephone."),
    )
    communities = UnitsField(
        label=_("Communities"),
        queryset=Unit.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Members who live there are proposed for this grid."),
    )

    def __init__(self, *args, station: Unit, grid: Grid | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        taken = Grid.communities.through.objects.filter(grid__station=station, grid__unit__closed_on=None)
        offered = Q(served_by=station.pk)
        if grid is not None:
            taken = taken.exclude(grid=grid)
            offered |= Q(grids_here=grid)
        self.fields["communities"].queryset = (
            Unit.objects.active().filter(offered).exclude(pk__in=taken.values("unit")).distinct().order_by("path")
        )


class LeaderForm(forms.Form):
    """Who leads a grid, and from which day."""

    known = forms.ModelChoiceField(
        label=_("Somebody who works with this station"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("— somebody else —"),
    )
    username = forms.CharField(
        label=_("Sign-in name of somebody else"),
        max_length=64,
        required=False,
        help_text=_("The security administrator opens accounts."),
    )
    starts_on = forms.DateField(
        label=_("Leads from"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args, grid: Grid, by, **kwargs):
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        self.fields["starts_on"].initial = today
        working = Mandate.objects.in_force(today).filter(Q(unit=grid.station_id) | Q(unit__parent=grid.station_id))
        people = User.objects.filter(is_active=True, pk__in=working.values("user"))
        self.fields["known"].queryset = people.exclude(pk=by.pk).order_by("full_name")

    def clean_username(self):
        name = normal_username(self.cleaned_data["username"])
        if not name:
            return None
        user = User.objects.filter(username=name, is_active=True).first()
        if user is None:
            raise forms.ValidationError(_("Nobody signs in with this name."))
        return user

    def clean(self):
        given = super().clean()
        chosen = [given.get("known"), given.get("username")]
        if not self.errors and len([one for one in chosen if one]) != 1:
            self.add_error("known", _("Choose one person, from the list or by sign-in name."))
        given["user"] = chosen[0] or chosen[1]
        return given


class GridFilterForm(forms.Form):
    """The filters of the list of grids."""

    station = forms.ModelChoiceField(
        label=_("Station"), queryset=Unit.objects.none(), required=False, empty_label=_("All")
    )
    vacant = forms.BooleanField(label=_("Vacant ones only"), required=False)

    def __init__(self, data, *, reach: Reach):
        super().__init__(data)
        self.fields["station"].queryset = stations_in(reach)


def stations_in(reach: Reach):
    """The open stations where the permission holds, in the order of the tree."""
    return Unit.objects.within(reach).active().filter(kind=Unit.Kind.STATION).order_by("path")
