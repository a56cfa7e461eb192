"""The rounds of the portal."""

from waystation.kernel import jobs
from waystation.portal import throttle

jobs.every(3600, "forget visitors")(throttle.forget)
