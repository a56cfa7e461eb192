"""Fields of forms that several apps have: lines of text, days, months, amounts of money."""

from __future__ import annotations

from decimal import Decimal

from django import forms

from waystation.kernel.money import CENT, MOST
from waystation.kernel.sheets.cells import clean


class LineField(forms.CharField):
    """Text without what word processors leave invisibly in it."""

    def to_python(self, value):
        return clean(super().to_python(value) or "")


def day_input() -> forms.DateInput:
    """The browser's own calendar."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def day_field(label=None, **options) -> forms.DateField:
    """A day, by the browser's own calendar."""
    return forms.DateField(label=label, widget=day_input(), **options)


def month_field(label, **options) -> forms.DateField:
    """A month, by the browser's own calendar or as 2026-11; the value is its first day."""
    widget = forms.DateInput(attrs={"type": "month", "placeholder": "2026-11"}, format="%Y-%m")
    return forms.DateField(label=label, widget=widget, input_formats=["%Y-%m", "%Y-%m-%d"], **options)


def money_field(label, *, least: Decimal = CENT, **options) -> forms.DecimalField:
    """An amount in yuan with at most two places."""
    options.setdefault("max_value", MOST)
    field = forms.DecimalField(label=label, min_value=least, max_digits=12, decimal_places=2, **options)
    field.widget.attrs.update({"inputmode": "decimal", "autocomplete": "off"})
    return field
