"""Pages of the tree: looking through it, changing it, and who may do what in it."""

from __future__ import annotations

from django.db import IntegrityError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from waystation.kernel.idempotency import idempotent
from waystation.kernel.toasts import toast
from waystation.organizations import actions, offices, policy, queries
from waystation.organizations.access import Reach, requires, signed_in
from waystation.organizations.forms import (
    CloseForm,
    ContactsForm,
    MoveForm,
    NewUnitForm,
    RenameForm,
    TreeFilterForm,
)
from waystation.organizations.models import KINDS_UNDER, Mandate, Unit, UnitContact
from waystation.organizations.panels import panels_of
from waystation.organizations.permissions import ROLES, Permission

P = Permission


@requires(P.UNIT_VIEW)
def tree(request):
    """The tree from where the user's reach begins; deeper levels open in place or on their page."""
    form = TreeFilterForm(request.GET or None)
    found, names = [], {}
    if form.is_valid() and form.cleaned_data["q"]:
        found = queries.units_named(form.cleaned_data["q"], request.reach)
        names = queries.full_names(found)
    tops = queries.with_counts(queries.tops(request.reach)).order_by("path")
    levels = [{"unit": top, "children": _children(top, request.reach)} for top in tops[:50]]
    context = {
        "form": form,
        "levels": levels,
        "found": [(unit, names[unit.pk]) for unit in found],
    }
    return render(request, "organizations/tree.html", context)


def _children(unit: Unit, reach: Reach) -> list[Unit]:
    below = Unit.objects.filter(parent=unit).active().within(reach)
    return list(queries.with_counts(below).order_by("kind", "code", "name"))


@requires(P.UNIT_VIEW)
def children(request, pk):
    """The fragment with the units directly below one."""
    unit = get_object_or_404(Unit.objects.within(request.reach), pk=pk)
    context = {"children": _children(unit, request.reach)}
    return render(request, "organizations/_children.html", context)


@requires(P.UNIT_VIEW)
def unit_options(request):
    """Full names of units that begin with what was typed, for the list beside a field."""
    text = next((value for key, value in request.GET.items() if value), "")[:60]
    found = queries.units_named(text, request.reach)
    names = queries.full_names(found)
    context = {"names": [names[unit.pk] for unit in found]}
    return render(request, "organizations/_options.html", context)


@requires(P.UNIT_VIEW)
def unit(request, pk):
    """One unit: where it lies, what lies below it, and who holds which role in it, now and before."""
    found = get_object_or_404(Unit.objects.within(request.reach), pk=pk)
    day, may_manage = timezone.localdate(), Reach.of(request.user, P.UNIT_MANAGE)
    mandates = Mandate.objects.filter(unit=found).select_related("user", "granted_by")
    in_force = mandates.in_force(day)
    context = {
        "unit": found,
        "crumbs": _crumbs(found, request.reach),
        "children": _children(found, request.reach),
        "now": in_force.order_by("role", "starts_on"),
        "before": mandates.exclude(pk__in=in_force.values("pk")).order_by("-starts_on")[:50],
        "may_manage": may_manage.covers(found.path),
        "may_add": may_manage.covers(found.path) and bool(KINDS_UNDER[found.kind] - {"station", "grid"}),
        "may_grant": Reach.of(request.user, P.MANDATE_MANAGE).covers(found.path),
        "may_contact": Reach.of(request.user, P.UNIT_CONTACT).covers(found.path),
        "panels": panels_of(found, request.user),
        **_office(found),
    }  # fmt: skip
    return render(request, "organizations/unit.html", context)


def _office(unit: Unit) -> dict:
    """How the unit is reached, and whose office that is where it is one above."""
    office = offices.office_of(unit)
    is_own = office is None or office.unit == unit.pk
    return {"office": office, "office_above": None if is_own else Unit.objects.get(pk=office.unit)}


def _crumbs(unit: Unit, reach: Reach) -> list[tuple[str, str]]:
    """The tree and the chain above the unit, as far as the user may open it."""
    chain = [
        (above.name, reverse("organizations:unit", args=[above.pk]))
        for above in queries.ancestors(unit)[:-1]
        if reach.covers(above.path)
    ]
    return [(_("Organization tree"), reverse("organizations:tree")), *chain]


# --- changing the tree ----------------------------------------------------------------------------


