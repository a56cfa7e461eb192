"""One pair: the page, and what each side may say about it."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from waystation.kernel.idempotency import idempotent
from waystation.kernel.toasts import toast
from waystation.organizations.access import requires
from waystation.organizations.permissions import Permission
from waystation.stewardship.people.actions.errors import Refused
from waystation.stewardship.rosters.actions import confirming, handling
from waystation.stewardship.rosters.forms import FollowUpForm, ReasonForm
from waystation.stewardship.rosters.models import MatchCandidate
from waystation.stewardship.rosters.queries import board as boards
from waystation.stewardship.rosters.queries import pairs as queries
from waystation.stewardship.rosters.queries.powers import ORIGIN, Powers
from waystation.stewardship.rosters.views.board import tabs_of, views_of
from waystation.stewardship.rosters.views.common import back, candidate_or_404

_SPEAKS = {"origin": Permission.MATCH_CONFIRM_ORIGIN, "station": Permission.MATCH_CONFIRM_STATION}


@requires(Permission.MATCH_VIEW)
@require_GET
def pair(request, pk) -> HttpResponse:
    """Both rows in full, every reason, the history, and other proposals about the same rows."""
    return _pair_page(request, candidate_or_404(request, pk))


def _pair_page(request, candidate, *, shown=("", ""), forms=None, error: str = "", status: int = 200) -> HttpResponse:
    powers = Powers.of(request.user)
    others = [queries.pair_view(other, powers) for other in queries.alternatives(candidate)]
    view = queries.pair_view(candidate, powers, in_full=True, error=error)
    may_follow = view.may_follow and view.is_open and None in (candidate.departure, candidate.arrival)
    context = {
        "may_follow_here": may_follow, "has_more": bool(may_follow or others or view.may_override),
        "pair": view, "history": queries.history(candidate), "others": others, "visible": _visible(request, others),
        "shown_key": shown[0], "shown_value": shown[1], "follow_form": _follow_form(candidate, powers),
        "address_line": queries.Line(_("Address"), "", "", field="address"),
        "override_form": ReasonForm(auto_id="override_%s"), "form": None,
    }  # fmt: skip
    return render(request, "rosters/pair.html", context | (forms or {}), status=status)


def _visible(request, others) -> set:
    """Other proposals that the user may open: one end of each lies in reach."""
    covers = request.reach.covers
    return {o.candidate.pk for o in others if covers(o.candidate.origin_path) or covers(o.candidate.station_path)}


def _follow_form(candidate: MatchCandidate, powers: Powers, data=None) -> FollowUpForm:
    return FollowUpForm(
        data, is_departure=candidate.departure_id is not None, auto_id=f"follow-{candidate.pk}-%s",
        sides=powers.sides_of(candidate), may_send_back=powers.may_send_back(candidate),
    )  # fmt: skip


def _side(request, candidate: MatchCandidate) -> str:
    """The side for which the user speaks; refuses a side that is not the user's (403)."""
    sides = Powers.of(request.user).sides_of(candidate)
    wanted = request.POST.get("side") or (sides[0] if len(sides) == 1 else "")
    if wanted not in sides:
        raise PermissionDenied(_SPEAKS.get(wanted, Permission.MATCH_CONFIRM_STATION))
    return wanted


def _answer(request, candidate: MatchCandidate, words: str, *, undo: str = "", error: str = "") -> HttpResponse:
    """After something was said: the card again for HTMX, else back to where the user was."""
    if request.htmx:
        fresh = boards.with_rows(MatchCandidate.objects.filter(pk=candidate.pk)).first()
        powers, tab = Powers.of(request.user), request.POST.get("tab", "")
        context = {"tab": tab, "is_swap": True, "next": request.POST.get("next", ""), "said": words}
        context["pair"] = views_of([fresh], tab, powers)[0] if fresh else None
        if context["pair"]:
            context["pair"].error = error
        context["gone"] = candidate.pk
        context["tabs"] = tabs_of(request, tab, boards.counts(request.reach)) if tab else []
        return render(request, "rosters/_swap.html", context)
    if error:
        messages.error(request, error)
    else:
        toast(request, words, undo=undo)
    return redirect(back(request, "rosters:pair", candidate.pk))


def _taken_back(request, pk, act, words: str) -> HttpResponse:
    """What somebody said about the pair is taken back by `act`, for those who speak for a side of it (else 403)."""
    candidate = candidate_or_404(request, pk)
    if not Powers.of(request.user).sides_of(candidate):
        raise PermissionDenied(Permission.MATCH_CONFIRM_STATION)
    try:
        act(candidate, by=request.user, at=timezone.now())
    except Refused as refusal:
        return _answer(request, candidate, "", error=str(refusal))
    return _answer(request, candidate, words)


