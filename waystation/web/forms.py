"""What people write on the pages of the system itself, read and checked."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from waystation.accounts.models import User, normal_username
from waystation.kernel.dated import NotAValue, Rule
from waystation.kernel.form_fields import day_field
from waystation.kernel.models import AuditEvent, Job
from waystation.web.user_queries import UserState

ANY = ("", _("All"))


class JobFilterForm(forms.Form):
    """The filters of the task centre."""

    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[ANY, ("unfinished", _("Waiting or running")), *Job.State.choices],
    )
    mine = forms.BooleanField(label=_("Only mine"), required=False)


class UserFilterForm(forms.Form):
    """The filters of the list of users."""

    q = forms.CharField(label=_("Name or sign-in name"), max_length=60, required=False)
    state = forms.ChoiceField(label=_("State"), required=False, choices=[ANY, *UserState.choices])


class NewUserForm(forms.Form):
    """An account to open. The password is made by the system and shown once."""

    full_name = forms.CharField(label=_("Name"), max_length=200)
    username = forms.CharField(
        label=_("Sign-in name"),
        max_length=64,
        help_text=_("Staff number or phone: letters, digits, dots, dashes."),
    )

    def clean_username(self):
        name = normal_username(self.cleaned_data["username"])
        User._meta.get_field("username").run_validators(name)
        if User.objects.filter(username=name).exists():
            raise ValidationError(_("Somebody else signs in with this name."))
        return name


class ReasonForm(forms.Form):
    """Why an account is disabled."""

    reason = forms.CharField(label=_("Reason"), max_length=200)


class RuleForm(forms.Form):
    """Another value of a rule from a day on, with the document that says so."""

    value = forms.CharField(label=_("New value"), max_length=200)
    starts_on = day_field(_("Holds from"), initial=timezone.localdate)
    source = forms.CharField(
        label=_("Source"),
        max_length=300,
        help_text=_("The document that decides it, with its number and date."),
    )

    def __init__(self, *args, rule: Rule, **kwargs):
        super().__init__(*args, **kwargs)
        self.rule = rule
        if rule.names:
            kind = forms.MultipleChoiceField if rule.several else forms.ChoiceField
            widget = forms.CheckboxSelectMultiple if rule.several else forms.RadioSelect
            self.fields["value"] = kind(label=_("New value"), choices=rule.names, widget=widget)
            self.order_fields(["value", "starts_on", "source"])
        self.fields["value"].help_text = rule.unit

    def clean_value(self):
        given = self.cleaned_data["value"]
        try:
            return self.rule.parse(" ".join(given) if isinstance(given, list) else given)
        except NotAValue:
            raise ValidationError(_("This is not a value of the kind that the rule has.")) from None


class AuditFilterForm(forms.Form):
    """The filters of the audit trail."""

    since = day_field(_("From"), required=False)
    until = day_field(_("Until"), required=False)
    actor = forms.CharField(label=_("User"), max_length=60, required=False)
    verb = forms.CharField(
        label=_("Action"), max_length=60, required=False, help_text=_("such as exported, or person.")
    )
    result = forms.ChoiceField(label=_("Result"), required=False, choices=[ANY, *AuditEvent.Result.choices])
    about = forms.CharField(label=_("Number of the object"), max_length=64, required=False)
