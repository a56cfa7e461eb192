"""What people write about dues, read and checked; nothing is saved here."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from itertools import zip_longest

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from waystation.kernel import dated
from waystation.kernel.form_fields import day_field, money_field, month_field
from waystation.kernel.money import ZERO
from waystation.organizations.access import Reach
from waystation.organizations.models import Unit
from waystation.organizations.unit_field import UnitField
from waystation.stewardship.dues.models import DuesReduction
from waystation.stewardship.dues.months import month_of
from waystation.stewardship.dues.queries import Standing
from waystation.stewardship.dues.rates import Bracket, Category, Rates
from waystation.stewardship.dues.rules import REDUCTION_MONTHS
from waystation.stewardship.people import classes
from waystation.stewardship.people.models import Person

ANY = ("", _("All"))
ORIGINS = (Unit.Kind.BRANCH, Unit.Kind.VILLAGE, Unit.Kind.TOWN, Unit.Kind.COUNTY)


class DuesFilterForm(forms.Form):
    """The filters of the list of members with their dues, and every class of people."""

    q = forms.CharField(label=_("Name"), max_length=40, required=False)
    origin = UnitField(label=_("Branch, village or town"), kinds=ORIGINS, required=False, max_length=60, help_text="")
    standing = forms.ChoiceField(label=_("State"), required=False, choices=[ANY, *Standing.choices])

    def __init__(self, data, *, reach: Reach):
        super().__init__(data)
        self.fields["origin"].reach = reach
        self.fields.update(classes.fields(reach, behind_more=True))


class BaseForm(forms.Form):
    """By what a member's dues are reckoned from a month on."""

    category = forms.ChoiceField(label=pgettext_lazy("dues", "Reckoned by"), choices=Category.choices)
    income = money_field(
        _("Monthly income after tax (yuan)"),
        least=ZERO,
        required=False,
        help_text=_(
            "Only where the dues are a share of it. It is sealed and not shown again; pages show what is owed."
        ),
    )
    agreed = money_field(
        _("Amount agreed by the branch (yuan a month)"),
        required=False,
        help_text=_("Only for farmers: within the limits of the table."),
    )
    starts_on = month_field(_("From month"))
    basis = forms.CharField(
        label=_("Seen papers"), max_length=100, required=False, help_text=_("Such as: pay slip of the month.")
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["starts_on"].initial = month_of(timezone.localdate())
        self.fields["income"].why = _(
            "The rules reckon dues by the income. It is needed for nothing else and nobody reads it later."
        )


class UnitChoice(forms.ModelChoiceField):
    """A unit by its name."""

    def label_from_instance(self, unit):
        return unit.name


def _receivers(person: Person) -> list[int]:
    """The units at which a member pays: the formal branch or the station (2008, art. 9)."""
    return [pk for pk in (person.home_id, person.station_id) if pk]


class RecordForm(forms.Form):
    """A payment received on paper."""

    amount = money_field(_("Amount (yuan)"))
    first_month = month_field(_("For the months from"))
    last_month = month_field(pgettext_lazy("months", "to"))
    paid_on = day_field(_("Paid on"), initial=timezone.localdate)
    unit = UnitChoice(label=_("Received by"), queryset=Unit.objects.none(), empty_label=None)
    receipt_no = forms.CharField(label=_("Receipt no."), max_length=40, required=False)
    brought_by = forms.CharField(
        label=_("Brought by"),
        max_length=40,
        required=False,
        help_text=_("If a relative or another member brought it. Nobody pays in advance for the member."),
    )
    remark = forms.CharField(label=_("Remark"), max_length=200, required=False)

    def __init__(self, *args, person: Person, accountable: Unit | None, **kwargs):
        super().__init__(*args, **kwargs)
        units = {*_receivers(person), *([accountable.pk] if accountable else [])}
        self.fields["unit"].queryset = Unit.objects.filter(pk__in=units).order_by("path")
        self.fields["unit"].initial = accountable

    def clean(self):
        given = super().clean()
        if not self.errors and given["last_month"] < given["first_month"]:
            self.add_error("last_month", _("The last month lies before the first."))
        return given


class ReductionForm(forms.Form):
    """A member in hardship shall pay less or nothing."""

    kind = forms.ChoiceField(
        label=pgettext_lazy("dues", "What is asked"), choices=DuesReduction.Kind.choices, widget=forms.RadioSelect
    )
    amount = money_field(_("Amount a month (yuan)"), required=False, help_text=_("If the member pays less."))
    starts_on = month_field(_("From month"))
    last_month = month_field(_("To month"))
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Only who decides or records dues of this member reads it; it is sealed."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        months = dated.value(REDUCTION_MONTHS, timezone.localdate())
        self.fields["last_month"].help_text = _("At most %(n)d months; then it is looked at again.") % {"n": months}

    def clean(self):
        given = super().clean()
        if given.get("kind") == DuesReduction.Kind.LOWER and not given.get("amount") and "amount" not in self.errors:
            self.add_error("amount", _("Say how much the member should pay a month."))
        return given


class ReasonForm(forms.Form):
    """Why a row is reversed, a base withdrawn, a request refused."""

    reason = forms.CharField(label=_("Reason"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}))


