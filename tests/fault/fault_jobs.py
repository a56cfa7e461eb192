"""Jobs that worker processes run while the tests kill them."""

import time
from datetime import UTC, date, datetime

from django.db import transaction

from waystation.kernel import jobs
from waystation.kernel.models import DatedSetting

ROWS, CHUNK = 2000, 50


def load_rows(job, beat):
    """Each chunk and the cursor commit together, so a kill leaves neither half."""
    at = datetime(2026, 5, 1, tzinfo=UTC)
    while True:
        with transaction.atomic():
            start = DatedSetting.objects.filter(source="cursor").count()
            if start >= ROWS:
                return {"rows": start}
            DatedSetting.objects.bulk_create(
                DatedSetting(
                    key=f"row.{number}",
                    value="1",
                    starts_on=date(2026, 1, 1),
                    source="cursor",
                    created_at=at,
                )
                for number in range(start, min(start + CHUNK, ROWS))
            )
            beat.checkpoint(start, ROWS)
        time.sleep(0.01)


def wait_for_stop(job, beat):
    while True:
        beat.checkpoint(1, 2)
        time.sleep(0.02)


def mark(job, beat):
    DatedSetting.objects.create(key=str(job.pk), value="1", starts_on=date(2026, 1, 1), created_at=job.created_at)


def register():
    jobs.job("test.mark", title="Mark")(mark)
    jobs.job("test.load", title="Load")(load_rows)
    jobs.job("test.wait", title="Wait")(wait_for_stop)
