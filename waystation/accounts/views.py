"""Pages of a user about the user's own account. Signing in itself is done by allauth's views."""

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from . import actions
from .forms import PreferencesForm
from .sessions import keep_signed_in


@require_GET
@login_required
def sessions(request):
    """Where the user is signed in now."""
    rows = UserSession.objects.purge_and_list(request.user)
    rows.sort(key=lambda row: row.created_at, reverse=True)
    return render(request, "usersessions/usersession_list.html", {"sessions": rows})


@require_POST
@login_required
def end_session(request, pk):
    """End one of the user's other sessions."""
    session = get_object_or_404(UserSession.objects.filter(user=request.user), pk=pk)
    if session.session_key == request.session.session_key:
        raise Http404
    actions.end_session(session, by=request.user, at=timezone.now())
    messages.success(request, _("The session has been ended."))
    return redirect("usersessions_list")


@require_POST
@login_required
def end_other_sessions(request):
    """End all of the user's sessions but this one."""
    key = request.session.session_key
    actions.end_other_sessions(request.user, keep=key, by=request.user, at=timezone.now())
    keep_signed_in(request, request.user)
    messages.success(request, _("All other sessions have been ended."))
    return redirect("usersessions_list")


@require_http_methods(["GET", "POST"])
@login_required
def preferences(request):
    """Language and size of type."""
    form = PreferencesForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        at, chosen = timezone.now(), form.cleaned_data
        if "language" in form.changed_data:
            actions.set_language(request.user, chosen["language"], by=request.user, at=at)
        if "large_type" in form.changed_data:
            actions.set_large_type(request.user, chosen["large_type"], by=request.user, at=at)
        translation.activate(chosen["language"] or translation.get_language())
        messages.success(request, _("Your choice has been kept."))
        return redirect("account_preferences")
    return render(request, "accounts/preferences.html", {"form": form})
