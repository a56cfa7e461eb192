"""The desk: what is due today, for whoever has come."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from waystation.kernel.counting import COUNTED
from waystation.kernel.jobs import worker_seen_at
from waystation.kernel.templatetags.ui import zh_date
from waystation.organizations.access import mandates_of, permissions_of, signed_in
from waystation.organizations.permissions import Permission
from waystation.organizations.queries import ancestors
from waystation.stewardship.rosters.matching.reasons import words
from waystation.stewardship.rosters.queries.board import with_rows
from waystation.web.desk_items import Desk, Item, items_of
from waystation.web.desk_panels import panels_of

P = Permission
SHOWN_OF_EACH = 3
# The one button of a desk: the first of these that the user may press.
_FIRST_STEPS = (
    (P.ARRIVAL_REGISTER, "people:arrival-new", _("Register an arrival"), "user-plus"),
    (P.DEPARTURE_REGISTER, "people:departure-new", _("Register a departure"), "door-exit"),
    (P.USER_MANAGE, "web:user-new", _("Open an account"), "user-plus"),
)
_SECOND_STEPS = (
    (P.IMPORT_ARRIVALS, "rosters:import-new", _("Import a roster"), "file-import"),
    (P.IMPORT_DEPARTURES, "rosters:import-new", _("Import a roster"), "file-import"),
    (P.MANDATE_MANAGE, "organizations:mandate-list", _("Mandates"), "signature"),
)


@require_safe
@signed_in("Everybody's first page; it shows what the user's own mandates allow.")
def desk(request):
    """The tiles, what is due, and the next step, from the same parts for every role."""
    permissions = permissions_of(request.user)
    if P.DESK_VIEW not in permissions:
        if P.FILE_OWN in permissions:
            return redirect("portal:mine")
        return render(request, "web/no_role.html")
    now = timezone.now()
    laid = Desk(request.user, now, timezone.localdate(now))
    items = items_of(laid)
    context = {
        "sub": _weekday(laid.today),
        "crumbs": _crumbs(request.user),
        "items": items,
        "due": list(_due(items)),
        "panels": panels_of(laid),
        "first_step": _step(permissions, _FIRST_STEPS),
        "second_step": _step(permissions, _SECOND_STEPS),
        "guide": _guide(permissions) if not any(one.number for one in items if not one.from_start) else [],
        "worker_seen": worker_seen_at() if P.RULE_MANAGE in permissions else None,
        "shows_worker": P.RULE_MANAGE in permissions,
    }
    return render(request, "web/desk.html", context)


def _weekday(day: date) -> str:
    return f"{zh_date(day)} {WEEKDAYS[day.weekday()]}"


def _crumbs(user) -> list[tuple[str, str]]:
    """Where the user works: the chain above the unit of the oldest mandate."""
    return [(above.name, "") for above in ancestors(mandates_of(user)[0].unit)[-3:]]


def _step(permissions, steps) -> dict | None:
    for permission, url_name, label, icon in steps:
        if permission in permissions:
            return {"url": reverse(url_name), "label": label, "icon": icon}
    return None


# --- what is due ----------------------------------------------------------------------------------


def _due(items: list[Item]) -> Iterator[dict]:
    """What waits, the most urgent first: single pairs and arrivals by name, the rest by number."""
    tasks = [one for one in items if one.is_task and one.number]
    for one in sorted(tasks, key=lambda one: one.order):
        tell = _TELLERS.get(one.key)
        told = list(tell(one)) if tell else []
        yield from told
        if one.number > len(told):
            yield _line(one, rest=one.number - len(told) if told and one.number <= COUNTED else 0)


def _line(one: Item, *, rest: int) -> dict:
    tag, tone = (
        (pgettext_lazy("tag", "overdue"), "due") if one.urgent_number else (pgettext_lazy("tag", "to do"), "info")
    )
    more = _("%(n)d more") % {"n": rest} if rest else _("%(n)s in all") % {"n": one.number}
    return {
        "label": one.label,
        "url": one.url,
        "note": more if rest or not one.note else one.note,
        "tag": tag,
        "tone": tone,
        "button": one.button or pgettext_lazy("button", "Open"),
    }


def _pairs_waiting(one: Item) -> Iterator[dict]:
    """Pairs of which the other side has said that it is the same person."""
    for pair in with_rows(one.rows, places=False).order_by("name_key", "pk")[:SHOWN_OF_EACH]:
        names = {"one": pair.departure.full_name, "other": pair.arrival.full_name}
        yield {
            "label": _("%(one)s and %(other)s in the station's register") % names,
            "url": reverse("rosters:pair", args=[pair.pk]),
            "note": "；".join(words(reason) for reason in pair.reasons[:4]),
            "tag": pgettext_lazy("tag", "other side: yes"),
            "tone": "warn",
            "button": pgettext_lazy("button", "Same person?"),
            "is_primary": True,
        }


def _arrivals_overdue(one: Item) -> Iterator[dict]:
    """The arrivals that have waited longest, if any waits longer than the rule allows."""
    if not one.urgent_number:
        return
    for row in one.urgent.order_by("created_at", "pk")[:SHOWN_OF_EACH]:
        day = {"day": zh_date(row.created_at), "channel": row.get_channel_display()}
        yield {
            "label": row.full_name,
            "url": reverse("people:arrival", args=[row.pk]),
            "note": _("reported on %(day)s, %(channel)s") % day,
            "tag": pgettext_lazy("tag", "overdue"),
            "tone": "due",
            "button": pgettext_lazy("button", "Verify"),
        }


_TELLERS = {"pairs-waiting": _pairs_waiting, "arrivals": _arrivals_overdue}


def _guide(permissions) -> list[dict]:
    """Where to begin when nothing is there yet."""
    return [
        {"label": label, "url": reverse(url_name), "button": pgettext_lazy("button", "Begin"), "tag": tag, "tone": ""}
        for permission, tag, label, url_name in _BEGINNINGS
        if permission in permissions
    ]


_BEGINNINGS = (
    (
        P.IMPORT_DEPARTURES,
        _("origin"),
        _("Import the roster of members who left, as you keep it today."),
        "rosters:import-new",
    ),
    (
        P.IMPORT_ARRIVALS,
        _("station"),
        _("Import the station's register of members who reported."),
        "rosters:import-new",
    ),
    (
        P.MATCH_VIEW,
        _("both sides"),
        _("Confirm on the board who is the same person; the other side does the same."),
        "rosters:board",
    ),
    (
        P.GRID_ASSIGN,
        _("station"),
        _("Put the members in care into grids; the community says into which."),
        "grids:proposals",
    ),
)