class DecisionForm(forms.Form):
    """The decision on a request; a refusal needs its reason."""

    decision = forms.CharField(
        label=_("Remark of the decision"), max_length=200, required=False, help_text=_("A refusal needs its reason.")
    )


class EndForm(forms.Form):
    """The last month in which a reduction holds."""

    last_month = month_field(_("Last month"))


class BranchMonthForm(forms.Form):
    """Whose list, and of which month: a branch by its name, or of the few that have members in reach."""

    branch = UnitField(label=_("Branch"), kinds=(Unit.Kind.BRANCH,), max_length=100)
    month = month_field(_("Month"))

    def __init__(self, data, *, month: str, reach: Reach, branches: QuerySet | None):
        super().__init__(data, initial={"month": month})
        if branches is None:
            self.fields["branch"].reach = reach
        else:
            self.fields["branch"] = UnitChoice(label=_("Branch"), queryset=branches, empty_label="—")


class SheetForm(forms.Form):
    """One month of a branch as on its paper list: an amount for each member who has paid."""

    paid_on = day_field(_("Paid on"), initial=timezone.localdate)
    unit = UnitChoice(label=_("Received by"), queryset=Unit.objects.none(), empty_label=None)

    def __init__(self, *args, people: list[Person], branch: Unit, dues: dict, **kwargs):
        super().__init__(*args, **kwargs)
        self.people = people
        units = {branch.pk, *(person.station_id for person in people if person.station_id)}
        self.fields["unit"].queryset = Unit.objects.filter(pk__in=units).order_by("path")
        self.fields["unit"].initial = branch.pk
        for person in people:
            field = money_field(person.full_name, required=False)
            field.widget.attrs["aria-label"] = person.full_name
            field.initial = dues.get(person.pk)
            self.fields[f"paid_{person.pk}"] = forms.BooleanField(label=person.full_name, required=False)
            self.fields[f"amount_{person.pk}"] = field

    def clean(self):
        given = super().clean()
        for person in self.people:
            ticked, name = given.get(f"paid_{person.pk}"), f"amount_{person.pk}"
            if ticked and name not in self.errors and not given.get(name):
                self.add_error(name, _("Write the amount."))
        if not self.errors and not self.amounts():
            self.add_error(None, _("Tick the members who have paid."))
        return given

    def amounts(self) -> list[tuple[Person, Decimal]]:
        """The members ticked and what each has paid."""
        given = self.cleaned_data
        ticked = (person for person in self.people if given.get(f"paid_{person.pk}"))
        return [(person, given[f"amount_{person.pk}"]) for person in ticked if given.get(f"amount_{person.pk}")]

    def row(self, person: Person) -> tuple:
        """The two controls of a member."""
        return self[f"paid_{person.pk}"], self[f"amount_{person.pk}"]


def _ended(row: Bracket, following: Bracket | None) -> Bracket:
    """A share ends where the next one of its category begins; the last one has no end."""
    if following is not None and row.is_share and following.is_share and row.category == following.category:
        return replace(row, up_to=following.over)
    return row


class RatesForm(forms.Form):
    """Another table of rates: the limits and rates of each category, as they stand in the one before."""

    starts_on = month_field(_("In force from month"))
    source = forms.CharField(
        label=_("Source"), max_length=300, help_text=_("The document that decides it, with its number and date.")
    )

    def __init__(self, *args, rates: Rates, **kwargs):
        super().__init__(*args, **kwargs)
        self.rates = rates
        for number, row in enumerate(rates.brackets):
            if row.is_share:
                self.fields[f"over_{number}"] = money_field(
                    pgettext_lazy("rate", "above"), least=ZERO, initial=row.over
                )
                self.fields[f"percent_{number}"] = forms.DecimalField(
                    label=_("percent"), min_value=0, max_value=100, max_digits=5, decimal_places=2, initial=row.percent
                )
            else:
                self.fields[f"least_{number}"] = money_field(
                    pgettext_lazy("rate", "at least"), least=ZERO, initial=row.least
                )
                self.fields[f"most_{number}"] = money_field(
                    pgettext_lazy("rate", "at most"), least=ZERO, initial=row.most
                )

    def rows(self) -> list[dict]:
        """The table as it is laid out: a category and its controls."""
        return [
            {
                "bracket": row,
                "controls": [
                    self[f"{name}_{number}"] for name in (("over", "percent") if row.is_share else ("least", "most"))
                ],
            }
            for number, row in enumerate(self.rates.brackets)
        ]

    def brackets(self) -> list[Bracket]:
        """What was written, as rows of a table; each share ends where the next of its category begins."""
        given, found = self.cleaned_data, []
        for number, row in enumerate(self.rates.brackets):
            if row.is_share:
                points = int(given[f"percent_{number}"] * 100)
                found.append(Bracket(row.category, given[f"over_{number}"], None, points))
            else:
                found.append(Bracket(row.category, least=given[f"least_{number}"], most=given[f"most_{number}"]))
        return [_ended(row, following) for row, following in zip_longest(found, found[1:])]

    def clean(self):
        given = super().clean()
        for number, row in enumerate(self.rates.brackets):
            least, most = given.get(f"least_{number}"), given.get(f"most_{number}")
            if not row.is_share and least is not None and most is not None and most < least:
                self.add_error(f"most_{number}", _("The upper limit lies below the lower one."))
        return given
