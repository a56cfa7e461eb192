"""The session of a signed-in user: its marks, its limits and its key."""

import time

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import login, update_session_auth_hash
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from .models import User

SIGNED_IN_AT = "signed_in_at"
SEEN_AT = "seen_at"
HAS_SECOND_FACTOR = "has_second_factor"
_BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def start_clock(session) -> None:
    """Note when the session began; both limits count from it."""
    now = int(time.time())
    session[SIGNED_IN_AT], session[SEEN_AT] = now, now


def over(session) -> str:
    """Why the session is over: "idle", "age", or "" if it is not."""
    now = time.time()
    if now - session.get(SIGNED_IN_AT, 0) >= settings.SESSION_COOKIE_AGE:
        return "age"
    return "idle" if now - session.get(SEEN_AT, 0) >= settings.IDLE_LIMIT_SECONDS else ""


def note_use(session) -> None:
    """Somebody works here. Written at most twenty times per idle limit, to spare the database."""
    now = int(time.time())
    if now - session.get(SEEN_AT, 0) >= settings.IDLE_LIMIT_SECONDS / 20:
        session[SEEN_AT] = now


def renew_key(request: HttpRequest) -> None:
    """Give the session a new key after the person has proved who she is once more."""
    former = request.session.session_key
    request.session.cycle_key()
    UserSession.objects.filter(session_key=former).update(session_key=request.session.session_key)


def keep_signed_in(request: HttpRequest, user: User) -> None:
    """Sign the current session anew after the security stamp has changed."""
    former = request.session.session_key
    request.session.pop(HAS_SECOND_FACTOR, None)
    update_session_auth_hash(request, user)
    UserSession.objects.filter(session_key=former).update(session_key=request.session.session_key)


def sign_in_as(request: HttpRequest, user: User) -> None:
    """Become another invented user in the demonstration; refused everywhere else."""
    if not settings.DEMONSTRATION:
        raise PermissionDenied
    login(request, user, backend=_BACKEND)
    UserSession.objects.create_from_request(request)
