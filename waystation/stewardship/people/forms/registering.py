"""The desk forms: a departure, an arrival, a correction."""

from __future__ import annotations

from datetime import date

from django import forms
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from waystation.kernel import dated
from waystation.kernel.form_fields import LineField
from waystation.kernel.partial_dates import PartialDate
from waystation.organizations.access import Reach
from waystation.organizations.models import Unit
from waystation.stewardship.people import rules
from waystation.stewardship.people.claims import Claim
from waystation.stewardship.people.forms.fields import (
    IdNumberField,
    NameField,
    PartialDateField,
    PhoneField,
    doubt,
    kind_of_place,
    plain_text,
    range_of_movement,
    suggesting,
)
from waystation.stewardship.people.identity import disagreements
from waystation.stewardship.people.models import Departure, MemberKind, Person, Sex
from waystation.stewardship.people.names import needs_checking
from waystation.stewardship.people.queries import (
    Likeness,
    branch_named,
    duplicates,
    movement,
    place_named,
    stations_of,
)
from waystation.stewardship.people.queries.files import field_label

OUTSIDE = "outside"
NEW_FILE = "new"
_CHECKED = _("I have checked this against the papers")


class _CheckedForm(forms.Form):
    """A form that warns once: what is doubtful is saved after somebody looked at the papers."""

    checked = forms.BooleanField(label=_CHECKED, required=False)

    def warn(self, warnings: list[str]) -> None:
        """Show the warnings; without the tick the form is not valid."""
        self.warnings = warnings
        if warnings and not self.cleaned_data.get("checked"):
            for warning in warnings:
                self.add_error("checked", warning)

    @property
    def asks_to_check(self) -> bool:
        return bool(getattr(self, "warnings", []))


class _ClaimForm(_CheckedForm):
    """What both desks write about a person."""

    full_name = NameField(widget=forms.TextInput({"autofocus": True}))
    id_number = IdNumberField(required=False, help_text=_("Sex and birth are read from it where they are left empty."))
    phone = PhoneField(required=False)
    other_phone = PhoneField(label=_("Another phone"), required=False)
    sex = forms.ChoiceField(label=_("Sex"), choices=Sex.choices, required=False)
    born = PartialDateField(label=_("Born"), required=False, help_text=_("1985, 1985-08 or 1985-08-12"))
    nation = plain_text(_("Nation"), longest=20)
    education = plain_text(_("Education"), longest=20)
    member_kind = forms.ChoiceField(label=_("Kind of member"), choices=MemberKind.choices, required=False)
    joined = PartialDateField(label=_("Joined the Party"), required=False)
    trade = plain_text(_("Trade"), longest=50)
    card_no = plain_text(_("Activity card no."), longest=30)
    remark = plain_text(_("Remark"), longest=200)

    def __init__(self, *args, reach: Reach, user=None, **options):
        self.reach, self.user = reach, user
        super().__init__(*args, **options)

    def clean(self):
        cleaned = super().clean()
        number = cleaned.get("id_number")
        if number is not None and number.is_sure:
            cleaned["sex"] = cleaned.get("sex") or number.sex or ""
            birth = number.birth.isoformat() if number.birth else ""
            cleaned["born"] = cleaned.get("born") or birth
        if not self.errors:
            self.warn([*_doubts(cleaned), *self.likenesses()])
        return cleaned

    def likenesses(self) -> list[str]:
        """Sentences about rows that may be the same person; a form may keep the rows."""
        return []

    def claim(self) -> Claim:
        """The form's words as a claim; what the form does not ask for stays empty."""
        names = Claim.__dataclass_fields__
        given = {name: value for name, value in self.cleaned_data.items() if name in names}
        return Claim(**given)


def _doubts(cleaned: dict) -> list[str]:
    """What is worth a second look: never a reason to refuse."""
    number, found = cleaned.get("id_number"), []
    if text := doubt(number):
        found.append(text)
    if needs_checking(cleaned.get("full_name") or ""):
        found.append(gettext("The name holds a character that only an old system knew."))
    if number is not None:
        birth = PartialDate.parse_iso(cleaned["born"]) if cleaned.get("born") else None
        wrong = disagreements(number, cleaned.get("sex"), birth)
        if "sex" in wrong:
            found.append(gettext("The sex differs from the one in the ID number."))
        if "birth" in wrong:
            found.append(gettext("The birth differs from the one in the ID number."))
    return found


