"""What people write about the money of stations, read and checked; nothing is saved here."""

from __future__ import annotations

from datetime import date

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from waystation.kernel import dated
from waystation.kernel.form_fields import day_field, money_field
from waystation.kernel.scans import scan_field
from waystation.organizations.access import Reach
from waystation.organizations.models import Unit
from waystation.stations.funds.models import Account, Appropriation, BudgetLine
from waystation.stations.funds.queries import own_source
from waystation.stations.funds.rules import CITY_GRANT, COUNTY_MATCH

Source = Appropriation.Source
GIVEN_BY_HAND = (Source.CITY, Source.COUNTY, Source.OTHER)
KINDS = (Unit.Kind.CITY, Unit.Kind.COUNTY, Unit.Kind.STATION)


def stations_in(reach: Reach):
    """The open stations where the permission holds, in the order of the tree."""
    return Unit.objects.within(reach).stations()


def usual_amount(source: str, day: date):
    """What the rules in force give a station from a source; nothing where no rule says it."""
    city = dated.value(CITY_GRANT, day)
    return {Source.CITY: city, Source.COUNTY: city * dated.value(COUNTY_MATCH, day) // 100}.get(source)


class _Granting(forms.Form):
    """What every appropriation says. The usual amount is that of the rules of today."""

    year = forms.IntegerField(label=pgettext_lazy("fund", "Year"), min_value=2000, max_value=2100)
    source = forms.ChoiceField(
        label=pgettext_lazy("fund", "Source"), choices=[(one.value, one.label) for one in GIVEN_BY_HAND]
    )
    amount = money_field(_("Amount (yuan)"))
    document_no = forms.CharField(
        label=_("Document no."),
        max_length=60,
        required=False,
        help_text=_("Needed for money of the city or the county."),
    )
    granted_on = day_field(_("Granted on"))

    def __init__(self, *args, reach: Reach, **kwargs):
        super().__init__(*args, **kwargs)
        today, source = timezone.localdate(), own_source(reach)
        self.fields["year"].initial = self.fields["year"].initial or today.year
        self.fields["granted_on"].initial = today
        self.fields["source"].initial = source
        self.fields["amount"].initial = usual_amount(source, today)
        words = {"city": usual_amount(Source.CITY, today), "county": usual_amount(Source.COUNTY, today)}
        self.fields["amount"].help_text = (
            _("By the rules in force: city %(city)s yuan a station, county %(county)s yuan.") % words
        )

    def clean(self):
        given = super().clean()
        above = given.get("source") in (Source.CITY, Source.COUNTY)
        if above and not given.get("document_no") and "document_no" not in self.errors:
            self.add_error("document_no", _("Money of the city or the county has a document number."))
        return given


class StationChoice(forms.ModelChoiceField):
    """A station by its name."""

    def label_from_instance(self, unit):
        return unit.name


class GrantForm(_Granting):
    """One appropriation to one station."""

    station = StationChoice(label=_("Station"), queryset=Unit.objects.none())
    received_on = day_field(
        _("Money received on"),
        required=False,
        help_text=_("Leave empty until the money has come; the station enters it then."),
    )
    remark = forms.CharField(label=_("Remark"), max_length=200, required=False)
    field_order = ("station",)

    def __init__(self, *args, reach: Reach, **kwargs):
        super().__init__(*args, reach=reach, **kwargs)
        self.fields["station"].queryset = stations_in(reach)


class GrantAllForm(_Granting):
    """The same appropriation to every station in reach that has none from this source in the year."""

    document_no = forms.CharField(label=_("Document no."), max_length=60)


class DayForm(forms.Form):
    """The day on which money came."""

    received_on = day_field(_("Money received on"), initial=timezone.localdate)

    def clean_received_on(self):
        day = self.cleaned_data["received_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("This date lies in the future."))
        return day


class ReasonForm(forms.Form):
    """Why an entry is returned or reversed."""

    reason = forms.CharField(label=_("Reason"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}))


class LineForm(forms.Form):
    """A new line of the budget and what is to be allotted to it."""

    title = forms.CharField(label=_("Budget line"), max_length=60, help_text=_("Such as: activities, training."))
    amount = money_field(_("Amount (yuan)"), help_text=_("Holds when the county has approved it."))
    reason = forms.CharField(label=_("Reason"), max_length=200, required=False)


class ChangeForm(forms.Form):
    """Money from one place of the budget to another."""

    giver = forms.ModelChoiceField(
        label=pgettext_lazy("budget", "From"),
        queryset=BudgetLine.objects.none(),
        required=False,
        empty_label=_("money not allotted yet"),
    )
    taker = forms.ModelChoiceField(
        label=pgettext_lazy("budget", "To"),
        queryset=BudgetLine.objects.none(),
        required=False,
        empty_label=_("back to what is not allotted"),
    )
    amount = money_field(_("Amount (yuan)"))
    reason = forms.CharField(label=_("Reason"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args, account: Account, **kwargs):
        super().__init__(*args, **kwargs)
        lines = BudgetLine.objects.filter(account=account).order_by("place", "pk")
        self.fields["giver"].queryset = self.fields["taker"].queryset = lines


class LineChoice(forms.ModelChoiceField):
    """A line of the budget with what it has left."""

    left: dict = {}

    def label_from_instance(self, line):
        return _("%(line)s, %(left)s yuan left") % {"line": line.title, "left": f"{self.left.get(line.pk, 0):,}"}


class ExpenseForm(forms.Form):
    """An expense with its scanned voucher."""

    line = LineChoice(label=_("Budget line"), queryset=BudgetLine.objects.none())
    amount = money_field(_("Amount (yuan)"))
    spent_on = day_field(_("Spent on"), initial=timezone.localdate)
    payee = forms.CharField(label=_("Payee"), max_length=100)
    purpose = forms.CharField(label=_("What for"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}))
    voucher = scan_field(_("Scanned voucher"), _("Invoice or receipt as PDF, PNG or JPG, at most 10 MB."))

    def __init__(self, *args, account: Account, lines: list[BudgetLine], **kwargs):
        super().__init__(*args, **kwargs)
        self.account = account
        self.fields["line"].left = {line.pk: line.left for line in lines}
        self.fields["line"].queryset = BudgetLine.objects.filter(account=account).order_by("place", "pk")

    def clean_spent_on(self):
        day = self.cleaned_data["spent_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("This date lies in the future."))
        if day.year > self.account.year:
            raise forms.ValidationError(_("This day belongs to the account of another year."))
        return day


class AccountFilterForm(forms.Form):
    """The filters of the list of accounts."""

    year = forms.TypedChoiceField(label=pgettext_lazy("fund", "Year"), required=False, coerce=int, empty_value=None)

    def __init__(self, data, *, years: list[int]):
        super().__init__(data)
        self.fields["year"].choices = [("", _("All")), *((year, str(year)) for year in years)]


class StatementForm(forms.Form):
    """Whose statement, and of which months."""

    unit = StationChoice(label=_("Unit"), queryset=Unit.objects.none(), empty_label=None)
    year = forms.TypedChoiceField(label=pgettext_lazy("fund", "Year"), coerce=int)
    first = forms.TypedChoiceField(label=_("From month"), coerce=int)
    last = forms.TypedChoiceField(label=_("To month"), coerce=int)

    def __init__(self, data, *, reach: Reach, years: list[int]):
        super().__init__(data)
        units = Unit.objects.within(reach).filter(kind__in=KINDS)
        self.fields["unit"].queryset = units.order_by("path")
        self.fields["year"].choices = [(year, str(year)) for year in years]
        months = [(number, f"{number:02d}") for number in range(1, 13)]
        self.fields["first"].choices = self.fields["last"].choices = months

    def clean(self):
        given = super().clean()
        if not self.errors and given["first"] > given["last"]:
            self.add_error("last", _("The last month lies before the first."))
        return given
