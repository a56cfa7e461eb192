"""The rounds of duty sheets."""

from datetime import datetime

from waystation.kernel import jobs
from waystation.stewardship.duties import actions, queries


def allocate(at: datetime) -> int:
    """Open the sheets of stays that were written in bulk, past their action; only reads if there is none."""
    if not queries.without_sheet().exists():
        return 0
    return actions.allocate_missing(by=None, at=at)


jobs.every(600, "let agreed duties take effect")(actions.take_effect)
jobs.every(24 * 3600, "allocate duties of stays without a sheet")(allocate)
