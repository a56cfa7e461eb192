"""What people write about postings, rotas and items, read and checked; nothing is saved here."""

from __future__ import annotations

from datetime import timedelta

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from waystation.accounts.models import User
from waystation.kernel.form_fields import day_field
from waystation.organizations.access import Reach
from waystation.organizations.models import Mandate, Unit
from waystation.stations.duty.models import CalendarDay, Leave, OpenItem, Posting, Shift, Swap, Window
from waystation.stations.duty.queries.items import STATES

ANY = ("", _("All"))


def time_field(label) -> forms.TimeField:
    return forms.TimeField(label=label, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))


def windows_field(label, help_text="") -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, choices=Window.choices, required=False, widget=forms.CheckboxSelectMultiple, help_text=help_text
    )


def stations_in(reach: Reach):
    """The open stations where the permission holds, in the order of the tree."""
    return Unit.objects.within(reach).stations()


class UserField(forms.ModelChoiceField):
    """Somebody by the full name, told apart by the sign-in name."""

    def label_from_instance(self, user):
        return f"{user.full_name}（{user.username}）"


class PostingTermsForm(forms.Form):
    """What the person may open, and how often the person comes."""

    windows = windows_field(_("Windows the person may open"))
    most_week = forms.IntegerField(label=_("Most shifts a week"), min_value=1, max_value=21)
    most_month = forms.IntegerField(
        label=_("Most shifts a month"), min_value=1, max_value=93,
        help_text=_("The share of the shifts follows this number and the days the person is there."),
    )  # fmt: skip
    sent_by = forms.CharField(
        label=_("Sent by"), max_length=100, required=False, help_text=_("The county office, township or village.")
    )


class PostingForm(PostingTermsForm):
    """A new posting: who, of which kind, from when."""

    user = UserField(label=_("Person"), queryset=User.objects.none())
    kind = forms.ChoiceField(label=_("Kind of posting"), choices=Posting.Kind.choices, widget=forms.RadioSelect)
    starts_on = day_field(_("From"))
    last_day = day_field(_("Last day"), required=False, help_text=_("Leave it empty while no end is known."))
    field_order = ("user", "kind", "sent_by", "windows", "most_week", "most_month", "starts_on", "last_day")

    def __init__(self, *args, station: Unit, **kwargs):
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        self.fields["starts_on"].initial = today
        self.fields["user"].help_text = _("Whoever holds a role at this station. The security administrator opens it.")
        here = Mandate.objects.in_force(today).filter(unit=station)
        self.fields["user"].queryset = User.objects.filter(is_active=True, pk__in=here.values("user")).order_by(
            "full_name"
        )

    def clean(self):
        given = super().clean()
        last = given.pop("last_day", None)
        given["ends_on"] = last + timedelta(days=1) if last else None
        return given


class EndForm(forms.Form):
    """The last day of something."""

    last_day = day_field(_("Last day"))

    @property
    def ends_on(self):
        return self.cleaned_data["last_day"] + timedelta(days=1)


class LeaveForm(forms.Form):
    """From which day to which somebody is away."""

    posting = forms.ModelChoiceField(label=_("Person"), queryset=Posting.objects.none())
    first_day = day_field(_("First day"))
    last_day = day_field(_("Last day"))
    reason = forms.CharField(label=_("Reason"), max_length=200, required=False)

    def __init__(self, *args, postings, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["posting"].queryset = postings
        self.fields["posting"].label_from_instance = _name_and_station
        self.fields["posting"].initial = postings.first()

    @property
    def days(self) -> dict:
        given = self.cleaned_data
        return {"starts_on": given["first_day"], "ends_on": given["last_day"] + timedelta(days=1)}


def _name_and_station(posting) -> str:
    return f"{posting.user.full_name} · {posting.station.name}"


class LeaveFilterForm(forms.Form):
    state = forms.ChoiceField(
        label=pgettext_lazy("leave", "State"), choices=[ANY, *Leave.State.choices], required=False
    )


class SwapFilterForm(forms.Form):
    state = forms.ChoiceField(
        label=pgettext_lazy("swap", "Which ones"),
        choices=[("mine", _("Waiting for my answer")), ("by me", _("Asked by me")), *Swap.State.choices, ANY],
        required=False,
    )


class PatternForm(forms.Form):
    """A shift that the station keeps."""

    name = forms.CharField(label=_("Name of the shift"), max_length=40, help_text=_("Such as morning or afternoon."))
    begins = time_field(_("Begins"))
    ends = time_field(_("Ends"))
    weekdays = forms.MultipleChoiceField(
        label=_("Weekdays"), choices=list(WEEKDAYS.items()), required=False, widget=forms.CheckboxSelectMultiple
    )
    on_holidays = forms.BooleanField(label=_("Also on holidays"), required=False)
    staff = forms.IntegerField(label=_("Least staff"), min_value=1, max_value=20, initial=1)
    windows = windows_field(_("Windows to be open"), _("Somebody on the shift must be allowed to open each of them."))
    starts_on = day_field(_("From"))


class CalendarDayForm(forms.Form):
    """A holiday, or a day made up for one."""

    day = day_field(_("Day"))
    kind = forms.ChoiceField(label=_("Kind of day"), choices=CalendarDay.Kind.choices, widget=forms.RadioSelect)
    works_as = forms.TypedChoiceField(
        label=_("Worked as"), choices=[("", "—"), *WEEKDAYS.items()], coerce=int, empty_value=None, required=False,
        help_text=_("For a make-up working day: the weekday whose shifts are kept."),
    )  # fmt: skip
    name = forms.CharField(label=_("Name"), max_length=60)
    source = forms.CharField(label=_("Source"), max_length=200, required=False)


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=200)