_ELSEWHERE = _(
    "Another organization keeps a file with this ID number. Ask your county to look into it; nothing was registered."
)
_TOO_MANY = _("This was asked about many people within the last hour. Wait an hour, or hand in a roster.")


class DepartureForm(_ClaimForm):
    """The origin registers that a member leaves."""

    field_order = ("origin", "full_name", "same_as", "id_number", "phone", "where", "left")
    origin = plain_text(_("Branch"), longest=60, required=True)
    destination_text = plain_text(_("Destination"), longest=200)
    place_kind = kind_of_place()
    where = forms.ChoiceField(label=_("Reports at"))
    range_chosen = range_of_movement()
    left = PartialDateField(label=_("Left on"))
    expected_back = PartialDateField(label=_("Expected back"), required=False, future=True)
    reason = plain_text(_("Reason for leaving"), longest=100)
    dues_paid_to = PartialDateField(label=_("Dues paid to"), required=False, future=True)
    # Drawn by the page itself, beside the files that it may name.
    same_as = forms.CharField(label=_("Same person?"), required=False, max_length=40)

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.found: list[Likeness] = []
        self.elsewhere: bool | None = False
        self.person: Person | None = None
        suggesting(self.fields["origin"], name="origin", kind="branch")
        suggesting(self.fields["destination_text"], name="destination_text", kind="place")
        self.stations = {str(unit.pk): unit for unit in stations_of(self.reach)}
        self.fields["where"].choices = [
            ("", _("Choose one")),
            *((pk, unit.name) for pk, unit in self.stations.items()),
            (OUTSIDE, _("Outside the area")),
        ]

    def clean_origin(self) -> Unit:
        text = self.cleaned_data["origin"]
        unit = branch_named(text, self.reach)
        if unit is None or not self.reach.covers(unit.path):
            raise forms.ValidationError(_("No branch of this name lies where you are responsible."))
        if unit.kind != Unit.Kind.BRANCH:
            raise forms.ValidationError(
                _("This names %(unit)s, not one branch. Write the branch too.") % {"unit": unit}
            )
        self.branch_text = text
        return unit

    def clean(self):
        cleaned = super().clean()
        left, back = cleaned.get("left"), cleaned.get("expected_back")
        if left and back and _first_day(back) < _first_day(left):
            self.add_error("expected_back", _("This lies before the day of leaving."))
        if chosen := cleaned.get("range_chosen"):
            self._refuse_other_range(cleaned, chosen)
        return cleaned

    def _refuse_other_range(self, cleaned: dict, chosen: str) -> None:
        """What the places tell is not said otherwise."""
        if not cleaned.get("origin") or not cleaned.get("where"):
            return
        told = movement.told(cleaned["origin"], self.station, self.destination())
        if told and told != chosen:
            self.add_error("range_chosen", _("By the places it is: %(range)s.") % {"range": movement.in_words(told)})

    def likenesses(self) -> list[str]:
        """Files that may be this member; the officer says which, or that it is another."""
        claim = self.claim()
        home = self.cleaned_data["origin"]
        self.found = duplicates.possible_duplicates(claim, self.reach, home=home)
        self.elsewhere = duplicates.known_elsewhere(claim, self.reach, by=self.user, at=timezone.now())
        if self.elsewhere:
            self.add_error("id_number", _ELSEWHERE)
        elif self.elsewhere is None:
            self.add_error("id_number", _TOO_MANY)
        known = {str(like.person.pk): like for like in self.found}
        answer = self.cleaned_data.get("same_as") or ""
        self.person = known[answer].person if answer in known else None
        must = any(like.is_certain for like in self.found)
        if self.found and self.person is None and (must or answer != NEW_FILE):
            self.add_error("same_as", _("Is this one of these people? Say so, to keep one file a person."))
        return []

    @property
    def may_be_new(self) -> bool:
        return not any(like.is_certain for like in self.found)

    @property
    def station(self) -> Unit | None:
        return self.stations.get(self.cleaned_data["where"])

    @property
    def kind(self) -> str:
        """A short absence if the member is to be back before the months of the rule are over."""
        left, back = self.cleaned_data["left"], self.cleaned_data["expected_back"]
        if not back:
            return Departure.Kind.MOBILE
        months = dated.value(rules.SHORT_MONTHS, timezone.localdate())
        short = _first_day(back) < _months_later(_first_day(left), months)
        return Departure.Kind.SHORT if short else Departure.Kind.MOBILE

    def destination(self) -> Unit | None:
        """The community or town of the destination, if the words name one."""
        return place_named(self.cleaned_data.get("destination_text") or "", self.reach)

    def claim(self) -> Claim:
        claim = super().claim()
        claim.branch_text = getattr(self, "branch_text", "")
        return claim


