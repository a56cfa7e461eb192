"""Pages of yearly plans."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from waystation.kernel.idempotency import idempotent
from waystation.kernel.toasts import toast
from waystation.organizations.access import Reach, requires
from waystation.stewardship.education import actions, ledgers
from waystation.stewardship.education.forms import ItemForm, PlanFilterForm, PlanForm, ReasonForm
from waystation.stewardship.education.models import Plan, PlanItem
from waystation.stewardship.education.queries.plans import items_of, plans_by
from waystation.stewardship.education.views.common import P, key_asked, may, number
from waystation.stewardship.groups.models import FunctionalGroup
from waystation.stewardship.people.large_ledgers import reach_of

PAGE = 50


@requires(P.EDUCATION_VIEW)
@require_safe
def plan_list(request):
    """The plans in reach, the newest year first."""
    form = PlanFilterForm(request.GET or None)
    filters = form.cleaned_data if form.is_valid() else {}
    rows = plans_by(filters, request.reach).order_by("-year", "unit_path")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    return render(request, "education/plan_list.html", {"page": page, "form": form, "may": may(request.user)})


@requires(P.EDUCATION_PLAN)
@idempotent
def plan_new(request):
    """Begin a plan with what the rules ask for."""
    form = PlanForm(request.POST or None, reach=request.reach, initial=_initial(request))
    if request.method == "POST" and form.is_valid():
        try:
            plan = actions.draft_plan(by=request.user, at=timezone.now(), **form.cleaned_data)
        except actions.EducationRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            toast(request, _("The plan was begun with everything the rules ask for."))
            return redirect("education:plan", plan.pk)
    return render(request, "education/plan_new.html", {"form": form})


def _initial(request) -> dict:
    own = request.reach.units[0]
    return {"unit": request.GET.get("unit") or own, "year": timezone.localdate().year}


def _plan_or_404(reach: Reach, pk) -> Plan:
    return get_object_or_404(Plan.objects.within(reach).select_related("unit", "approved_by"), pk=pk)


@requires(P.EDUCATION_VIEW)
@require_safe
def plan(request, pk):
    """One plan, month by month, with what was held for each item."""
    found = _plan_or_404(request.reach, pk)
    group, quarter = key_asked(request, "group"), number(request.GET.get("quarter", ""), default=0)
    if quarter > 4:
        raise Http404
    context = {
        "plan": found,
        "items": items_of(found, group=group, quarter=quarter),
        "group": get_object_or_404(FunctionalGroup, pk=group, station=found.unit_id) if group else None,
        "quarter": quarter,
        "may": may(request.user),
        "may_plan": Reach.of(request.user, P.EDUCATION_PLAN).covers(found.unit_path),
        "may_approve": Reach.of(request.user, P.EDUCATION_APPROVE).covers(found.unit_path),
        "may_record": Reach.of(request.user, P.EDUCATION_RECORD).covers(found.unit_path),
        "may_export": reach_of(request.user, ledgers.PLAN).covers(found.unit_path),
        "today": timezone.localdate(),
    }
    return render(request, "education/plan.html", context)


@require_POST
@requires(P.EDUCATION_APPROVE)
@idempotent
def plan_approve(request, pk):
    """Approve a plan and so publish it to everybody who sees the unit."""
    found = _plan_or_404(request.reach, pk)
    try:
        actions.approve_plan(found, by=request.user, at=timezone.now())
    except actions.EducationRefused as refusal:
        toast(request, str(refusal))
    else:
        toast(request, _("The plan is approved. Its items appear among the open items as their days come near."))
    return redirect("education:plan", found.pk)


@require_POST
@requires(P.EDUCATION_PLAN)
@idempotent
def plan_copy(request, pk):
    """Begin next year's plan with the items of this one."""
    found = _plan_or_404(request.reach, pk)
    try:
        made = actions.copy_plan(found, by=request.user, at=timezone.now())
    except actions.EducationRefused as refusal:
        toast(request, str(refusal))
        return redirect("education:plan", found.pk)
    toast(request, _("The plan of %(year)s was begun with these items.") % {"year": made.year})
    return redirect("education:plan", made.pk)


# --- items ----------------------------------------------------------------------------------------


@requires(P.EDUCATION_PLAN)
@idempotent
def item_new(request, pk):
    """Add an item to a plan."""
    found = _plan_or_404(request.reach, pk)
    return _item_page(request, found, None)


@requires(P.EDUCATION_VIEW)
@idempotent
def item(request, pk):
    """One item: to read, and for those who plan to change."""
    rows = PlanItem.objects.filter(plan__in=Plan.objects.within(request.reach)).select_related("plan__unit", "grid")
    found = get_object_or_404(rows, pk=pk)
    if Reach.of(request.user, P.EDUCATION_PLAN).covers(found.plan.unit_path) and found.dropped_at is None:
        return _item_page(request, found.plan, found)
    return redirect("education:plan", found.plan_id)


def _item_page(request, plan: Plan, item: PlanItem | None):
    # The form checks a copy: a failed save must leave the row that the page shows as it was.
    instance = PlanItem.objects.get(pk=item.pk) if item else None
    form = ItemForm(request.POST or None, plan=plan, instance=instance)
    if request.method == "POST" and form.is_valid():
        try:
            actions.save_item(plan, item, by=request.user, at=timezone.now(), **form.cleaned_data)
        except actions.EducationRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            toast(request, _("Saved."))
            return redirect("education:plan", plan.pk)
    context = {"form": form, "plan": plan, "item": item, "reason_form": ReasonForm()}
    context["may_record"] = Reach.of(request.user, P.EDUCATION_RECORD).covers(plan.unit_path)
    return render(request, "education/item.html", context)


@require_POST
@requires(P.EDUCATION_PLAN)
@idempotent
def item_drop(request, pk):
    """Take an item off its plan."""
    rows = PlanItem.objects.filter(plan__in=Plan.objects.within(request.reach)).select_related("plan")
    found = get_object_or_404(rows, pk=pk)
    try:
        actions.drop_item(found, reason=request.POST.get("reason", "")[:200], by=request.user, at=timezone.now())
    except actions.EducationRefused as refusal:
        toast(request, str(refusal))
        return redirect("education:item", found.pk)
    toast(request, _("The item was taken off the plan."))
    return redirect("education:plan", found.plan_id)
