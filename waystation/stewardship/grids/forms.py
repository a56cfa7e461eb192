"""What people write about grids, read and checked; nothing is saved here."""

from __future__ import annotations

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from waystation.accounts.models import User, normal_username
from waystation.kernel.form_fields import day_field
from waystation.organizations.access import Reach
from waystation.organizations.boundaries import boundary_of
from waystation.organizations.models import Mandate, Unit
from waystation.stewardship.grids import areas
from waystation.stewardship.grids.models import Grid

ANY = ("", _("All"))


class UnitsField(forms.ModelMultipleChoiceField):
    """Several units, each by its name."""

    def label_from_instance(self, unit):
        return unit.name


class AreaField(forms.CharField):
    """An area as GeoJSON, typed, pasted or drawn on the map beside it; the value is the polygon or None."""

    def __init__(self, **options):
        options.setdefault("required", False)
        options.setdefault("widget", forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "data-area": ""}))
        super().__init__(**options)

    def clean(self, value) -> dict | None:
        try:
            return areas.read_area(super().clean(value) or "")
        except areas.BadArea as problem:
            raise forms.ValidationError(str(problem)) from problem


class GridForm(forms.Form):
    """Name, code and ground of a grid. Offered are the communities the station serves and no other
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

    address_words = forms.CharField(
        label=_("Words of its addresses"),
        max_length=200,
        required=False,
        help_text=_("Streets or buildings, separated by commas; whose address has one is proposed for this grid."),
    )
    trades = forms.CharField(
        label=_("Trades"),
        max_length=200,
        required=False,
        help_text=_("Separated by commas; whose trade is one of them is proposed, if nothing else says where."),
    )
    drawn = AreaField(
        label=_("Drawn area"),
        help_text=_("Draw on the map, or paste the GeoJSON of one polygon (longitude, latitude). May stay empty."),
    )
    drawn_file = forms.FileField(
        label=_("GeoJSON file"),
        required=False,
        help_text=_("Instead of drawing: a file with one polygon. It takes the place of the area above."),
    )

    def __init__(self, *args, station: Unit, grid: Grid | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.boundary = boundary_of(station)
        taken = Grid.communities.through.objects.filter(grid__station=station, grid__unit__closed_on=None)
        offered = Q(served_by=station.pk)
        if grid is not None:
            taken = taken.exclude(grid=grid)
            offered |= Q(grids_here=grid)
        self.fields["communities"].queryset = (
            Unit.objects.active().filter(offered).exclude(pk__in=taken.values("unit")).distinct().order_by("path")
        )

    def clean_drawn_file(self) -> dict | None:
        given = self.cleaned_data["drawn_file"]
        if not given:
            return None
        try:
            return areas.read_area(given.read(areas.LONGEST + 1).decode("utf-8-sig"))
        except (areas.BadArea, UnicodeDecodeError) as problem:
            words = str(problem) if isinstance(problem, areas.BadArea) else _("This is not GeoJSON of a polygon.")
            raise forms.ValidationError(words) from problem

    def clean(self) -> dict:
        given = super().clean()
        from_file = given.pop("drawn_file", None)
        if from_file is not None:
            given["drawn"] = from_file
        drawn = given.get("drawn")
        if drawn is not None and self.boundary is not None and not areas.lies_in(drawn, self.boundary[1]):
            self.add_error("drawn", _("The area lies outside %(county)s.") % {"county": self.boundary[0].name})
        return given


class LeaderForm(forms.Form):
    """Who leads a grid, and for which term."""

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
    starts_on = day_field(_("Leads from"))
    ends_on = day_field(
        _("End of the term"),
        required=False,
        help_text=_("From this day on the grid is vacant of itself. Empty: until somebody else is named."),
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
        starts_on, ends_on = given.get("starts_on"), given.get("ends_on")
        if starts_on and ends_on and ends_on <= starts_on:
            self.add_error("ends_on", _("The term must end after it starts."))
        given["user"] = chosen[0] or chosen[1]
        return given


class GridFilterForm(forms.Form):
    """The filters of the list of grids."""

    station = forms.ModelChoiceField(
        label=_("Station"), queryset=Unit.objects.none(), required=False, empty_label=_("All")
    )
    vacant = forms.BooleanField(label=_("Vacant ones only"), required=False)
    ending = forms.BooleanField(label=_("Term ending soon"), required=False)
    closed = forms.BooleanField(label=_("Closed ones"), required=False)

    def __init__(self, data, *, reach: Reach):
        super().__init__(data)
        self.fields["station"].queryset = stations_in(reach)


def stations_in(reach: Reach):
    """The open stations where the permission holds, in the order of the tree."""
    return Unit.objects.within(reach).stations()


class PartForm(forms.Form):
    """A grid to be, by a split or a merge: its name and code, and words for its ground."""

    name = forms.CharField(label=_("Name of the grid"), max_length=100)
    code = forms.CharField(label=_("Code"), max_length=20)
    area = forms.CharField(label=_("Area in words"), max_length=200, required=False)


class SplitForm(forms.Form):
    """What goes into the second of the two new grids; everything else stays in the first."""

    communities = UnitsField(
        label=_("Communities of the second grid"),
        queryset=Unit.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Members who live there go with them."),
    )
    leader = forms.ChoiceField(
        label=_("The leader goes on in"),
        choices=[("first", _("the first grid")), ("second", _("the second grid")), ("none", _("neither: both vacant"))],
        widget=forms.RadioSelect,
        initial="first",
    )

    def __init__(self, *args, grid: Grid, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["communities"].queryset = grid.communities.order_by("path")


class MergeForm(forms.Form):
    """With which other grid of the station this one becomes one, and who leads it."""

    other = forms.ModelChoiceField(label=_("The other grid"), queryset=Grid.objects.none(), empty_label=None)
    leader = forms.ChoiceField(
        label=_("Who leads it"),
        choices=[
            ("this", _("the leader of this grid")),
            ("other", _("the leader of the other grid")),
            ("none", _("nobody yet")),
        ],
        widget=forms.RadioSelect,
        initial="this",
    )

    def __init__(self, *args, grid: Grid, **kwargs):
        super().__init__(*args, **kwargs)
        others = Grid.objects.filter(station=grid.station_id, unit__closed_on=None).exclude(pk=grid.pk)
        self.fields["other"].queryset = others.select_related("unit").order_by("code")
