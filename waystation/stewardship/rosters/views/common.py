"""What several pages of the rosters share: fetching within reach, going back, progress."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_safe
from django_htmx.http import HttpResponseClientRefresh

from waystation.kernel.models import Job
from waystation.organizations.access import requires
from waystation.organizations.permissions import Permission
from waystation.stewardship.rosters.models import Import, MatchCandidate
from waystation.stewardship.rosters.queries.board import with_rows
from waystation.stewardship.rosters.queries.imports import PERMISSIONS, may_work_on

JOBS_SHOWN = ("import.check", "import.commit", "match.run", "pairs.confirm")


def candidate_or_404(request, pk) -> MatchCandidate:
    """The pair, if it lies within the reach of the request."""
    return get_object_or_404(with_rows(MatchCandidate.objects.within(request.reach)), pk=pk)


def batch_or_404(request, pk) -> Import:
    """The import, if it lies within the reach of the request."""
    related = ("unit", "station", "file", "job", "created_by", "committed_by", "undone_by", "corrects")
    return get_object_or_404(Import.objects.within(request.reach).select_related(*related), pk=pk)


def must_work_on(request, batch: Import) -> None:
    """Refuse people who may see the import but not work on it (403)."""
    if not may_work_on(request.user, batch):
        raise PermissionDenied(PERMISSIONS[batch.kind])


def back(request, default: str, *args) -> str:
    """Where the user came from, if that is one of our pages; else the page named."""
    wanted = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if safe else reverse(default, args=args)


@requires(Permission.JOB_VIEW)
@require_safe
def progress(request, pk) -> HttpResponse:
    """The live bar of a job of ours; when the job has ended the page around it is loaded again."""
    mine = request.reach.path_q("unit_path") | Q(created_by=request.user)
    job = get_object_or_404(Job.objects.filter(mine, kind__in=JOBS_SHOWN), pk=pk)
    if not request.htmx:
        raise Http404
    if not job.is_unfinished:
        return HttpResponseClientRefresh()
    return render(request, "ui/progress.html", {"job": job, "url": request.path})
