"""Pages of study brought home."""

from __future__ import annotations

from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from waystation.kernel import dated
from waystation.kernel.idempotency import idempotent
from waystation.kernel.toasts import toast
from waystation.organizations.access import Reach, requires
from waystation.stewardship.education import actions, rules
from waystation.stewardship.education.forms import DeliveryForm, PackForm, ReasonForm
from waystation.stewardship.education.models import Delivery, Pack
from waystation.stewardship.education.queries.packs import deliveries_due, excused_stays, packs_by
from waystation.stewardship.education.views.common import P, may

PAGE = 50
DUE_SHOWN = 100


@requires(P.EDUCATION_VIEW)
@require_safe
def pack_list(request):
    """What is still to be brought, and the packs."""
    page = Paginator(packs_by({}, request.reach).order_by("-issued_on", "-pk"), PAGE)
    context = {
        "due": deliveries_due(request.reach)[:DUE_SHOWN],
        "page": page.get_page(request.GET.get("page")),
        "today": timezone.localdate(),
        "may": may(request.user),
    }
    return render(request, "education/pack_list.html", context)


@requires(P.EDUCATION_RECORD)
@idempotent
def pack_new(request):
    """Put a pack together for every excused member of a station."""
    today = timezone.localdate()
    own = request.reach.units[0]
    initial = {"unit": own, "issued_on": today, "due_on": today + timedelta(days=dated.value(rules.PACK_DAYS, today))}
    form = PackForm(request.POST or None, reach=request.reach, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.issue_pack(by=request.user, at=timezone.now(), **form.cleaned_data)
        except actions.EducationRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            toast(request, _("The pack is issued; each delivery stands among the open items of who answers for it."))
            return redirect("education:pack", made.pk)
    return render(request, "education/pack_new.html", {"form": form})


@requires(P.EDUCATION_VIEW)
@require_safe
def pack(request, pk):
    """One pack and to whom it is brought; printed it is the carrier's list."""
    found = get_object_or_404(Pack.objects.within(request.reach).select_related("unit"), pk=pk)
    rows = found.deliveries.select_related("person__destination", "person__home", "unit")
    known = found.deliveries.values("stay")
    may_record = Reach.of(request.user, P.EDUCATION_RECORD).covers(found.unit_path)
    context = {
        "pack": found,
        "rows": rows.order_by("person__name_key", "pk"),
        "missing": excused_stays(found.unit, timezone.localdate()).exclude(pk__in=known).count() if may_record else 0,
        "may_record": may_record,
        "today": timezone.localdate(),
    }
    return render(request, "education/pack.html", context)


@require_POST
@requires(P.EDUCATION_RECORD)
@idempotent
def pack_add(request, pk):
    """Add the members who were excused since the pack was issued."""
    found = get_object_or_404(Pack.objects.within(request.reach).select_related("unit"), pk=pk)
    stays = excused_stays(found.unit, timezone.localdate())
    done = actions.plan_deliveries(found, stays, by=request.user, at=timezone.now())
    toast(request, ngettext("%(n)d delivery was added.", "%(n)d deliveries were added.", done) % {"n": done})
    return redirect("education:pack", found.pk)


def _delivery_or_404(reach: Reach, pk) -> Delivery:
    rows = Delivery.objects.within(reach).select_related("pack", "person", "unit", "record")
    return get_object_or_404(rows, pk=pk)


@requires(P.EDUCATION_VIEW)
@idempotent
def delivery(request, pk):
    """One delivery: to note that it was made, by those who may."""
    found = _delivery_or_404(request.reach, pk)
    reach = Reach.of(request.user, P.EDUCATION_RECORD)
    may_record = bool(reach) and (reach.covers(found.unit_path) or reach.covers(found.pack.unit_path))
    if request.method == "POST" and not may_record:
        raise PermissionDenied(P.EDUCATION_RECORD)
    initial = {"delivered_on": timezone.localdate(), "carrier": request.user.full_name}
    form = DeliveryForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.deliver(found, by=request.user, at=timezone.now(), **form.cleaned_data)
        except actions.EducationRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            toast(request, _("Noted; the open item is done."))
            return redirect("education:pack", found.pack_id)
    context = {"delivery": found, "form": form, "may_record": may_record, "reason_form": ReasonForm()}
    return render(request, "education/delivery.html", context)


@require_POST
@requires(P.EDUCATION_RECORD)
@idempotent
def delivery_off(request, pk):
    """Call a delivery off, with a reason."""
    found = _delivery_or_404(request.reach, pk)
    reason = request.POST.get("reason", "")[:200]
    try:
        actions.call_off(found, reason=reason, by=request.user, at=timezone.now())
    except actions.EducationRefused as refusal:
        toast(request, str(refusal))
        return redirect("education:delivery", found.pk)
    toast(request, _("The delivery is called off."))
    return redirect("education:pack", found.pack_id)
