"""Lists that somebody named: saved from the list of people, opened again, shared with one's unit."""

from django.contrib import messages
from django.http import QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from waystation.kernel.idempotency import idempotent
from waystation.kernel.toasts import toast
from waystation.organizations.access import mandates_of, requires
from waystation.organizations.models import Unit
from waystation.organizations.permissions import Permission
from waystation.stewardship.people import actions, same_people
from waystation.stewardship.people.forms import PersonFilterForm, SavedListForm, chosen
from waystation.stewardship.people.models import SavedList
from waystation.stewardship.people.queries.saved import names_in, packed, saved_rows

P = Permission


@requires(P.PERSON_VIEW)
@require_safe
def lists(request):
    """One's own lists and those of one's units, each with its number of today."""
    rows = saved_rows(request.user, request.reach)
    for row in rows:
        row.links = same_people.links(request.user, names_in(row.saved.filters), row.query)
    context = {"rows": rows, "unit": _own_unit(request)}
    return render(request, "people/saved.html", context)


def _own_unit(request) -> Unit | None:
    """The unit with which the user shares: that of the first mandate that shows people."""
    return next((m.unit for m in mandates_of(request.user) if m.unit_id in request.reach.units), None)


@requires(P.PERSON_VIEW)
@require_POST
@idempotent
def save(request):
    """Keep the filters of the list under a name."""
    query = request.POST.get("filters", "")[:1000]
    form = SavedListForm(request.POST)
    filters = packed(chosen(PersonFilterForm(QueryDict(query), reach=request.reach)))
    back = f"{reverse('people:list')}{'?' if query else ''}{query}"
    if not form.is_valid() or not filters:
        messages.error(request, _("Give the list a name, and set at least one filter first."))
        return redirect(back)
    unit = _own_unit(request) if form.cleaned_data["is_shared"] else None
    try:
        actions.save_list(
            name=form.cleaned_data["name"], filters=filters, unit=unit, by=request.user, at=timezone.now()
        )
    except actions.ListRefused as refusal:
        messages.error(request, str(refusal))
        return redirect(back)
    toast(request, _("The list is saved."))
    return redirect("people:saved-lists")


def _own_list(request, pk) -> SavedList:
    return get_object_or_404(SavedList.objects.filter(owner=request.user), pk=pk)


@requires(P.PERSON_VIEW)
@require_POST
@idempotent
def share(request, pk):
    """Share a list of one's own with one's unit, or take it back."""
    saved = _own_list(request, pk)
    unit = None if saved.unit_id else _own_unit(request)
    actions.share_list(saved, unit=unit, by=request.user, at=timezone.now())
    toast(request, _("Your unit sees the list now.") if unit else _("Only you see the list now."))
    return redirect("people:saved-lists")


@requires(P.PERSON_VIEW)
@require_POST
@idempotent
def delete(request, pk):
    """Give up a list of one's own."""
    actions.delete_list(_own_list(request, pk), by=request.user, at=timezone.now())
    toast(request, _("The list is deleted. The people are where they were."))
    return redirect("people:saved-lists")
