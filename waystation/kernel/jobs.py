"""Work outside the request: rows of our own database, held by a lease, tried five times.

A job is enqueued in the transaction of the act that needs it, so both happen or neither does.
A worker that dies loses its lease and the job returns to the queue.
"""

import logging
import os
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import TaskResultStatus, task
from django_tasks_db.models import DBTaskResult

from . import audit
from .collecting import rare_collections
from .ids import new_id
from .job_kinds import KINDS, JobKind
from .models import Job, WorkerBeat

LEASE = timedelta(seconds=settings.JOB_LEASE_SECONDS)
ATTEMPTS = 5
BACKOFF_SECONDS = (5, 20, 60, 180)
_THROTTLE_SECONDS = 0.5
logger = logging.getLogger("waystation.jobs")
stopping = threading.Event()  # set when this worker process is asked to end


class Cancelled(Exception):
    """Somebody cancelled the job; stop at once."""


class LeaseLost(Exception):
    """Another worker has taken the job over; stop at once and write nothing more."""


class WorkerStopping(Exception):
    """This worker is being shut down; the job goes back to the queue at no cost."""


class JobRefused(Exception):
    """Trying again cannot help. The message is a sentence for the person who started the job."""


class NotRetryable(Exception):
    """Only a failed or cancelled job can be started again."""


class AlreadyFinished(Exception):
    """A finished job cannot be cancelled."""


def job(key: str, *, title, priority: int = 0) -> Callable:
    """Register `run(job, beat) -> dict | None` as the kind `key`. Higher priority runs earlier."""

    def register(run):
        if key in KINDS and KINDS[key].run.__qualname__ != run.__qualname__:
            raise ValueError(f"The job kind {key} is registered twice.")
        KINDS[key] = JobKind(key, title, run, priority)
        return run

    return register


# --- actions --------------------------------------------------------------------------------------


@transaction.atomic
def enqueue(kind: str, *, by, at: datetime, args: dict, unit_path: str = "", title: str = "") -> Job:
    """Put a job into the queue. `args` hold ids and short words, never personal data."""
    if kind not in KINDS:
        raise ValueError(f"There is no job kind {kind}.")
    row = Job.objects.create(
        kind=kind,
        title=title,
        args=_only_ids(args),
        created_by=by,
        created_at=at,
        due_at=at,
        unit_path=unit_path,
    )
    _hand_to_queue(row, after=None)
    return row


@transaction.atomic
def cancel(job: Job, *, by, at: datetime) -> Job:
    """Cancel a waiting job now and a running one at its next beat. Raises AlreadyFinished."""
    rows = Job.objects.filter(pk=job.pk)
    asked = {"cancel_asked_at": at, "cancel_asked_by": by}
    waiting = rows.filter(state=Job.State.QUEUED)
    running = rows.filter(state=Job.State.RUNNING)
    if not waiting.update(state=Job.State.CANCELLED, finished_at=at, **asked) and not (running.update(**asked)):
        raise AlreadyFinished
    audit.record("job.cancelled", on=job, by=by, at=at, kind=job.kind, unit_path=job.unit_path)
    job.refresh_from_db()
    return job


@transaction.atomic
def retry(job: Job, *, by, at: datetime) -> Job:
    """Start a failed or cancelled job again from nothing. Raises NotRetryable."""
    ended = Job.objects.filter(pk=job.pk, state__in=[Job.State.FAILED, Job.State.CANCELLED])
    if not ended.update(
        state=Job.State.QUEUED,
        attempts=0,
        done=0,
        note="",
        error="",
        finished_at=None,
        cancel_asked_at=None,
        cancel_asked_by=None,
        due_at=at,
    ):
        raise NotRetryable
    audit.record("job.retried", on=job, by=by, at=at, kind=job.kind, unit_path=job.unit_path)
    job.refresh_from_db()
    _hand_to_queue(job, after=None)
    return job


def _only_ids(args: dict) -> dict:
    for held in args.values():
        for word in held if isinstance(held, list) else [held]:
            if not isinstance(word, str | int | bool | None) or len(str(word)) > 100:
                raise ValueError("The arguments of a job are ids and short words.")
    return args


def _hand_to_queue(row: Job, *, after: datetime | None) -> None:
    priority = KINDS[row.kind].priority if row.kind in KINDS else 0
    result = execute.using(priority=priority, run_after=after).enqueue(str(row.pk))
    Job.objects.filter(pk=row.pk).update(task_id=result.id)


# --- running --------------------------------------------------------------------------------------


