"""What the leader of a group suggests: read, taken up or declined by the station."""

from __future__ import annotations

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from waystation.kernel.idempotency import idempotent
from waystation.kernel.toasts import toast
from waystation.organizations.access import Reach, requires
from waystation.organizations.permissions import Permission
from waystation.stewardship.groups import actions, life
from waystation.stewardship.groups.forms import ReasonForm
from waystation.stewardship.groups.models import SuggestedActivity

P = Permission


def _suggested_or_404(reach: Reach, pk) -> SuggestedActivity:
    rows = SuggestedActivity.objects.within(reach).select_related(
        "group__station", "leader__member__person", "answered_by"
    )
    return get_object_or_404(rows, pk=pk)


def _form_of(found: SuggestedActivity) -> str:
    """Where its occasion is entered; empty where no app keeps organization life."""
    book = life.book()
    return book.form_of_suggested(found) if book else ""


def _page(request, found: SuggestedActivity, form: ReasonForm):
    waits_for_entry = found.state == found.State.TAKEN and found.occasion_key is None
    context = {
        "suggested": found,
        "form": form,
        "waits": found.state == found.State.WAITING,
        "is_to_come": waits_for_entry and found.held_on > timezone.localdate(),
        "entry": _form_of(found) if waits_for_entry else "",
    }
    return render(request, "groups/suggested.html", context)


@requires(P.GROUP_MANAGE)
@require_safe
def suggested(request, pk):
    """One suggestion, with both answers while it waits."""
    return _page(request, _suggested_or_404(request.reach, pk), ReasonForm())


@requires(P.GROUP_MANAGE)
@require_POST
@idempotent
def take(request, pk):
    """Take it up. The form of an occasion opens if the day has come; until then it is an open item of the station."""
    found = _suggested_or_404(request.reach, pk)
    try:
        actions.take_up(found, by=request.user, at=timezone.now())
    except actions.GroupRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("groups:suggested", pk=found.pk)
    address = _form_of(found)
    if address and found.held_on <= timezone.localdate():
        toast(request, _("Taken up. Enter the occasion here."))
        return redirect(address)
    toast(request, _("Taken up. Until it was held and is entered it stands among the open items of the station."))
    return redirect("groups:group", pk=found.group_id)


@requires(P.GROUP_MANAGE)
@require_POST
@idempotent
def decline(request, pk):
    """Decline it, with the reason that the leader reads."""
    found, form = _suggested_or_404(request.reach, pk), ReasonForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form)
    try:
        actions.decline(found, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now())
    except actions.GroupRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("groups:suggested", pk=found.pk)
    toast(request, _("Declined. The leader reads the reason."))
    return redirect("groups:group", pk=found.group_id)
