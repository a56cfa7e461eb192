"""What people write about organization life and learning, read and checked; nothing is saved here."""

from __future__ import annotations

from contextlib import suppress
from uuid import UUID

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from waystation.kernel import dated
from waystation.kernel.form_fields import LineField, day_field, day_input
from waystation.kernel.scans import scan_field
from waystation.organizations.access import Reach
from waystation.organizations.models import Unit
from waystation.stewardship.education import rules
from waystation.stewardship.education.actions.records import ENTERED
from waystation.stewardship.education.actions.rolls import MARKS, MOST_OF_A_REASON
from waystation.stewardship.education.models import Attendance, Kind, Occasion, Plan, PlanItem
from waystation.stewardship.education.queries.learning import ABSENT, LONG
from waystation.stewardship.education.queries.plans import holders_offered
from waystation.stewardship.groups.models import FunctionalGroup
from waystation.stewardship.people import classes

ALL = [("", _("All"))]


def _hours(**more) -> forms.DecimalField:
    return forms.DecimalField(label=_("Hours"), min_value=0, max_value=100, max_digits=4, decimal_places=1, **more)


class UnitField(forms.ModelChoiceField):
    """One station, grid or branch by its name; grids with their station."""

    def label_from_instance(self, unit):
        return f"{unit.parent.name} · {unit.name}" if unit.kind == Unit.Kind.GRID else unit.name


def _unit(reach: Reach, **more) -> UnitField:
    return UnitField(label=_("Unit"), queryset=holders_offered(reach).select_related("parent"), **more)


class GroupField(forms.ModelChoiceField):
    """One functional group, with its station."""

    def label_from_instance(self, group):
        return f"{group.name} · {group.station.name}"


