"""Runs jobs: the queue in the main thread, leases and the reaper in a second one."""

import logging
import random
import signal
import threading
import time

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import DatabaseError, close_old_connections, connection
from django.utils import timezone
from django.utils.crypto import get_random_string
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult
from django_tasks_db.utils import exclusive_transaction

from waystation.kernel import jobs

logger = logging.getLogger("waystation.worker")
HEARTBEAT_SECONDS = settings.JOB_LEASE_SECONDS / 6
REAP_SECONDS = settings.JOB_LEASE_SECONDS / 3


class Command(BaseCommand):
    help = "Run background jobs until told to stop."

    def add_arguments(self, parser):
        parser.add_argument("--batch", "--once", action="store_true", help="empty the queue, then end")
        parser.add_argument("--interval", type=float, default=1.0, help="seconds between looks")

    def handle(self, *, batch, interval, **options):
        logging.getLogger("django_tasks").setLevel(logging.WARNING)
        logging.getLogger("django_tasks_db").setLevel(logging.WARNING)
        if batch:
            jobs.reap(timezone.now())
            drain()
            return
        jobs.stopping.clear()
        keeper = Keeper()
        keeper.start()
        self.stdout.write("The worker is ready.")
        self.stdout.flush()
        try:
            work(interval)
        finally:
            keeper.end()


def drain() -> None:
    """Do everything that is due, in the caller's connection and thread, then return."""
    worker = queue(0)
    while (result := take(worker.worker_id)) is not None:
        worker.run_task(result)


def take(worker_id: str) -> DBTaskResult | None:
    """Claim the most urgent task that is due."""
    with exclusive_transaction("default"):
        due = DBTaskResult.objects.ready().filter(backend_name="default", queue_name="default")
        result = due.get_locked()
        if result is not None:
            result.claim(worker_id)
        return result


def queue(interval: float) -> Worker:
    """The worker of the queue, set up for all of our jobs."""
    return Worker(
        queue_names=["default"],
        interval=interval,
        batch=False,
        backend_name="default",
        startup_delay=True,
        max_tasks=None,
        worker_id=get_random_string(32),
        excluded_queue_names=[],
    )


def work(interval: float) -> None:
    """Run the queue; wait and go on when the database goes away for a while."""
    pause = 1.0
    while True:
        worker = queue(interval)
        configure_signals(worker)
        begun = time.monotonic()
        try:
            worker.run()
            return
        except DatabaseError:
            logger.exception("The database is away; trying again in %.0f s", pause)
            connection.close()
        if not worker.running:
            return
        time.sleep(pause * (1 + random.random()))
        pause = 1.0 if time.monotonic() - begun > 60 else min(pause * 2, 30.0)


def configure_signals(worker: Worker) -> None:
    """The first signal lets the running job stop at its next beat, the second ends at once."""
    if threading.current_thread() is not threading.main_thread():
        return

    def shut_down(number, frame):
        jobs.stopping.set()
        worker.shutdown(number, frame)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, shut_down)


class Keeper(threading.Thread):
    """Extends leases, shows that the worker lives, reaps, and does the rounds."""

    def __init__(self):
        super().__init__(name="keeper", daemon=True)
        self.ended = threading.Event()
        self.due = {}

    def run(self):
        while not self.ended.is_set():
            close_old_connections()
            for name, seconds, act in self.duties():
                self.do(name, seconds, act)
            self.ended.wait(min(1, HEARTBEAT_SECONDS))
        connection.close()

    def duties(self):
        yield "hold leases", HEARTBEAT_SECONDS, jobs.hold_leases
        yield "show life", HEARTBEAT_SECONDS, jobs.show_life
        yield "reap", REAP_SECONDS, jobs.reap
        for round_ in list(jobs.ROUNDS.values()):
            yield round_.name, round_.seconds, round_.run

    def do(self, name, seconds, act):
        now = time.monotonic()
        if now < self.due.get(name, 0):
            return
        self.due[name] = now + seconds
        try:
            act(timezone.now())
        except DatabaseError:
            logger.warning("The database was away during “%s”.", name)
            connection.close()
        except Exception:
            logger.exception("“%s” failed", name)

    def end(self):
        self.ended.set()
        self.join(timeout=5)
