"""What hangs on a station that has money."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.utils.translation import ngettext

from waystation.organizations import closing
from waystation.organizations.models import Unit
from waystation.stations.funds.models import Account


@closing.register
def accounts(unit: Unit, on: date) -> Iterator[tuple[int, str]]:
    """Accounts of a year that are not closed."""
    n = Account.objects.open().filter(station=unit).count()
    yield n, ngettext("%(n)d account of a year not closed", "%(n)d accounts of a year not closed", n) % {"n": n}
