"""The city's checklist, and one station's answers to all of it on one page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from waystation.kernel.form_fields import day_field
from waystation.stations.sites.models import ChecklistItem, Function, FunctionStatement
from waystation.stations.sites.queries.functions import Line

State = FunctionStatement.State
UNSTATED = ("", _("Not stated"))
_WORDS = {"state": _("State"), "planned": _("Planned by"), "evidence": _("What shows it")}


class ChecklistItemForm(forms.Form):
    """The wording of an item."""

    function = forms.ChoiceField(label=_("Function"), choices=Function.choices)
    title = forms.CharField(label=_("Item"), max_length=60)
    meaning = forms.CharField(
        label=_("What counts as having it"), required=False, max_length=200, widget=forms.Textarea(attrs={"rows": 2})
    )
    source = forms.CharField(label=_("Source"), required=False, max_length=200, help_text=_("The document that asks."))


class NewChecklistItemForm(ChecklistItemForm):
    starts_on = day_field(label=_("Asked from"))


class EndItemForm(forms.Form):
    ends_on = day_field(label=_("Asked no more from"))


class FunctionsForm(forms.Form):
    """Of each item: present, planned by a day, or missing; and what shows it."""

    def __init__(self, *args, lines: list[Line], **kwargs):
        super().__init__(*args, **kwargs)
        self.lines = lines
        for line in lines:
            held, key = line.statement, line.item.pk.hex
            # The label names the item, too: the summary of errors stands far from it.
            self.fields[f"state_{key}"] = forms.ChoiceField(
                label=f"{line.item.title} · {_WORDS['state']}",
                required=False,
                choices=[UNSTATED, *State.choices],
                initial=held.state if held else "",
            )
            self.fields[f"planned_{key}"] = day_field(
                label=f"{line.item.title} · {_WORDS['planned']}",
                required=False,
                initial=held.planned_by if held else None,
            )
            self.fields[f"evidence_{key}"] = forms.CharField(
                label=f"{line.item.title} · {_WORDS['evidence']}",
                required=False,
                max_length=200,
                initial=held.evidence if held else "",
            )

    def rows(self) -> Iterator[tuple[Line, list[tuple[str, forms.BoundField]]]]:
        """Each item with its three fields and their words, as the page draws them."""
        for line in self.lines:
            key = line.item.pk.hex
            yield line, [(str(word), self[f"{name}_{key}"]) for name, word in _WORDS.items()]

    def clean(self):
        given = super().clean()
        for line in self.lines:
            key = line.item.pk.hex
            state, evidence = given.get(f"state_{key}"), (given.get(f"evidence_{key}") or "").strip()
            if state == State.PRESENT and not evidence:
                self.add_error(f"evidence_{key}", _("Write what shows that it is there."))
            if state == State.PLANNED and not given.get(f"planned_{key}") and f"planned_{key}" not in self.errors:
                self.add_error(f"planned_{key}", _("Write the day by which it will be there."))
            if not state and line.statement is not None:
                self.add_error(f"state_{key}", _("What was stated once cannot be unsaid; choose what holds now."))
        return given

    def said(self) -> Iterator[tuple[ChecklistItem, str, date | None, str]]:
        """What the page says of each item that it says anything of."""
        for line in self.lines:
            key = line.item.pk.hex
            if state := self.cleaned_data.get(f"state_{key}"):
                yield (
                    line.item,
                    state,
                    self.cleaned_data.get(f"planned_{key}"),
                    self.cleaned_data.get(f"evidence_{key}") or "",
                )
