"""The reconciliation board, and starting the matcher again."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from waystation.kernel.idempotency import idempotent
from waystation.kernel.paging import page_of
from waystation.organizations.access import Reach, requires
from waystation.organizations.permissions import Permission
from waystation.stewardship.rosters.actions import matching
from waystation.stewardship.rosters.forms import SIZES, BoardFilterForm, FollowUpForm
from waystation.stewardship.rosters.queries import board as queries
from waystation.stewardship.rosters.queries.board import LONE, Tab
from waystation.stewardship.rosters.queries.imports import kinds_of
from waystation.stewardship.rosters.queries.pairs import PairView, pair_view
from waystation.stewardship.rosters.queries.powers import Powers
from waystation.stewardship.rosters.views.common import back


def tab_of(request) -> str:
    """The tab that is asked for; the matched pairs for anything unknown."""
    asked = (request.POST if request.method == "POST" else request.GET).get("tab")
    return asked if asked in Tab.values else Tab.MATCHED


def filters_of(request, tab: str, powers: Powers) -> BoardFilterForm:
    """The filters of the request, as far as they fit the tab."""
    towns, stations = queries.places(request.reach)
    return BoardFilterForm(
        request.POST if request.method == "POST" else request.GET, towns=towns, stations=stations,
        my_side=powers.my_side, is_lone=tab in LONE, is_open=tab not in (Tab.SETTLED, Tab.REJECTED),
    )  # fmt: skip


def tabs_of(request, tab: str, counts: dict[str, int]) -> list[dict]:
    """The tabs with what they hold."""
    return [{"label": one.label, "url": f"?tab={one}", "is_active": one == tab, "count": counts[one]} for one in Tab]


@requires(Permission.MATCH_VIEW)
@require_GET
def board(request) -> HttpResponse:
    """Both sides of every pair, side by side, by lane."""
    tab, powers = tab_of(request), Powers.of(request.user)
    form = filters_of(request, tab, powers)
    params = request.GET.copy()
    params["tab"], params["size"] = tab, str(form.chosen.get("size", SIZES[0]))
    found = queries.candidates_by(tab, form.chosen, request.reach)
    page = page_of(queries.with_rows(found, places=False), params, by="name_key")
    queries.put_places(page.rows)
    pairs = views_of(page.rows, tab, powers)
    counts = queries.counts(request.reach)
    context = {
        "tab": tab, "tab_label": Tab(tab).label, "tabs": tabs_of(request, tab, counts),
        "filter_form": form, "page": page, "pairs": pairs,
        "powers": powers, "handed_in": queries.handed_in(request.reach), "run": queries.last_run(request.reach),
        "kinds": kinds_of(request.user), "is_lone": tab in LONE, "bulk_sides": _bulk_sides(tab, pairs, powers),
        "is_empty": not any(counts.values()), "is_filtered": bool(set(form.chosen) - {"size"}),
        "filters": _filters_sent(params), "tab_kept": [("tab", tab)],
        "export": _export_query(request.user, params),
    }  # fmt: skip
    return render(request, "rosters/board.html", context)


def views_of(rows, tab: str, powers: Powers) -> list[PairView]:
    """The rows of a tab as the user sees them, with whom to ask and what may be noted."""
    pairs = [pair_view(row, powers) for row in rows]
    contacts = queries.secretaries(rows, timezone.localdate()) if tab == Tab.ONLY_DEPARTED else {}
    for pair in pairs:
        departure = pair.candidate.departure
        pair.contact = contacts.get(departure.origin_id, "") if departure else ""
        pair.outcomes = FollowUpForm.outcomes(
            departure is not None, powers.sides_of(pair.candidate), pair.may_send_back
        )
    return pairs


def _export_query(user, params) -> str:
    """What the export of this tab is asked with; empty for those who may not take it out."""
    if not Reach.of(user, Permission.LEDGER_EXPORT):
        return ""
    return urlencode(_filters_sent(params))


def _bulk_sides(tab: str, pairs, powers: Powers) -> list[tuple[str, int]]:
    """For each side the user speaks for, how many pairs of the page still want that yes."""
    if tab != Tab.MATCHED:
        return []
    return [(side, sum(side in pair.confirm for pair in pairs)) for side in powers.sides]


def _filters_sent(params) -> list[tuple[str, str]]:
    """The filters as hidden fields of a form about the whole tab."""
    left_out = ("after", "before", "page", "size")
    return [(name, params[name]) for name in params if name not in left_out and params[name]]


@requires(Permission.MATCH_VIEW)
@require_POST
@idempotent
def match_run(request) -> HttpResponse:
    """Run the matcher again over a county of the user's, unless a run is waiting or under way."""
    if not Powers.of(request.user).sides:
        raise PermissionDenied(Permission.MATCH_CONFIRM_STATION)
    counties = {str(county.pk): county for county in queries.counties_of(request.reach)}
    county = counties.get(request.POST.get("county", "")) or next(iter(counties.values()), None)
    run = queries.last_run(request.reach)
    if county is None:
        messages.error(request, _("There is no county to reconcile."))
    elif run is not None and run.county_id == county.pk and run.job is not None and run.job.is_unfinished:
        messages.info(request, _("The matcher is at work already."))
    else:
        matching.start_match(county, by=request.user, at=timezone.now())
    return redirect(back(request, "rosters:board"))
