"""What people write about duty sheets, read and checked; nothing is saved here."""

from __future__ import annotations

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from waystation.kernel.form_fields import LineField, day_field
from waystation.organizations.access import Reach
from waystation.organizations.models import Unit
from waystation.stewardship.duties.models import Duty
from waystation.stewardship.duties.queries import parties
from waystation.stewardship.duties.queries.sheets import PARTY_WORDS
from waystation.stewardship.people import classes
from waystation.stewardship.people.models import Stay
from waystation.stewardship.people.names import name_key

ANY = ("", _("All"))
TABS = ("waiting", "sheets")


class SheetFilterForm(forms.Form):
    """The filters of the list of sheets, and every class of people; they live in the address."""

    q = LineField(label=_("Name"), max_length=40, required=False)
    station = forms.ModelChoiceField(
        label=_("Station"), queryset=Unit.objects.none(), required=False, empty_label=_("All")
    )
    kind = forms.ChoiceField(label=_("Duty"), choices=[ANY, *Duty.Kind.choices], required=False)
    unit = LineField(label=_("Accountable unit"), max_length=60, required=False)
    mine = forms.BooleanField(label=_("My unit answers"), required=False)
    ended = forms.BooleanField(label=_("Ended stays too"), required=False)

    def __init__(self, data, *, reach: Reach):
        super().__init__(data)
        stations = Unit.objects.within(reach).filter(kind=Unit.Kind.STATION).order_by("path")
        if stations[:2].count() > 1:
            self.fields["station"].queryset = stations
        else:
            del self.fields["station"]
        self.fields.update(classes.fields(reach, behind_more=True))

    def clean_q(self):
        return name_key(self.cleaned_data["q"])

    @property
    def filters(self) -> dict:
        """The filters that are right; a wrong one is shown as wrong and filters nothing."""
        self.is_valid()
        return {name: value for name, value in getattr(self, "cleaned_data", {}).items() if value}


class ProposalForm(forms.Form):
    """Which duty passes to whom, from which day on, and why."""

    kind = forms.ChoiceField(label=_("Duty"), choices=Duty.Kind.choices)
    to = forms.ChoiceField(label=_("Passes to"), widget=forms.RadioSelect)
    starts_on = day_field(
        _("Takes effect on"),
        help_text=_("Today or a day to come. Open tasks of the duty move on that day."),
    )
    reason = LineField(label=_("Reason"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args, stay: Stay, **options):
        super().__init__(*args, **options)
        offered = parties(stay)
        self._units = {str(unit.pk): unit for _part, unit in offered}
        self.fields["to"].choices = [(str(unit.pk), f"{PARTY_WORDS[part]} · {unit.name}") for part, unit in offered]
        self.fields["starts_on"].initial = timezone.localdate()

    def clean_to(self) -> Unit:
        return self._units[self.cleaned_data["to"]]


class TransferForm(forms.Form):
    """To which station a member passes, where the member lives there, and why."""

    to = forms.ModelChoiceField(label=_("Receiving station"), queryset=Unit.objects.none(), empty_label=_("Choose one"))
    community = LineField(
        label=_("Community there"),
        max_length=60,
        required=False,
        help_text=_("The name of the community where the member lives, if it is known."),
    )
    reason = LineField(label=_("Reason"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args, stay: Stay, **options):
        super().__init__(*args, **options)
        stations = Unit.objects.active().filter(kind=Unit.Kind.STATION).exclude(pk=stay.station_id)
        self.fields["to"].queryset = stations.order_by("path")

    def clean(self):
        given = super().clean()
        given["destination"], text = None, given.get("community")
        if text:
            named = Q(name__startswith=text) | Q(short_name__startswith=text)
            units = Unit.objects.active().filter(named, kind=Unit.Kind.VILLAGE)
            served = units.filter(served_by=given["to"].pk) if given.get("to") else units
            found = list(served[:2]) or list(units[:2])
            if len(found) != 1:
                self.add_error("community", _("Write the whole name of one community in town."))
            else:
                given["destination"] = found[0]
        return given


class ReasonForm(forms.Form):
    """A refusal that the other side reads the reason of."""

    reason = LineField(label=_("Reason"), max_length=200, widget=forms.Textarea(attrs={"rows": 3}))
