"""What hangs on a unit that answers for members, or is asked to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.db.models import Q
from django.utils.translation import ngettext

from waystation.organizations import closing
from waystation.organizations.models import Unit
from waystation.stewardship.duties.models import Duty, Proposal, StayTransfer


@closing.register
def duties(unit: Unit, on: date) -> Iterator[tuple[int, str]]:
    """Duties of open stays for which it answers on the day or from a later day on."""
    mine = Duty.objects.filter(unit=unit, stay__ends_on=None)
    n = mine.on(on).count() + mine.filter(starts_on__gt=on).count()
    yield n, ngettext("%(n)d duty for which it answers", "%(n)d duties for which it answers", n) % {"n": n}


@closing.register
def asked(unit: Unit, on: date) -> Iterator[tuple[int, str]]:
    """Proposals and requests to take over that wait for an answer."""
    n = Proposal.objects.open().filter(Q(holder=unit) | Q(taker=unit) | Q(proposer=unit)).count()
    yield n, ngettext("%(n)d proposal about duties", "%(n)d proposals about duties", n) % {"n": n}
    n = StayTransfer.objects.open().filter(Q(station=unit) | Q(to=unit)).count()
    yield n, ngettext("%(n)d request to take a member over", "%(n)d requests to take a member over", n) % {"n": n}
