"""The filters of the three lists. They live in the address, so that a list can be shared."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from waystation.organizations.access import Reach
from waystation.organizations.models import Unit
from waystation.stewardship.people import classes
from waystation.stewardship.people.forms.fields import plain_text, suggesting
from waystation.stewardship.people.models import Arrival, Departure
from waystation.stewardship.people.queries import Status, unit_named

_ORIGINS = (Unit.Kind.BRANCH, Unit.Kind.VILLAGE, Unit.Kind.TOWN, Unit.Kind.COUNTY)
_COMMUNITIES = (Unit.Kind.VILLAGE, Unit.Kind.TOWN, Unit.Kind.COUNTY)
_MOST_CHOICES = 300
ANY = ("", _("All"))


def _choice(label, choices) -> forms.ChoiceField:
    given = [choice for choice in choices if choice[0]]
    return forms.ChoiceField(label=label, required=False, choices=[ANY, *given])


class UnitFilter(forms.CharField):
    """A unit in reach, by its name or number; the value is the unit or None."""

    def __init__(self, *, kinds: tuple[str, ...], anywhere: bool = False, **options):
        self.kinds, self.anywhere, self.reach = kinds, anywhere, None
        super().__init__(required=False, max_length=60, **options)

    def clean(self, value) -> Unit | None:
        text = super().clean(value)
        if not text:
            return None
        unit = unit_named(text, self.reach, kinds=self.kinds, anywhere=self.anywhere)
        if unit is None:
            raise forms.ValidationError(_("No unit of this name lies where you are responsible."))
        return unit


class _Filters(forms.Form):
    """A GET form: wrong values are shown as wrong and filter nothing."""

    q = plain_text(_("Name"), longest=40)

    def __init__(self, data, *, reach: Reach):
        super().__init__(data)
        for name, field in self.fields.items():
            if isinstance(field, UnitFilter):
                field.reach = reach
                kind = "branch" if name == "origin" else "community"
                suggesting(field, name=name, kind=kind)
        for name, kinds in (("grid", ("grid", "station")), ("station", ("station",))):
            if name in self.fields:
                self._offer_units(name, kinds, reach)

    def _offer_units(self, name: str, kinds: tuple[str, ...], reach: Reach) -> None:
        """A choice of the units in reach; a field to type in where they are too many to choose from."""
        units = list(
            Unit.objects.within(reach)
            .active()
            .filter(kind__in=kinds)
            .only("pk", "name", "kind", "path")
            .order_by("path")[: _MOST_CHOICES + 1]
        )
        if not units:
            del self.fields[name]
            return
        if len(units) > _MOST_CHOICES:
            self.fields[name] = UnitFilter(label=self.fields[name].label, kinds=kinds)
            self.fields[name].reach = reach
            return
        if len(units) == 1:
            self.fields[name].widget = forms.HiddenInput()
        self._units = {str(unit.pk): unit for unit in units}
        self.fields[name].choices = [ANY, *((str(u.pk), _indented(u)) for u in units)]

    def _unit(self, name: str) -> Unit | None:
        given = self.cleaned_data.get(name)
        return given if isinstance(given, Unit) else self._units.get(given or "")


def _indented(unit: Unit) -> str:
    return f"\u3000{unit.name}" if unit.kind == Unit.Kind.GRID else unit.name


class PersonFilterForm(_Filters):
    """The filters of the list of people: its own, and every class of people."""

    status = _choice(_("State"), Status.choices)
    origin = UnitFilter(label=_("Origin"), kinds=_ORIGINS, anywhere=True)
    community = UnitFilter(label=_("Community"), kinds=_COMMUNITIES)
    grid = _choice(_("Station or grid"), [])

    def __init__(self, data, *, reach: Reach):
        super().__init__(data, reach=reach)
        self.fields.update(classes.fields(reach))
        self.order_fields(["q", "status", "member_kind", "origin", "community", "grid", "trade", "sex"])

    def clean_grid(self) -> Unit | None:
        return self._unit("grid")


class DepartureFilterForm(_Filters):
    """The filters of the list of departures."""

    state = _choice(_("State"), Departure.State.choices)
    kind = _choice(_("Kind"), Departure.Kind.choices)
    place_kind = _choice(_("Kind of place gone to"), Departure.PlaceKind.choices)
    origin = UnitFilter(label=_("Origin"), kinds=_ORIGINS)
    station = _choice(_("Station"), [])

    def clean_station(self) -> Unit | None:
        return self._unit("station")


class ArrivalFilterForm(_Filters):
    """The filters of the list of arrivals."""

    state = _choice(_("State"), Arrival.State.choices)
    channel = _choice(_("Channel"), Arrival.Channel.choices)
    station = _choice(_("Station"), [])
    due = forms.BooleanField(label=_("Waiting too long"), required=False)

    def clean_station(self) -> Unit | None:
        return self._unit("station")


_PLACES = frozenset({"after", "before", "size"})  # where in a list one is


def understood(form: forms.Form) -> dict | None:
    """The filters, or None where one of them is wrong or unknown: what is done to everybody whom the filters
    find must not be done to more people than were shown."""
    given = {name for name, value in form.data.items() if value and name not in _PLACES}
    if not form.is_valid() or given - set(form.cleaned_data):
        return None
    return chosen(form)


def chosen(form: forms.Form) -> dict:
    """The filters that are right; a wrong one is shown at its field and filters nothing."""
    form.is_valid()
    return {name: value for name, value in form.cleaned_data.items() if value}
