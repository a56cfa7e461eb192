"""`manage.py worker` in a process of its own, with the jobs of `fault_jobs` and slow, small chunks of an import.

How long a lease lasts comes by WAYSTATION_LEASE_SECONDS, as on a real site.
"""

import os
import sys
import time


def slow_small_chunks() -> None:
    """Cut a roster of some hundred rows into many chunks, each open long enough to be killed in."""
    from waystation.stewardship.rosters.actions import committing  # noqa: PLC0415 - apps ready

    commit_chunk = committing._commit_chunk

    def slowly(*arguments, **more):
        commit_chunk(*arguments, **more)
        time.sleep(0.05)

    committing.CHUNK = 20
    committing._commit_chunk = slowly


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "waystation.config.settings")
    import django

    django.setup()

    from django.core.management import execute_from_command_line

    from tests.fault import fault_jobs

    fault_jobs.register()
    slow_small_chunks()
    execute_from_command_line([*sys.argv[:1], "worker", "--interval", "0.1"])
