"""Accounts: opening, closing and helping, by the security administrator."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from waystation.accounts import actions
from waystation.accounts.lockout import locks_now
from waystation.accounts.models import User
from waystation.kernel.idempotency import idempotent
from waystation.kernel.models import AuditEvent
from waystation.kernel.toasts import toast
from waystation.organizations.access import requires
from waystation.organizations.models import Mandate
from waystation.organizations.permissions import Permission
from waystation.web import user_queries
from waystation.web.forms import NewUserForm, ReasonForm, UserFilterForm

P = Permission
PAGE = 50


@requires(P.USER_MANAGE)
@require_safe
def user_list(request):
    """Every account, with the roles it holds today."""
    now, form = timezone.now(), UserFilterForm(request.GET or None)
    filters = form.cleaned_data if form.is_valid() else {}
    users = user_queries.filtered(filters, now=now).order_by("full_name", "username")
    page = Paginator(users, PAGE).get_page(request.GET.get("page"))
    page.object_list = user_queries.with_mandates(list(page.object_list), timezone.localdate())
    names = [user.username for user in page.object_list]
    locked = {lock.username for lock in locks_now(now, names)}
    return render(request, "web/users.html", {"form": form, "page": page, "locked": locked})


@requires(P.USER_MANAGE)
@idempotent
def user_new(request):
    """Open an account; its one-time password is shown on the answer and nowhere else."""
    form = NewUserForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user, password = actions.create_user(by=request.user, at=timezone.now(), **form.cleaned_data)
        except actions.UsernameTaken:
            form.add_error("username", _("Somebody else signs in with this name."))
        else:
            return _password_page(request, user, password)
    return render(request, "web/user_new.html", {"form": form})


def _password_page(request, user: User, password: str):
    """Shown once: the password stands in this answer, which no cache keeps, and nowhere else."""
    return render(request, "web/user_password.html", {"account": user, "password": password})


@requires(P.USER_MANAGE)
@require_safe
def user_edit(request, pk):
    """One account: its roles, its locks, and what may be done."""
    user = get_object_or_404(User, pk=pk)
    context = {
        "account": user,
        "mandates": Mandate.objects.filter(user=user).select_related("unit").order_by("-starts_on", "-pk"),
        "today": timezone.localdate(),
        "locks": locks_now(timezone.now(), [user.username]),
        "is_self": user.pk == request.user.pk,
        "has_factor": user.authenticator_set.exists(),
        "events": AuditEvent.objects.about(user).order_by("-number")[:10],
        "reason_form": ReasonForm(),
    }
    return render(request, "web/user.html", context)


@require_POST
@requires(P.USER_MANAGE)
def user_disable(request, pk):
    """Let an account sign in no more, with the reason."""
    user, form = get_object_or_404(User, pk=pk), ReasonForm(request.POST)
    if not form.is_valid():
        toast(request, _("Write the reason."))
        return redirect("web:user-edit", pk=user.pk)
    reason = form.cleaned_data["reason"]
    return _done(
        request,
        user,
        lambda at: actions.disable_user(user, by=request.user, at=at, reason=reason),
        _("%(name)s can sign in no more."),
    )


@require_POST
@requires(P.USER_MANAGE)
def user_enable(request, pk):
    """Let a disabled account sign in again."""
    user = get_object_or_404(User, pk=pk)
    return _done(
        request,
        user,
        lambda at: actions.enable_user(user, by=request.user, at=at),
        _("%(name)s may sign in again."),
    )


@require_POST
@requires(P.USER_MANAGE)
def user_unlock(request, pk):
    """Forget the failed sign-ins of an account."""
    user = get_object_or_404(User, pk=pk)
    return _done(
        request,
        user,
        lambda at: actions.unlock_user(user, by=request.user, at=at),
        _("%(name)s is not locked out any more."),
    )


@require_POST
@requires(P.USER_MANAGE)
def user_remove_factor(request, pk):
    """Take a lost second factor away, after having seen the person."""
    user = get_object_or_404(User, pk=pk)
    return _done(
        request,
        user,
        lambda at: actions.remove_second_factor(user, by=request.user, at=at),
        _("%(name)s has to set up a second factor again."),
    )


def _done(request, user: User, act, words: str):
    try:
        act(timezone.now())
    except actions.OwnAccount:
        toast(request, _("Another administrator has to do this for your own account."))
    else:
        toast(request, words % {"name": user.full_name})
    return redirect("web:user-edit", pk=user.pk)


@require_POST
@requires(P.USER_MANAGE)
def user_reset(request, pk):
    """Replace a forgotten password by one that works once, shown once."""
    user = get_object_or_404(User, pk=pk)
    try:
        password = actions.reset_password(user, by=request.user, at=timezone.now())
    except actions.OwnAccount:
        toast(request, _("Another administrator has to do this for your own account."))
        return redirect("web:user-edit", pk=user.pk)
    return _password_page(request, user, password)
