"""The rounds of the kernel itself."""

from datetime import datetime, timedelta

from django.utils import timezone

from waystation.accounts.actions import disable_idle_users

from . import dated, files, idempotency, jobs
from .rules import IDLE_DAYS


def disable_idle_accounts(at: datetime) -> int:
    """Disable the accounts that nobody used for as long as the rule of the day says; returns how many."""
    days = dated.value(IDLE_DAYS, timezone.localdate(at))
    return disable_idle_users(at=at, idle=timedelta(days=days)) if days > 0 else 0


jobs.every(3600, "forget submissions")(idempotency.forget)
jobs.every(6 * 3600, "sweep files")(files.sweep)
jobs.every(3600, "disable idle accounts")(disable_idle_accounts)
