"""Jobs that worker processes run while the tests stop them."""

import time
from datetime import date

from waystation.kernel import jobs
from waystation.kernel.models import DatedSetting


def wait_for_stop(job, beat):
    while True:
        beat.checkpoint(1, 2)
        time.sleep(0.02)


def mark(job, beat):
    DatedSetting.objects.create(key=str(job.pk), value="1", starts_on=date(2026, 1, 1), created_at=job.created_at)


def register():
    jobs.job("test.mark", title="Mark")(mark)
    jobs.job("test.wait", title="Wait")(wait_for_stop)
