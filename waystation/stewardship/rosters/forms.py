"""Forms of the rosters: uploading, mapping columns, filtering, and saying something about a pair."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from waystation.kernel.sheets.heads import Table
from waystation.kernel.sheets.limits import MEGABYTE, UPLOAD_LIMITS
from waystation.organizations.models import Unit
from waystation.stewardship.rosters.fields import FIELDS
from waystation.stewardship.rosters.files import SUFFIXES
from waystation.stewardship.rosters.models import Import
from waystation.stewardship.rosters.queries.board import NOBODY, ORIGIN, STATION, Why
from waystation.stewardship.rosters.queries.imports import Sheet

SIZES = (25, 50, 100)
_MEGABYTES = f"{UPLOAD_LIMITS.file_bytes // MEGABYTE} MB"


def _limits() -> str:
    words = _("%(types)s; at most %(size)s and %(rows)s rows a sheet. No password, no macros.")
    return words % {
        "types": " ".join(SUFFIXES),
        "size": _MEGABYTES,
        "rows": f"{UPLOAD_LIMITS.rows:,}",
    }


limits_in_words = lazy(_limits, str)


class UploadForm(forms.Form):
    """A roster file, who hands it in, and where its people report."""

    kind = forms.ChoiceField(label=_("What the roster holds"), widget=forms.RadioSelect)
    unit = forms.ModelChoiceField(
        Unit.objects.none(), label=_("Who hands it in"),
        help_text=_("Every person of the roster belongs to this unit or to one below it."),
    )  # fmt: skip
    station = forms.ModelChoiceField(
        Unit.objects.none(), label=_("Where these members report"), required=False,
        help_text=_("Departures only. Arrivals are registered at the station that hands them in."),
    )  # fmt: skip
    file = forms.FileField(label=_("File"), help_text=limits_in_words())

    def __init__(self, *args, kinds, units, stations, corrects: Import | None = None, **options):
        super().__init__(*args, **options)
        self.fields["kind"].choices = [(kind, Import.Kind(kind).label) for kind in kinds]
        if len(kinds) == 1:
            self.fields["kind"].widget = forms.HiddenInput()
            self.fields["kind"].initial = kinds[0]
        for name, choices in (("unit", units), ("station", stations)):
            chosen = self.fields[name]
            chosen.queryset = Unit.objects.filter(pk__in=[unit.pk for unit in choices])
            # The order matters more than the alphabet: one's own unit first.
            chosen.choices = [(unit.pk, unit.name) for unit in choices]
            if name == "station":
                chosen.choices = [("", _("Not known")), *chosen.choices]
            chosen.initial = choices[0].pk if choices else None
        accepted = ",".join(SUFFIXES)
        self.fields["file"].widget.attrs["accept"] = accepted
        if kinds == [Import.Kind.ARRIVALS] or corrects is not None:
            del self.fields["station"]
        if corrects is not None:
            del self.fields["unit"]

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > UPLOAD_LIMITS.file_bytes:
            raise ValidationError(
                _("The file is larger than %(size)s."),
                params={"size": _MEGABYTES},
            )
        return file


class ColumnsForm(forms.Form):
    """What each column of each sheet means; built from the proposal that the import holds."""

    def __init__(self, *args, batch: Import, sheets: list[Sheet], **options):
        super().__init__(*args, **options)
        self.batch = batch
        choices = [("", _("— leave out —"))] + [(field.key, field.label) for field in FIELDS[batch.kind]]
        self.sheets = [sheet for sheet in sheets if not sheet.reason]
        for sheet in self.sheets:
            self.fields[self._use(sheet)] = forms.BooleanField(
                label=_("Read this sheet"), required=False, initial=sheet.is_used
            )
            for column in sheet.columns:
                self.fields[self._name(sheet, column)] = forms.ChoiceField(
                    label=_("Column %(letter)s: %(title)s")
                    % {"letter": column.letter, "title": column.title or "—"},
                    choices=choices, required=False, initial=column.field,
                )  # fmt: skip

    @staticmethod
    def _use(sheet: Sheet) -> str:
        return f"use-{sheet.number}"

    @staticmethod
    def _name(sheet: Sheet, column) -> str:
        return f"field-{sheet.number}-{column.index}"

    def groups(self):
        """Each sheet with its box and its columns, for the template."""
        for sheet in self.sheets:
            pairs = [(column, self[self._name(sheet, column)]) for column in sheet.columns]
            yield sheet, self[self._use(sheet)], pairs

    def clean(self):
        given = super().clean()
        used = [sheet for sheet in self.sheets if given.get(self._use(sheet))]
        if not used:
            raise ValidationError(_("Choose at least one sheet."))
        for sheet in used:
            self._check(sheet, given)
        return given

    def _check(self, sheet: Sheet, given: dict) -> None:
        """One name column a sheet, and no field twice."""
        seen: dict[str, str] = {}
        for column in sheet.columns:
            name = self._name(sheet, column)
            key = given.get(name)
            if key and key in seen:
                self.add_error(name, _("Column %(letter)s has this field already.") % {"letter": seen[key]})
            elif key:
                seen[key] = column.letter
        if "name" not in seen and sheet.columns:
            self.add_error(
                self._name(sheet, sheet.columns[0]), _("No column of this sheet holds the names. Choose one.")
            )

    def tables(self) -> list[dict]:
        """The import's tables with the user's choice in them."""
        chosen = {sheet.number: sheet for sheet in self.sheets}
        tables = []
        for number, entry in enumerate(self.batch.tables):
            sheet = chosen.get(number)
            if sheet is None:
                tables.append(entry | {"use": False})
                continue
            use = self.cleaned_data[self._use(sheet)]
            tables.append(self._mapped(entry, sheet) | {"use": use} if use else entry | {"use": False})
        return tables

    def _mapped(self, entry: dict, sheet: Sheet) -> dict:
        bare = {key: value for key, value in entry.items() if key not in ("use", "remembered")}
        mapping = {column.index: self.cleaned_data[self._name(sheet, column)] or None for column in sheet.columns}
        table = Table.from_dict(bare).with_mapping(mapping)
        return table.as_dict() | {"remembered": entry.get("remembered", [])}


class ImportFilterForm(forms.Form):
    """What the list of imports is filtered by."""

    kind = forms.ChoiceField(label=_("Kind"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False)
    mine = forms.BooleanField(label=_("Only mine"), required=False)

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["kind"].choices = [("", _("All")), *Import.Kind.choices]
        self.fields["state"].choices = [("", _("All")), *Import.State.choices]


class BoardFilterForm(forms.Form):
    """What a tab of the board is filtered by. Unknown values count as none."""

    origin = forms.ModelChoiceField(Unit.objects.none(), label=_("Township of origin"), required=False)
    station = forms.ModelChoiceField(Unit.objects.none(), label=_("Station"), required=False)
    confirmed = forms.ChoiceField(label=_("Confirmation"), required=False)
    followed = forms.ChoiceField(label=_("Follow-up"), required=False)
    why = forms.ChoiceField(label=_("Reasons"), required=False)
    q = forms.CharField(label=_("Name, pinyin or last four digits"), required=False, max_length=50)
    size = forms.TypedChoiceField(
        label=_("Rows a page"), required=False, coerce=int, empty_value=SIZES[0],
        choices=[(size, str(size)) for size in SIZES],
    )  # fmt: skip

    def __init__(self, *args, towns, stations, my_side: str, is_lone: bool, is_open: bool, **options):
        super().__init__(*args, **options)
        for name, units, nothing in (
            ("origin", towns, _("All townships")), ("station", stations, _("All stations")),
        ):  # fmt: skip
            self.fields[name].queryset = Unit.objects.filter(pk__in=[unit.pk for unit in units])
            self.fields[name].choices = [("", nothing)] + [(unit.pk, unit.name) for unit in units]
        self.fields["confirmed"].choices = _confirmed_choices(my_side)
        self.fields["followed"].choices = [
            ("", _("All")), ("no", _("Not yet followed up")), ("yes", _("Followed up")),
        ]  # fmt: skip
        self.fields["why"].choices = [("", _("All reasons")), *Why.choices]
        unused = {"followed"} if not is_lone else {"confirmed", "why"}
        if not is_open:
            unused |= {"confirmed", "followed"}
        if len(stations) < 2:
            unused.add("station")
        for name in unused:
            del self.fields[name]

    @property
    def chosen(self) -> dict:
        """The valid filters; what is not valid is left out, as if it had not been given."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


