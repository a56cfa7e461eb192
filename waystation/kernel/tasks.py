"""The rounds of the kernel itself."""

from . import files, idempotency, jobs

jobs.every(3600, "forget submissions")(idempotency.forget)
jobs.every(6 * 3600, "sweep files")(files.sweep)