class PutOnForm(ReasonForm):
    """Somebody to put on a shift, and why."""

    posting = forms.ModelChoiceField(label=_("Person"), queryset=Posting.objects.none())
    field_order = ("posting", "reason")

    def __init__(self, *args, postings, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["posting"].queryset = postings


class SwapForm(forms.Form):
    """Whom one asks, and for which of the other's shifts."""

    of = UserField(label=_("Colleague"), queryset=User.objects.none())
    wanted = forms.ModelChoiceField(
        label=_("In exchange for"), queryset=None, required=False, empty_label=_("nothing: I give the shift away"),
        help_text=_("A shift of the colleague that you take instead."),
    )  # fmt: skip
    reason = forms.CharField(label=_("Reason"), max_length=200, required=False)

    def __init__(self, *args, colleagues, turns, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["of"].queryset = colleagues
        self.fields["wanted"].queryset = turns
        self.fields["wanted"].label_from_instance = _turn_words


def _turn_words(turn) -> str:
    return f"{turn.user.full_name} · {turn.shift}"


def shift_words(shift: Shift) -> str:
    """A shift as a choice: its day, its name and who is on it."""
    names = "、".join(turn.user.full_name for turn in shift.turns.all() if turn.removed_at is None)
    return f"{shift.day:%m-%d} {shift.name} · {names}"


class ItemFilterForm(forms.Form):
    """The filters of the list of items."""

    state = forms.ChoiceField(label=pgettext_lazy("item", "State"), choices=list(STATES.items()), required=False)
    topic = forms.ChoiceField(label=_("Kind of matter"), choices=[ANY, *OpenItem.Topic.choices], required=False)
    unit = forms.ModelChoiceField(
        label=_("Station"), queryset=Unit.objects.none(), required=False, empty_label=_("All")
    )

    def __init__(self, data, *, reach: Reach):
        super().__init__(data)
        stations = stations_in(reach)
        self.fields["unit"].queryset = stations
        if stations.count() < 2:
            del self.fields["unit"]


class ItemForm(forms.Form):
    """What becomes of an item: exactly one of done, handed on, parked, taken back."""

    act = forms.ChoiceField(choices=[(name, name) for name in ("finish", "hand", "park", "take")])
    outcome = forms.CharField(label=pgettext_lazy("item", "Outcome"), max_length=200, required=False)
    to = forms.ModelChoiceField(label=_("Shift that takes it"), queryset=Shift.objects.none(), required=False)
    until = day_field(_("Parked until"), required=False)
    note = forms.CharField(label=_("Note"), max_length=200, required=False)

    def __init__(self, *args, shifts, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = shifts
        self.fields["to"].label_from_instance = shift_words

    def clean(self):
        given = super().clean()
        needed = {"finish": "outcome", "hand": "to", "park": "until"}.get(given.get("act"))
        if needed and not given.get(needed) and needed not in self.errors:
            self.add_error(needed, _("This is needed."))
        return given


class NewItemForm(forms.Form):
    """Something that one's own unit has to do."""

    title = forms.CharField(label=_("What is to be done"), max_length=200)
    topic = forms.ChoiceField(label=_("Kind of matter"), choices=OpenItem.Topic.choices, initial=OpenItem.Topic.OTHER)
    due_on = day_field(_("Due on"), required=False)
    unit = forms.ModelChoiceField(label=_("Unit"), queryset=Unit.objects.none(), empty_label=None)

    def __init__(self, *args, reach: Reach, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = Unit.objects.active().filter(pk__in=reach.units).order_by("path")
        self.fields["unit"].initial = self.fields["unit"].queryset.first()


class CheckOutForm(forms.Form):
    """The note and the shift that takes the rest; what becomes of each item stands beside it."""

    note = forms.CharField(
        label=_("Brief for the next shift"), max_length=400, required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One minute to read: what is under way, who comes, where things are. The list of items is added."),
    )  # fmt: skip
    rest_to = forms.ModelChoiceField(
        label=_("Everything not settled below goes to"), queryset=Shift.objects.none(), required=False,
        empty_label=_("nobody: I settle each item"),
    )  # fmt: skip

    def __init__(self, *args, shifts, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["rest_to"].queryset = shifts
        self.fields["rest_to"].label_from_instance = shift_words


def item_form(data, pk, shifts) -> ItemForm | None:
    """The form of one item in the table of a check-out; None while nothing is chosen for it."""
    prefix = f"item-{pk}"
    return ItemForm(data, prefix=prefix, shifts=shifts) if data.get(f"{prefix}-act") else None


def posted_here(station: Unit, day):
    """Everybody of the staff on a day, for a choice."""
    postings = Posting.objects.filter(station=station).in_force(day).select_related("user", "station")
    return postings.order_by("user__full_name", "pk")


def colleagues_of(user, station: Unit, day):
    """The others of the staff on a day, as users."""
    postings = Posting.objects.filter(Q(station=station)).in_force(day).exclude(user=user)
    return User.objects.filter(is_active=True, pk__in=postings.values("user")).order_by("full_name")
