"""Confirming many pairs at once: what would happen, doing it, and what was left undone."""

from __future__ import annotations

import uuid

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from waystation.kernel.idempotency import idempotent
from waystation.kernel.jobs import run_inline
from waystation.kernel.models import Job
from waystation.kernel.toasts import toast
from waystation.organizations.access import requires
from waystation.organizations.permissions import Permission
from waystation.stewardship.rosters.actions import bulk
from waystation.stewardship.rosters.models import MatchCandidate
from waystation.stewardship.rosters.queries import board as boards
from waystation.stewardship.rosters.queries.board import Tab
from waystation.stewardship.rosters.queries.powers import Powers
from waystation.stewardship.rosters.views.board import filters_of
from waystation.stewardship.rosters.views.common import back

_NAMED = 12


@requires(Permission.MATCH_VIEW)
@require_POST
@idempotent
def bulk_confirm(request) -> HttpResponse:
    """Confirm the chosen pairs, the page, or all that the filters find; all only after a summary."""
    powers = Powers.of(request.user)
    side = request.POST.get("side") or powers.my_side
    if side not in powers.sides:
        raise PermissionDenied(Permission.MATCH_CONFIRM_STATION)
    wanted = _wanted(request, side, powers)
    if request.POST.get("scope") == "all" and not request.POST.get("sure"):
        return _summary(request, side, wanted)
    ids = list(wanted.values_list("pk", flat=True).order_by("name_key", "pk")[: bulk.MOST])
    if not ids:
        toast(request, _("None of these pairs waits for your confirmation."))
        return redirect(back(request, "rosters:board"))
    job = bulk.start_bulk(ids, side=side, reach=powers.speaks[side], by=request.user, at=timezone.now())
    if len(ids) <= bulk.AT_ONCE:
        job = run_inline(job)
    if job.state == Job.State.DONE and not job.result["refused"]:
        toast(request, _done_words(job.result))
        return redirect(back(request, "rosters:board"))
    return redirect("rosters:bulk", job.pk)


def _wanted(request, side: str, powers: Powers):
    """The matched pairs within the user's reach for the side that still want that side's yes."""
    other = "station" if side == "origin" else "origin"
    reach = powers.speaks[side]
    open_pairs = MatchCandidate.objects.open().filter(
        reach.path_q(f"{side}_path"), lane=Tab.MATCHED, **{f"{side}_confirmed_at": None}
    )
    open_pairs = open_pairs.exclude(**{f"{other}_confirmed_by": request.user})
    scope = request.POST.get("scope")
    if scope == "all":
        filters = filters_of(request, Tab.MATCHED, powers).chosen
        return boards.candidates_by(Tab.MATCHED, filters, request.reach).filter(
            pk__in=open_pairs.order_by().values("pk")
        )
    names = request.POST.getlist("on_page" if scope == "page" else "pk")
    return open_pairs.filter(pk__in=_ids(names[: bulk.AT_ONCE]))


def _ids(texts: list[str]) -> list[uuid.UUID]:
    """The ids among the texts; anything else is left out."""
    found = []
    for text in texts:
        try:
            found.append(uuid.UUID(text))
        except ValueError:
            continue
    return found


def _summary(request, side: str, wanted) -> HttpResponse:
    """What confirming them all would do, before it is done."""
    other = "station" if side == "origin" else "origin"
    total = wanted.count()
    names = wanted.order_by("name_key", "pk").values_list("departure__full_name", flat=True)
    context = {
        "side": side, "total": min(total, bulk.MOST), "is_cut": total > bulk.MOST, "most": bulk.MOST,
        "opens": wanted.filter(**{f"{other}_confirmed_at__isnull": False}).count(), "names": names[:_NAMED],
        "filters": [(k, v) for k, v in request.POST.items() if k not in ("csrfmiddlewaretoken", "idem", "sure")],
        "next": back(request, "rosters:board"),
    }  # fmt: skip
    return render(request, "rosters/bulk.html", context)


def _done_words(result: dict) -> str:
    words = ngettext(
        "%(confirmed)s pair confirmed; %(opened)s of them in care now.",
        "%(confirmed)s pairs confirmed; %(opened)s of them in care now.",
        result["confirmed"],
    )
    return words % {"confirmed": result["confirmed"], "opened": result["opened"]}


@requires(Permission.MATCH_VIEW)
@require_GET
def bulk_report(request, pk) -> HttpResponse:
    """How far a bulk confirmation is, and at its end what was done and what was not, and why."""
    job = get_object_or_404(Job, pk=pk, kind=bulk.KIND, created_by=request.user)
    refused = job.result.get("refused", [])
    names = {
        str(pk): name
        for pk, name in MatchCandidate.objects.within(request.reach)
        .filter(pk__in=[entry["pair"] for entry in refused])
        .values_list("pk", "departure__full_name")
    }
    failed = [
        {
            "what": names.get(entry["pair"], "—"), "why": entry["why"],
            "url": reverse("rosters:pair", args=[entry["pair"]]) if entry["pair"] in names else "",
        }
        for entry in refused
    ]  # fmt: skip
    words = _done_words(job.result) if job.result else ""
    context = {"job": job, "failed": failed, "done": job.result.get("confirmed", 0), "words": words}
    return render(request, "rosters/bulk_report.html", context)
