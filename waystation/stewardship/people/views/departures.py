"""Departures: the origin's register of who left."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from waystation.kernel.idempotency import idempotent
from waystation.kernel.paging import page_of
from waystation.kernel.toasts import toast
from waystation.organizations.access import requires
from waystation.organizations.permissions import Permission
from waystation.stewardship.people import actions, queries
from waystation.stewardship.people.actions.errors import Refused
from waystation.stewardship.people.forms import (
    DepartureFilterForm,
    DepartureForm,
    MoveForm,
    ReasonForm,
    ReturnForm,
    chosen,
)
from waystation.stewardship.people.models import Departure, Person
from waystation.stewardship.people.queries import full_name
from waystation.stewardship.people.views import rights

P = Permission
FORM = ["GET", "HEAD", "POST"]


@requires(P.DEPARTURE_VIEW)
@require_safe
def departures(request):
    """The register, newest first."""
    form = DepartureFilterForm(request.GET, reach=request.reach)
    filters = chosen(form)
    found = queries.departures_by(filters, request.reach)
    pieces = queries.departure_pieces(filters, request.reach)
    page = page_of(found, request.GET, newest_first=True, pieces=pieces)
    queries.movement.with_ranges(page.rows)
    context = {
        "form": form,
        "page": page,
        "may": rights.holds(request.user, P.DEPARTURE_REGISTER, P.LEDGER_EXPORT),
        "filters": request.GET.urlencode(),
    }
    return render(request, "people/departures.html", context)


@requires(P.DEPARTURE_REGISTER)
@require_http_methods(FORM)
@idempotent
def register(request):
    """The desk form. A file that may be the same member is shown before a second one is opened."""
    known = _known(request)
    form = DepartureForm(
        request.POST or None, reach=request.reach, user=request.user,
        initial=_initial(request, known),
    )  # fmt: skip
    context = {"form": form}
    if form.is_valid():
        try:
            return _registered(request, form)
        except actions.AlreadyDeparted as refusal:
            form.add_error(None, str(refusal))
            context["open_departure"] = refusal.departure
        except Refused as refusal:
            form.add_error(None, str(refusal))
    elif form.is_bound and form.elsewhere:
        actions.note_lookup(by=request.user, at=timezone.now())
    return render(request, "people/departure_new.html", context)


def _known(request) -> Person | None:
    """The file from whose page the form was opened."""
    given = request.GET.get("person", "")
    people = Person.objects.living().within(request.reach).select_related("home")
    try:
        return people.filter(pk=given).first() if given else None
    except ValueError:
        return None


def _initial(request, known: Person | None) -> dict:
    """The branch of the file or of the user, and what the last entry at this desk said."""
    initial = {"origin": request.GET.get("origin", ""), "where": request.GET.get("where", "")}
    branches = [unit for unit in _own_units(request) if unit.kind == "branch"]
    if not initial["origin"] and len(branches) == 1:
        initial["origin"] = full_name(branches[0])
    if known is not None:
        names = ("full_name", "sex", "born", "nation", "education", "member_kind", "joined", "trade")
        initial |= {name: getattr(known, name) for name in names}
        initial |= {"same_as": str(known.pk), "origin": full_name(known.home) if known.home else ""}
    return initial


def _own_units(request):
    return queries.places.own_units(request.reach)


def _registered(request, form: DepartureForm):
    """Register and go on: to the departure, or to the empty form for the next member."""
    row = actions.register_departure(
        form.claim(), origin=form.cleaned_data["origin"], station=form.station,
        destination=form.destination(), person=form.person, kind=form.kind,
        range_chosen=form.cleaned_data["range_chosen"], by=request.user, at=timezone.now(),
    )  # fmt: skip
    toast(request, _("The departure of %(name)s is registered.") % {"name": row.full_name})
    if "next" in request.POST:
        kept = {"origin": form.branch_text, "where": form.cleaned_data["where"]}
        return redirect(f"{reverse('people:departure-new')}?{urlencode(kept)}")
    return redirect("people:departure", row.pk)


@requires(P.DEPARTURE_VIEW)
@require_safe
def departure(request, pk):
    """One departure: what the origin wrote and what became of it."""
    row = _within(request, pk)
    queries.movement.with_ranges([row])
    context = {
        "row": row,
        "may": rights.on_departure(request.user, row),
        "in_sight": rights.in_sight(request.user, row.person),
        "stay": row.stays.select_related("station").order_by("-starts_on").first(),
    }
    return render(request, "people/departure.html", context)


def _within(request, pk, path: str = "") -> Departure:
    """The departure in reach; with `path` only where the reach holds at that side."""
    rows = Departure.objects.within(request.reach)
    if path:
        rows = rows.filter(request.reach.path_q(path))
    related = ("person", "origin__parent", "station", "destination", "created_by", "closed_by")
    return get_object_or_404(rows.select_related(*related), pk=pk)


@requires(P.DEPARTURE_REGISTER)
@require_http_methods(FORM)
@idempotent
def correct(request, pk):
    """The origin says anew to what kind of place the member went, and how far."""
    row = _within(request, pk, "origin_path")
    form = MoveForm(request.POST or None, row=row)
    if request.method == "POST" and form.is_valid():
        said = {
            "place_kind": form.cleaned_data["place_kind"],
            "range_chosen": form.cleaned_data.get("range_chosen", ""),
        }
        try:
            actions.describe_move(row, **said, by=request.user, at=timezone.now())
            toast(request, _("Saved."))
        except Refused as refusal:
            messages.error(request, str(refusal))
        return redirect("people:departure", row.pk)
    back = reverse("people:departure", args=[row.pk])
    context = {"form": form, "row": row, "title": _("Correct the movement"), "back": back}
    return render(request, "people/decide.html", context)


@requires(P.DEPARTURE_CANCEL)
@require_http_methods(FORM)
@idempotent
def cancel(request, pk):
    """The origin takes a pending departure back: the member did not leave."""
    row = _within(request, pk, "origin_path")
    words = {
        "title": _("Cancel this departure"),
        "hint": _("Such as: the member stayed at home; registered by mistake."),
        "done": _("The departure is cancelled."),
    }
    return _decide(request, row, actions.cancel_departure, words)


@requires(P.ARRIVAL_REFUSE)
@require_http_methods(FORM)
@idempotent
def refuse(request, pk):
    """The station sends a pending departure back to the origin."""
    row = _within(request, pk, "station_path")
    words = {
        "title": _("Send this departure back"),
        "hint": _("The origin reads it: what is wrong, and what should be done."),
        "done": _("The departure is sent back to the origin."),
    }
    return _decide(request, row, actions.refuse_departure, words)


def _decide(request, row, act, words):
    """A reason, then the act; somebody else may have decided first."""
    form = ReasonForm(request.POST or None, hint=words["hint"])
    if form.is_valid():
        try:
            act(row, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now())
            toast(request, words["done"])
        except Refused as refusal:
            messages.error(request, str(refusal))
        return redirect("people:departure", row.pk)
    back = reverse("people:departure", args=[row.pk])
    context = {"form": form, "row": row, "title": words["title"], "back": back}
    return render(request, "people/decide.html", context)


@requires(P.DEPARTURE_REGISTER)
@require_http_methods(FORM)
@idempotent
def return_home(request, pk):
    """The member is back home: the departure closes and an open stay ends that day."""
    row = _within(request, pk, "origin_path")
    form = ReturnForm(request.POST or None)
    if form.is_valid():
        try:
            actions.return_home(row, **form.cleaned_data, by=request.user, at=timezone.now())
            toast(request, _("%(name)s has returned home.") % {"name": row.full_name})
        except Refused as refusal:
            messages.error(request, str(refusal))
        return redirect("people:departure", row.pk)
    back = reverse("people:departure", args=[row.pk])
    title = _("The member has returned home")
    return render(request, "people/decide.html", {"form": form, "row": row, "title": title, "back": back})
