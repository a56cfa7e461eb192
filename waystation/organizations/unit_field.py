"""A form field that takes a unit by its name; other apps' forms use it too."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from waystation.organizations.models import Unit
from waystation.organizations.queries import full_names, units_named


class UnitField(forms.CharField):
    """A unit in reach by its name; the form that has it sets `reach`. The value is the unit."""

    def __init__(self, *, kinds: tuple[str, ...] = (), **options):
        self.kinds, self.reach = kinds, None
        options.setdefault("max_length", 300)
        options.setdefault("help_text", _("Begin with the name; choose from the list."))
        super().__init__(**options)
        self.widget.attrs.update(
            {
                "list": "unit-options",
                "autocomplete": "off",
                "hx-get": reverse_lazy("organizations:unit-options"),
                "hx-trigger": "input changed delay:200ms",
                "hx-target": "#unit-options",
                "hx-swap": "innerHTML",
            }
        )

    def clean(self, value) -> Unit | None:
        text = super().clean(value)
        if not text:
            return None
        found = units_named(text, self.reach, kinds=self.kinds)
        names = full_names(found)
        exact = [unit for unit in found if text in (names[unit.pk], unit.name)] or found
        if not exact:
            raise ValidationError(_("No unit of this name lies where you are responsible."))
        if len(exact) > 1:
            options = "；".join(names[unit.pk] for unit in exact[:4])
            raise ValidationError(_("Several units have this name: %(options)s"), params={"options": options})
        return exact[0]
