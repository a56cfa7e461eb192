"""What every request gets: no copies left behind, a language, and a known actor."""

import ipaddress

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.utils import translation
from django.utils.crypto import salted_hmac

from . import dated
from .actors import Actor, acting, current_actor

__all__ = ["ActorMiddleware", "LanguageMiddleware", "NoStoreMiddleware", "current_actor"]


class NoStoreMiddleware:
    """Pages of a signed-in person are kept by no cache; signing out empties the browser."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        user = getattr(request, "user", None)
        left = getattr(request, "signed_out", False)
        if left or (user is not None and user.is_authenticated):
            response.headers["Cache-Control"] = "no-store"
        if left:
            response.headers["Clear-Site-Data"] = '"cache", "storage"'
        return response


def note_sign_out(sender, request, **kwargs):
    """Receiver of `user_logged_out`; the response is made after the user is already gone."""
    if request is not None:
        request.signed_out = True


class LanguageMiddleware:
    """The language of the cookie, else Chinese. A signed-in person's own choice comes later."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        wanted = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        language = wanted if wanted in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", translation.get_language())
        return response


class ActorMiddleware:
    """Tells the audit trail who is acting, speaks that person's language, and keeps the rules
    with a date for the length of one request."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if SESSION_KEY in request.session:
            self._speak(request)
        actor = Actor(request.user, client_ip(request), session_hash(request.session.session_key))
        with acting(actor), dated.kept():
            return self.get_response(request)

    def _speak(self, request):
        language = getattr(request.user, "language", "")
        if language in dict(settings.LANGUAGES):
            translation.activate(language)
            request.LANGUAGE_CODE = language


def session_hash(key: str | None) -> str:
    """Names a session in the audit trail without giving it away."""
    return salted_hmac("kernel.session", key).hexdigest()[:32] if key else ""


def client_ip(request) -> str | None:
    """The address of the browser; what a proxy says counts only if the proxy is one of ours."""
    peer = request.META.get("REMOTE_ADDR", "")
    if peer in getattr(settings, "TRUSTED_PROXIES", ()):
        peer = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")[-1].strip() or peer
    try:
        address = ipaddress.ip_address(peer)
    except ValueError:
        return None
    return str(getattr(address, "ipv4_mapped", None) or address)