class ForAGroup(forms.ModelForm):
    """The part of a form that says for which functional group: a registered one, or one written in words."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.group_key:
            self.initial |= {"group": self.instance.group_key, "group_title": ""}

    def offer_groups(self, stations) -> None:
        """Let one choose among the open groups of the stations and the one that is chosen already."""
        chosen = self.initial.get("group")
        groups = FunctionalGroup.objects.filter(Q(station__in=stations, closed_on=None) | Q(pk=chosen))
        if groups.exists():
            self.fields["group"] = GroupField(
                label=_("Functional group"), queryset=groups.select_related("station").order_by("station_path", "name"),
                required=False, empty_label=_("everybody"), help_text=self._meta.help_texts["group_title"],
            )  # fmt: skip
            self.fields["group_title"].label = _("A group that is not registered")
            self.fields["group_title"].help_text = ""

    def clean(self):
        given = super().clean()
        group, title = given.get("group"), given.get("group_title")
        if group and title and title != group.name:
            self.add_error("group_title", _("Choose the group or write its name, not both."))
        if group:
            given["group_title"] = group.name
        self.instance.group_key = group.pk if group else None
        return given


# --- plans ----------------------------------------------------------------------------------------


class PlanForm(forms.Form):
    """For which unit and year a plan is begun."""

    year = forms.TypedChoiceField(label=_("Year"), coerce=int)

    def __init__(self, *args, reach: Reach, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"] = _unit(reach)
        self.order_fields(["unit", "year"])
        this = timezone.localdate().year
        self.fields["year"].choices = [(str(year), str(year)) for year in (this, this + 1)]


class PlanFilterForm(forms.Form):
    """The filters of the list of plans."""

    year = forms.IntegerField(label=_("Year"), required=False, min_value=2000, max_value=2100)
    state = forms.ChoiceField(label=_("State"), required=False, choices=[*ALL, *Plan.State.choices])


class ItemForm(ForAGroup):
    """One occasion of a plan."""

    class Meta:
        model = PlanItem
        fields = ("kind", "month", "day", "topic", "lead", "grid", "group_title")
        widgets = {"day": day_input()}
        help_texts = {
            "day": _("Once it is known; it then decides the month."),
            "group_title": _("Only if the occasion is for one functional group and not for everybody."),
        }

    def __init__(self, *args, plan: Plan, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["month"] = forms.TypedChoiceField(
            label=_("Month"), coerce=int, choices=[(str(m), str(m)) for m in range(1, 13)]
        )
        grids = Unit.objects.active().filter(kind=Unit.Kind.GRID, parent=plan.unit_id).order_by("path")
        self.fields["grid"] = forms.ModelChoiceField(
            label=_("Grid"), queryset=grids, required=False, empty_label=_("everybody"),
        )  # fmt: skip
        self.offer_groups([plan.unit_id])
        self.order_fields([*self._meta.fields[:-1], "group", "group_title"])
        if not grids:
            del self.fields["grid"]


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("Reason"), max_length=200)


# --- occasions ------------------------------------------------------------------------------------


class OccasionForm(ForAGroup):
    """An occasion of organization life as it was held."""

    class Meta:
        model = Occasion
        fields = ("kind", "held_on", "hours", "topic", "place", "lead", "recorder", "guests", "minutes", "group_title")
        widgets = {"held_on": day_input(),
                   "minutes": forms.Textarea(attrs={"rows": 5})}  # fmt: skip
        help_texts = {
            "hours": _("Whoever was present is credited with them when the roll is closed."),
            "guests": _("Names and posts of those who attended without belonging to the unit."),
            "minutes": _("What was discussed and resolved, in a few sentences."),
            "group_title": _("Only if the occasion was for one functional group and not for everybody."),
        }

    def __init__(self, *args, reach: Reach, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"] = _unit(reach)
        self.offer_groups(holders_offered(reach).filter(kind=Unit.Kind.STATION).order_by())
        self.order_fields(["unit", *self._meta.fields[:-1], "group", "group_title"])


class OccasionWordsForm(forms.ModelForm):
    """What may be written anew about an occasion: its words, not its day and hours."""

    class Meta:
        model = Occasion
        fields = ("topic", "place", "lead", "recorder", "guests", "minutes")
        widgets = {"minutes": forms.Textarea(attrs={"rows": 6})}


class OccasionFilterForm(forms.Form):
    """The filters of the list of occasions."""

    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[*ALL, *Kind.choices])
    state = forms.ChoiceField(label=_("State"), required=False, choices=[*ALL, *Occasion.State.choices])
    since = day_field(_("From"), required=False)
    until = day_field(_("Until"), required=False)
    whole = forms.BooleanField(label=_("Without functional groups"), required=False)

    def __init__(self, data, *, reach: Reach):
        super().__init__(data)
        self.fields["unit"] = _unit(reach, required=False, empty_label=_("All"))
        if data and str(data.get("unit", "")).isdigit():
            # A branch that is not offered may still be named by a link.
            here = Unit.objects.within(reach).filter(pk=int(data["unit"][:18]))
            self.fields["unit"].queryset = (here | self.fields["unit"].queryset).distinct()
        self._offer_groups(reach, str(data.get("group", "")) if data else "")
        self.order_fields(["unit", "kind", "group", "state", "since", "until", "whole"])

    def _offer_groups(self, reach: Reach, named: str) -> None:
        """The groups of one's own stations, and one that a link names; nobody chooses among those of a county."""
        groups = FunctionalGroup.objects.filter(reach.path_q("station_path"))
        offered = Q(station__in=reach.stations, closed_on=None)
        with suppress(ValueError):  # whatever is no id names none
            offered |= Q(pk=UUID(named))
        groups = groups.filter(offered).select_related("station").order_by("station_path", "name")
        if groups.exists():
            self.fields["group"] = GroupField(
                label=_("Functional group"), queryset=groups, required=False, empty_label=_("All")
            )


_MARK_WORDS = {mark.value: mark.label for mark in Attendance.Mark}


