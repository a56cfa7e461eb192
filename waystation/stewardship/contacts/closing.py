"""What hangs on a unit that searches for members or is asked about them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import ngettext

from waystation.organizations import closing
from waystation.organizations.models import Unit
from waystation.stewardship.contacts.models import LostContact, WeeklyLink


@closing.register
def searches(unit: Unit, on: date) -> Iterator[tuple[int, str]]:
    """Members for whom it searches."""
    n = LostContact.objects.open().filter(unit=unit).count()
    yield n, ngettext("%(n)d open case of lost contact", "%(n)d open cases of lost contact", n) % {"n": n}


@closing.register
def links(unit: Unit, on: date) -> Iterator[tuple[int, str]]:
    """Weekly links to the branch, or sent by the unit, that still open."""
    rows = WeeklyLink.objects.open().filter(Q(branch=unit) | Q(sender=unit), expires_at__gt=timezone.now())
    n = rows.count()
    yield n, ngettext("%(n)d weekly link that still opens", "%(n)d weekly links that still open", n) % {"n": n}
