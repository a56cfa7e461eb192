"""A worker in a process of its own, with short leases and the jobs of `fault_jobs`."""

import os
from datetime import timedelta

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "waystation.config.settings")
    import django

    django.setup()

    from django.core.management import call_command

    from tests.kernel import fault_jobs
    from waystation.kernel import jobs
    from waystation.kernel.management.commands import worker

    fault_jobs.register()
    jobs.LEASE = timedelta(seconds=1)
    worker.HEARTBEAT_SECONDS = worker.REAP_SECONDS = 0.3
    call_command("worker", interval=0.1)
