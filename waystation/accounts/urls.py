"""Addresses of signing in. Only these views of allauth are reachable, each named here.

Each view says for whom it is, in the words `docs/policy.md` is made of: `public` for everybody,
`signed_in` for every user about the user's own account.
"""

from functools import wraps

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.urls import path

from . import views


def _public(view, reason):
    @wraps(view)
    def open_to_all(request, *args, **kwargs):
        return view(request, *args, **kwargs)

    open_to_all.public, open_to_all.permission = reason, None
    return open_to_all


def _own(view, reason):
    @login_required
    @wraps(view)
    def personal(request, *args, **kwargs):
        return view(request, *args, **kwargs)

    personal.signed_in, personal.permission = reason, None
    return personal


def _with_password(view):
    """Accounts without a password have none to change."""

    @wraps(view)
    def guarded(request, *args, **kwargs):
        if not request.user.has_usable_password():
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


change_password = _with_password(account.password_change)

urlpatterns = [
    path("login/", _public(account.login, "signing in"), name="account_login"),
    path("logout/", _public(account.logout, "signing out"), name="account_logout"),
    path("password/change/", _own(change_password, "own password"), name="account_change_password"),
    path(
        "reauthenticate/",
        _own(account.reauthenticate, "own password, once more"),
        name="account_reauthenticate",
    ),
    path("preferences/", _own(views.preferences, "own language"), name="account_preferences"),
    path("2fa/", _own(mfa.index, "own second factor"), name="mfa_index"),
    path(
        "2fa/authenticate/",
        _public(mfa.authenticate, "second step of signing in"),
        name="mfa_authenticate",
    ),
    path(
        "2fa/reauthenticate/",
        _own(mfa.reauthenticate, "own second factor, once more"),
        name="mfa_reauthenticate",
    ),
    path(
        "2fa/totp/activate/",
        _own(totp.activate_totp, "own second factor"),
        name="mfa_activate_totp",
    ),
    path(
        "2fa/totp/deactivate/",
        _own(totp.deactivate_totp, "own second factor"),
        name="mfa_deactivate_totp",
    ),
    path(
        "2fa/recovery-codes/",
        _own(recovery.view_recovery_codes, "own recovery codes"),
        name="mfa_view_recovery_codes",
    ),
    path(
        "2fa/recovery-codes/generate/",
        _own(recovery.generate_recovery_codes, "own recovery codes"),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "2fa/recovery-codes/download/",
        _own(recovery.download_recovery_codes, "own recovery codes"),
        name="mfa_download_recovery_codes",
    ),
    path("sessions/", _own(views.sessions, "own sessions"), name="usersessions_list"),
    path("sessions/end/", _own(views.end_other_sessions, "own sessions"), name="account_end_others"),
    path(
        "sessions/<int:pk>/end/",
        _own(views.end_session, "own sessions"),
        name="account_end_session",
    ),
]
