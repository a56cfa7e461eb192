"""Sign-ins and changes of accounts, written to the audit trail.

Accounts lie below the kernel and cannot record by themselves; their signals are sent inside the
transaction of the act, so an event that cannot be written undoes the act.
"""

from dataclasses import replace

from allauth.account.signals import authentication_step_completed
from axes.signals import user_locked_out
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver
from django.utils import timezone

from waystation.accounts import signals
from waystation.accounts.models import User

from . import audit
from .actors import acting, current_actor
from .middleware import client_ip, session_hash

VERBS = {
    "user.created": signals.user_created,
    "user.disabled": signals.user_disabled,
    "user.enabled": signals.user_enabled,
    "user.unlocked": signals.user_unlocked,
    "password.reset": signals.password_reset,
    "password.changed": signals.password_changed,
    "second_factor.added": signals.second_factor_added,
    "second_factor.removed": signals.second_factor_removed,
    "preferences.changed": signals.preferences_changed,
    "session.ended_elsewhere": signals.session_ended,
}


def _recorder(verb):
    def record_it(sender, signal, user, by, at, **facts):
        audit.record(verb, on=user, by=by, at=at, **facts)

    return record_it


for _verb, _signal in VERBS.items():
    _signal.connect(_recorder(_verb), weak=False, dispatch_uid=f"kernel.audit.{_verb}")


def _record_here(request, verb, **said):
    """Record with the circumstances of the request now: signing in changes the session."""
    actor = current_actor()
    if request is not None:
        session = getattr(request, "session", None)
        key = session.session_key if session is not None else None
        actor = replace(actor, ip=client_ip(request), session=session_hash(key))
    with acting(actor):
        audit.record(verb, at=timezone.now(), **said)


@receiver(user_logged_in, dispatch_uid="kernel.audit.session_started")
def session_started(sender, request, user, **kwargs):
    _record_here(request, "session.started", on=user, by=user)


@receiver(user_logged_out, dispatch_uid="kernel.audit.session_ended")
def session_ended(sender, request, user, **kwargs):
    if user is not None:
        why = getattr(request, "sign_out_reason", "sign-out")
        _record_here(request, "session.ended", on=user, by=user, why=why)


@receiver(user_login_failed, dispatch_uid="kernel.audit.session_refused")
def session_refused(sender, credentials, request=None, **kwargs):
    user, step = _whose(credentials.get("username"))
    locked = getattr(request, "axes_locked_out", False)
    _record_here(request, "session.refused", on=user, result="denied", step=step, locked=bool(locked))


@receiver(user_locked_out, dispatch_uid="kernel.audit.user_locked")
def user_locked(sender, request, username, ip_address, **kwargs):
    # Also sent for each attempt while the lock holds; only the failure that locks was counted.
    if request.axes_failures_since_start is not None:
        user, step = _whose(username)
        _record_here(request, "user.locked", on=user, result="denied", step=step)


@receiver(authentication_step_completed, dispatch_uid="kernel.audit.session_confirmed")
def session_confirmed(sender, request, user, method, reauthenticated=False, **kwargs):
    if reauthenticated:
        _record_here(request, "session.confirmed", on=user, by=user, method=method)


def _whose(username):
    """The user of a refused attempt and which step failed.

    A name that nobody has is not written down: often it is a password in the wrong field.
    """
    name, _, step = str(username or "").partition(":")
    return User.objects.filter(username=name).first(), step or "password"
