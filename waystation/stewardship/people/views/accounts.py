"""The member's own account: opened, linked and taken back where the member stands at the counter."""

from __future__ import annotations

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from waystation.kernel.idempotency import idempotent
from waystation.kernel.toasts import toast
from waystation.organizations.access import requires
from waystation.organizations.permissions import Permission
from waystation.stewardship.people import actions
from waystation.stewardship.people.actions.errors import Refused
from waystation.stewardship.people.forms import AccountForm, ReasonForm
from waystation.stewardship.people.models import Person
from waystation.stewardship.people.views import rights

P = Permission


@requires(P.ACCOUNT_ISSUE)
@require_http_methods(["GET", "HEAD", "POST"])
@idempotent
def account(request, pk):
    """The account of the member; sent, a new one, whose slip is the answer and is shown nowhere else."""
    person = rights.cared_for_or_404(request, pk)
    form = AccountForm(request.POST or None)
    if form.is_valid():
        try:
            user, password = actions.open_account(person, by=request.user, at=timezone.now(), **form.cleaned_data)
        except Refused as refusal:
            form.add_error("username", str(refusal))
        else:
            return _slip(request, person, user, password)
    return _page(request, person, form=form)


@requires(P.ACCOUNT_ISSUE)
@require_POST
@idempotent
def link(request, pk):
    """Let the member use an account that exists."""
    person = rights.cared_for_or_404(request, pk)
    form = AccountForm(request.POST, prefix="link")
    if form.is_valid():
        try:
            actions.link_account(person, by=request.user, at=timezone.now(), **form.cleaned_data)
        except Refused as refusal:
            form.add_error("username", str(refusal))
        else:
            toast(request, _("The account is linked to the file."))
            return redirect("people:account", person.pk)
    return _page(request, person, link_form=form)


@requires(P.ACCOUNT_ISSUE)
@require_POST
@idempotent
def unlink(request, pk):
    """Take the link back, with the reason."""
    person = rights.cared_for_or_404(request, pk)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _page(request, person, reason_form=form)
    try:
        actions.unlink_account(person, by=request.user, at=timezone.now(), **form.cleaned_data)
        toast(request, _("The link is taken back; the account sees the file no more."))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("people:account", person.pk)


@requires(P.ACCOUNT_ISSUE)
@require_POST
@idempotent
def slip(request, pk):
    """A new slip for a password that was forgotten or not used in time."""
    person = rights.cared_for_or_404(request, pk)
    try:
        user, password = actions.renew_slip(person, by=request.user, at=timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("people:account", person.pk)
    return _slip(request, person, user, password)


def _page(request, person: Person, **forms):
    context = {"form": AccountForm(), "link_form": AccountForm(prefix="link"), "reason_form": ReasonForm()}
    return render(request, "people/account.html", context | forms | {"person": person, "account": person.user})


def _slip(request, person: Person, user, password: str):
    """Shown once: the password stands in this answer, which no cache keeps, and nowhere else."""
    context = {"person": person, "account": user, "password": password}
    return render(request, "people/account_slip.html", context)
