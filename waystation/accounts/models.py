"""People who sign in."""

from __future__ import annotations

import secrets
import time
import unicodedata
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.validators import RegexValidator
from django.db import models
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

ONE_TIME_PASSWORD_LIFE = timedelta(hours=72)
PASSWORD_AGE_LIMIT = timedelta(days=90)


_let_off: list[Callable[[User], bool]] = []


def without_second_factor(is_let_off: Callable[[User], bool]) -> Callable[[User], bool]:
    """Let `is_let_off(user)` say of whom no second factor is asked; it is asked anew with every request."""
    _let_off.append(is_let_off)
    return is_let_off


def time_ordered_uuid() -> uuid.UUID:
    """A version 7 UUID (RFC 9562, 5.7): 48 bits of Unix milliseconds, then random bits."""
    stamp = time.time_ns() // 1_000_000
    bits = (stamp & (1 << 48) - 1) << 80 | secrets.randbits(80)
    bits = bits & ~(0xF << 76) | 0x7 << 76
    bits = bits & ~(0x3 << 62) | 0x2 << 62
    return uuid.UUID(int=bits)


def security_stamp() -> str:
    """A fresh random mark; sessions that were signed with another one are over."""
    return secrets.token_hex(16)


def normal_username(text: str) -> str:
    """The one spelling of a sign-in name: no spaces around, half-width, lower case.

    Input methods easily leave full-width digits, and lock-out must not count "ABC" and "abc" apart.
    """
    return unicodedata.normalize("NFKC", text).strip().lower()


class UserManager(BaseUserManager):
    """Makes users; actions.create_user is the door for administrators."""

    def create_user(self, username: str, password: str | None = None, **fields) -> User:
        """Store a user. Without a password nobody can sign in with the account."""
        user = self.model(username=normal_username(username), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str) -> User:
        return self.get(username=normal_username(username))


class User(AbstractBaseUser):
    """A person who may sign in. What the person may do is said by mandates, never here.

    A session lives as long as the password, `is_active` and `security_stamp` stay what they were
    at sign-in: changing any of them ends every session of the user at its next request.
    """

    class Language(models.TextChoices):
        CHINESE = "zh-hans", "简体中文"
        ENGLISH = "en", "English"

    id = models.UUIDField(primary_key=True, default=time_ordered_uuid, editable=False)
    username = models.CharField(
        _("Staff number or phone"),
        max_length=64,
        unique=True,
        validators=[
            RegexValidator(
                r"\A[0-9a-z][0-9a-z._-]{1,63}\Z",
                _("Use 2 to 64 letters, digits, dots, dashes or underscores."),
            )
        ],
    )
    full_name = models.CharField(_("Full name"), max_length=200)
    language = models.CharField(_("Language"), max_length=10, choices=Language, blank=True)
    large_type = models.BooleanField(_("Large type"), default=False)
    is_active = models.BooleanField(_("May sign in"), default=True)
    must_change_password = models.BooleanField(default=False)
    password_set_at = models.DateTimeField(default=timezone.now)
    one_time_password_used_at = models.DateTimeField(null=True, blank=True)
    security_stamp = models.CharField(max_length=32, default=security_stamp, editable=False)
    created_at = models.DateTimeField(default=timezone.now)
    last_seen_at = models.DateTimeField(null=True, blank=True)

    last_login = None  # last_seen_at says it

    USERNAME_FIELD = "username"
    EMAIL_FIELD = None
    REQUIRED_FIELDS = ["full_name"]

    objects = UserManager()

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")

    def __str__(self):
        return self.full_name or self.username

    @property
    def needs_second_factor(self) -> bool:
        """Whether a password alone is too little for this user: it is for all but those whom a layer above lets off."""
        return not any(is_let_off(self) for is_let_off in _let_off)

    def one_time_password_is_spent(self, at: datetime) -> bool:
        """Whether the administrator's password was used already or is older than 72 hours."""
        if not self.must_change_password:
            return False
        too_old = at >= self.password_set_at + ONE_TIME_PASSWORD_LIFE
        return too_old or self.one_time_password_used_at is not None

    def password_is_due(self, at: datetime) -> bool:
        """Whether the user has to choose a new password before doing anything else.

        Regular change is a demand of GB/T 22239-2019, 8.1.4.1 a and holds for policy "mlps" only;
        ASVS 6.2.10 forbids it.
        """
        if self.must_change_password:
            return True
        return settings.PASSWORD_POLICY == "mlps" and at >= self.password_set_at + PASSWORD_AGE_LIMIT

    def check_password(self, raw_password: str) -> bool:
        """Whether this is the password; a spent one-time password never is."""
        known = super().check_password(raw_password)
        return known and not self.one_time_password_is_spent(timezone.now())

    def _get_session_auth_hash(self, secret=None):
        return salted_hmac(
            "waystation.accounts.session",
            f"{self.password}|{self.security_stamp}|{int(self.is_active)}",
            secret=secret,
            algorithm="sha256",
        ).hexdigest()
