"""Two files that are one person: side by side, merged, and taken apart again."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from waystation.kernel.idempotency import idempotent
from waystation.kernel.toasts import toast
from waystation.organizations.access import requires
from waystation.organizations.permissions import Permission
from waystation.stewardship.people import actions, queries
from waystation.stewardship.people.actions.errors import Refused
from waystation.stewardship.people.forms import MergeForm
from waystation.stewardship.people.models import Merge, Person
from waystation.stewardship.people.queries.comparing import compared
from waystation.stewardship.people.views import rights


@requires(Permission.PERSON_MERGE)
@require_http_methods(["GET", "HEAD", "POST"])
@idempotent
def merge(request, pk):
    """Choose the other file, see both side by side, choose which one stays."""
    person = rights.cared_for_or_404(request, pk)
    if request.method == "POST":
        form = MergeForm(request.POST)
        if not form.is_valid() or pk not in form.cleaned_data.values():
            raise Http404
        return _merged(request, **form.cleaned_data)
    other = request.GET.get("with", "")
    if other:
        pair = compared(person, rights.cared_for_or_404(request, other))
        return render(request, "people/merge.html", {"person": person, "pair": pair})
    likes = queries.duplicates_of(person, request.reach)
    return render(request, "people/merge.html", {"person": person, "likes": likes})


def _merged(request, *, keep, other):
    winner, loser = rights.cared_for_or_404(request, keep), rights.cared_for_or_404(request, other)
    try:
        done = actions.merge_people(winner, loser, by=request.user, at=timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("people:file", keep)
    undo_path = reverse("people:merge-undo", args=[done.pk])
    toast(request, _("The two files are one now."), undo=undo_path)
    return redirect("people:file", keep)


@requires(Permission.PERSON_MERGE)
@require_POST
@idempotent
def undo(request, pk):
    """Take two files apart again, exactly as they were."""
    merges = Merge.objects.filter(winner__in=Person.objects.within(request.reach))
    row = get_object_or_404(merges.select_related("winner", "loser"), pk=pk)
    if not queries.sight(request.user, row.winner, request.reach).cares:
        raise Http404
    try:
        actions.undo_merge(row, by=request.user, at=timezone.now())
        toast(request, _("The merge is undone: there are two files again."))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("people:file", row.winner_id)
