"""A member's own functional groups; and for whoever leads one, its page.

A leader has no mandate: the page opens by the relation `led_by`, which ends with the term. It shows of the members
what calling them together needs, the name and the masked phone, and nothing else of their files.
"""

from __future__ import annotations

from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from waystation.kernel.idempotency import idempotent
from waystation.kernel.toasts import toast
from waystation.organizations.access import requires
from waystation.organizations.permissions import Permission
from waystation.portal.group_forms import SuggestForm
from waystation.portal.mine import my_person_or_404
from waystation.stewardship.education.queries.gatherings import gatherings, next_of
from waystation.stewardship.groups import actions
from waystation.stewardship.groups.models import FunctionalGroup
from waystation.stewardship.groups.queries import groups_of, led_by, members, suggested, with_heads

P = Permission
MOST_HELD = 20
MOST_SUGGESTED = 20


@requires(P.FILE_OWN)
@require_safe
def my_groups(request):
    """Each group I take part in: what it is for, who leads it, how many we are, what is next and what was last."""
    person, today = my_person_or_404(request), timezone.localdate()
    mine = list(groups_of(person))
    heads = {group.pk: group for group in with_heads(FunctionalGroup.objects.filter(pk__in=[m.group_id for m in mine]))}
    rows = [
        {
            "group": heads[membership.group_id],
            "leads": membership.leads,
            "next": next_of(membership.group, today),
            "last": next(iter(gatherings(membership.group, 1)), None),
        }
        for membership in mine
    ]
    return render(request, "portal/my_groups.html", {"person": person, "rows": rows})


def _led_or_404(request, pk) -> FunctionalGroup:
    return get_object_or_404(led_by(my_person_or_404(request)), pk=pk)


@requires(P.FILE_OWN)
@require_safe
def my_group(request, pk):
    """A group that I lead: its members, what it did with how many came, and what became of what I suggested."""
    group = _led_or_404(request, pk)
    context = {
        "group": group,
        "members": members(group),
        "next": next_of(group, timezone.localdate()),
        "held": gatherings(group, MOST_HELD),
        "suggested": suggested(group)[:MOST_SUGGESTED],
    }
    return render(request, "portal/my_group.html", context)


@requires(P.FILE_OWN)
@require_http_methods(["GET", "HEAD", "POST"])
@idempotent
def suggest(request, pk):
    """Suggest to the station what the group could do."""
    group = _led_or_404(request, pk)
    form = SuggestForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.suggest_activity(group, by=request.user, at=timezone.now(), **form.cleaned_data)
        except actions.GroupRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            toast(request, _("Sent to the station. Its answer appears here."))
            return redirect("portal:my-group", pk=group.pk)
    return render(request, "portal/my_group_suggest.html", {"form": form, "group": group})