@requires(P.UNIT_MANAGE)
@idempotent
def unit_new(request):
    """A unit below the one that the address names."""
    parent = get_object_or_404(Unit.objects.within(request.reach).active(), pk=_digits(request.GET.get("parent")))
    form = NewUnitForm(request.POST or None, parent=parent)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.create_unit(parent=parent, by=request.user, at=timezone.now(), **form.cleaned_data)
        except (actions.Misplaced, IntegrityError) as refusal:
            form.add_error("name", _words(refusal))
        else:
            toast(request, _("%(name)s was added.") % {"name": made.name})
            return redirect("organizations:unit", pk=parent.pk)
    return _form_page(request, form, parent, title=_("New unit"), submit=_("Add"))


def _digits(text) -> int:
    return int(text[:18]) if text and text.isdigit() else 0


def _words(refusal: Exception) -> str:
    if isinstance(refusal, IntegrityError):
        return _("A unit of this name lies there already.")
    return str(refusal)


def _form_page(request, form, unit: Unit, *, title: str, submit: str, note: str = ""):
    context = {"form": form, "unit": unit, "title": title, "submit": submit, "note": note}
    return render(request, "organizations/form.html", context)


@requires(P.UNIT_MANAGE)
@idempotent
def unit_rename(request, pk):
    """Another name for the unit."""
    found = get_object_or_404(Unit.objects.within(request.reach), pk=pk)
    form = RenameForm(request.POST or None, initial={"name": found.name})
    if request.method == "POST" and form.is_valid():
        try:
            actions.rename_unit(found, name=form.cleaned_data["name"], by=request.user, at=timezone.now())
        except IntegrityError as refusal:
            form.add_error("name", _words(refusal))
        else:
            toast(request, _("Saved."))
            return redirect("organizations:unit", pk=found.pk)
    return _form_page(request, form, found, title=_("Rename the unit"), submit=_("Save"))


@requires(P.UNIT_CONTACT)
@idempotent
def unit_contacts(request, pk):
    """How the office of the unit is reached."""
    found = get_object_or_404(Unit.objects.within(request.reach).active(), pk=pk)
    kept = offices.kept_elsewhere(found.kind)
    own = UnitContact.objects.filter(unit=found).values(*offices.FIELDS).first()
    form = ContactsForm(request.POST or None, initial=own, without=kept)
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_contacts(found, by=request.user, at=timezone.now(), **form.cleaned_data)
        except actions.ContactsRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            toast(request, _("Saved."))
            return redirect("organizations:unit", pk=found.pk)
    note = _("They stand on transfer letters and in ledgers. Units below that have none of their own use these.")
    if kept:
        note = _("Address and telephone of a station are kept with the station.")
    return _form_page(request, form, found, title=_("Contact particulars"), submit=_("Save"), note=note)


@requires(P.UNIT_MANAGE)
@idempotent
def unit_move(request, pk):
    """Another place for the unit and everything under it."""
    found = get_object_or_404(Unit.objects.within(request.reach), pk=pk)
    form = MoveForm(request.POST or None, reach=request.reach)
    if request.method == "POST" and form.is_valid():
        parent = form.cleaned_data["parent"]
        try:
            actions.move_unit(found, parent=parent, by=request.user, at=timezone.now())
        except (actions.Misplaced, IntegrityError) as refusal:
            form.add_error("parent", _words(refusal))
        else:
            toast(request, _("%(name)s lies under %(parent)s now.") % {"name": found, "parent": parent})
            return redirect("organizations:unit", pk=found.pk)
    note = _("Everything below it moves along: members, departures, stays and open imports.")
    return _form_page(request, form, found, title=_("Move the unit"), submit=_("Move"), note=note)


@requires(P.UNIT_MANAGE)
@idempotent
def unit_close(request, pk):
    """Close the unit from a day on; its history stays."""
    found = get_object_or_404(Unit.objects.within(request.reach).active(), pk=pk)
    form = CloseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.close_unit(found, on=form.cleaned_data["on"], by=request.user, at=timezone.now())
        except actions.UnitInUse as refusal:
            form.add_error(None, str(refusal))
        else:
            toast(request, _("%(name)s was closed.") % {"name": found.name})
            return redirect("organizations:unit", pk=found.pk)
    return _form_page(request, form, found, title=_("Close the unit"), submit=_("Close it"))


# --- the policy -----------------------------------------------------------------------------------


@require_safe
@signed_in("Who may do what is no secret to those who work here.")
def policy_page(request):
    """Roles, permissions and depth, from the same code that decides."""
    context = {
        "roles": [(key, role, policy.kinds_of(role)) for key, role in ROLES.items()],
        "matrix": policy.matrix(),
        "open": policy.sorted_by_route(policy.addresses(), "public"),
    }
    return render(request, "organizations/policy.html", context)
