"""Where allauth asks what this site does differently."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from axes.helpers import get_client_ip_address
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, resolve_url
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from . import actions, sealing

_WRONG_PAIR = _("The name or the password is not right. A password from an administrator works once, within 72 hours.")


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are opened by administrators; sign-ins are counted by django-axes."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _WRONG_PAIR,
        "enter_current_password": _("This is not your current password."),
        "incorrect_password": _("This is not your password."),
        "incorrect_code": _("This code is not right, or it was used already."),
        "too_many_login_attempts": _("Too many attempts. Wait a quarter of an hour."),
        "rate_limited": _("Too many attempts. Wait a minute."),
    }

    def is_open_for_signup(self, request):
        return False

    def get_client_ip(self, request):
        # The lock-out, the audit trail and the list of sessions must name the same address.
        address = get_client_ip_address(request)
        if not address:
            raise PermissionDenied("The address of the browser is unknown.")
        return address

    def pre_authenticate(self, request, **credentials):
        """Nothing: allauth would count per name over all addresses, and so lock colleagues out."""

    def get_reauthentication_methods(self, user):
        """Who has a second factor steps up with it; the password alone proves too little."""
        methods = super().get_reauthentication_methods(user)
        stronger = [method for method in methods if method["id"] == "mfa_reauthenticate"]
        return stronger or methods

    def login(self, request, user):
        if not actions.spend_one_time_password(user, at=timezone.now()):
            raise ImmediateHttpResponse(_back_to_login("spent"))
        super().login(request, user)

    def respond_user_inactive(self, request, user):
        return _back_to_login("disabled")

    def set_password(self, user, password):
        actions.choose_password(user, password, by=user, at=timezone.now())

    def get_password_change_redirect_url(self, request):
        return resolve_url("/")


class MFAAdapter(DefaultMFAAdapter):
    """Secrets are stored sealed; the label in the app of the phone is the sign-in name."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": AccountAdapter.error_messages["incorrect_code"],
        "cannot_generate_recovery_codes": _("Set up the second factor first."),
    }

    def encrypt(self, text):
        return sealing.seal(text)

    def decrypt(self, encrypted_text):
        return sealing.unseal(encrypted_text)


def _back_to_login(why):
    return redirect(f"{reverse('account_login')}?ended={why}")
