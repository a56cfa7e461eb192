"""Pages for what goes wrong. Each says what happened, what was kept, and what to do next."""

from __future__ import annotations

import logging

from django.http import HttpResponse, HttpResponseServerError
from django.shortcuts import render
from django.template.loader import get_template
from django.utils import timezone
from django.utils.translation import get_language

from waystation.kernel.ids import new_id
from waystation.organizations.access import mandates_of
from waystation.organizations.models import Mandate
from waystation.organizations.permissions import ROLES, Permission

logger = logging.getLogger("waystation.errors")

# Never shown again: what is secret, and what the sender cannot have typed.
NOT_KEPT = {"csrfmiddlewaretoken", "idem", "password", "code"}
KEPT_CHARACTERS = 20_000


def bad_request(request, exception=None) -> HttpResponse:
    return render(request, "400.html", status=400)


def permission_denied(request, exception=None) -> HttpResponse:
    """Say which roles open the page, and who can grant one of them."""
    wanted = exception.args[0] if exception is not None and exception.args else None
    context = {"role_labels": [], "granters": []}
    if isinstance(wanted, Permission):
        context["role_labels"] = [role.label for role in ROLES.values() if wanted in role.permissions]
    mandates = mandates_of(getattr(request, "user", None))
    if mandates:
        context["granters"] = _granters(mandates[0].unit)
    return render(request, "403.html", context, status=403)


def not_found(request, exception=None) -> HttpResponse:
    """The same page for what never was and for what lies outside the user's reach."""
    return render(request, "404.html", status=404)


def server_error(request) -> HttpResponse:
    """A page drawn without database, session or user; its reference is in the log."""
    reference = str(new_id())[-12:].upper()
    logger.error("Server error shown to the user with reference %s", reference)
    frame = {"language": "en" if get_language() == "en" else "zh-Hans"}
    page = get_template("500.html").render({"reference": reference, "frame": frame})
    return HttpResponseServerError(page)


def csrf_failure(request, reason="") -> HttpResponse:
    """The form came from a page that is too old. What was typed is shown and may be sent again.

    It is offered again only if the browser says that the form came from this very site: otherwise
    another site could put words into the mouth of a user who presses the button.
    """
    is_ours = request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"
    kept = _typed(request.POST) if is_ours else []
    context = {"kept": kept, "had_files": bool(kept and request.FILES)}
    return render(request, "web/expired.html", context, status=403)


def _granters(unit) -> list[Mandate]:
    """The security administrators in whose reach the unit lies."""
    ids = [int(part) for part in unit.path.split(".") if part]
    return list(
        Mandate.objects.in_force(timezone.localdate())
        .filter(role="security_admin", unit__in=ids, user__is_active=True)
        .select_related("user", "unit")
        .order_by("user__full_name")
    )


def _typed(data) -> list[tuple[str, str]]:
    """Every field and value of the form, without secrets; nothing if it is too long to show."""
    kept = [
        (name, value) for name, values in data.lists() for value in values if not any(word in name for word in NOT_KEPT)
    ]
    return kept if sum(len(value) for _name, value in kept) <= KEPT_CHARACTERS else []