class LineForm(forms.Form):
    """Another mark for a line of a closed roll, or another reason of absence."""

    mark = forms.ChoiceField(
        label=pgettext_lazy("roll", "Mark"), choices=[(m.value, _MARK_WORDS[m.value]) for m in MARKS],
        widget=forms.RadioSelect,
    )  # fmt: skip
    absence = LineField(
        label=pgettext_lazy("roll", "Reason of absence"), max_length=MOST_OF_A_REASON, required=False,
        help_text=_("Only for leave or absence, in a word or two such as “sick leave”; no details of an illness."),
    )  # fmt: skip
    reason = forms.CharField(label=_("Why it is corrected"), max_length=200)

    def __init__(self, *args, is_withheld: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        if is_withheld:
            self.fields["absence"].help_text = _("One is on record and not shown here. What is written replaces it.")


class ScanForm(forms.Form):
    """A scan of the signed sheet."""

    scan = scan_field(_("Scan of the signed sheet"), _("PDF, PNG or JPG, at most 10 MB. A photo of the sheet will do."))


# --- learning -------------------------------------------------------------------------------------


class RecordForm(forms.Form):
    """Hours that a member studied outside a roll."""

    source = forms.ChoiceField(
        label=pgettext_lazy("learning", "How"),
        choices=[(one.value, one.label) for one in ENTERED],
    )
    learnt_on = day_field(pgettext_lazy("learning", "Day"))
    hours = _hours()
    title = forms.CharField(label=pgettext_lazy("learning", "What was studied"), max_length=200)
    note = forms.CharField(
        label=_("Evidence"), max_length=300, required=False,
        help_text=_("Certificate, notes, name of the platform: where one could look it up."),
    )  # fmt: skip


class LearnerFilterForm(forms.Form):
    """The filters of the list of hours, and every class of people."""

    year = forms.IntegerField(label=_("Year"), required=False, min_value=2000, max_value=2100)
    behind = forms.BooleanField(label=_("Only those behind with this year's hours"), required=False)
    absent = forms.ChoiceField(label=_("Organization life"), required=False)

    def __init__(self, data, *, reach: Reach):
        super().__init__(data)
        stations = Unit.objects.within(reach).stations()
        self.fields["station"] = forms.ModelChoiceField(
            label=_("Station"), queryset=stations, required=False, empty_label=_("All")
        )
        self.fields["absent"].choices = _absences()
        self.fields.update(classes.fields(reach, behind_more=True))
        self.order_fields(["station", "year", "absent", "behind"])

    @property
    def filters(self) -> dict:
        """The filters that are right; a wrong one is shown as wrong and filters nothing."""
        self.is_valid()
        return {name: value for name, value in getattr(self, "cleaned_data", {}).items() if value}


def _absences() -> list[tuple]:
    words, today = _("Absent without leave for %(n)d months"), timezone.localdate()
    months = {ABSENT: rules.AWAY_MONTHS, LONG: rules.AWAY_LONG_MONTHS}
    return [("", _("All")), *((key, words % {"n": dated.value(rule, today)}) for key, rule in months.items())]


# --- study brought home ---------------------------------------------------------------------------


class PackForm(forms.Form):
    """Materials for the excused members of a station."""

    title = forms.CharField(label=pgettext_lazy("pack", "Title"), max_length=100)
    materials = forms.CharField(
        label=_("Materials"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One on each line."),
    )  # fmt: skip
    issued_on = day_field(pgettext_lazy("pack", "Issued on"))
    due_on = day_field(_("To be brought by"))

    def __init__(self, *args, reach: Reach, **kwargs):
        super().__init__(*args, **kwargs)
        stations = Unit.objects.within(reach).stations()
        self.fields["unit"] = forms.ModelChoiceField(label=_("Station"), queryset=stations)
        self.order_fields(["unit"])

    def clean(self):
        given = super().clean()
        if given.get("due_on") and given.get("issued_on") and given["due_on"] < given["issued_on"]:
            self.add_error("due_on", _("This day lies before the day of issue."))
        return given


class DeliveryForm(forms.Form):
    """How a pack was brought."""

    carrier = forms.CharField(label=_("Carried by"), max_length=50)
    delivered_on = day_field(_("Brought on"))
    hours = forms.DecimalField(
        label=_("Hours studied together"), min_value=0, max_value=12, decimal_places=1, required=False
    )
    feedback = forms.CharField(
        label=_("What the member said"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Nothing about health; that belongs to the excuse."),
    )  # fmt: skip
