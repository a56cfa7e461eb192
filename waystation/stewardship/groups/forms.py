"""What people write about functional groups, read and checked; nothing is saved here."""

from __future__ import annotations

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from waystation.kernel.form_fields import day_field
from waystation.organizations.access import Reach
from waystation.organizations.models import Unit
from waystation.stewardship.groups.models import FunctionalGroup, GroupMember

ANY = ("", _("All"))


def stations_in(reach: Reach):
    """The open stations where the permission holds, in the order of the tree."""
    return Unit.objects.within(reach).stations()


class GroupFilterForm(forms.Form):
    """The filters of the list of groups."""

    station = forms.ModelChoiceField(
        label=_("Station"), queryset=Unit.objects.none(), required=False, empty_label=_("All")
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=[ANY, *FunctionalGroup.Kind.choices], required=False)
    vacant = forms.BooleanField(label=_("Without a leader"), required=False)
    quiet = forms.BooleanField(label=_("No activity for long"), required=False)
    closed = forms.BooleanField(label=_("Closed ones"), required=False)

    def __init__(self, data, *, reach: Reach):
        super().__init__(data)
        self.fields["station"].queryset = stations_in(reach)

    def chosen(self) -> dict:
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class CommunityField(forms.ModelChoiceField):
    def label_from_instance(self, unit):
        return unit.name


class GroupForm(forms.Form):
    """Name, kind and purpose of a group, and the fact that its members share."""

    name = forms.CharField(label=_("Name of the group"), max_length=60)
    kind = forms.ChoiceField(label=_("Kind"), choices=FunctionalGroup.Kind.choices)
    basis = forms.CharField(
        label=_("What its members share"),
        max_length=100,
        required=False,
        help_text=_("The trade or skill as it stands on the files; who has the same is proposed for the group."),
    )
    community = CommunityField(
        label=_("Community"),
        queryset=Unit.objects.none(),
        required=False,
        help_text=_("For a group by area only."),
    )
    purpose = forms.CharField(
        label=_("What it is for"), max_length=200, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args, station: Unit, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["community"].queryset = Unit.objects.active().filter(served_by=station.pk).order_by("path")

    def clean(self) -> dict:
        given = super().clean()
        kind, kinds = given.get("kind"), FunctionalGroup.Kind
        if kind == kinds.AREA:
            if not given.get("community"):
                self.add_error("community", _("Choose the community of a group by area."))
            else:
                given["basis"] = given["community"].name
        else:
            given["community"] = None
            if kind in (kinds.TRADE, kinds.SKILL) and not given.get("basis"):
                self.add_error("basis", _("Write the trade or skill that its members share."))
        return given


class MemberField(forms.ModelChoiceField):
    def label_from_instance(self, row):
        return row.person.full_name


class LeaderForm(forms.Form):
    """Which of its members leads a group."""

    member = MemberField(
        label=pgettext_lazy("group", "Leader"), queryset=GroupMember.objects.none(), empty_label=_("— nobody —")
    )

    def __init__(self, *args, rows, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["member"].queryset = rows


class ReasonForm(forms.Form):
    """Why something ends."""

    reason = forms.CharField(label=_("Reason"), max_length=200)


class MergeForm(forms.Form):
    """Into which group of the station this one is merged."""

    kept = forms.ModelChoiceField(
        label=_("The group that goes on"), queryset=FunctionalGroup.objects.none(), empty_label=None
    )

    def __init__(self, *args, group: FunctionalGroup, **kwargs):
        super().__init__(*args, **kwargs)
        others = FunctionalGroup.objects.open().filter(station=group.station_id).exclude(pk=group.pk)
        self.fields["kept"].queryset = others.order_by("name")


class PlanForm(forms.Form):
    """Something that a group plans."""

    held_on = day_field(_("Day"))
    topic = forms.CharField(label=_("Topic"), max_length=100)
    place = forms.CharField(label=_("Place"), max_length=100, required=False)


class AttendeesField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, row):
        return row.person.full_name


class RecordForm(PlanForm):
    """What a group did, and who took part."""

    record = forms.CharField(
        label=_("What was done"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    attended = AttendeesField(
        label=_("Who took part"),
        queryset=GroupMember.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args, rows, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["attended"].queryset = rows

    def clean_held_on(self):
        day = self.cleaned_data["held_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("An activity is recorded when it has taken place."))
        return day
