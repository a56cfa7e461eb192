"""What a group plans and what it did."""

from __future__ import annotations

from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from waystation.kernel.idempotency import idempotent
from waystation.kernel.toasts import toast
from waystation.organizations.access import Reach, requires
from waystation.organizations.permissions import Permission
from waystation.stewardship.groups import actions, life, queries
from waystation.stewardship.groups.forms import PlanForm, ReasonForm, RecordForm
from waystation.stewardship.groups.models import FunctionalGroup, GroupActivity
from waystation.stewardship.groups.views.finding import managed_or_404
from waystation.stewardship.people.models import Person

P = Permission
ENTER = require_http_methods(["GET", "HEAD", "POST"])


@requires(P.GROUP_MANAGE)
@ENTER
@idempotent
def plan(request, pk):
    """Plan an activity; it stands among what the station has to do until it is recorded."""
    found = managed_or_404(request.reach, pk)
    form = PlanForm(request.POST or None, initial={"held_on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        try:
            actions.plan_activity(found, by=request.user, at=timezone.now(), **form.cleaned_data)
        except actions.GroupRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            toast(request, _("The activity is planned. Record it when it has taken place."))
            return redirect("groups:group", pk=found.pk)
    remark = _("Until it is recorded it stands among the open items of the station.")
    context = {"form": form, "group": found, "title": _("Plan another activity"), "remark": remark}
    context["life_form"] = _life_form(request.user, found)
    return render(request, "groups/decide.html", context)


def _life_form(user, group: FunctionalGroup) -> dict:
    """Where organization life of the group is entered instead; the address only for those who may."""
    book = life.book()
    if book is None:
        return {}
    may_enter = Reach.of(user, P.EDUCATION_RECORD).covers(group.station_path)
    return {"url": book.form_of(group) if may_enter else ""}


def _activity_or_404(reach: Reach, pk) -> GroupActivity:
    rows = GroupActivity.objects.filter(reach.path_q("group__station_path"))
    return get_object_or_404(rows.select_related("group__station", "settled_by"), pk=pk)


@requires(P.GROUP_VIEW)
@ENTER
@idempotent
def activity(request, pk):
    """An activity: recorded by who manages the group, read by who may see it."""
    found = _activity_or_404(request.reach, pk)
    may_manage = Reach.of(request.user, P.GROUP_MANAGE).covers(found.group.station_path)
    if found.state != GroupActivity.State.PLANNED or not may_manage:
        people = Person.objects.within(Reach.of(request.user, P.PERSON_VIEW)).values("pk")
        took_part = found.attended.filter(person__in=people).select_related("person").order_by("person__name_key")
        context = {"activity": found, "attended": took_part, "number": found.attended.count()}
        return render(request, "groups/activity.html", context)
    initial = {"held_on": found.held_on, "topic": found.topic, "place": found.place}
    form = RecordForm(request.POST or None, rows=queries.members(found.group), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.record_activity(
                found,
                by=request.user,
                at=timezone.now(),
                **{**form.cleaned_data, "attended": [row.pk for row in form.cleaned_data["attended"]]},
            )
        except actions.GroupRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            toast(request, _("Recorded."))
            return redirect("groups:group", pk=found.group_id)
    context = {"form": form, "activity": found, "group": found.group}
    return render(request, "groups/record.html", context | {"life_form": _life_form(request.user, found.group)})


@requires(P.GROUP_MANAGE)
@ENTER
@idempotent
def cancel(request, pk):
    """Call an activity off, with the reason."""
    found = _activity_or_404(request.reach, pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.cancel_activity(found, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now())
        except actions.GroupRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            toast(request, _("The activity is called off."))
            return redirect("groups:group", pk=found.group_id)
    context = {"form": form, "group": found.group, "title": _("Call the activity off"), "remark": found.topic}
    return render(request, "groups/decide.html", context)
