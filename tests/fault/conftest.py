"""Real worker processes on the database of the test, and acts that happen at one moment."""

import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from django.db import connection

from tests.fault import fault_jobs
from waystation.kernel.job_kinds import KINDS

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def start(own_site, monkeypatch):
    """Starts worker processes with a lease of two seconds on the database of the test, and ends them afterwards."""
    site = {**own_site, "WAYSTATION_LEASE_SECONDS": "2"}
    started = []
    for key in ("test.wait", "test.mark"):
        monkeypatch.setitem(KINDS, key, None)
        del KINDS[key]
    fault_jobs.register()

    def begin():
        command = [sys.executable, "-m", "tests.fault.worker_process"]
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
        time.sleep(0.01)


def together(*acts):
    """Do all the acts at one moment, each in a thread with its own connection; what each returned or raised."""
    barrier, outcomes = threading.Barrier(len(acts)), [None] * len(acts)

    def run(number, act):
        try:
            barrier.wait()
            outcomes[number] = act()
        except Exception as problem:
            outcomes[number] = problem
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes
