"""Groups founded, changed, filled, led, merged and closed."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from waystation.kernel import dated
from waystation.kernel.idempotency import idempotent
from waystation.kernel.toasts import toast
from waystation.organizations.access import requires
from waystation.organizations.permissions import Permission
from waystation.stewardship.groups import actions, queries, rules
from waystation.stewardship.groups.forms import GroupForm, LeaderForm, MergeForm, ReasonForm, stations_in
from waystation.stewardship.groups.proposing import proposals as proposals_of
from waystation.stewardship.groups.views.finding import managed_or_404, station_of
from waystation.stewardship.people import classes
from waystation.stewardship.people.models import Person

P = Permission
ENTER = require_http_methods(["GET", "HEAD", "POST"])
CANDIDATES = 200


def _ids(request) -> list[UUID]:
    found = []
    for text in request.POST.getlist("pk"):
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found


def _candidates(station, filters: dict):
    """Open stays at the station whose members the filters show, by name."""
    people = classes.narrowed(Person.objects.living(), filters, timezone.localdate())
    rows = queries.in_care(station).filter(person__in=people.values("pk"))
    return rows.select_related("person", "destination").order_by("person__name_key", "pk")


@requires(P.GROUP_MANAGE)
@ENTER
@idempotent
def new(request):
    """Found a group by hand: its name and kind, and who takes part, out of those whom the filters show."""
    station = station_of(request)
    filter_form = classes.ClassFilterForm(
        QueryDict(request.POST.get("filters", "")[:1000]) if request.POST else request.GET, reach=request.reach
    )
    rows = _candidates(station, filter_form.chosen())
    form = GroupForm(request.POST or None, station=station, initial={"basis": request.GET.get("trade", "")})
    if request.method == "POST" and form.is_valid():
        stays = rows.values_list("pk", flat=True) if request.POST.get("all") else _ids(request)
        try:
            made = actions.found_group(
                station=station, stays=list(stays), by=request.user, at=timezone.now(), **form.cleaned_data
            )
        except actions.GroupRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            toast(request, _("The group %(name)s is founded.") % {"name": made.name})
            return redirect("groups:group", pk=made.pk)
    context = {
        "form": form,
        "filter_form": filter_form,
        "filters": urlencode(filter_form.chosen()),
        "kept": [("station", station.pk)],
        "rows": rows[:CANDIDATES],
        "total": rows.count(),
        "picked": request.POST.getlist("pk"),
        "station": station,
        "stations": stations_in(request.reach),
        "least": dated.value(rules.LEAST_FORMAL, timezone.localdate()),
    }
    return render(request, "groups/new.html", context)


@requires(P.GROUP_MANAGE)
@require_safe
def proposals(request):
    """Groups that the facts on file suggest, each with its reason."""
    station, day = station_of(request), timezone.localdate()
    context = {
        "station": station,
        "stations": stations_in(request.reach),
        "rows": proposals_of(station, day),
        "least": dated.value(rules.LEAST_FORMAL, day),
    }
    return render(request, "groups/proposals.html", context)


@requires(P.GROUP_MANAGE)
@require_POST
@idempotent
def accept(request):
    """Found the chosen proposed groups, or all."""
    station = station_of(request)
    keys = request.POST.getlist("key")
    if request.POST.get("all"):
        keys = [one.key for one in proposals_of(station, timezone.localdate())]
    try:
        made = actions.accept_proposals(station, keys, by=request.user, at=timezone.now())
    except actions.GroupRefused as refusal:
        messages.error(request, str(refusal))
        return redirect(f"{reverse('groups:proposals')}?station={station.pk}")
    words = ngettext("%(n)d group is founded.", "%(n)d groups are founded.", len(made)) % {"n": len(made)}
    waiting = _("Each waits for a leader.")
    toast(request, f"{words} {waiting}" if made else words)
    return redirect(f"{reverse('groups:list')}?station={station.pk}")


@requires(P.GROUP_MANAGE)
@ENTER
@idempotent
def edit(request, pk):
    """Another name, kind or purpose."""
    found = managed_or_404(request.reach, pk)
    initial = {
        "name": found.name, "kind": found.kind, "basis": found.basis, "community": found.community_id,
        "purpose": found.purpose,
    }  # fmt: skip
    form = GroupForm(request.POST or None, station=found.station, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit_group(found, by=request.user, at=timezone.now(), **form.cleaned_data)
        except actions.GroupRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            toast(request, _("Saved."))
            return redirect("groups:group", pk=found.pk)
    return render(request, "groups/edit.html", {"form": form, "group": found})


def _act(request, found, act, words) -> None:
    """Do it and say so, or say why not."""
    try:
        done = act()
    except actions.GroupRefused as refusal:
        messages.error(request, str(refusal))
    else:
        toast(request, words(done))


@requires(P.GROUP_MANAGE)
@require_POST
@idempotent
def join(request, pk):
    """Let everybody in care who shares the fact of the group take part."""
    found = managed_or_404(request.reach, pk)
    stays = queries.fitting(found).values_list("pk", flat=True)
    _act(
        request,
        found,
        lambda: actions.add_members(found, list(stays), by=request.user, at=timezone.now()),
        lambda n: ngettext("%(n)d member joined.", "%(n)d members joined.", n) % {"n": n},
    )
    return redirect("groups:group", pk=found.pk)


@requires(P.GROUP_MANAGE)
@require_POST
@idempotent
def leave(request, pk):
    """Let the ticked people leave the group."""
    found = managed_or_404(request.reach, pk)
    rows = queries.members(found).filter(person__in=_ids(request)).values_list("pk", flat=True)
    _act(
        request,
        found,
        lambda: actions.remove_members(found, list(rows), by=request.user, at=timezone.now()),
        lambda n: ngettext("%(n)d member left the group.", "%(n)d members left the group.", n) % {"n": n},
    )
    return redirect("groups:group", pk=found.pk)


@requires(P.GROUP_MANAGE)
@require_POST
@idempotent
def leader(request, pk):
    """Let one of the members lead the group, or nobody."""
    found = managed_or_404(request.reach, pk)
    form = LeaderForm(request.POST, rows=queries.members(found))
    form.fields["member"].required = False
    if not form.is_valid():
        messages.error(request, _("Choose one of the members."))
        return redirect("groups:group", pk=found.pk)
    member = form.cleaned_data["member"]
    if member is None:
        _act(
            request, found, lambda: actions.end_leading(found, by=request.user, at=timezone.now()),
            lambda ended: _("The group has no leader now."),
        )  # fmt: skip
    else:
        words = {"name": member.person.full_name, "group": found.name}
        _act(
            request, found, lambda: actions.name_leader(found, member, by=request.user, at=timezone.now()),
            lambda row: _("%(name)s leads %(group)s.") % words,
        )  # fmt: skip
    return redirect("groups:group", pk=found.pk)


@requires(P.GROUP_MANAGE)
@ENTER
@idempotent
def close(request, pk):
    """Close the group, with the reason."""
    found = managed_or_404(request.reach, pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.close_group(found, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now())
        except actions.GroupRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            toast(request, _("The group %(name)s is closed.") % {"name": found.name})
            return redirect("groups:group", pk=found.pk)
    remark = _("Its members leave it today; their formal relation and their grid stay. The history stays readable.")
    context = {"form": form, "group": found, "title": _("Close the group"), "remark": remark}
    return render(request, "groups/decide.html", context)


@requires(P.GROUP_MANAGE)
@ENTER
@idempotent
def merge(request, pk):
    """Merge the group into another of the station."""
    found = managed_or_404(request.reach, pk)
    form = MergeForm(request.POST or None, group=found)
    if request.method == "POST" and form.is_valid():
        try:
            kept = actions.merge_groups(form.cleaned_data["kept"], found, by=request.user, at=timezone.now())
        except actions.GroupRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            toast(request, _("%(group)s goes on with the members of both.") % {"group": kept.name})
            return redirect("groups:group", pk=kept.pk)
    remark = _("This group is closed today, and its members take part in the other one. Whoever is in both stays once.")
    context = {"form": form, "group": found, "title": _("Merge into another group"), "remark": remark}
    return render(request, "groups/decide.html", context)
