"""What hangs on a branch that sends, awaits or vouches for members."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.db.models import Q
from django.utils.translation import ngettext

from waystation.organizations import closing
from waystation.organizations.models import Unit
from waystation.stewardship.formalities.models import ActivityCard, Transfer


@closing.register
def transfers(unit: Unit, on: date) -> Iterator[tuple[int, str]]:
    """Letters on their way from the branch or to it."""
    n = Transfer.objects.open().filter(Q(origin=unit) | Q(to=unit)).count()
    yield n, ngettext("%(n)d formal transfer on its way", "%(n)d formal transfers on their way", n) % {"n": n}


@closing.register
def cards(unit: Unit, on: date) -> Iterator[tuple[int, str]]:
    """Valid activity cards that the branch issued."""
    n = ActivityCard.objects.valid().filter(branch=unit).count()
    yield n, ngettext("%(n)d valid activity card", "%(n)d valid activity cards", n) % {"n": n}
