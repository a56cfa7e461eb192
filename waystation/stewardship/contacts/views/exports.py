"""The lists of contact and care as spreadsheets."""

from __future__ import annotations

from django.http import Http404
from django.views.decorators.http import require_POST

from waystation.kernel.idempotency import idempotent
from waystation.organizations.access import Reach, requires
from waystation.organizations.permissions import Permission
from waystation.stewardship.contacts import ledgers
from waystation.stewardship.contacts.forms import LogFilterForm, QuietFilterForm, VisitFilterForm, chosen
from waystation.stewardship.people.large_ledgers import asked_by, deliver

_FILTERS = {ledgers.QUIET: QuietFilterForm, ledgers.LOG: LogFilterForm, ledgers.VISITS: VisitFilterForm}


def _filters(request, kind: str) -> dict:
    """The filters of the list, offered as on its page: of its form, else the tab that is open."""
    if kind in _FILTERS:
        return chosen(_FILTERS[kind](request.GET, reach=Reach.of(request.user, Permission.CONTACT_VIEW)))
    return {"tab": request.GET.get("tab", "")[:20]}


@requires(Permission.LEDGER_EXPORT)
@require_POST
@idempotent
def export(request, ledger):
    """One list with its filters; numbers stay masked, sealed texts stay out, and the export is recorded."""
    kind = f"contacts.{ledger}"
    if kind not in ledgers.TITLES:
        raise Http404
    return deliver(request, asked_by(request, kind, _filters(request, kind)))