def _first_day(text: str) -> date:
    return PartialDate.parse_iso(text).first_day()


def _months_later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, 28))


class ArrivalForm(_ClaimForm):
    """The station enters a person who reports."""

    field_order = ("station", "full_name", "id_number", "phone", "home_text", "destination_text")
    station = forms.ChoiceField(label=_("Station"))
    home_text = plain_text(_("Origin"), longest=100)
    destination_text = plain_text(_("Community"), longest=100)
    address = plain_text(_("Address"), longest=200)
    employer = plain_text(_("Employer"), longest=100)
    skill = plain_text(_("Skill"), longest=50)
    hardship = plain_text(_("Hardship"), longest=200)
    volunteers = forms.NullBooleanField(
        label=_("Willing to volunteer"),
        required=False,
        widget=forms.Select(
            choices=[
                ("", _("Not asked")),
                ("true", pgettext_lazy("answer", "Yes")),
                ("false", pgettext_lazy("answer", "No")),
            ]
        ),
    )
    arrived = PartialDateField(label=_("Arrived on"), required=False)
    registered = PartialDateField(label=_("Registered on"), required=False)

    def __init__(self, *args, person_reach: Reach, **options):
        self.person_reach = person_reach
        super().__init__(*args, **options)
        self.twins: list = []
        self.in_care: list[Likeness] = []
        suggesting(self.fields["home_text"], name="home_text", kind="branch")
        suggesting(self.fields["destination_text"], name="destination_text", kind="community")
        units = Unit.objects.within(self.reach).active().filter(kind=Unit.Kind.STATION)
        self.stations = {str(unit.pk): unit for unit in units.order_by("path")}
        self.fields["station"].choices = [(pk, u.name) for pk, u in self.stations.items()]

    def likenesses(self) -> list[str]:
        claim = self.claim()
        self.twins = duplicates.pending_arrivals_like(claim, self.reach)
        self.in_care = [
            like
            for like in duplicates.possible_duplicates(claim, self.person_reach)
            if like.person.station_id and like.by
        ]
        found = []
        if self.twins:
            found.append(gettext("The register may hold this person already; see below."))
        if self.in_care:
            found.append(gettext("This person may be in care already; see below."))
        return found

    @property
    def unit(self) -> Unit:
        return self.stations[self.cleaned_data["station"]]

    def home(self) -> Unit | None:
        """The branch, or the town at least, that the words name in the station's county."""
        return branch_named(self.cleaned_data["home_text"], self.reach)

    def destination(self) -> Unit | None:
        return place_named(self.cleaned_data["destination_text"], self.reach)


class CorrectForm(_CheckedForm):
    """One field of a file is corrected."""

    reason = LineField(
        label=_("Why it is corrected"),
        max_length=200,
        help_text=_("Such as: the household register says so; the member said so."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, field: str, **options):
        super().__init__(*args, **options)
        self.field = field
        self.fields = {"value": _value_field(field), **self.fields}

    def clean(self):
        cleaned = super().clean()
        value = cleaned.get("value")
        if not self.errors:
            self.warn([text] if self.field == "id_number" and (text := doubt(value)) else [])
        return cleaned

    @property
    def text(self) -> str:
        """The new value as the file keeps it."""
        value = self.cleaned_data["value"]
        return getattr(value, "text", value) or ""


def _value_field(field: str) -> forms.Field:
    """The control for the new value of a column."""
    label = field_label(field)
    if field == "full_name":
        return NameField(label=label)
    if field in ("born", "joined"):
        return PartialDateField(label=label, required=False, help_text="1985, 1985-08, 1985-08-12")
    if field == "id_number":
        return IdNumberField(label=label, required=False)
    if field in ("phone", "other_phone"):
        return PhoneField(label=label, required=False)
    choices = getattr(Person._meta.get_field(field), "choices", None)
    if choices:
        return forms.ChoiceField(label=label, choices=choices, required=False)
    longest = Person._meta.get_field(field).max_length or 200
    return plain_text(label, longest=longest)
