"""What hangs on a unit that holds organization life."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.utils.translation import ngettext

from waystation.organizations import closing
from waystation.organizations.models import Unit
from waystation.stewardship.education.models import Delivery, Occasion


@closing.register
def occasions(unit: Unit, on: date) -> Iterator[tuple[int, str]]:
    """Occasions of which the roll is open."""
    n = Occasion.objects.filter(unit=unit, state=Occasion.State.OPEN).count()
    yield n, ngettext("%(n)d occasion with an open roll", "%(n)d occasions with an open roll", n) % {"n": n}


@closing.register
def deliveries(unit: Unit, on: date) -> Iterator[tuple[int, str]]:
    """Study that is still to be brought home."""
    n = Delivery.objects.due().filter(unit=unit).count()
    yield n, ngettext("%(n)d study to be brought home", "%(n)d studies to be brought home", n) % {"n": n}
