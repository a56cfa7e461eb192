"""Lock-out after failed sign-ins. django-axes counts; this file says what is counted together.

Passwords: five failures of one name from one address lock that pair for 15 minutes, so nobody can
lock a colleague out from elsewhere. Codes of the second factor are counted apart, under the name
"<username>:code", and over all addresses together as well, because whoever gets that far already
knows the password.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from axes.handlers.proxy import AxesProxyHandler
from axes.helpers import get_client_ip_address, get_cool_off
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth.signals import user_login_failed
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from .models import User, normal_username

CODE_LIMIT_EVERYWHERE = 10


@dataclass(frozen=True)
class Lock:
    """A name that is refused from one address until `until`."""

    username: str
    ip: str | None
    until: datetime


def username_of(request: HttpRequest, credentials: dict | None = None) -> str:
    """The name an attempt is counted under, in its one spelling."""
    given = (credentials or {}).get("username") or request.POST.get("login", "")
    return normal_username(str(given))[:255]


def code_name(user: User) -> str:
    """The name under which wrong codes are counted; no username contains a colon."""
    return f"{user.username}:code"


# --- codes of the second factor -------------------------------------------------------------------


def count_wrong_code(request: HttpRequest, user: User) -> None:
    """One more wrong code; the fifth locks."""
    user_login_failed.send(sender=__name__, credentials={"username": code_name(user)}, request=request)


def codes_are_locked(request: HttpRequest, user: User) -> bool:
    """Whether codes of this user are refused now, from here or altogether."""
    credentials = {"username": code_name(user)}
    if AxesProxyHandler.is_locked(request, credentials):
        request.axes_locked_out, request.axes_credentials = True, credentials
        return True
    recent = AccessAttempt.objects.filter(
        username=code_name(user), attempt_time__gt=timezone.now() - get_cool_off(request)
    )
    total = recent.aggregate(total=Sum("failures_since_start"))["total"] or 0
    return total >= CODE_LIMIT_EVERYWHERE


def forget_wrong_codes(user: User) -> None:
    """The right code clears the count."""
    AccessAttempt.objects.filter(username=code_name(user)).delete()


# --- for administrators ---------------------------------------------------------------------------


def forget(user: User) -> int:
    """Delete the failed attempts of the user and return how many failures they were."""
    attempts = AccessAttempt.objects.filter(username__in=[user.username, code_name(user)])
    failures = attempts.aggregate(total=Sum("failures_since_start"))["total"] or 0
    attempts.delete()
    return failures


def locks_now(at: datetime, usernames: list[str] | None = None) -> list[Lock]:
    """The pairs of name and address that are locked at `at`; codes appear under the user's name."""
    attempts = AccessAttempt.objects.filter(attempt_time__gt=at - get_cool_off())
    if usernames is not None:
        names = [*usernames, *(f"{name}:code" for name in usernames)]
        attempts = attempts.filter(username__in=names)
    groups: dict[tuple, list[AccessAttempt]] = {}
    for attempt in attempts.order_by("attempt_time"):
        groups.setdefault((attempt.username, attempt.ip_address), []).append(attempt)
    locks = []
    for (name, ip), rows in groups.items():
        until = _free_at(rows)
        if until is not None:
            locks.append(Lock(name.removesuffix(":code"), ip, until))
    return locks


def _free_at(attempts: list[AccessAttempt]) -> datetime | None:
    """When enough of these attempts (oldest first) are forgotten; None if they do not lock."""
    failures = sum(attempt.failures_since_start for attempt in attempts)
    until = None
    for attempt in attempts:
        if failures < settings.AXES_FAILURE_LIMIT:
            break
        until = attempt.attempt_time + get_cool_off()
        failures -= attempt.failures_since_start
    return until


def locked_response(request, original_response=None, credentials=None) -> HttpResponse:
    """The page of somebody who is locked out, with Retry-After in seconds (RFC 9110, 10.2.3)."""
    at = timezone.now()
    name = username_of(request, credentials)
    attempts = AccessAttempt.objects.filter(
        username=name,
        ip_address=get_client_ip_address(request),
        attempt_time__gt=at - get_cool_off(),
    )
    until = _free_at(list(attempts.order_by("attempt_time"))) or at + get_cool_off()
    wait = max(1, int((until - at) / timedelta(seconds=1)) + 1)
    context = {"until": until, "minutes": -(-wait // 60)}
    response = render(request, "accounts/locked.html", context, status=429)
    response.headers["Retry-After"] = str(wait)
    return response
