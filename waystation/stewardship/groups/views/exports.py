"""Ledgers of functional groups taken out as spreadsheets, on the record."""

from __future__ import annotations

import io

from django.http import FileResponse, Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from waystation.kernel import dated
from waystation.organizations.access import Reach, mandates_of, requires
from waystation.organizations.permissions import Permission
from waystation.stewardship.groups import ledgers, queries, rules
from waystation.stewardship.groups.forms import GroupFilterForm
from waystation.stewardship.groups.views.finding import group_or_404
from waystation.stewardship.people.actions import note_export
from waystation.stewardship.people.models import Person

P = Permission
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _unit(request):
    return next(mandate.unit for mandate in mandates_of(request.user) if mandate.unit_id in request.reach.units)


def _seen(request) -> Reach:
    """Where the user may see groups; whoever exports without that sees none."""
    reach = Reach.of(request.user, P.GROUP_VIEW)
    if not reach:
        raise Http404
    return reach


def _delivered(request, stream, name: str, rows: int, ledger: str):
    note_export(
        by=request.user, at=timezone.now(), ledger=ledger, rows=rows, fields=(), purpose="",
        unit_path=_unit(request).path,
    )  # fmt: skip
    stream.seek(0)
    return FileResponse(stream, as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX)


@requires(P.LEDGER_EXPORT)
@require_safe
def groups(request):
    """All groups that the filters of the list show."""
    reach, now = _seen(request), timezone.now()
    day = timezone.localdate(now)
    form = GroupFilterForm(request.GET, reach=reach)
    rows = queries.groups_by(form.chosen(), reach, day=day, quiet_days=dated.value(rules.QUIET_DAYS, day))
    rows = queries.with_heads(rows).order_by("station_path", "name", "pk")
    stream = io.BytesIO()
    written = ledgers.write_groups(stream, rows, unit=_unit(request), by=request.user, at=now)
    return _delivered(request, stream, _("Functional groups") + f"-{day:%Y%m%d}", written, "groups")


@requires(P.LEDGER_EXPORT)
@require_safe
def members(request, pk):
    """The members of one group whom the user answers for."""
    found, now = group_or_404(_seen(request), pk), timezone.now()
    people = Person.objects.within(request.reach.caring)
    rows = queries.members(found).filter(person__in=people.values("pk"))
    leads = found.leaders.filter(ends_on=None).values_list("member", flat=True).first()
    stream = io.BytesIO()
    written = ledgers.write_members(stream, found, rows, leads=leads, unit=_unit(request), by=request.user, at=now)
    return _delivered(request, stream, f"{found.name}-{timezone.localdate(now):%Y%m%d}", written, "group members")
