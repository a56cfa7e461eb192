"""What a printed duty sheet is worth: behind its code, for whoever holds the paper."""

from __future__ import annotations

from datetime import UTC, datetime

from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from waystation.kernel.actors import current_actor
from waystation.kernel.sealing import BadSignature, verify
from waystation.organizations.access import Reach, public
from waystation.organizations.permissions import Permission
from waystation.portal import throttle
from waystation.stewardship.duties import papers
from waystation.stewardship.duties.queries.sheets import changed_since, sheets_within
from waystation.stewardship.people.models import Stay
from waystation.stewardship.people.names import surname


@require_safe
@public("Whoever holds a printed duty sheet may know whether it still holds; the person is not named.")
def duty_sheet(request, token):
    """To the sheet for those who may open it; whether the paper still says how things are for everybody else."""
    if not throttle.admit(throttle.CARD, current_actor().ip, at=timezone.now()):
        response = render(request, "portal/too_many.html", status=429)
        response.headers["Retry-After"] = str(int(throttle.CARD.seconds))
        return response
    stay, printed_at = _named(token)
    if stay is None:
        return render(request, "portal/duty_sheet.html", {"stay": None}, status=404)
    if request.user.is_authenticated and _in_sight(request.user, stay):
        return redirect("duties:sheet", stay.pk)
    context = {
        "stay": stay,
        "number": papers.number(stay),
        "masked": f"{surname(stay.person.full_name)}**",
        "printed_at": printed_at,
        "has_changed": changed_since(stay, printed_at),
    }
    return render(request, "portal/duty_sheet.html", context)


def _named(token: str) -> tuple[Stay | None, datetime | None]:
    try:
        said = verify(papers.PURPOSE, token)
        stay = Stay.objects.filter(pk=said["s"]).select_related("person", "station").first()
        return stay, datetime.fromtimestamp(said["t"] / 1000, UTC)
    except (BadSignature, KeyError):
        return None, None


def _in_sight(user, stay: Stay) -> bool:
    reach = Reach.of(user, Permission.DUTY_VIEW)
    return bool(reach) and sheets_within(reach).filter(pk=stay.pk).exists()
