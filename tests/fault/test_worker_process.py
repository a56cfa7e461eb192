"""Workers that are stopped, or two: each job runs to its end once."""

import signal

import pytest
from django.utils import timezone

from tests.fault.conftest import wait_until
from waystation.kernel import jobs
from waystation.kernel.models import DatedSetting, Job

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def test_a_worker_asked_to_stop_gives_its_job_back_and_ends(start):
    job = jobs.enqueue("test.wait", by=None, at=timezone.now(), args={})
    process = start()
    wait_until(lambda: Job.objects.get().state == "running")

    process.send_signal(signal.SIGTERM)

    assert process.wait(timeout=10) == 0
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("queued", 0)


def workers():
    """The processes that have taken a job so far."""
    return {name.rsplit(":", 1)[0] for name in Job.objects.exclude(worker="").values_list("worker", flat=True)}


def test_two_workers_share_the_queue_and_run_each_job_once(start):
    def both_have_taken_one():
        # A busy machine may start the second worker late: the queue is fed until it has come.
        jobs.enqueue("test.mark", by=None, at=timezone.now(), args={})
        return len(workers()) == 2

    for _ in range(60):
        jobs.enqueue("test.mark", by=None, at=timezone.now(), args={})
    start()
    start()
    wait_until(both_have_taken_one)

    wait_until(lambda: not Job.objects.unfinished().exists())

    assert set(Job.objects.values_list("state", "attempts")) == {("done", 1)}
    marks = sorted(DatedSetting.objects.values_list("key", flat=True))
    assert marks == sorted(str(job.pk) for job in Job.objects.all())
    assert len(workers()) == 2
