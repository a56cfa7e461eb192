"""The party status of a member: what was decided, and recording what is decided now."""

from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from waystation.kernel.idempotency import idempotent
from waystation.kernel.toasts import toast
from waystation.organizations.access import requires
from waystation.organizations.permissions import Permission
from waystation.stewardship.people import actions
from waystation.stewardship.people.actions.errors import Refused
from waystation.stewardship.people.forms import StatusForm
from waystation.stewardship.people.models import StatusChange
from waystation.stewardship.people.views import rights


@requires(Permission.LOST_DECIDE)
@require_http_methods(["GET", "HEAD", "POST"])
@idempotent
def status(request, pk):
    """Record a decision with its document; it takes effect at once. What was decided before stands below."""
    person = rights.cared_for_or_404(request, pk)
    form = StatusForm(request.POST or None, person=person)
    if form.is_valid():
        try:
            actions.change_status(person, by=request.user, at=timezone.now(), **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            toast(request, _("The party status was recorded."))
            return redirect("people:file", person.pk)
    history = StatusChange.objects.filter(person=person).select_related("recorded_by").order_by("-decided_on", "-pk")
    return render(request, "people/status.html", {"person": person, "form": form, "history": history})
