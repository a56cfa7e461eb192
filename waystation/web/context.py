"""What the frame around every page shows: who is here, where, and what the menu offers."""

from __future__ import annotations

import tomllib
from datetime import datetime, timedelta
from functools import cache, cached_property

from django.conf import settings
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import get_language

from waystation.kernel.models import Job
from waystation.organizations.access import mandates_of
from waystation.web import navigation, role_switch

LARGE_TYPE_COOKIE = "large_type"
JOBS_SEEN = "jobs_seen_at"
FIRST_LOOK = timedelta(days=7)


@cache
def version() -> str:
    """The version of this checkout, as pyproject.toml says it."""
    with (settings.ROOT / "pyproject.toml").open("rb") as file:
        return tomllib.load(file)["project"]["version"]


def mark_jobs_seen(request, *, at: datetime) -> None:
    """The task centre was opened: what ended until now is not new any more."""
    request.session[JOBS_SEEN] = at.isoformat()


def frame(request) -> dict:
    """Context processor. Each part is worked out only when a page draws it."""
    return {"frame": Frame(request)}


class Frame:
    """The surroundings of one page, for one request."""

    def __init__(self, request):
        self._request = request

    @cached_property
    def user(self):
        """The signed-in user or None."""
        user = getattr(self._request, "user", None)
        return user if user is not None and user.is_authenticated else None

    @property
    def is_confined(self) -> bool:
        """True until the user has a password of their own and a second factor."""
        return bool(getattr(self._request, "confined", None))

    @property
    def language(self) -> str:
        """The language of the page as HTML names it."""
        return "en" if get_language() == "en" else "zh-Hans"

    @property
    def large_type(self) -> bool:
        """Large type: as the user set it, else as this browser did."""
        if self.user is not None:
            return self.user.large_type
        return self._request.COOKIES.get(LARGE_TYPE_COOKIE) == "1"

    @cached_property
    def mandates(self):
        return mandates_of(self.user) if self.user else []

    @property
    def unit(self):
        """The unit the user works for: that of the oldest mandate in force."""
        return self.mandates[0].unit if self.mandates else None

    @cached_property
    def navigation(self):
        return navigation.menu(self._request) if self.user and not self.is_confined else []

    @property
    def navigation_looks(self) -> str:
        """By what the drawn menu is kept: whoever may open the same pages is shown the same menu."""
        return navigation.looks(self.navigation)

    @property
    def trail(self):
        return navigation.trail(self.navigation)

    @cached_property
    def search_url(self) -> str:
        return self._allowed("people:search")

    @cached_property
    def jobs_url(self) -> str:
        return self._allowed("web:jobs")

    @cached_property
    def jobs_unread(self) -> int:
        """How many jobs of the user ended since the task centre was last opened."""
        if not self.jobs_url:
            return 0
        seen = parse_datetime(self._request.session.get(JOBS_SEEN, ""))
        now = timezone.now()
        return Job.objects.filter(
            created_by=self.user,
            created_at__gte=now - FIRST_LOOK,
            finished_at__gt=seen or now - FIRST_LOOK,
        ).count()

    @property
    def now(self) -> datetime:
        return timezone.now()

    @property
    def version(self) -> str:
        return version()

    @property
    def demonstration(self) -> bool:
        return settings.DEMONSTRATION

    @cached_property
    def demo_roles(self):
        return role_switch.roles() if settings.DEMONSTRATION else []

    def _allowed(self, url_name: str) -> str:
        if self.user is None or self.is_confined:
            return ""
        return navigation.allowed_url(url_name, self.user)