@task()
def execute(job_id: str) -> None:
    """What the queue calls: claim the job and run it, or do nothing if it is not to be run."""
    claimed = claim(job_id, at=timezone.now())
    if claimed:
        _run(claimed)


def run_inline(job: Job, *, watch: Callable[[int, int], None] | None = None) -> Job:
    """Run a waiting job here and now, by the same path as a worker; returns its new state.

    `watch(done, total)` hears every beat, for a progress bar on a terminal.
    """
    claimed = claim(job.pk, at=timezone.now())
    if claimed:
        _run(claimed, watch)
    job.refresh_from_db()
    return job


def claim(job_id, *, at: datetime) -> Job | None:
    """Take a waiting job, or None. The WHERE clause lets only one of many workers have it."""
    worker = f"{_worker_name()}:{new_id().hex[-12:]}"
    taken = Job.objects.filter(pk=job_id, state=Job.State.QUEUED).update(
        state=Job.State.RUNNING,
        worker=worker,
        attempts=F("attempts") + 1,
        lease_until=at + LEASE,
        heartbeat_at=at,
        started_at=Coalesce(F("started_at"), at),
        error="",
    )
    return Job.objects.get(pk=job_id, worker=worker) if taken else None


def _worker_name() -> str:
    return f"{socket.gethostname()[:60]}:{os.getpid()}"


_held: dict[str, str] = {}  # what this process runs now: job id to worker token


def _run(claimed: Job, watch: Callable[[int, int], None] | None = None) -> None:
    beat = Beat(claimed, watch)
    _held[str(claimed.pk)] = claimed.worker
    try:
        result = _call(claimed, beat)
    except LeaseLost:
        logger.warning("Job %s was taken over by another worker.", claimed.pk)
    except Cancelled:
        _end(claimed, Job.State.CANCELLED)
    except WorkerStopping:
        _requeue(claimed, after_seconds=0, uncounted=1)
    except JobRefused as refusal:
        _end(claimed, Job.State.FAILED, error=str(refusal)[:500])
    except Exception:
        logger.exception("Job %s (%s) stopped, attempt %s", *_names(claimed))
        _try_again(claimed)
    else:
        _finish(claimed, beat, result)
    finally:
        _held.pop(str(claimed.pk), None)


def _names(claimed: Job) -> tuple:
    return claimed.pk, claimed.kind, claimed.attempts


def _call(claimed: Job, beat: "Beat") -> dict | None:
    if claimed.kind not in KINDS:
        raise JobRefused(_("This version does not know this kind of job."))
    if claimed.cancel_asked_at:
        raise Cancelled
    with rare_collections():
        return KINDS[claimed.kind].run(claimed, beat)


def _mine(claimed: Job):
    return Job.objects.filter(pk=claimed.pk, worker=claimed.worker, state=Job.State.RUNNING)


def _finish(claimed: Job, beat: "Beat", result: dict | None) -> None:
    total = max(beat.done, beat.total)
    kept = _mine(claimed).update(
        state=Job.State.DONE,
        result=result or {},
        done=Greatest(F("done"), total),
        total=Greatest(F("total"), total),
        lease_until=None,
        finished_at=timezone.now(),
    )
    if not kept:
        logger.warning("Job %s finished after it had lost its lease.", claimed.pk)


def _end(claimed: Job, state: str, *, error: str = "") -> None:
    _mine(claimed).update(state=state, error=error, lease_until=None, finished_at=timezone.now())


def _try_again(claimed: Job) -> None:
    if claimed.attempts >= ATTEMPTS:
        reference = str(claimed.pk)[-8:]
        error = _("The work stopped again and again. Give the administrator this mark: %(mark)s")
        _end(claimed, Job.State.FAILED, error=error % {"mark": reference})
    else:
        _requeue(claimed, after_seconds=BACKOFF_SECONDS[claimed.attempts - 1])


@transaction.atomic
def _requeue(claimed: Job, *, after_seconds: int, uncounted: int = 0) -> None:
    due = timezone.now() + timedelta(seconds=after_seconds)
    if _mine(claimed).update(state=Job.State.QUEUED, lease_until=None, due_at=due, attempts=F("attempts") - uncounted):
        _hand_to_queue(claimed, after=due if after_seconds else None)


