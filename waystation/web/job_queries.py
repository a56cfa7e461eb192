"""Which jobs a user may see, and where the result of a job is to be looked at."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.urls import NoReverseMatch, reverse

from waystation.kernel.models import Job
from waystation.organizations.access import Reach

# Where the work of a job shows when its result names no address of its own.
_PAGES = {
    "import.check": ("rosters:import", "import"),
    "import.commit": ("rosters:import", "import"),
    "match.run": ("rosters:board", ""),
}


def visible(user, reach: Reach) -> QuerySet[Job]:
    """The user's own jobs and those of units in reach; the system's own for its administrator."""
    condition = Q(created_by=user) | reach.path_q("unit_path")
    if "system_admin" in reach.roles:
        condition |= Q(created_by=None)
    return Job.objects.filter(condition)


def filtered(jobs: QuerySet[Job], filters: dict) -> QuerySet[Job]:
    """The jobs that the filters ask for; unknown and empty ones change nothing."""
    state = filters.get("state")
    if state == "unfinished":
        jobs = jobs.unfinished()
    elif state:
        jobs = jobs.filter(state=state)
    if filters.get("mine"):
        jobs = jobs.filter(created_by=filters["mine"])
    return jobs


def result_url(job: Job, user) -> str:
    """Where the result of a finished job is; nothing for what only its starter may fetch."""
    if job.state != Job.State.DONE:
        return ""
    if url := (job.result or {}).get("url"):
        return url if job.created_by_id == user.pk else ""
    name, argument = _PAGES.get(job.kind, ("", ""))
    try:
        return reverse(name, args=[job.args[argument]] if argument else []) if name else ""
    except (NoReverseMatch, KeyError):
        return ""
