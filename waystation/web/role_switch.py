"""Changing roles without a password, in the demonstration and nowhere else."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from waystation.accounts.models import User
from waystation.organizations.models import Mandate
from waystation.web.ningde.cast import CAST


@dataclass(frozen=True)
class DemoRole:
    """Somebody of the demonstration whose work a visitor may look at."""

    user_id: UUID
    label: str


def roles() -> list[DemoRole]:
    """Everybody whom the demonstration introduces, with what they are today, in the order of its cast."""
    shown = {account.username: number for number, account in enumerate(CAST) if account.is_shown}
    mandates = (
        Mandate.objects.in_force(timezone.localdate())
        .filter(user__is_active=True, user__username__in=shown)
        .select_related("user", "unit")
        .order_by("granted_at", "pk")
    )
    first: dict[str, Mandate] = {}
    for mandate in sorted(mandates, key=lambda one: shown[one.user.username]):
        first.setdefault(mandate.user.username, mandate)
    return [DemoRole(m.user_id, f"{m.get_role_display()} · {m.unit.name} · {m.user}") for m in first.values()]


def user_to_become(text: str) -> User | None:
    """The user behind a choice of the list; None for anybody who is not on it."""
    if not settings.DEMONSTRATION:
        return None
    offered = {str(role.user_id) for role in roles()}
    return User.objects.get(pk=text) if text in offered else None
