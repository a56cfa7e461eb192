"""Pages of mandates: who holds which role where, giving one, ending one."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from waystation.kernel.fields import prefix_q
from waystation.kernel.idempotency import idempotent
from waystation.kernel.toasts import toast
from waystation.organizations import actions, queries
from waystation.organizations.access import requires
from waystation.organizations.forms import EndMandateForm, MandateFilterForm, MandateForm
from waystation.organizations.models import Mandate, Unit
from waystation.organizations.permissions import Permission

PAGE = 50


@requires(Permission.MANDATE_MANAGE)
def mandate_list(request):
    """The mandates in reach, in force unless asked otherwise."""
    form = MandateFilterForm(request.GET or None, reach=request.reach)
    filters = form.cleaned_data if form.is_valid() else {}
    rows = _filtered(Mandate.objects.within(request.reach), filters)
    rows = rows.select_related("user", "unit").order_by("unit__path", "role", "starts_on", "pk")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    names = queries.full_names(mandate.unit for mandate in page.object_list)
    for mandate in page.object_list:
        mandate.place = names[mandate.unit_id]
    context = {"form": form, "page": page, "today": timezone.localdate()}
    return render(request, "organizations/mandates.html", context)


def _filtered(rows, filters: dict):
    day = timezone.localdate()
    if not filters.get("state"):
        rows = rows.in_force(day)
    elif filters["state"] == "ended":
        rows = rows.filter(ends_on__lte=day)
    if filters.get("role"):
        rows = rows.filter(role=filters["role"])
    if filters.get("unit"):
        rows = rows.filter(prefix_q("unit__path", filters["unit"].path))
    if text := filters.get("q", "").strip():
        rows = rows.filter(Q(user__full_name__contains=text) | Q(user__username=text.lower()))
    return rows


@requires(Permission.MANDATE_MANAGE)
@idempotent
def mandate_new(request):
    """Give a user a role in a unit."""
    form = MandateForm(request.POST or None, reach=request.reach, initial=_from_address(request, request.reach))
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        user = given.pop("username")
        try:
            actions.grant_mandate(user=user, by=request.user, at=timezone.now(), **given)
        except actions.MandateRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            words = {"name": user.full_name, "unit": given["unit"].name}
            toast(request, _("%(name)s works in %(unit)s now.") % words)
            return redirect("organizations:mandate-list")
    return render(request, "organizations/mandate_new.html", {"form": form})


def _from_address(request, reach) -> dict[str, str]:
    """What the address says already: the unit and the user the visitor comes from."""
    initial = {"username": request.GET.get("user", "")[:64]}
    wanted = request.GET.get("unit", "")
    if wanted.isdigit():
        unit = Unit.objects.within(reach).filter(pk=int(wanted[:18])).first()
        if unit is not None:
            initial["unit"] = queries.full_names([unit])[unit.pk]
    return initial


@requires(Permission.MANDATE_MANAGE)
@idempotent
def mandate_end(request, pk):
    """End a mandate on a day. It is never deleted."""
    rows = Mandate.objects.within(request.reach).in_force(timezone.localdate())
    mandate = get_object_or_404(rows.select_related("user", "unit"), pk=pk)
    form = EndMandateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            ends_on = form.cleaned_data["ends_on"]
            actions.end_mandate(mandate, ends_on=ends_on, by=request.user, at=timezone.now())
        except actions.MandateRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            toast(request, _("The mandate ends. What was done under it stays."))
            return redirect("organizations:unit", pk=mandate.unit_id)
    context = {"form": form, "mandate": mandate}
    return render(request, "organizations/mandate_end.html", context)