@requires(Permission.MATCH_VIEW)
@require_POST
@idempotent
def pair_confirm(request, pk) -> HttpResponse:
    """ "The same person", said for one side; the second yes opens the stay."""
    candidate = candidate_or_404(request, pk)
    side = _side(request, candidate)
    try:
        stay = confirming.confirm_pair(candidate, side=side, by=request.user, at=timezone.now())
    except Refused as refusal:
        return _answer(request, candidate, "", error=str(refusal))
    name = (candidate.departure or candidate.arrival).full_name
    if stay is not None:
        return _answer(request, candidate, _("%(name)s is in the care of the station now.") % {"name": name})
    undo = reverse("rosters:pair-withdraw", args=[candidate.pk])
    return _answer(request, candidate, _("%(name)s: confirmed; the other side is asked.") % {"name": name}, undo=undo)


@requires(Permission.MATCH_VIEW)
@require_POST
@idempotent
def pair_withdraw(request, pk) -> HttpResponse:
    """Take back one's own "the same person" while the other side is silent."""
    return _taken_back(request, pk, confirming.withdraw_confirmation, _("Your confirmation is taken back."))


@requires(Permission.MATCH_VIEW)
@require_POST
@idempotent
def pair_reject(request, pk) -> HttpResponse:
    """ "Not the same person", said for one side; it can be taken back."""
    candidate = candidate_or_404(request, pk)
    side = _side(request, candidate)
    reason = request.POST.get("reason", "")[:200]
    try:
        confirming.reject_pair(candidate, side=side, reason=reason, by=request.user, at=timezone.now())
    except Refused as refusal:
        return _answer(request, candidate, "", error=str(refusal))
    undo = reverse("rosters:pair-reopen", args=[candidate.pk])
    return _answer(request, candidate, _("Noted: not the same person."), undo=undo)


@requires(Permission.MATCH_VIEW)
@require_POST
@idempotent
def pair_reopen(request, pk) -> HttpResponse:
    """Take back "not the same person"."""
    return _taken_back(request, pk, confirming.reopen_pair, _("The pair is open again."))


@requires(Permission.MATCH_OVERRIDE)
@require_POST
@idempotent
def pair_override(request, pk) -> HttpResponse:
    """The county speaks for the side that stays silent, with a written reason."""
    candidate = candidate_or_404(request, pk)
    form = ReasonForm(request.POST, auto_id="override_%s")
    if not form.is_valid():
        return _pair_page(request, candidate, forms={"override_form": form, "form": form}, status=422)
    reason = form.cleaned_data["reason"]
    try:
        confirming.override_side(candidate, reason=reason, by=request.user, at=timezone.now())
    except Refused as refusal:
        return _pair_page(request, candidate, error=str(refusal), status=409)
    toast(request, _("Decided by the county: the member is in the care of the station now."))
    return redirect("rosters:pair", candidate.pk)


@requires(Permission.MATCH_VIEW)
@require_POST
@idempotent
def follow_up(request, pk) -> HttpResponse:
    """Note what was done about a row that stands alone, or send it back to its origin."""
    candidate, powers = candidate_or_404(request, pk), Powers.of(request.user)
    if not powers.sides_of(candidate):
        raise PermissionDenied(Permission.MATCH_CONFIRM_STATION)
    form = _follow_form(candidate, powers, request.POST)
    if not form.is_valid():
        return _pair_page(request, candidate, forms={"follow_form": form, "form": form}, status=422)
    now = timezone.now()
    try:
        if form.sends_back:
            handling.send_back(candidate, reason=form.cleaned_data["note"], by=request.user, at=now)
            toast(request, _("Sent back to the origin."))
            return redirect(back(request, "rosters:board"))
        confirming.follow_up(candidate, note=form.in_words(), by=request.user, at=now)
    except Refused as refusal:
        return _answer(request, candidate, "", error=str(refusal))
    return _answer(request, candidate, _("Noted."))


@requires(Permission.PERSON_REVEAL)
@require_http_methods(["GET", "HEAD", "POST"])
def pair_reveal(request, pk, side, field) -> HttpResponse:
    """Show one sealed value of one row for a minute (POST, recorded), or hide it again (GET)."""
    candidate = candidate_or_404(request, pk)
    row = getattr(candidate, "departure" if side == ORIGIN else "arrival")
    if row is None or field not in handling.REVEALABLE or not hasattr(row, field):
        raise Http404
    value = ""
    if request.method == "POST":
        value = handling.reveal_row(
            candidate, side="departure" if side == ORIGIN else "arrival", field=field, purpose="reconciliation",
            by=request.user, at=timezone.now(),
        ) or _("not given")  # fmt: skip
    if not request.htmx:
        return _pair_page(request, candidate, shown=(f"{side}-{field}" if value else "", value))
    mask = getattr(row, {"id_number": "id_mask", "phone": "phone_mask"}.get(field, ""), "") or "******"
    context = {"value": value, "masked": mask, "url": request.path, "hide_url": request.path}
    return render(request, "ui/reveal.html", context)
