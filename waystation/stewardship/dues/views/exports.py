"""The dues ledger of a year as a spreadsheet."""

from __future__ import annotations

from django.http import Http404
from django.utils import timezone
from django.views.decorators.http import require_POST

from waystation.kernel.idempotency import idempotent
from waystation.organizations.access import Reach, requires
from waystation.organizations.permissions import Permission
from waystation.stewardship.dues import ledgers
from waystation.stewardship.dues.forms import DuesFilterForm
from waystation.stewardship.dues.views.members import YEARS
from waystation.stewardship.people.large_ledgers import asked_by, deliver

P = Permission


@requires(P.LEDGER_EXPORT)
@require_POST
@idempotent
def export(request):
    """The ledger of all members whom the filters of the list find, for the year in the address."""
    form = DuesFilterForm(request.GET, reach=Reach.of(request.user, P.DUES_VIEW))
    if not form.is_valid():
        raise Http404
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdigit() and int(asked) in YEARS else timezone.localdate().year
    filters = {name: value for name, value in form.cleaned_data.items() if value} | {"year": year}
    return deliver(request, asked_by(request, ledgers.DUES, filters, unit=filters.get("origin")))
