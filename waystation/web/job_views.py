"""The task centre: what works outside of requests, how far it is, and what came out of it."""

from __future__ import annotations

from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from waystation.kernel import jobs
from waystation.kernel.models import Job
from waystation.kernel.paging import page_of
from waystation.kernel.toasts import toast
from waystation.organizations.access import requires
from waystation.organizations.permissions import Permission
from waystation.web import job_queries
from waystation.web.context import mark_jobs_seen
from waystation.web.forms import JobFilterForm

P = Permission


@requires(P.JOB_VIEW)
@require_safe
def job_list(request):
    """The user's own jobs and those of the units in reach, newest first."""
    form = JobFilterForm(request.GET or None)
    filters = dict(form.cleaned_data) if form.is_valid() else {}
    filters["mine"] = request.user if filters.get("mine") else None
    rows = job_queries.filtered(job_queries.visible(request.user, request.reach), filters)
    page = page_of(rows.select_related("created_by"), request.GET, newest_first=True)
    mark_jobs_seen(request, at=timezone.now())
    context = {"form": form, "page": page, "rows": [_shown(job, request) for job in page.rows]}
    return render(request, "web/jobs.html", context)


def _shown(job: Job, request) -> dict:
    return {
        "job": job,
        "result_url": job_queries.result_url(job, request.user),
        "is_mine": job.created_by_id == request.user.pk,
        "may_retry": job.state in (Job.State.FAILED, Job.State.CANCELLED),
    }


@requires(P.JOB_VIEW)
@require_safe
def job(request, pk):
    """One job; asked by HTMX, only its progress."""
    found = _job_or_404(request, pk)
    context = _shown(found, request)
    if request.htmx:
        return render(request, "web/_progress.html", context)
    return render(request, "web/job.html", context)


def _job_or_404(request, pk) -> Job:
    jobs_in_reach = job_queries.visible(request.user, request.reach)
    return get_object_or_404(jobs_in_reach.select_related("created_by"), pk=pk)


@require_POST
@requires(P.JOB_VIEW)
def job_cancel(request, pk):
    """Stop a job: at once while it waits, at its next step while it runs."""
    found = _job_or_404(request, pk)
    try:
        jobs.cancel(found, by=request.user, at=timezone.now())
    except jobs.AlreadyFinished:
        toast(request, _("This task has ended already."))
    else:
        toast(request, _("The task is being stopped."))
    return redirect("web:job", found.pk)


@require_POST
@requires(P.JOB_VIEW)
def job_retry(request, pk):
    """Start a failed or cancelled job again."""
    found = _job_or_404(request, pk)
    try:
        jobs.retry(found, by=request.user, at=timezone.now())
    except jobs.NotRetryable:
        toast(request, _("Only a task that failed or was stopped can start again."))
    else:
        toast(request, _("The task starts again."))
    return redirect("web:job", found.pk)
