"""Accounts as the security administrator looks at them."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet, TextChoices
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from waystation.accounts.lockout import locks_now
from waystation.accounts.models import User, normal_username
from waystation.organizations.models import Mandate


class UserState(TextChoices):
    """What an administrator may want to do something about."""

    LOCKED = "locked", _("Locked out now")
    NEW = "new", _("Waiting for the first sign-in")
    ROLELESS = "roleless", _("Without a mandate")
    DISABLED = "disabled", _("Disabled")


def filtered(filters: dict, *, now: datetime) -> QuerySet[User]:
    """The accounts that the filters ask for."""
    users = User.objects.all()
    if state := filters.get("state"):
        users = users.filter(_state_q(state, now))
    if text := (filters.get("q") or "").strip():
        users = users.filter(Q(full_name__contains=text) | Q(username__startswith=normal_username(text)))
    return users


def _state_q(state: str, now: datetime) -> Q:
    held = Mandate.objects.in_force(timezone.localdate(now)).filter(user=OuterRef("pk"))
    if state == UserState.LOCKED:
        return Q(username__in={lock.username for lock in locks_now(now)})
    return {
        UserState.NEW: Q(is_active=True, must_change_password=True),
        UserState.ROLELESS: Q(is_active=True) & ~Q(Exists(held)),
        UserState.DISABLED: Q(is_active=False),
    }[state]


def with_mandates(users: list[User], today) -> list[User]:
    """The users with `held`: their mandates in force, by one query."""
    held: dict = {}
    rows = Mandate.objects.in_force(today).filter(user__in=users).select_related("unit")
    for mandate in rows.order_by("starts_on", "pk"):
        held.setdefault(mandate.user_id, []).append(mandate)
    for user in users:
        user.held = held.get(user.pk, [])
    return users
