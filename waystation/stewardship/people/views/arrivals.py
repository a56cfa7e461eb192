"""Arrivals: the station's register of who reported."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from waystation.kernel import dated
from waystation.kernel.idempotency import idempotent
from waystation.kernel.paging import page_of
from waystation.kernel.toasts import toast
from waystation.organizations.access import Reach, requires
from waystation.organizations.permissions import Permission
from waystation.stewardship.people import actions, queries, rules
from waystation.stewardship.people.actions.errors import Refused
from waystation.stewardship.people.forms import (
    ArrivalFilterForm,
    ArrivalForm,
    ReasonForm,
    chosen,
)
from waystation.stewardship.people.models import Arrival
from waystation.stewardship.people.views import rights

P = Permission
FORM = ["GET", "HEAD", "POST"]


@requires(P.ARRIVAL_VIEW)
@require_safe
def arrivals(request):
    """The register, newest first; those that wait too long are marked."""
    form = ArrivalFilterForm(request.GET, reach=request.reach)
    days = dated.value(rules.VERIFY_DAYS, timezone.localdate())
    now = timezone.now()
    found = queries.arrivals_by(chosen(form), request.reach, now=now, due_days=days)
    page = page_of(found, request.GET, newest_first=True)
    context = {
        "form": form,
        "page": page,
        "due": {row.pk for row in page if waits_too_long(row, now, days)},
        "due_days": days,
        "may": rights.holds(request.user, P.ARRIVAL_REGISTER, P.LEDGER_EXPORT),
        "filters": request.GET.urlencode(),
    }
    return render(request, "people/arrivals.html", context)


def waits_too_long(row: Arrival, now, days: int) -> bool:
    """Whether the arrival is still to be verified after the days of the rule."""
    return row.state == Arrival.State.PENDING and (now - row.created_at).days >= days


@requires(P.ARRIVAL_REGISTER)
@require_http_methods(FORM)
@idempotent
def register(request):
    """The desk form. It is a claim until both sides confirm it."""
    initial = {
        "station": request.GET.get("station", ""),
        "registered": timezone.localdate().isoformat(),
        "destination_text": request.GET.get("community", ""),
    }
    form = ArrivalForm(
        request.POST or None, reach=request.reach, user=request.user, initial=initial,
        person_reach=Reach.of(request.user, P.PERSON_VIEW),
    )  # fmt: skip
    if form.is_valid():
        return _registered(request, form)
    return render(request, "people/arrival_new.html", {"form": form})


def _registered(request, form: ArrivalForm):
    row = actions.register_arrival(
        form.claim(), station=form.unit, channel=Arrival.Channel.DESK, home=form.home(),
        destination=form.destination(), by=request.user, at=timezone.now(),
    )  # fmt: skip
    toast(request, _("%(name)s is entered in the register.") % {"name": row.full_name})
    if "next" in request.POST:
        kept = {"station": row.station_id, "community": row.destination_text}
        return redirect(f"{reverse('people:arrival-new')}?{urlencode(kept)}")
    return redirect("people:arrival", row.pk)


def _within(request, pk, path: str = "") -> Arrival:
    rows = Arrival.objects.within(request.reach)
    if path:
        rows = rows.filter(request.reach.path_q(path))
    related = ("person", "station", "home__parent", "destination", "created_by", "closed_by")
    return get_object_or_404(rows.select_related(*related), pk=pk)


@requires(P.ARRIVAL_VIEW)
@require_safe
def arrival(request, pk):
    """One arrival: what the station wrote and what became of it."""
    row = _within(request, pk)
    days = dated.value(rules.VERIFY_DAYS, timezone.localdate())
    context = {
        "row": row,
        "may": rights.on_arrival(request.user, row),
        "in_sight": row.person is not None and rights.in_sight(request.user, row.person),
        "is_due": waits_too_long(row, timezone.now(), days),
        "due_days": days,
    }
    return render(request, "people/arrival.html", context)


@requires(P.ARRIVAL_REFUSE)
@require_http_methods(FORM)
@idempotent
def refuse(request, pk):
    """The station strikes a pending arrival from its register, with a reason."""
    row = _within(request, pk, "station_path")
    hint = _("Such as: entered twice; not a Party member; reports at another station.")
    form = ReasonForm(request.POST or None, hint=hint)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            actions.refuse_arrival(row, reason=reason, by=request.user, at=timezone.now())
            toast(request, _("The arrival is refused."))
        except Refused as refusal:
            messages.error(request, str(refusal))
        return redirect("people:arrival", row.pk)
    back = reverse("people:arrival", args=[row.pk])
    context = {"form": form, "row": row, "title": _("Refuse this arrival"), "back": back}
    return render(request, "people/decide.html", context)
