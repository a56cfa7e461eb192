"""Weekly links: made, handed on, withdrawn."""

from __future__ import annotations

from django.conf import settings
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from waystation.kernel.paging import page_of
from waystation.kernel.templatetags.ui import zh_date
from waystation.kernel.toasts import toast
from waystation.organizations.access import mandates_of, requires
from waystation.organizations.models import Mandate, Unit
from waystation.organizations.permissions import ROLES, Permission
from waystation.stewardship.contacts import actions
from waystation.stewardship.contacts.forms import LinkForm
from waystation.stewardship.contacts.models import WeeklyLink
from waystation.stewardship.contacts.queries.links import branches_to_ask, links_by
from waystation.stewardship.contacts.views.common import tabs

P = Permission


@requires(P.WEEKLY_SEND)
@require_safe
def link_list(request):
    """The links that are in use, and the earlier ones with what came back."""
    tab = "ended" if request.GET.get("tab") == "ended" else ""
    rows = links_by({"tab": tab}, request.reach, at=timezone.now())
    context = {
        "tabs": tabs(request, "link-list"),
        "tab": tab,
        "page": page_of(rows, request.GET, newest_first=True),
        "branches": branches_to_ask(request.reach, timezone.localdate())[:8],
    }
    return render(request, "contacts/links.html", context)


@requires(P.WEEKLY_SEND)
@require_http_methods(["GET", "HEAD", "POST"])
def link_new(request):
    """Make a link; the answer shows it once, as text to copy, as a code and as a note to print."""
    branches = branches_to_ask(request.reach, timezone.localdate())
    form = LinkForm(request.POST or None, branches=branches, initial=_initial(request, branches))
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.make_link(sender=_sender(request), by=request.user, at=timezone.now(), **form.cleaned_data)
        except actions.ContactRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            return render(request, "contacts/link_made.html", _handed_on(made))
    return render(request, "contacts/link_new.html", {"form": form, "branches": branches})


def _initial(request, branches: list[Unit]) -> dict:
    wanted = next((unit for unit in branches if str(unit.pk) == request.GET.get("branch")), None)
    if wanted is None:
        return {}
    held = Mandate.objects.in_force(timezone.localdate()).filter(unit=wanted, role="branch_secretary")
    secretary = held.select_related("user").order_by("starts_on").first()
    return {"branch": wanted.pk, "reader": secretary.user.full_name if secretary else ""}


def _sender(request) -> Unit:
    """The unit on whose behalf the user asks: the first that may."""
    return next(m.unit for m in mandates_of(request.user) if P.WEEKLY_SEND in ROLES[m.role].permissions)


def _handed_on(made) -> dict:
    link = made.link
    address = settings.SITE_ADDRESS.rstrip("/") + reverse("portal:weekly", args=[made.token])
    words = {
        "sender": link.sender.name, "reader": link.reader, "branch": link.branch.name,
        "day": zh_date(link.expires_at), "address": address,
    }  # fmt: skip
    text = _(
        "[%(sender)s] %(reader)s, please tell us in three minutes how the members of %(branch)s who are away are "
        "doing. No account is needed; the last two digits of your phone are asked. Good until %(day)s: %(address)s"
    )
    return {"link": link, "address": address, "text": text % words, "asked": link.questions.count()}


@requires(P.WEEKLY_SEND)
@require_POST
def link_revoke(request, pk):
    """Withdraw a link."""
    link = get_object_or_404(WeeklyLink.objects.within(request.reach).select_related("branch"), pk=pk)
    try:
        actions.revoke_link(link, by=request.user, at=timezone.now())
    except actions.LinkGone as refusal:
        toast(request, str(refusal))
    else:
        toast(request, _("The link to %(branch)s leads nowhere any more.") % {"branch": link.branch.name})
    return redirect("contacts:link-list")
