"""The audit trail: reading it, and taking a part of it out. Both are events themselves."""

from __future__ import annotations

import io

from django.http import FileResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from waystation.kernel import audit
from waystation.kernel.sheets.ledgers import Ledger, LedgerColumn, write_ledger
from waystation.organizations.access import requires
from waystation.organizations.permissions import ROLES, Permission
from waystation.web import audit_queries
from waystation.web.forms import AuditFilterForm

P = Permission
MOST_EXPORTED = 50_000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@requires(P.AUDIT_VIEW)
@require_safe
def trail(request):
    """Events in reach by filters, newest first."""
    form = AuditFilterForm(request.GET or None)
    filters = _chosen(form)
    events = audit_queries.filtered(audit_queries.visible(request.reach), filters)
    page = audit_queries.page_of(events.select_related("actor"), request.GET)
    audit.record("audit.viewed", by=request.user, at=timezone.now(), filters=_words(filters))
    context = {
        "form": form,
        "page": page,
        "filters": request.GET.urlencode(),
        "head": audit.current_head(),
        "roles": {key: role.label for key, role in ROLES.items()},
    }
    return render(request, "web/audit.html", context)


def _chosen(form: AuditFilterForm) -> dict:
    form.is_valid()
    return {name: value for name, value in getattr(form, "cleaned_data", {}).items() if value}


def _words(filters: dict) -> dict[str, str]:
    return {name: str(value) for name, value in filters.items()}


@require_POST
@requires(P.AUDIT_VIEW)
def export(request):
    """The filtered events as a ledger, at most fifty thousand."""
    filters = _chosen(AuditFilterForm(request.POST))
    events = audit_queries.filtered(audit_queries.visible(request.reach), filters)
    now, stream = timezone.now(), io.BytesIO()
    rows = write_ledger(stream, _ledger(events.order_by("-number")[:MOST_EXPORTED], request, now))
    said = {"filters": _words(filters), "rows": rows}
    audit.record("audit.exported", by=request.user, at=now, **said)
    stream.seek(0)
    name = _("Audit trail") + f" {timezone.localtime(now):%Y%m%d-%H%M}.xlsx"
    return FileResponse(stream, as_attachment=True, filename=name, content_type=XLSX)


def _ledger(events, request, now) -> Ledger:
    return Ledger(
        title=_("Audit trail"),
        columns=[
            LedgerColumn(_("Number"), 9, "number"),
            LedgerColumn(_("Time"), 19),
            LedgerColumn(_("User"), 14),
            LedgerColumn(_("Role"), 14),
            LedgerColumn(_("Action"), 22),
            LedgerColumn(_("Result"), 8),
            LedgerColumn(_("Object"), 40),
            LedgerColumn(_("Purpose"), 24),
            LedgerColumn(_("Network address"), 16),
        ],
        rows=(_cells(event) for event in events.iterator(chunk_size=2000)),
        watermark=f"{request.user} {timezone.localtime(now):%Y-%m-%d %H:%M}",
    )


def _cells(event) -> list:
    about = f"{event.object_label} {event.object_pk}".strip()
    return [
        event.number,
        f"{timezone.localtime(event.at):%Y-%m-%d %H:%M:%S}",
        event.actor_label,
        event.role,
        event.verb,
        str(event.get_result_display()),
        about,
        event.purpose,
        event.ip or "",
    ]
