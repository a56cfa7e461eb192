import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from tests.kernel.people import a_user
from waystation.kernel import jobs
from waystation.kernel.job_kinds import KINDS
from waystation.kernel.management.commands.worker import Keeper
from waystation.kernel.models import AuditEvent, Job

NOON = datetime(2026, 5, 1, 4, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def kind(monkeypatch):
    """Registers a kind of job for the length of one test."""

    def register(run, **options):
        monkeypatch.setitem(KINDS, "test.kind", None)
        del KINDS["test.kind"]
        jobs.job("test.kind", title="A test", **options)(run)

    return register


def queued(**args):
    return jobs.enqueue("test.kind", by=None, at=timezone.now(), args=args)


def counts(job):
    job.refresh_from_db()
    return job.state, job.attempts


def test_a_job_runs_once_with_its_arguments_and_keeps_its_result(kind):
    seen = []

    def run(job, beat):
        beat(1, 2, "half")
        seen.append((job.args, job.state))
        return {"rows": 2}

    kind(run)
    job = queued(batch="7")
    call_command("worker", "--batch")
    call_command("worker", "--once")

    job.refresh_from_db()
    assert seen == [({"batch": "7"}, "running")]
    assert (job.state, job.result, job.done, job.total) == ("done", {"rows": 2}, 2, 2)
    assert (job.attempts, job.percent, job.label, job.lease_until) == (1, 100, "A test", None)
    assert DBTaskResult.objects.get().status == TaskResultStatus.SUCCESSFUL


def test_a_job_disappears_with_the_act_that_wanted_it(kind):
    kind(lambda job, beat: None)

    with transaction.atomic():
        queued()
        transaction.set_rollback(True)

    assert (Job.objects.count(), DBTaskResult.objects.count()) == (0, 0)


@pytest.mark.parametrize("args", [{"text": "x" * 101}, {"row": {"name": "x"}}, {"rows": [1.5]}])
def test_arguments_are_ids_and_short_words(kind, args):
    kind(lambda job, beat: None)

    with pytest.raises(ValueError, match="ids and short words"):
        queued(**args)


def test_an_unknown_kind_is_refused():
    with pytest.raises(ValueError, match="no job kind"):
        jobs.enqueue("test.absent", by=None, at=NOON, args={})


def test_a_failing_job_is_tried_five_times_with_growing_pauses_and_then_fails(kind, caplog):
    def run(job, beat):
        raise ZeroDivisionError("secret 35090219900307123X")

    kind(run)
    job, pauses = queued(), []
    for attempt in range(1, 6):
        before = timezone.now()
        jobs.run_inline(job)
        assert counts(job) == ("queued" if attempt < 5 else "failed", attempt)
        pauses.append(round((job.due_at - before).total_seconds()))

    assert pauses[:4] == [5, 20, 60, 180]
    assert str(job.pk)[-8:] in job.error
    assert "secret" not in job.error
    assert DBTaskResult.objects.filter(status=TaskResultStatus.READY).count() == 5


def test_a_refusal_fails_at_once_with_its_sentence(kind):
    def run(job, beat):
        raise jobs.JobRefused("这个文件是空的。")

    kind(run)
    job = jobs.run_inline(queued())

    assert (job.state, job.attempts, job.error) == ("failed", 1, "这个文件是空的。")


def test_progress_never_goes_back_not_even_on_a_second_try(kind):
    seen = []

    def run(job, beat):
        beat.checkpoint(60 if job.attempts == 1 else 10, 100)
        seen.append(Job.objects.get(pk=job.pk).done)
        beat.checkpoint(30, 100)
        seen.append(Job.objects.get(pk=job.pk).done)
        if job.attempts == 1:
            raise ZeroDivisionError

    kind(run)
    job = queued()
    jobs.run_inline(job)
    jobs.run_inline(job)

    assert seen == [60, 60, 60, 60]


def test_a_beat_writes_at_most_twice_a_second(kind, django_assert_num_queries):
    def run(job, beat):
        beat(1, 10_000)
        with django_assert_num_queries(0):
            for done in range(2, 1000):
                beat(done, 10_000)

    kind(run)

    assert jobs.run_inline(queued()).state == "done"


def test_a_waiting_job_is_cancelled_at_once_and_never_runs(kind):
    kind(lambda job, beat: pytest.fail("it ran"))
    job, user = queued(), a_user()

    jobs.cancel(job, by=user, at=NOON)
    call_command("worker", "--batch")

    assert counts(job) == ("cancelled", 0)
    assert [(e.verb, e.actor) for e in AuditEvent.objects.all()] == [("job.cancelled", user)]
    with pytest.raises(jobs.AlreadyFinished):
        jobs.cancel(job, by=user, at=NOON)


def test_a_running_job_stops_at_its_next_beat_when_cancelled(kind):
    steps = []

    def run(job, beat):
        for step in range(5):
            beat.checkpoint(step, 5)
            steps.append(step)
            if step == 2:
                jobs.cancel(job, by=None, at=NOON)

    kind(run)
    job = jobs.run_inline(queued())

    assert (job.state, steps) == ("cancelled", [0, 1, 2])


def test_a_failed_job_starts_again_from_nothing(kind):
    def run(job, beat):
        raise jobs.JobRefused("no")

    kind(run)
    job = jobs.run_inline(queued())
    user = a_user()
    with pytest.raises(jobs.NotRetryable):
        jobs.retry(queued(), by=user, at=NOON)

    jobs.retry(job, by=user, at=NOON)
    assert (job.state, job.error, job.done, job.attempts) == ("queued", "", 0, 0)

    kind(lambda job, beat: {"fine": True})
    call_command("worker", "--batch")
    job.refresh_from_db()
    assert (job.state, job.result) == ("done", {"fine": True})
    assert AuditEvent.objects.get().verb == "job.retried"


def test_the_job_of_a_dead_worker_is_taken_over_and_the_dead_can_write_nothing(kind):
    kind(lambda job, beat: {"by": "second"})
    job = queued()
    now = timezone.now()
    task = DBTaskResult.objects.get()
    task.claim("dead")
    dead = jobs.claim(job.pk, at=now)

    assert jobs.reap(now + timedelta(seconds=29)) == 0
    assert jobs.reap(now + timedelta(seconds=31)) == 1
    with pytest.raises(jobs.LeaseLost):
        jobs.Beat(dead).checkpoint(1, 2)
    jobs._finish(dead, jobs.Beat(dead), {"by": "first"})
    call_command("worker", "--batch")

    job.refresh_from_db()
    assert (job.state, job.result, job.attempts) == ("done", {"by": "second"}, 2)
    task.refresh_from_db()
    assert task.status == TaskResultStatus.FAILED


def test_a_job_that_kills_its_worker_five_times_fails(kind):
    kind(lambda job, beat: None)
    job, now = queued(), timezone.now()

    for _ in range(5):
        assert jobs.claim(job.pk, at=now) is not None
        now += timedelta(minutes=1)
        jobs.reap(now)

    assert counts(job) == ("failed", 5)
    assert job.error != ""


def test_a_held_lease_is_not_reaped(kind):
    now = timezone.now()

    def run(job, beat):
        jobs.hold_leases(now + timedelta(seconds=25))
        assert jobs.reap(now + timedelta(seconds=40)) == 0

    kind(run)

    assert jobs.run_inline(queued()).state == "done"


def test_a_job_whose_worker_died_before_taking_it_is_handed_over_again(kind):
    kind(lambda job, beat: None)
    job, now = queued(), timezone.now()
    DBTaskResult.objects.get().claim("dead")

    assert jobs.reap(now + timedelta(seconds=20)) == 0
    assert jobs.reap(now + timedelta(seconds=40)) == 1
    call_command("worker", "--batch")

    assert counts(job) == ("done", 1)


def test_a_stopping_worker_gives_its_job_back_at_no_cost(kind):
    def run(job, beat):
        jobs.stopping.set()
        beat.checkpoint(1, 2)
        pytest.fail("it went on")

    kind(run)
    try:
        job = jobs.run_inline(queued())
    finally:
        jobs.stopping.clear()

    assert (job.state, job.attempts) == ("queued", 0)


def test_urgent_kinds_run_first(kind):
    order = []
    kind(lambda job, beat: order.append("slow"))
    queued()
    kind(lambda job, beat: order.append("urgent"), priority=50)
    urgent = queued()
    tasks = DBTaskResult.objects.ready().values_list("args_kwargs", flat=True)

    assert tasks[0]["args"] == [str(urgent.pk)]


def test_a_worker_shows_that_it_lives():
    assert jobs.worker_seen_at() is None
    jobs.show_life(NOON)
    jobs.show_life(NOON + timedelta(seconds=5))

    assert jobs.worker_seen_at() == NOON + timedelta(seconds=5)


@pytest.mark.django_db(transaction=True)
def test_of_many_workers_only_one_takes_each_job(kind):
    kind(lambda job, beat: None)
    rows = [queued().pk for _ in range(25)]
    barrier, taken = threading.Barrier(4), []

    def work():
        try:
            barrier.wait()
            taken.extend(pk for pk in rows if jobs.claim(pk, at=timezone.now()))
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(taken) == sorted(rows)
    assert set(Job.objects.values_list("attempts", flat=True)) == {1}


@pytest.mark.django_db(transaction=True)
def test_the_keeper_reaps_and_shows_life_beside_the_queue(kind):
    kind(lambda job, beat: None)
    job = queued()
    jobs.claim(job.pk, at=timezone.now() - timedelta(minutes=2))
    keeper = Keeper()
    keeper.start()
    try:
        until = time.monotonic() + 10
        while counts(job)[0] != "queued" and time.monotonic() < until:
            time.sleep(0.05)
    finally:
        keeper.end()

    assert counts(job) == ("queued", 1)
    assert jobs.worker_seen_at() is not None