class Beat:
    """Called by a running job: shows progress, keeps the lease, and says when to stop.

    Within the transaction of a chunk call `checkpoint`: if the lease is gone the chunk rolls back.
    """

    def __init__(self, claimed: Job, watch: Callable[[int, int], None] | None = None):
        self.job, self.done, self.total = claimed, claimed.done, claimed.total
        self._watch = watch or (lambda done, total: None)
        self._next = 0.0

    def __call__(self, done: int, total: int, note: str = "") -> None:
        """Save the progress, twice a second. Raises Cancelled, LeaseLost, WorkerStopping."""
        self.done, self.total = max(self.done, done), total
        self._watch(self.done, total)
        if time.monotonic() >= self._next:
            self.checkpoint(done, total, note)

    def checkpoint(self, done: int, total: int, note: str = "") -> None:
        """The same without the limit of twice a second."""
        self.done, self.total = max(self.done, done), total
        self._watch(self.done, total)
        self._next = time.monotonic() + _THROTTLE_SECONDS
        now = timezone.now()
        held = _mine(self.job)
        if not held.filter(cancel_asked_at=None).update(
            done=Greatest(F("done"), self.done),
            total=self.total,
            note=str(note)[:300],
            heartbeat_at=now,
            lease_until=now + LEASE,
        ):
            raise Cancelled if held.exists() else LeaseLost
        if stopping.is_set():
            raise WorkerStopping


# --- keeping order --------------------------------------------------------------------------------


def hold_leases(at: datetime) -> None:
    """Extend the leases of what this process runs, for jobs that are long between two beats."""
    for job_id, worker in list(_held.items()):
        Job.objects.filter(pk=job_id, worker=worker, state=Job.State.RUNNING).update(lease_until=at + LEASE)


def reap(at: datetime) -> int:
    """Return jobs of dead workers to the queue, or fail them after the last try; says how many."""
    lost = Job.objects.filter(state=Job.State.RUNNING, lease_until__lt=at)
    count = sum(_reap_one(row, at) for row in lost)
    return count + _hand_over_strays(at)


@transaction.atomic
def _reap_one(row: Job, at: datetime) -> bool:
    """The lease is part of the WHERE clause: a worker that has just spoken keeps its job."""
    mine = Job.objects.filter(pk=row.pk, worker=row.worker, lease_until=row.lease_until)
    mine = mine.filter(state=Job.State.RUNNING)
    if row.cancel_asked_at:
        change = {"state": Job.State.CANCELLED, "finished_at": at}
    elif row.attempts >= ATTEMPTS:
        error = _("The worker stopped in the middle of this work five times.")
        change = {"state": Job.State.FAILED, "finished_at": at, "error": error}
    else:
        change = {"state": Job.State.QUEUED, "due_at": at}
    if not mine.update(lease_until=None, **change):
        return False
    _bury_task(row, at)
    if change["state"] == Job.State.QUEUED:
        _hand_to_queue(row, after=None)
    return True


def _bury_task(row: Job, at: datetime) -> None:
    """The queue itself leaves the task of a killed worker running for ever."""
    DBTaskResult.objects.filter(pk=row.task_id, status=TaskResultStatus.RUNNING).update(
        status=TaskResultStatus.FAILED, finished_at=at
    )


def _hand_over_strays(at: datetime) -> int:
    """Waiting jobs whose task is gone: the worker died between taking the task and the job."""
    count = 0
    for row in Job.objects.filter(state=Job.State.QUEUED, due_at__lt=at - LEASE):
        if DBTaskResult.objects.filter(pk=row.task_id, status=TaskResultStatus.READY).exists():
            continue
        with transaction.atomic():
            same = Job.objects.filter(pk=row.pk, state=Job.State.QUEUED, task_id=row.task_id)
            if same.update(due_at=at):
                _bury_task(row, at)
                _hand_to_queue(row, after=None)
                count += 1
    return count


@dataclass(frozen=True)
class Round:
    """Something that every worker does again and again; quick, and harmless when done twice."""

    name: str
    seconds: int
    run: Callable[[datetime], object]


ROUNDS: dict[str, Round] = {}


def every(seconds: int, name: str) -> Callable:
    """Register `run(at)` to be called about every `seconds` by each worker."""

    def register(run):
        ROUNDS[name] = Round(name, seconds, run)
        return run

    return register


def show_life(at: datetime) -> None:
    """Note that this worker lives; forget workers silent for a day."""
    WorkerBeat.objects.update_or_create(worker=_worker_name(), defaults={"at": at})
    WorkerBeat.objects.filter(at__lt=at - timedelta(days=1)).delete()


def worker_seen_at() -> datetime | None:
    """When any worker last showed that it lives."""
    return WorkerBeat.objects.order_by("-at").values_list("at", flat=True).first()
