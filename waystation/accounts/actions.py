"""What can be done to an account. Administrators come in through the pages of upper layers."""

from datetime import datetime, timedelta

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.db.models.functions import Coalesce

from . import lockout, signals
from .models import User, normal_username, security_stamp
from .passwords import new_one_time_password


class UsernameTaken(Exception):
    """Somebody else signs in with this name."""


class OwnAccount(Exception):
    """Nobody does this to an account of their own; another administrator has to."""


@transaction.atomic
def create_user(
    username: str, full_name: str, *, by: User | None, at: datetime, language: str = ""
) -> tuple[User, str]:
    """Open an account and return it with a password that works once, within 72 hours.

    Raises `UsernameTaken`.
    """
    password = new_one_time_password()
    user = User(
        username=normal_username(username),
        full_name=full_name.strip(),
        language=language,
        must_change_password=True,
        password_set_at=at,
        created_at=at,
    )
    user.set_password(password)
    try:
        with transaction.atomic():
            user.save(force_insert=True)
    except IntegrityError:
        raise UsernameTaken(user.username) from None
    _tell(signals.user_created, user, by=by, at=at)
    return user, password


@transaction.atomic
def disable_user(user: User, *, by: User | None, at: datetime, reason: str = "") -> bool:
    """Let the user sign in no more; open sessions end at their next request.

    Returns whether anything changed. Raises `OwnAccount`.
    """
    _refuse_own(user, by)
    if not User.objects.filter(pk=user.pk, is_active=True).update(is_active=False, security_stamp=security_stamp()):
        return False
    user.refresh_from_db(fields=["is_active", "security_stamp"])
    _tell(signals.user_disabled, user, by=by, at=at, reason=reason)
    return True


@transaction.atomic
def enable_user(user: User, *, by: User | None, at: datetime) -> bool:
    """Let a disabled user sign in again. The time of an idle account starts anew.

    Returns whether anything changed.
    """
    changed = User.objects.filter(pk=user.pk, is_active=False).update(is_active=True, last_seen_at=at)
    if not changed:
        return False
    user.refresh_from_db(fields=["is_active", "last_seen_at"])
    _tell(signals.user_enabled, user, by=by, at=at)
    return True


def disable_idle_users(*, at: datetime, idle: timedelta) -> int:
    """Disable everybody who has not signed in for as long as `idle`; returns how many.

    GB/T 22239-2019, 8.1.4.2 c: accounts that nobody needs are disabled.
    """
    active = User.objects.filter(is_active=True).annotate(last=Coalesce("last_seen_at", "created_at"))
    found = list(active.filter(last__lte=at - idle))
    return sum(disable_user(user, by=None, at=at, reason="idle") for user in found)


@transaction.atomic
def reset_password(user: User, *, by: User | None, at: datetime) -> str:
    """Replace the password by a new one that works once, within 72 hours; ends all sessions.

    The second factor stays. Returns the password. Raises `OwnAccount`.
    """
    _refuse_own(user, by)
    password = new_one_time_password()
    user.set_password(password)
    user.must_change_password = True
    _store_password(user, at)
    _tell(signals.password_reset, user, by=by, at=at)
    return password


@transaction.atomic
def choose_password(user: User, password: str, *, by: User, at: datetime) -> None:
    """Store the password that the user chose for herself; ends all other sessions."""
    user.set_password(password)
    user.must_change_password = False
    _store_password(user, at)
    _tell(signals.password_changed, user, by=by, at=at)


def _store_password(user: User, at: datetime) -> None:
    user.password_set_at = at
    user.one_time_password_used_at = None
    user.security_stamp = security_stamp()
    user.save(
        update_fields=[
            "password",
            "must_change_password",
            "password_set_at",
            "one_time_password_used_at",
            "security_stamp",
        ]
    )


def spend_one_time_password(user: User, *, at: datetime) -> bool:
    """Note the sign-in with a one-time password. False if another sign-in was first.

    The sign-in itself is the event; a user with a chosen password has nothing to spend.
    """
    if not user.must_change_password:
        return True
    mine = User.objects.filter(pk=user.pk, must_change_password=True, one_time_password_used_at=None)
    if not mine.update(one_time_password_used_at=at):
        return False
    user.one_time_password_used_at = at
    return True


@transaction.atomic
def unlock_user(user: User, *, by: User | None, at: datetime) -> int:
    """Forget the failed sign-ins and wrong codes of the user; returns how many there were."""
    attempts = lockout.forget(user)
    _tell(signals.user_unlocked, user, by=by, at=at, attempts=attempts)
    return attempts


@transaction.atomic
def remove_second_factor(user: User, *, by: User, at: datetime) -> bool:
    """Take a lost second factor away, after an officer has seen the person; ends all sessions.

    Returns whether there was one. Raises `OwnAccount` (ASVS 6.4.4: another officer checks).
    """
    _refuse_own(user, by)
    count, _rows = Authenticator.objects.filter(user=user).delete()
    if not count:
        return False
    renew_stamp(user)
    _tell(signals.second_factor_removed, user, by=by, at=at, kind="all")
    return True


def renew_stamp(user: User) -> None:
    """End every session of the user; the caller keeps the current one by signing it anew."""
    user.security_stamp = security_stamp()
    user.save(update_fields=["security_stamp"])


@transaction.atomic
def end_session(session: UserSession, *, by: User, at: datetime) -> None:
    """End one session of the user's own."""
    session.end()
    _tell(signals.session_ended, by, by=by, at=at, others=1)


@transaction.atomic
def end_other_sessions(user: User, *, keep: str, by: User, at: datetime) -> int:
    """End all sessions of the user but the one with key `keep`; returns how many were listed.

    The stamp is renewed as well, so that sessions end that no list knows. The caller has to sign
    the kept one anew (`sessions.keep_signed_in`).
    """
    others = list(UserSession.objects.filter(Q(user=user) & ~Q(session_key=keep)))
    for session in others:
        session.end()
    renew_stamp(user)
    _tell(signals.session_ended, user, by=by, at=at, others=len(others))
    return len(others)


@transaction.atomic
def set_language(user: User, language: str, *, by: User, at: datetime) -> None:
    """Remember in which language the user reads; "" follows the browser's choice."""
    user.language = language
    user.save(update_fields=["language"])
    _tell(signals.preferences_changed, user, by=by, at=at, fields=["language"])


@transaction.atomic
def set_large_type(user: User, large_type: bool, *, by: User, at: datetime) -> None:
    """Remember whether the user reads large type."""
    user.large_type = large_type
    user.save(update_fields=["large_type"])
    _tell(signals.preferences_changed, user, by=by, at=at, fields=["large_type"])


def _refuse_own(user: User, by: User | None) -> None:
    if by is not None and by.pk == user.pk:
        raise OwnAccount


def _tell(signal, user: User, *, by: User | None, at: datetime, **facts) -> None:
    signal.send(sender=User, user=user, by=by, at=at, **facts)
