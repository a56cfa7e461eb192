"""Changing roles without a password, in the demonstration and nowhere else."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from waystation.accounts.models import User
from waystation.organizations.models import Mandate


@dataclass(frozen=True)
class DemoRole:
    """Somebody of the demonstration whose work a visitor may look at."""

    user_id: UUID
    label: str


def roles() -> list[DemoRole]:
    """One holder of every role that is held today, in the order in which they were granted."""
    mandates = (
        Mandate.objects.in_force(timezone.localdate())
        .filter(user__is_active=True)
        .select_related("user", "unit")
        .order_by("granted_at", "pk")
    )
    first: dict[str, Mandate] = {}
    for mandate in mandates:
        first.setdefault(mandate.role, mandate)
    return [DemoRole(m.user_id, f"{m.get_role_display()} · {m.unit.name} · {m.user}") for m in first.values()]


def user_to_become(text: str) -> User | None:
    """The user behind a choice of the list; None for anybody who is not on it."""
    if not settings.DEMONSTRATION:
        return None
    offered = {str(role.user_id) for role in roles()}
    return User.objects.get(pk=text) if text in offered else None
