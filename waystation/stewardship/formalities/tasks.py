"""The rounds of transfers and activity cards."""

from waystation.kernel import jobs
from waystation.stewardship.formalities import actions

jobs.every(1800, "expire transfer letters")(actions.expire_transfers)
jobs.every(6 * 3600, "prompt the yearly check of activity cards")(actions.prompt_checks)
