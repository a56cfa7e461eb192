"""What hangs on a unit that appraises, or whose members are being appraised."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.db.models import Q
from django.utils.translation import ngettext

from waystation.organizations import closing
from waystation.organizations.models import Unit
from waystation.stewardship.appraisals.models import Appraisal, AppraisalRound


@closing.register
def rounds(unit: Unit, on: date) -> Iterator[tuple[int, str]]:
    """Rounds of the unit that run, and appraisals in running rounds that it signs as station or as origin."""
    running = AppraisalRound.objects.running()
    n = running.filter(unit=unit).count()
    yield n, ngettext("%(n)d running appraisal round", "%(n)d running appraisal rounds", n) % {"n": n}
    n = Appraisal.objects.filter(Q(station=unit) | Q(origin=unit), round__in=running).count()
    yield n, ngettext("%(n)d appraisal in a running round", "%(n)d appraisals in running rounds", n) % {"n": n}