def _confirmed_choices(my_side: str) -> list[tuple[str, str]]:
    words = {ORIGIN: _("Origin has confirmed"), STATION: _("Station has confirmed")}
    if my_side:
        other = STATION if my_side == ORIGIN else ORIGIN
        words = {other: _("The other side has"), my_side: _("We have")}
    return [("", _("All")), (NOBODY, _("Nobody")), *words.items()]


class ReasonForm(forms.Form):
    """A written reason; the other side reads it."""

    reason = forms.CharField(label=_("Reason"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}))


class FollowUpForm(forms.Form):
    """What was done about a row that stands alone. What there is to choose depends on who did it."""

    CALLS = (
        ("coming", _("Called, will come")),
        ("moved", _("Called, has moved on")),
        ("unreachable", _("Unreachable")),
        ("not_here", _("Not here: send back to the origin")),
    )
    CHASES = (
        ("reminded", _("Reminded the member to report")),
        ("staying", _("The member has not left after all")),
        ("gone", _("The member is somewhere else")),
    )
    ANSWERS = (
        ("ours", _("Ours: the departure will be registered")),
        ("not_ours", _("Not a member of ours")),
        ("unclear", _("Not clear yet")),
    )
    QUESTIONS = (
        ("asked", _("Asked the origin")),
        ("again", _("Asked the member again")),
        ("no_answer", _("No answer from the origin")),
    )

    outcome = forms.ChoiceField(label=_("Outcome"))
    note = forms.CharField(label=_("What was said"), max_length=150, required=False)

    def __init__(self, *args, is_departure: bool, sides: list[str], may_send_back: bool = False, **options):
        super().__init__(*args, **options)
        choices = self.outcomes(is_departure, sides, may_send_back)
        self.fields["outcome"].choices = [("", _("Choose the outcome")), *choices]

    @classmethod
    def outcomes(cls, is_departure: bool, sides: list[str], may_send_back: bool) -> tuple:
        """What the follow-up may have come to: the station calls, the origin answers."""
        by_station = STATION in sides
        if is_departure:
            choices = cls.CALLS if by_station else cls.CHASES
        else:
            choices = cls.QUESTIONS if by_station and ORIGIN not in sides else cls.ANSWERS
        return tuple(choice for choice in choices if may_send_back or choice[0] != "not_here")

    def clean(self):
        given = super().clean()
        if given.get("outcome") == "not_here" and not given.get("note", "").strip():
            self.add_error("note", _("Write the reason; the other side reads it."))
        return given

    @property
    def sends_back(self) -> bool:
        return self.cleaned_data["outcome"] == "not_here"

    def in_words(self) -> str:
        """Outcome and note as one line."""
        label = dict(self.fields["outcome"].choices)[self.cleaned_data["outcome"]]
        return "：".join(filter(None, [str(label), self.cleaned_data["note"].strip()]))
