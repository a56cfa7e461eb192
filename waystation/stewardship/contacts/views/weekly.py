"""The grid leader's five on a telephone, with or without signal."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from pathlib import Path
from uuid import UUID, uuid4

from django.contrib.staticfiles import finders
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from waystation.kernel.sealing import Tampered
from waystation.kernel.toasts import toast
from waystation.organizations.access import Reach, mandates_of, public, requires
from waystation.organizations.models import Unit
from waystation.organizations.permissions import Permission
from waystation.stewardship.contacts import actions
from waystation.stewardship.contacts.models import WeeklyDue
from waystation.stewardship.contacts.queries.weekly import VISIT, Due, monday
from waystation.stewardship.people.actions.readings import reveal_field

P = Permission
NUMBERS = "weekly_numbers"
O = WeeklyDue.Outcome  # noqa: E741 - the outcomes stand in a table
_BUTTONS = (O.PHONED, O.MET, O.NOT_REACHED, O.PLANNED, O.NEEDS_HELP)
_AT_HOME = (O.VISITED, O.PHONED, O.NOT_REACHED, O.PLANNED, O.NEEDS_HELP)


@requires(P.CONTACT_LOG)
@require_safe
def weekly(request):
    """This week's five of each grid that the user leads, or of one grid in reach."""
    grids, offered = _grids(request)
    now = timezone.now()
    today = timezone.localdate(now)
    with_numbers = request.session.get(NUMBERS) == today.isoformat()
    blocks = []
    for grid in grids:
        dues = actions.prepare_week(grid, day=today, at=now)
        blocks.append({"grid": grid, "dues": [_card(request, due, with_numbers, now) for due in dues]})
    context = {
        "blocks": blocks,
        "offered": offered,
        "week": monday(today),
        "with_numbers": with_numbers,
        "may_reveal": bool(Reach.of(request.user, P.PERSON_REVEAL)),
        "worker_url": reverse("contacts:weekly-worker"),
    }
    return render(request, "contacts/weekly.html", context)


def _grids(request) -> tuple[list[Unit], list[Unit]]:
    """The grids to show, and those to choose from where the user leads none."""
    led = [m.unit for m in mandates_of(request.user) if m.role == "grid_leader" and m.unit_id in request.reach.units]
    if led:
        return led, []
    units = Unit.objects.within(request.reach).active().filter(kind=Unit.Kind.GRID).select_related("parent")
    offered = list(units.order_by("path")[:100])
    wanted = request.GET.get("grid", "")
    if wanted and not wanted.isdigit():
        raise Http404
    chosen = [get_object_or_404(units, pk=int(wanted[:18]))] if wanted else offered[:1]
    return chosen, offered


def _card(request, due: Due, with_numbers: bool, now: datetime) -> dict:
    at_home = any(key == VISIT for key, _number in due.keys)
    outcomes = _AT_HOME if at_home else _BUTTONS
    phone = ""
    if with_numbers and due.person.phone_mask:
        try:
            purpose = str(_("Calling the weekly five"))
            phone = reveal_field(due.person, field="phone", purpose=purpose, by=request.user, at=now)
        except Tampered:
            phone = ""
    buttons = [{"outcome": str(one), "label": one.label} for one in outcomes]
    return {"due": due, "phone": phone, "buttons": buttons, "key": uuid4()}


@requires(P.PERSON_REVEAL)
@require_POST
def numbers(request):
    """Show the telephone numbers of the five until midnight; each showing is recorded."""
    if not Reach.of(request.user, P.CONTACT_LOG):
        raise Http404
    request.session[NUMBERS] = timezone.localdate().isoformat()
    return redirect("contacts:weekly")


@requires(P.CONTACT_LOG)
@require_POST
def mark(request):
    """One tap. Sent by a form or later by the telephone itself; a second sending changes nothing."""
    due = _due_or_404(request)
    now = timezone.now()
    try:
        key = UUID(request.POST.get("key", ""))
    except ValueError:
        raise Http404 from None
    outcome = request.POST.get("outcome", "")
    tapped_at = _moment(request.POST.get("tapped_at", "")) or now
    try:
        done = actions.mark_due(due, key=key, outcome=outcome, tapped_at=tapped_at, by=request.user, at=now)
    except actions.ContactRefused as refusal:
        return _told(request, due, "refused", str(refusal))
    return _told(request, due, "recorded" if done.is_new else "already", done.words)


def _due_or_404(request) -> WeeklyDue:
    try:
        pk = UUID(request.POST.get("due", ""))
    except ValueError:
        raise Http404 from None
    return get_object_or_404(WeeklyDue.objects.within(request.reach).select_related("grid"), pk=pk)


def _moment(text: str) -> datetime | None:
    try:
        found = parse_datetime(text[:40])
    except ValueError:
        return None
    return found if found is not None and timezone.is_aware(found) else None


def _told(request, due: WeeklyDue, status: str, words: str):
    if request.headers.get("Accept", "").startswith("application/json"):
        return JsonResponse({"status": status, "words": words})
    toast(request, words)
    url = reverse("contacts:weekly")
    led = any(m.unit_id == due.grid_id and m.role == "grid_leader" for m in mandates_of(request.user))
    return redirect(url if led else f"{url}?grid={due.grid_id}")


@cache
def _program() -> str:
    return Path(finders.find("contacts/weekly_worker.js")).read_text(encoding="utf-8")


@require_safe
@public("The program text that keeps the weekly five readable without signal; it holds no data.")
def worker(request):
    """The service worker, at an address under which it may answer for the page of the five and for nothing else."""
    return HttpResponse(_program(), content_type="text/javascript; charset=utf-8")
