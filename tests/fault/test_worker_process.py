import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from tests.kernel import fault_jobs
from waystation.kernel import jobs
from waystation.kernel.job_kinds import KINDS
from waystation.kernel.models import DatedSetting, Job

ROOT = Path(__file__).resolve().parent.parent.parent
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def start(settings, tmp_path, monkeypatch):
    """Starts worker processes on the database of the test and ends them afterwards."""
    held = connection.settings_dict
    url = f"sqlite:///{held['NAME']}"
    if connection.vendor == "postgresql":
        url = f"postgres://{held['USER']}@{held['HOST']}:{held['PORT']}/{held['NAME']}"
    site = {
        **os.environ,
        "WAYSTATION_VAR": str(tmp_path),
        "WAYSTATION_DATABASE_URL": url,
        "WAYSTATION_KEY_FILE": str(settings.KEY_FILE),
    }
    started = []
    for key in ("test.load", "test.wait", "test.mark"):
        monkeypatch.setitem(KINDS, key, None)
        del KINDS[key]
    fault_jobs.register()

    def begin():
        command = [sys.executable, "-m", "tests.kernel.worker_process"]
        started.append(
            subprocess.Popen(command, env=site, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        )
        return started[-1]

    yield begin
    for process in started:
        process.kill()
        process.wait()


def wait_until(true, seconds=60):
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, "it took too long"
        time.sleep(0.02)


def rows():
    return DatedSetting.objects.filter(source="cursor").count()


def test_a_killed_import_is_continued_and_every_row_arrives_once(start):
    dice = random.Random(7)
    job = jobs.enqueue("test.load", by=None, at=timezone.now(), args={})
    for _ in range(3):
        goal = rows() + dice.randrange(50, 400)
        process = start()
        wait_until(lambda goal=goal: rows() >= goal)
        process.kill()
        process.wait()
        job.refresh_from_db()
        assert job.state == "running"

    start()
    wait_until(lambda: not Job.objects.get().is_unfinished)

    job.refresh_from_db()
    assert (job.state, job.attempts) == ("done", 4)
    assert job.result == {"rows": fault_jobs.ROWS}
    keys = sorted(DatedSetting.objects.values_list("key", flat=True))
    assert keys == sorted(f"row.{number}" for number in range(fault_jobs.ROWS))


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
