"""Two gates behind the sign-in: the age of the session, and the second factor."""

from allauth.account.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django_htmx.http import HttpResponseClientRedirect

from . import sessions

# Requests that no person makes (a progress bar asking again) say so; they do not prolong a session.
PASSIVE_HEADER = "X-Passive"

# Of upper layers only the two switches in the header stay reachable, by name.
LEAVING = {"account_logout", "web:set-language", "web:set-large-type"}
TO_PASSWORD = {*LEAVING, "account_change_password"}
TO_SECOND_FACTOR = {
    *LEAVING,
    "account_change_password",
    "account_reauthenticate",
    "mfa_activate_totp",
}


class SessionLimitMiddleware:
    """Ends sessions that nobody uses, and those that are too old."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if not request.user.is_authenticated:
            return self.get_response(request)
        why = sessions.over(request.session)
        if why:
            request.sign_out_reason = why
            get_adapter(request).logout(request)
            return _elsewhere(request, _login_address(request, why))
        if PASSIVE_HEADER not in request.headers:
            sessions.note_use(request.session)
        return self.get_response(request)


class SecondFactorMiddleware:
    """Leads everybody to a password of their own and to a second factor before anything else.

    `request.confined` tells the pages that stay reachable what is still missing.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        user = request.user
        if not user.is_authenticated:
            return None
        name = request.resolver_match.view_name
        if user.password_is_due(timezone.now()):
            request.confined = "password"
            return self._lead(request, name, TO_PASSWORD, "account_change_password")
        if lacks_second_factor(request):
            request.confined = "second_factor"
            return self._lead(request, name, TO_SECOND_FACTOR, "mfa_activate_totp")
        return None

    def _lead(self, request, name, reachable, to):
        return None if name in reachable else _elsewhere(request, reverse(to))


def lacks_second_factor(request: HttpRequest) -> bool:
    """Whether the site demands a second factor that the user does not have yet.

    Noted in the session once there is one; taking it away ends the session or clears the note.
    """
    if not settings.SECOND_FACTOR_REQUIRED or not request.user.needs_second_factor:
        return False
    if request.session.get(sessions.HAS_SECOND_FACTOR):
        return False
    if not is_mfa_enabled(request.user, [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]):
        return True
    request.session[sessions.HAS_SECOND_FACTOR] = True
    return False


def _login_address(request: HttpRequest, why: str) -> str:
    query = {"ended": why}
    if getattr(request, "htmx", None):
        query["next"] = request.htmx.current_url_abs_path or "/"
    elif request.method == "GET":
        query["next"] = request.get_full_path()
    return f"{reverse('account_login')}?{urlencode(query)}"


def _elsewhere(request: HttpRequest, address: str) -> HttpResponse:
    """A redirect; a fragment would otherwise receive the other page into its place."""
    if getattr(request, "htmx", None):
        return HttpResponseClientRedirect(address)
    return redirect(address)
