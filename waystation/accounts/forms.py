"""Forms of signing in (on top of allauth's), of one's own account, and of opening accounts."""

import time

from allauth.account import forms as account
from allauth.core import context
from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from allauth.mfa.base import forms as mfa
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.contrib.auth import password_validation
from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _

from . import lockout
from .models import User, normal_username

LONGEST_PASSWORD = 256
_CODE_LIFE_SECONDS = 120  # a code is right for three steps of 30 seconds


def _plain(field: forms.Field, *, label, hint="", **attributes) -> None:
    """Our words on a field of allauth, and no placeholder: it would vanish while typing."""
    field.label, field.help_text = label, hint
    field.widget.attrs.pop("placeholder", None)
    field.widget.attrs.update(attributes)


class LoginForm(account.LoginForm):
    """Name and password."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _plain(
            self.fields["login"],
            label=_("Staff number or phone"),
            autocapitalize="none",
            spellcheck="false",
        )
        _plain(self.fields["password"], label=_("Password"))

    def clean_login(self):
        return normal_username(super().clean_login())


class ChangePasswordForm(account.ChangePasswordForm):
    """A new password. Who signed in with a one-time password has no current one to give."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.user.must_change_password:
            del self.fields["oldpassword"]
        else:
            _plain(self.fields["oldpassword"], label=_("Current password"))
        hint = " ".join(map(str, password_validation.password_validators_help_texts()))
        _plain(self.fields["password1"], label=_("New password"), hint=hint)
        _plain(self.fields["password2"], label=_("New password again"))

    def clean_password1(self):
        password = self.cleaned_data["password1"]
        if len(password) > LONGEST_PASSWORD:
            raise ValidationError(_("Use at most %(limit)d characters."), params={"limit": LONGEST_PASSWORD})
        # The model's own method knows no spent one-time password; this asks the bare hash.
        if check_password(password, self.user.password):
            raise ValidationError(_("Choose a password that you do not have now."))
        return password

    def clean(self):
        cleaned = super().clean()
        if self.has_error("password2") and cleaned.get("password1"):
            del self._errors["password2"]
            self.add_error("password2", _("The two passwords differ."))
        return cleaned


class ReauthenticateForm(account.ReauthenticateForm):
    """The password once more, before something that matters."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _plain(self.fields["password"], label=_("Password"))


class _OnceOnly:
    """A code is accepted once, and not at all after too many wrong ones."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        hint = _("Six digits from the app, or one of your recovery codes.")
        _plain(self.fields["code"], label=_("Code from the app"), hint=hint, inputmode="numeric")

    def clean_code(self):
        if lockout.codes_are_locked(context.request, self.user):
            raise get_mfa_adapter().validation_error("incorrect_code")
        code = super().clean_code()
        if not _first_use(self.authenticator, code):
            self._emit_authentication_failed(self.authenticator)
            raise get_mfa_adapter().validation_error("incorrect_code")
        lockout.forget_wrong_codes(self.user)
        return code


class CodeForm(_OnceOnly, mfa.AuthenticateForm):
    """The second step of signing in."""


class StepUpCodeForm(_OnceOnly, mfa.ReauthenticateForm):
    """A code once more, before something that matters."""


class EnrolForm(ActivateTOTPForm):
    """The first code of a phone that has just read the QR code."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        hint = _("Six digits that the app shows now.")
        _plain(self.fields["code"], label=_("Code from the app"), hint=hint, inputmode="numeric")


def _first_use(authenticator: Authenticator, code: str) -> bool:
    """Take the code of a TOTP app (RFC 6238, 5.2: one use only).

    allauth notes used codes in the cache, which each process has for itself; the row is shared.
    """
    if authenticator.type != Authenticator.Type.TOTP:
        return True
    mark = salted_hmac("waystation.accounts.code", f"{authenticator.pk}:{code}").hexdigest()
    now = int(time.time())
    with transaction.atomic():
        row = Authenticator.objects.select_for_update().get(pk=authenticator.pk)
        used = row.data.get("used_codes", [])
        used = [[other, at] for other, at in used if now - at < _CODE_LIFE_SECONDS]
        if any(constant_time_compare(other, mark) for other, _at in used):
            return False
        row.data["used_codes"] = [*used, [mark, now]]
        row.save(update_fields=["data"])
    return True


# --- one's own account ----------------------------------------------------------------------------


class PreferencesForm(forms.ModelForm):
    """Language and size of type."""

    class Meta:
        model = User
        fields = ["language", "large_type"]
        help_texts = {"large_type": _("Bigger letters and buttons on every page.")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        choices = [("", _("As the browser last chose")), *User.Language.choices]
        self.fields["language"].choices = choices


# --- for administrators, used by upper layers -----------------------------------------------------


class OpenAccountForm(forms.ModelForm):
    """Name and sign-in name of a new user."""

    class Meta:
        model = User
        fields = ["full_name", "username"]
        help_texts = {"username": _("The user signs in with it. It cannot be changed later.")}

    def clean_username(self):
        return normal_username(self.cleaned_data["username"])
